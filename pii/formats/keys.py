"""Labels from keys: the element or field name a value stands under decides what it is."""

import re
from collections.abc import Sequence

from pii.labels import LONGEST, plain_label, vocabulary

_HAN = re.compile(r"[㐀-鿿]")


def key_label(path: Sequence[str]) -> str | None:
    """The label of a value under these keys: `customer`, `name` → customer_name.

    Two keys say more than one: a product's name is nobody's. An index is no key.
    """
    keys = [key for key in path if key][-2:]
    if not keys:
        return None
    joined = "_".join(keys)
    return joined if len(plain_label(joined)) <= LONGEST else keys[-1]


def speaks(key: str) -> bool:
    """Whether a key could itself be about somebody: Chinese, and no label we know."""
    return bool(_HAN.search(key)) and plain_label(key) not in vocabulary().kinds
