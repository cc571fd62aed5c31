"""The archive that a kernel unpacks as its first file system (cpio, "newc"). Role: everything in it belongs to root."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

_BLOCK = 512


def write_tree(out: BinaryIO, root: Path) -> None:
    """All of a folder, with its links as they are."""
    for number, path in enumerate(_walk(root), 1):
        name = path.relative_to(root).as_posix()
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            _entry(out, number, name, found.st_mode, os.readlink(path).encode())
        elif stat.S_ISDIR(found.st_mode):
            _entry(out, number, name, found.st_mode, b"")
        elif stat.S_ISREG(found.st_mode):
            _entry(out, number, name, found.st_mode, path.read_bytes())
    _end(out)


def write_files(out: BinaryIO, folder: str, files: Mapping[str, str]) -> None:
    """A second archive, after the first one: files in one folder, by name."""
    _entry(out, 1, folder, stat.S_IFDIR | 0o755, b"")
    for number, (name, text) in enumerate(files.items(), 2):
        _entry(out, number, f"{folder}/{name}", stat.S_IFREG | 0o644, text.encode())
    _end(out)


def _walk(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        for name in sorted([*names, *files]):
            yield Path(folder) / name


def _entry(out: BinaryIO, number: int, name: str, mode: int, content: bytes) -> None:
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name.encode()) + 1, 0)
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
    out.write(head + b"\0" * (-len(head) % 4) + content + b"\0" * (-len(content) % 4))


def _end(out: BinaryIO) -> None:
    _entry(out, 0, "TRAILER!!!", 0, b"")
    out.write(b"\0" * (-out.tell() % _BLOCK))
