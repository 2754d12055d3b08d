"""Exact lookup measured: thousands of addresses of real provisions, each read and looked up.

The right answer comes straight from the statutes' package, by its own columns, not by our parser.
`python -m evals.addresses` prints the share that is exact, and every one that is not.
"""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from knowledge.addresses import Address, parse_address
from knowledge.corrections import clean
from knowledge.numerals import article_label, to_chinese
from knowledge.paragraphs import split_article
from knowledge.sources import catalogue, short_name
from knowledge.statutes import locate
from records.data_files import Entry, load

FORMS = Path(__file__).parent / "datasets" / "address_forms.yaml"
_LAWS = (
    "中华人民共和国个人信息保护法",
    "中华人民共和国网络安全法",
    "中华人民共和国数据安全法",
    "中华人民共和国民法典",
    "中华人民共和国公司法",
    "中华人民共和国刑法",
    "中华人民共和国会计法",
    "中华人民共和国档案法",
    "中华人民共和国反洗钱法",
    "中华人民共和国消费者权益保护法",
)
_OTHERS = ("Regulation (EU) 2016/679 (General Data Protection Regulation)", "网络数据安全管理条例")
_PER_FORM = 3


class _Form(Entry):
    write: str
    gives: tuple[str, ...] = Field(min_length=1)


class _Forms(Entry):
    chinese: tuple[_Form, ...]
    chinese_parts: tuple[_Form, ...]
    chinese_items: tuple[_Form, ...]
    english: tuple[_Form, ...]
    english_parts: tuple[_Form, ...]
    english_items: tuple[_Form, ...]
    branches: tuple[_Form, ...]
    none: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """One thing written, and the provisions it names."""

    written: str
    addresses: tuple[Address, ...]


@dataclass(frozen=True)
class _Article:
    instrument: str
    number: int
    paragraphs: int = 0
    # A paragraph that has items, and how many; a paragraph alone in having them may go unnamed.
    itemed: tuple[int, int, bool] | None = None
    branch: int | None = None


def cases() -> list[Case]:
    """Every form of the table over real articles; the same list every time."""
    forms = load(FORMS, _Forms)
    chosen = random.Random(47)
    articles = list(_articles())
    plain = [a for a in articles if a.branch is None and a.paragraphs != 1]
    found: list[Case] = []
    for law in (*_LAWS, *_OTHERS):
        own = [a for a in plain if a.instrument == law]
        itemed = [a for a in own if a.itemed]
        for group, pool in (
            *((forms.chinese, own), (forms.chinese_parts, own)),
            (forms.chinese_items, itemed),
            *((forms.english, own), (forms.english_parts, own)),
            (forms.english_items, itemed),
            (forms.branches, [a for a in articles if a.instrument == law and a.branch]),
        ):
            found += _written(group, pool, chosen)
        found += [Case(_fill(none, own[0], chosen), ()) for none in forms.none]
    return list(dict.fromkeys(found))


def _written(
    group: tuple[_Form, ...], pool: list[_Article], chosen: random.Random
) -> Iterator[Case]:
    for form in group:
        for article in chosen.sample(pool, min(_PER_FORM, len(pool))):
            if "{en}" in form.write and not _english(article.instrument):
                continue
            only_one = article.itemed is None or article.itemed[2]
            if "a//i" in form.gives and not only_one:
                continue
            state = chosen.getstate()
            written = _fill(form.write, article, chosen)
            chosen.setstate(state)
            parts = _parts(article, chosen)
            yield Case(written, tuple(_given(gives, article, parts) for gives in form.gives))


def _parts(article: _Article, chosen: random.Random) -> tuple[int, int]:
    if article.itemed:
        return article.itemed[0], chosen.randint(1, article.itemed[1])
    return chosen.randint(1, max(article.paragraphs, 1)), 1


def _fill(form: str, article: _Article, chosen: random.Random) -> str:
    paragraph, item = _parts(article, chosen)
    number, second = article.number, article.number + 2
    values = {
        "name": chosen.choice(_chinese(article.instrument)),
        "en": chosen.choice(_english(article.instrument) or ("",)),
        "n": number,
        "cn": to_chinese(number),
        "fw": str(number).translate({ord("0") + d: 0xFF10 + d for d in range(10)}),
        "n2": second,
        "cn2": to_chinese(second),
        "p": paragraph,
        "pc": to_chinese(paragraph),
        "i": item,
        "ic": to_chinese(item),
        "ia": chr(ord("a") + item - 1),
        "b": article.branch or 1,
        "bc": to_chinese(article.branch or 1),
        "sp": " ",
    }
    return form.format_map(values)


def _given(gives: str, article: _Article, parts: tuple[int, int]) -> Address:
    head, _, rest = gives.partition("/")
    number = str(article.number + int(head.partition("+")[2] or 0))
    if head == "b":
        number = f"{article.number}之{to_chinese(article.branch or 1)}"
        return Address(article.instrument, number, int(rest) if rest else None)
    paragraph = parts[0] if rest.startswith("p") else None
    item = parts[1] if rest.endswith("i") else None
    return Address(article.instrument, number, paragraph, item, old=head == "old")


def _chinese(instrument: str) -> tuple[str, ...]:
    ways = {instrument, short_name(instrument)} | {
        way for one in catalogue() if one.name == instrument for way in one.abbreviations
    }
    return tuple(sorted(ways))


def _english(instrument: str) -> tuple[str, ...]:
    listed = [way for way in _chinese(instrument) if way.isascii() and way != instrument]
    return tuple(listed)


def _articles() -> Iterator[_Article]:
    """Articles with how many paragraphs and items they have, from the package itself."""
    path, _ = locate()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as laws:
        for law in _LAWS:
            rows = laws.execute(
                "SELECT article_no, article_text FROM articles JOIN laws USING (law_id)"
                " WHERE laws.law_name = ? ORDER BY laws.version_date, articles.id",
                (law,),
            ).fetchall()
            yield from (_article(law, number, text) for number, text in rows)
    for other in _OTHERS:
        yield from (_Article(other, number, 2, (1, 3, True)) for number in range(3, 60))


def _article(law: str, written: str, text: str) -> _Article:
    label = article_label(written) or "0"
    number, _, branch = label.partition("之")
    paragraphs = split_article(clean(text))
    itemed = [(n, len(p.items)) for n, p in enumerate(paragraphs, 1) if p.items]
    first = (*itemed[0], len(itemed) == 1) if itemed else None
    return _Article(
        law,
        int(number),
        len(paragraphs),
        first,
        "一二三四五六七八九".find(branch) + 1 if branch else None,
    )


def wrong(found: list[Case]) -> list[tuple[Case, list[Address]]]:
    """The cases read otherwise than meant."""
    read = ((case, parse_address(case.written)) for case in found)
    return [(case, given) for case, given in read if tuple(given) != case.addresses]


def main() -> None:
    """Print the share that is exact, and what is not."""
    found = cases()
    missed = wrong(found)
    print(f"{len(found) - len(missed)}/{len(found)} addresses exact")
    for case, given in missed[:60]:
        print(f"  {case.written}\n    meant {case.addresses}\n    read  {given}")


if __name__ == "__main__":
    main()
