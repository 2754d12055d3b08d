"""Slack's way of writing, turned into plain text."""

import html
import re
from collections.abc import Set

_ENTITY = re.compile(r"<([^<>]*)>")


def plain(text: str, *, drop_users: Set[str] = frozenset()) -> str:
    """The text as the person saw it: <mailto:a@b.cn|a@b.cn> is a@b.cn, &lt; is <.

    Mentions of `drop_users` vanish, so that "<@U1> 问题" is the question alone.
    """

    def shown(match: re.Match[str]) -> str:
        address, bar, label = match[1].partition("|")
        if address.startswith("@"):
            return "" if address[1:] in drop_users else f"@{label or address[1:]}"
        if address.startswith("#"):
            return f"#{label or address[1:]}"
        if address.startswith("!"):
            return f"@{label.lstrip('@') or address[1:].partition('^')[0]}"
        return label if bar else address.removeprefix("mailto:").removeprefix("tel:")

    return html.unescape(_ENTITY.sub(shown, text)).strip()
