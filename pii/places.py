"""Where many files lie and copies go: a folder of this machine, or whatever pyarrow reaches by URL.

`s3://bucket/folder?endpoint_override=https://host` is any S3-compatible store; who may read it is
said by the usual AWS_ variables. A URL may hold no credentials: it stands in lists and logs.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from pii.inventory import State
from pii.tree import Seen, files_under, read_file
from records.errors import BadInput, NotFound, Unavailable


class Place(Protocol):
    """Files by path below one point."""

    def listing(self) -> Iterator[Seen]:
        """Every file."""

    def read(self, path: str, limit: int) -> bytes | State:
        """The bytes of a file within the limit, or why not."""

    def write(self, path: str, data: bytes) -> None:
        """The file there, whole or not at all."""


@dataclass(frozen=True)
class Folder:
    """A folder of this machine; no link is followed."""

    root: Path

    def listing(self) -> Iterator[Seen]:
        """Every entry below it."""
        return files_under(self.root)

    def read(self, path: str, limit: int) -> bytes | State:
        """The bytes of a plain file within the limit, or why not."""
        return read_file(self.root, path, limit)

    def write(self, path: str, data: bytes) -> None:
        """The file there, whole or not at all."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(target, data)


@dataclass(frozen=True)
class Store:
    """A place behind a URL, by pyarrow."""

    url: str

    def listing(self) -> Iterator[Seen]:
        """Every object below it, in order of path."""
        from pyarrow import fs

        files, root = _opened(self.url)
        try:
            found = files.get_file_info(fs.FileSelector(root, recursive=True))
        except OSError:
            raise NotFound(
                "读不到这个存储位置。请核对地址和权限。",
                "This store cannot be read. Check its address and your rights.",
            ) from None
        for one in sorted(found, key=lambda info: str(info.path)):
            if one.is_file:
                yield Seen(one.path[len(root) :].lstrip("/"), one.size, one.mtime)

    def read(self, path: str, limit: int) -> bytes | State:
        """The bytes of an object within the limit, or why not."""
        files, root = _opened(self.url)
        try:
            with files.open_input_stream(f"{root}/{path}") as stream:
                data: bytes = stream.read(limit + 1)
        except FileNotFoundError:
            return State.VANISHED
        except OSError:
            return State.NO_ACCESS
        return data if len(data) <= limit else State.TOO_LARGE

    def write(self, path: str, data: bytes) -> None:
        """The object there: a store shows it once it is whole."""
        files, root = _opened(self.url)
        try:
            with contextlib.suppress(NotImplementedError):
                files.create_dir(f"{root}/{path}".rpartition("/")[0], recursive=True)
            with files.open_output_stream(f"{root}/{path}") as stream:
                stream.write(data)
        except OSError:
            raise Unavailable(
                "写不进这个存储位置。请核对权限和空间。",
                "Nothing can be written to this store. Check rights and space.",
            ) from None


def write_whole(target: Path, data: bytes) -> None:
    """The file there, whole or not at all. Raises OSError."""
    draft = target.with_name(f".{os.getpid()}.part")
    try:
        draft.write_bytes(data)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def place_of(where: str) -> Place:
    """The folder or store of that name. Raises BadInput for a URL with credentials in it."""
    if "://" not in where:
        return Folder(Path(where))
    parts = urlsplit(where)
    if "@" in parts.netloc or parts.scheme == "file":
        raise BadInput(
            "地址里不能写密钥，请用 AWS_ACCESS_KEY_ID 等环境变量；本机文件夹请直接写路径。",
            "No credentials in an address: use AWS_ACCESS_KEY_ID and the like. Name a folder of "
            "this machine by its path.",
        )
    return Store(where)


def _opened(url: str) -> tuple[Any, str]:
    """The file system and the path within it. Raises Unavailable where pyarrow is not installed."""
    try:
        from pyarrow import fs
    except ImportError:
        raise Unavailable(
            "读写存储地址需要额外组件：pip install 'compliance-assistant[ray]'。",
            "Addresses of stores need an extra: pip install 'compliance-assistant[ray]'.",
        ) from None
    try:
        files, root = fs.FileSystem.from_uri(url)
    except (OSError, ValueError):
        raise BadInput(
            "这个地址不支持。例：s3://桶/文件夹?endpoint_override=https://主机",
            "This address is not supported. Example: s3://bucket/folder?endpoint_override=https://host",
        ) from None
    return files, str(root).rstrip("/")
