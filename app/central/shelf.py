"""What lies in the public folder for good: versions from before the centre's last start, and the changes.

Read when somebody asks and remembered while there is room: a newsroom that follows the changes reads each
file once. Compressed forms are those on the disk. Only names that a publication can have are looked for,
so that no address leads out of the folder.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from datetime import UTC, datetime
from pathlib import Path

from app.central.caching import Lasting
from app.central.site import ENDINGS, Page, type_of

#: Bytes of plain documents that are remembered.
ROOM = 64 * 1024 * 1024
_NAME = re.compile(
    r"(?:versions/[1-9][0-9]{0,8}|changes)(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}){1,8}", re.ASCII
)


class Shelf:
    """Pages of files that never change. For one thread."""

    def __init__(self, public: Path, room: int = ROOM) -> None:
        self._public = public
        self._room = room
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._size = 0

    def page(self, name: str) -> Page | None:
        """The page of `versions/12/…` or `changes/000012.xml`, None where there is no such file."""
        page = self._pages.get(name)
        if page is not None:
            self._pages.move_to_end(name)
            return page
        page = self._read(name)
        if page is not None:
            self._remember(name, page)
        return page

    def _read(self, name: str) -> Page | None:
        kind = type_of(name)
        if kind is None or not _NAME.fullmatch(name) or ".." in name:
            return None
        file = self._public / name
        try:
            body = file.read_bytes()
            modified = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        except OSError:
            return None
        forms = {coding: file.with_name(file.name + ending) for coding, ending in ENDINGS.items()}
        packed = {coding: form for coding, path in forms.items() if (form := _bytes(path)) is not None}
        return Page(body, kind, modified, packed=packed, lasting=Lasting.FOR_EVER)

    def _remember(self, name: str, page: Page) -> None:
        self._pages[name] = page
        self._size += len(page.body)
        while self._size > self._room and len(self._pages) > 1:
            _, oldest = self._pages.popitem(last=False)
            self._size -= len(oldest.body)


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
