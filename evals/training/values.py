"""Invented firms as people call them, places to live, ids of chats, secrets, birthdays."""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evals.training.people import People
from records.data_files import Entry, load

PATH = Path(__file__).parent / "values.yaml"
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
_DAYS = (
    "初一", "初三", "初五", "初六", "初八", "初十", "十二", "十五", "十八", "二十", "廿二", "廿六", "三十",
)  # fmt: skip


class _Parts(Entry):
    brand_characters: str
    brand_words: list[str]
    brand_english: list[str]
    trades: list[str]
    shops: list[str]
    branches: list[str]
    institutions: list[str]
    estates: list[str]
    nicknames: list[str]
    phrases: list[str]
    logins: list[str]


@cache
def _parts() -> _Parts:
    return load(PATH, _Parts)


@dataclass(frozen=True)
class Values:
    """Draws from one generator."""

    chosen: random.Random
    people: People

    def given_alone(self) -> str:
        """文静, 小宇, 浩浩."""
        draw, given = self.chosen.random(), self.people.given()
        if draw < 0.12:
            return "小" + given[-1]
        if draw < 0.22:
            return given[-1] * 2
        return given if len(given) == 2 else given + self.people.given()[-1]

    def called(self) -> str:
        """老周, 阿珍, 芳姐, 周哥."""
        surname, given = self.people.surname(), self.people.given()[-1]
        pick = self.chosen.choice
        return pick(
            (
                "老" + surname, "小" + surname, "老" + surname, "小" + surname, "大" + surname,
                "阿" + given, "小" + given, surname + pick("哥姐叔姨总工嫂伯爷"),
                given + pick("哥姐叔姨"), surname + pick(("师傅", "大哥", "大姐", "阿姨", "老板")),
            )
        )  # fmt: skip

    def brand(self) -> str:
        """恒达, 蓝鲸, 半日闲, Norda."""
        draw, known = self.chosen.random(), _parts()
        if draw < 0.3:
            return self.chosen.choice(known.brand_words)
        if draw < 0.36:
            return self.chosen.choice(known.brand_english)
        if draw < 0.42:
            return "".join(self.chosen.choices(self.people.characters, k=2))
        return "".join(self.chosen.sample(known.brand_characters, 2 if draw < 0.92 else 3))

    def firm(self) -> str:
        """苏州恒达物流有限公司."""
        place = self.chosen.choice((self._place(), self._place() + "市", "", ""))
        form = self.chosen.choice(
            (
                "有限公司",
                "有限公司",
                "有限公司",
                "有限责任公司",
                "股份有限公司",
                "集团",
                "公司",
                "经营部",
                "商行",
            )
        )
        middle = self.chosen.choice(("", "", "", f"（{self._place()}）"))
        return place + self.brand() + middle + self._trade() + form

    def firm_short(self) -> str:
        """苏州恒达, 恒达物流, 恒达."""
        brand = self.brand()
        return self.chosen.choice(
            (self._place() + brand, brand + self._trade(), brand + self._trade(), brand + "公司",
             self._place() + brand + self._trade(), brand)
        )  # fmt: skip

    def shop(self) -> str:
        """恒达人民路店, 恒达苏州分公司."""
        known, brand = _parts(), self.brand()
        place = self.chosen.choice((self._road(), self._place(), self.chosen.choice(known.estates)))
        if self.chosen.random() < 0.6:
            return brand + place + self.chosen.choice(known.shops)
        return brand + self._place() + self.chosen.choice(known.branches)

    def institution(self) -> str:
        """苏州市第二人民医院."""
        place = self.chosen.choice((self._place() + "市", self._place(), ""))
        return place + self.chosen.choice(_parts().institutions)

    def address_part(self) -> str:
        """3栋502, 翠湖花园二期, 人民路18号."""
        number = self.chosen.randrange
        pick = self.chosen.choice
        building = f"{number(1, 34)}{pick(('栋', '幢', '号楼', '座', '-'))}"
        room = f"{building}{number(101, 2999)}{pick(('', '', '室'))}"
        estate = self.chosen.choice(_parts().estates)
        return pick(
            (room, estate, estate + room, f"{self._road()}{number(1, 999)}号",
             f"{self._road()}{number(1, 999)}弄{number(1, 60)}号{number(101, 999)}",
             f"{estate}{pick(('一期', '二期', '南区', '东区'))}{number(1, 20)}栋{number(1, 4)}单元{number(101, 999)}")
        )  # fmt: skip

    def handle(self) -> str:
        """lin_2019, wxid_83ab, 芳芳酱."""
        draw, number = self.chosen.random(), self.chosen.randrange
        if draw < 0.2:
            return self.chosen.choice(_parts().nicknames) + self.chosen.choice(
                ("", "", str(number(9, 99)))
            )
        if draw < 0.3:
            return "wxid_" + self._mixed(self.chosen.choice((6, 10, 12)))
        if draw < 0.45:
            return str(number(10 ** self.chosen.choice((5, 7, 8, 9)), 10**10))
        mark = self.chosen.choice(("", "_", "-", "."))
        return self._login() + mark + self.chosen.choice((str(number(1, 3000)), self._mixed(3), ""))

    def secret(self) -> str:
        """Ab12!x, 0907, 猴子爱吃桃."""
        draw, number = self.chosen.random(), self.chosen.randrange
        if draw < 0.3:
            return f"{number(10**6):0{self.chosen.choice((4, 6, 6))}d}"
        if draw < 0.45:
            return self.chosen.choice(_parts().phrases)
        if draw < 0.6:
            return self._mixed(self.chosen.choice((6, 8, 10, 12)))
        word = self._login()
        word = self.chosen.choice((word, word.capitalize(), word.upper()))
        pick = self.chosen.choice
        return (
            word
            + pick(("@", "#", "!", "_", "", "$"))
            + str(number(1, 20260))
            + pick(("", "", "!", "#"))
        )

    def account(self) -> str:
        """zhangw, sz_admin2."""
        number = self.chosen.randrange
        return self.chosen.choice(
            (self._login(), self._login() + str(number(1, 99)), f"{self._login()}_{self._login()}",
             self._login() + "." + self._login(), f"{self._mixed(2)}{number(1000, 99999)}",
             self.chosen.choice(("admin", "ops", "fin", "hr", "sz", "bj")) + "_" + self._login())
        )  # fmt: skip

    def birthday(self) -> str:
        """1987年3月2日, 87.3.2, 三月初二."""
        number = self.chosen.randrange
        year, month, day = number(1935, 2025), number(1, 13), number(1, 29)
        return self.chosen.choice(
            (f"{year}年{month}月{day}日", f"{year}-{month:02d}-{day:02d}", f"{year}.{month}.{day}",
             f"{year % 100:02d}.{month}.{day}", f"{year % 100:02d}年{month}月{day}号", f"{year}{month:02d}{day:02d}",
             f"{month}月{day}日", f"{month}月{day}号", f"{year}年{month}月", f"{year}/{month}/{day}",
             f"{self.chosen.choice(_MONTHS)}月{self.chosen.choice(_DAYS)}", f"{year}年", f"{month}.{day}")
        )  # fmt: skip

    def identity(self) -> str:
        """A number of a paper, of some length."""
        size = self.chosen.choice((8, 9, 10, 12, 18, 18, 18))
        return self.chosen.choice(("", "", "E", "H", "P")) + str(
            self.chosen.randrange(10 ** (size - 1), 10**size)
        )

    def card(self) -> str:
        """A card or an account of a bank."""
        digits = "62" + str(self.chosen.randrange(10**14, 10 ** self.chosen.choice((15, 17))))
        return self.chosen.choice(
            (digits, " ".join(digits[i : i + 4] for i in range(0, len(digits), 4)))
        )

    def email(self) -> str:
        """An address of the mail."""
        return (
            f"{self.account()}@{self._login()}.{self.chosen.choice(('com', 'cn', 'com.cn', 'net'))}"
        )

    def anything(self) -> str:
        """A number that is nobody's."""
        number = self.chosen.randrange
        return self.chosen.choice(
            (str(number(1, 100)), str(number(100, 10000)), f"{number(1, 999)}.{number(10, 100)}",
             f"{number(1, 999)},{number(100, 1000)}.00", f"{number(0, 24)}:{number(10, 60)}",
             f"{self.chosen.choice('ABDGHKLS')}{number(100, 99999)}", str(number(10**7, 10**12)))
        )  # fmt: skip

    def _login(self) -> str:
        return self.chosen.choice(_parts().logins) + self.chosen.choice(
            ("", self.chosen.choice(_LETTERS))
        )

    def _mixed(self, length: int) -> str:
        return "".join(self.chosen.choices(_LETTERS + "0123456789", k=length))

    def _place(self) -> str:
        return self.people.place()

    def _road(self) -> str:
        return self.people.road()

    def _trade(self) -> str:
        return self.chosen.choice(_parts().trades)
