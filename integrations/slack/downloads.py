"""Bytes from and to Slack's file host: its hosts alone, no redirect, no more than agreed, in time.

https://docs.slack.dev/reference/objects/file-object: url_private wants the token, and answers with a
page to sign in, not with an error, where the token may not read the file.
"""

import time
import urllib.request
from dataclasses import dataclass, field

from integrations.chat.calls import Declined, TooLarge, open_url, read_at_most
from integrations.slack.transport import certain, is_slack_address

# One read may not take the whole time: the clock is looked at between reads.
_READ_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What came, and what its host said it is."""

    data: bytes = field(repr=False)
    content_type: str


def fetch_bytes(
    url: str, *, token: str, base_url: str, most: int, within_seconds: float
) -> Downloaded:
    """The bytes at an address of Slack's. Raises TooLarge, Declined, NotDelivered, Uncertain."""
    if not is_slack_address(url, base_url):
        raise Declined("foreign file address")
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    end = time.monotonic() + within_seconds
    found: Downloaded = certain(lambda: _read(request, most, end))
    return found


def _read(request: urllib.request.Request, most: int, end: float) -> Downloaded:
    with open_url(request, min(_READ_SECONDS, max(0.1, end - time.monotonic()))) as answer:
        stated = answer.headers.get("Content-Length", "0")
        if stated.isdecimal() and int(stated) > most:
            raise TooLarge
        data = read_at_most(answer, most, until=end)
        return Downloaded(data, answer.headers.get_content_type())


def send_bytes(url: str, data: bytes, *, base_url: str, timeout: float) -> None:
    """Give the bytes to the address that Slack named for them. No token goes along."""
    if not is_slack_address(url, base_url):
        raise Declined("foreign upload address")
    request = urllib.request.Request(  # noqa: S310
        url, data=data, method="POST", headers={"Content-Type": "application/octet-stream"}
    )

    def send() -> None:
        with open_url(request, timeout):
            return

    certain(send)
