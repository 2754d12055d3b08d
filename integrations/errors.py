"""One table: the kind of an error → HTTP status and exit code. The sentence comes with the error."""

import logging
import traceback

from records.errors import BadInput, Conflict, NotFound, NotPermitted, ProductError, Unavailable
from records.language import Bilingual

logger = logging.getLogger(__name__)

HTTP_STATUS: dict[type[ProductError], int] = {
    BadInput: 400,
    NotPermitted: 403,
    NotFound: 404,
    Conflict: 409,
    Unavailable: 503,
}
EXIT_CODE: dict[type[ProductError], int] = {
    BadInput: 2,
    NotFound: 2,
    NotPermitted: 3,
    Conflict: 4,
    Unavailable: 5,
}
UNEXPECTED = Bilingual(
    "程序内部出错，本次操作没有完成。请把时间和操作告诉管理员。",
    "Something failed inside; nothing was done. Tell your administrator when and what you did.",
)


def http_status(error: ProductError) -> int:
    """The HTTP status for an error a person may read."""
    return next(status for kind, status in HTTP_STATUS.items() if isinstance(error, kind))


def exit_code(error: ProductError) -> int:
    """The process exit code for an error a person may read."""
    return next(code for kind, code in EXIT_CODE.items() if isinstance(error, kind))


def log_unexpected(error: BaseException, *, where: str) -> None:
    """Write down the class and the place of an error, never its text: that may quote a client."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    logger.error("%s failed: %s at %s", where, type(error).__name__, places)
