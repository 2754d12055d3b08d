"""What the copy shows and the original hid is treated in one more round; what stays blocks."""

import io
import random
import re
from collections.abc import Callable, Sequence

import docx
import pytest

from pii.detect import PresidioDetector
from pii.documents import redact_document
from pii.errors import LeakFound
from pii.findings import Finding
from pii.formats import libreoffice
from pii.formats.pdf_pages import page_text
from pii.formats.pdf_shown import Glyph, Shown
from pii.kinds import Kind
from pii.policy import RedactionPolicy

Found = Callable[[str], list[tuple[int, int]]]


class Sees:
    """Finds names as it is told; a text file is read again line by line, and so shows other texts."""

    def __init__(self, found: Found) -> None:
        self._found = found

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        return [
            Finding(Kind.PERSON_NAME, a, b, 0.7, "person_name/model") for a, b in self._found(text)
        ]

    def find_all(
        self, texts: Sequence[str], *, labels: Sequence[str | None] | None = None
    ) -> list[list[Finding]]:
        return [self.find(text) for text in texts]


def alone(value: str) -> Found:
    """The value where it is a line of its own."""
    return lambda text: [(0, len(text))] if text == value else []


def test_what_only_the_copy_shows_is_treated_wherever_it_stands(standard: RedactionPolicy) -> None:
    text = "甲\nChelsea Kit\n乙 Chelsea  Kit 丙\n".encode()
    rounds: list[int] = []
    copy = redact_document(
        text, "a.txt", Sees(alone("Chelsea Kit")), standard,
        observe=lambda segments, treated: rounds.append(sum(len(t.findings) for t in treated)),
    )  # fmt: skip
    assert "Chelsea" not in copy.data.decode()
    assert copy.data.decode().startswith("甲\n客户A\n乙 客户")
    assert rounds == [0, 2]
    assert len(copy.report.lines) == 2


def test_what_stands_nowhere_in_the_original_blocks(standard: RedactionPolicy) -> None:
    def marks(text: str) -> list[tuple[int, int]]:
        return [m.span() for m in re.finditer("——", text)] if "\n" not in text else []

    with pytest.raises(LeakFound, match="第1行"):
        redact_document("甲——乙\n丙\n".encode(), "a.txt", Sees(marks), standard)


def test_a_copy_that_shows_something_new_each_round_is_not_released(
    standard: RedactionPolicy,
) -> None:
    """As many rounds as were made left as many values; one more stands there."""

    def next_word(text: str) -> list[tuple[int, int]]:
        words = re.finditer(r"[b-z]+", text) if "\n" not in text else iter(())
        return [m.span() for m in list(words)[:1]]

    with pytest.raises(LeakFound):
        redact_document(b"bcd efg hij klm nop qrs\nx\n", "a.txt", Sees(next_word), standard)


# --- an English manual


def glyphs(text: str, width: float, *, again: float | None = None) -> Shown:
    """A line of text; `again` draws each glyph once more, so far to the right."""
    made = []
    for number, char in enumerate(text):
        for shift in (0.0, again) if again is not None else (0.0,):
            em = (10.0, 0.0, 0.0, 10.0, 10 * (number * width + shift), 700.0)
            made.append(Glyph(char, 0, len(made), 0, 0, 1, width, width, em, em, False, False))
    return Shown(glyphs=made)


@pytest.mark.parametrize("width", [0.2, 0.222, 0.278, 0.333, 0.5])
@pytest.mark.parametrize("text", ["Bella Controller", "Cooper attic", "1388008800"])
def test_two_narrow_letters_side_by_side_are_two(text: str, width: float) -> None:
    assert page_text(glyphs(text, width)).blocks[0].text == text


@pytest.mark.parametrize("again", [0.0, 0.02, 0.08])
def test_a_letter_drawn_over_itself_is_one(again: float) -> None:
    read = page_text(glyphs("Bella", 0.222, again=again))
    assert read.blocks[0].text == "Bella"
    assert sum(map(len, read.twins.values())) == 5


PRODUCTS = (
    "Atlas Gateway", "Falcon Router", "Mercury Controller", "Aurora Console", "Stella Core",
    "Victor Pump", "Grace Valve", "Sierra Node", "Chelsea Kit", "Austin Rack", "Dakota Hub",
    "Logan Motor", "Blake Server", "Marshall Amplifier",
)  # fmt: skip
PARTS = ("Daemon Manager", "Access Control", "Reference Guide", "Safety Notice", "Release Notes")


def manual(seed: int) -> str:
    """Sixty invented paragraphs."""
    chance = random.Random(seed)

    def version() -> str:
        return f"{chance.randint(1, 12)}.{chance.randint(0, 20)}.{chance.randint(0, 9)}"

    def sentence() -> str:
        one, other, part = *chance.sample(PRODUCTS, 2), chance.choice(PARTS)
        code = chance.choice(
            [f"P/N {chance.randint(100, 999)}-{chance.randint(1000, 9999)}-{chance.randint(10, 99)}",
             f"SKU-B{chance.randint(10000, 999999)}", f"S/N {chance.randint(10**11, 10**12)}"]
        )  # fmt: skip
        return chance.choice(
            [f"Configure the {one} with firmware {version()} before you open the {part}.",
             f"The {one} ({code}) requires the {part} from version {version()} to {version()}.",
             f"Note: {one} said OK when {part} is ready; call {other.split()[0]} Support for {code}.",
             f"{one} was tested by {other} and {part}, part {code}.",
             f"Dear {one} customer, contact {part} at +1 (800) 555-0{chance.randint(100, 199)}."]
        )  # fmt: skip

    return "\n".join(" ".join(sentence() for _ in range(4)) for _ in range(60))


@pytest.mark.skipif(libreoffice.program() is None, reason="LibreOffice (soffice) is not installed")
def test_a_long_english_manual_is_released(
    detector: PresidioDetector, standard: RedactionPolicy
) -> None:
    sources = {}
    for seed in range(3):
        document = docx.Document()
        for paragraph in manual(seed).split("\n"):
            document.add_paragraph(paragraph)
        target = io.BytesIO()
        document.save(target)
        sources[f"{seed}.docx"] = target.getvalue()
    for name, data in libreoffice.convert(sources, "pdf").items():
        copy = redact_document(data, name, detector, standard)
        assert copy.report.lines


class NamesFirms(Sees):
    """A firm wherever it stands whole, and its brand for a person where that fills a line."""

    def find(self, text: str, *, label: str | None = None) -> list[Finding]:
        firm = "宁波澜舍装饰工程有限公司"
        at = text.find(firm)
        whole = (
            [Finding(Kind.ORGANISATION, at, at + len(firm), 0.85, "organisation/legal_form")]
            if at >= 0
            else []
        )
        return [*super().find(text), *whole]


def test_the_brand_of_a_firm_the_policy_keeps_is_nobody_on_another_line(
    standard: RedactionPolicy,
) -> None:
    text = "澜舍\n宁波澜舍装饰工程有限公司\n"
    copy = redact_document(text.encode(), "a.txt", NamesFirms(alone("澜舍")), standard)
    assert copy.data.decode() == text
