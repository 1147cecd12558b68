"""The whole handbook as Markdown files that link to each other, for reading and printing elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from app.station.errors import StationError
from app.station.handbook.handbook import HOME, Handbook
from app.station.handbook.pages import Page

_TARGET: Final = re.compile(r"\]\(((?:topic|rule|field|code):[^)]+)\)")


def export(handbook: Handbook, folder: Path) -> tuple[Path, ...]:
    """Write every page into `folder` (made when missing), the contents as `index.md`; what was written.

    A page of the same name is written anew. Raises `StationError` when the folder cannot be written to.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for page in handbook.pages():
            path = folder / _name(page.id)
            path.write_text(_linked(page), "utf-8", newline="\n")
            written.append(path)
    except OSError as error:
        raise StationError(
            "STA-70",
            f"Příručku nelze zapsat do složky {folder}. Zvolte jinou složku, do které smíte zapisovat.",
            f"The handbook cannot be written to {folder} ({error.strerror}). Choose another folder.",
        ) from error
    return tuple(written)


def _name(page_id: str) -> str:
    return "index.md" if page_id == HOME else page_id.replace(":", "-") + ".md"


def _linked(page: Page) -> str:
    return _TARGET.sub(lambda match: f"]({_name(match[1])})", page.markdown)
