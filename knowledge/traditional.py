"""Traditional characters read as the simplified ones: 個人信息保護法第四十七條, 客戶的資料."""

from functools import cache
from pathlib import Path

from pydantic import RootModel

from records.data_files import BadDataFile, load

FORMS = Path(__file__).with_name("traditional.yaml")


class _Forms(RootModel[dict[str, str]]):
    """Each simplified character with its traditional forms."""


@cache
def forms() -> dict[int, str]:
    """Every traditional form → the simplified character, as `str.translate` takes it."""
    read: dict[int, str] = {}
    listed = load(FORMS, _Forms).root
    for simplified, traditional in listed.items():
        for form in traditional:
            if len(simplified) != 1 or ord(form) in read or form in listed:
                raise BadDataFile(FORMS, f"{simplified}: {form} stands twice, or is no single sign")
            read[ord(form)] = simplified
    return read


def simplified(text: str) -> str:
    """The text with every position kept."""
    return text.translate(forms())
