"""The manual as HTML: one file a page, one style sheet, the pictures; it needs a folder and no network.

Markdown comes from the program's own resources, so raw HTML in it is shown as text and nothing else: a page
of the manual holds none. Links between pages lead to the HTML files, headings have anchors.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from app.resources import path
from app.station.errors import StationError
from app.station.manual.pages import INDEX, ManualPage, page, pages, slug

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

SOURCE: Final = {
    "cs": "Zdroj: Český statistický úřad, volby.cz",
    "en": "Source: Czech Statistical Office, volby.cz",
}
_PAGE: Final = re.compile(r"^([\w-]+)\.md(#.*)?$")


class Heading(NamedTuple):
    """One heading of the second level, for the page's own contents."""

    anchor: str
    words: str


class Rendered(NamedTuple):
    """A page as HTML, without the frame around it."""

    html: str
    headings: tuple[Heading, ...]


def render(read: ManualPage) -> Rendered:
    """The page's Markdown as HTML, with anchors, and links that lead to HTML files."""
    tokens = _markdown().parse(read.markdown)
    headings = []
    for token, inside in pairwise(tokens):
        if token.type == "heading_open":
            words = _plain(inside)
            token.attrSet("id", slug(words))
            if token.tag == "h2":
                headings.append(Heading(slug(words), words))
        for child in inside.children or ():
            _lead(child)
    markdown = _markdown()
    return Rendered(markdown.renderer.render(tokens, markdown.options, {}), tuple(headings))


def write(folder: Path) -> tuple[Path, ...]:
    """Write the whole manual into `folder` (made when missing); the pages written. Pages of the same name are
    written anew. Raises `StationError` STA-70."""
    from jinja2 import Environment, StrictUndefined

    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(
        path("web", "manual.html").read_text("utf-8")
    )
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for read in pages():
            body = render(read)
            text = template.render(
                page=read,
                body=body.html,
                headings=body.headings if len(body.headings) > 1 else (),
                contents=contents(),
                index=page(INDEX),
                source=SOURCE[read.language],
            )
            target = folder / f"{read.name}.html"
            target.write_text(text, "utf-8", newline="\n")
            written.append(target)
        shutil.copyfile(path("web", "manual.css"), folder / "manual.css")
        shutil.copytree(path("manual", "pictures"), folder / "pictures", dirs_exist_ok=True)
    except OSError as error:
        raise not_written(folder, error) from error
    return tuple(written)


def contents() -> Sequence[ManualPage]:
    """The pages of the contents: all but the index itself."""
    return [each for each in pages() if each.name != INDEX]


def not_written(folder: Path, error: OSError) -> StationError:
    return StationError(
        "STA-70",
        f"Příručku nelze zapsat do složky {folder}. Zvolte jinou složku, do které smíte zapisovat.",
        f"The manual cannot be written to {folder} ({error.strerror}). Choose another folder.",
    )


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))


def _lead(token: Token) -> None:
    """Let a link to a page lead to its HTML; a picture tells its words to who cannot see it."""
    if token.type == "link_open" and (found := _PAGE.match(str(token.attrGet("href")))):
        token.attrSet("href", f"{found[1]}.html{found[2] or ''}")
    if token.type == "image":
        token.attrSet("loading", "lazy")
