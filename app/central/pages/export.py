"""Pages as files: a whole static copy for any web server, or the reduced edition for a fallback provider.

The copy holds what the server would answer, each page as `…/index.html`, without a search and without
scripts. The reduced edition is one page of a few kB for each language and one small JSON of the totals.
Each file is written beside its place and renamed, so a web server that reads them meanwhile sees whole ones;
what did not change is left as it is, so that a copy by `rsync` carries little.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from app.central.pages.history import Changes
from app.central.pages.national import cards, region_rows
from app.central.pages.rendering import Pages, assets
from app.central.pages.routes import Route, address_of
from app.central.pages.scene import Scene
from app.central.pages.search import Index
from app.central.pages.texts import Language
from app.central.pages.view import Reader, View
from app.central.versions import current_of
from app.documents.feed.parts import SOURCE
from app.election.errors import KnownError

_PAGE = "index.html"


def view_of(public: Path) -> View:
    """The view of the version that is current in a published folder. Raises KnownError PUB-01."""
    version = current_of(public)
    if version is None:
        raise KnownError(
            "PUB-01",
            f"Ve složce {public} není nic zveřejněno. Zadejte složku public ústředí, nebo její kopii.",
            f"Nothing is published in the folder {public}. Give the centre's folder public, or a copy of it.",
        )
    folder = public / "versions" / str(version)
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for below in ("appdata", "feed")
        for path in folder.glob(f"{below}/**/*.xml")
    }
    return Reader().view(files, Changes(public / "changes").up_to(files))


def whole(view: View, out: Path, watched: Callable[[Sequence[Route]], Iterable[Route]] = iter) -> int:
    """Write every page of a version; `watched` passes the pages on and may count them. Returns how many
    files are new."""
    pages = Pages(static=True)
    new = sum(_write(out / path, body) for path, body in assets().items())
    for route in watched(list(_routes(view))):
        for language in Language:
            new += _write(_place(out, route, language), pages.page(view, route, language))
    return new + _write(out / "404.html", pages.missing(view, Language.CZECH))


def reduced(view: View, out: Path) -> int:
    """Write the reduced edition. Returns how many files are new."""
    pages, route = Pages(static=True), Route("reduced")
    new = _write(out / "souhrn.json", totals(view))
    for language in Language:
        body = pages.page(view, route, language)
        new += _write(_place(out, route, language), body) + _write(
            _place(out, Route("country"), language), body
        )
    return new


def totals(view: View) -> bytes:
    """The totals as JSON: counts are numbers, percentages the documents' texts, times with their zone."""
    scene = Scene(view, Route("reduced"), Language.CZECH, Index(view.territory))
    said: dict[str, Any] = {
        "zdroj": SOURCE,
        "volby": view.election,
        "rezim": view.head.issue.mode.value,
        "stav": view.head.state.value,
        "verze": view.head.version,
        "cas": view.head.generated_at.isoformat(),
    }
    said["celkem"] = [{"nazev": card.title, **_turnout(card.turnout, view)} for card in cards(scene)]
    said["kraje"] = [
        {
            "nazev": row.name,
            **_turnout(row.turnout, view),
            "listiny": [
                {"nazev": each.name, "procent": each.share, **({"mandaty": each.seats} if each.seats else {})}
                for each in row.leaders
            ],
        }
        for row in region_rows(scene)
    ]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _turnout(turnout: Any, view: View) -> dict[str, object]:
    said = {"okrsky": turnout.expected, "zpracovano": turnout.processed, "procent": turnout.processed_share}
    return said | ({"ucast": turnout.share, "platne": turnout.valid} if view.is_open else {})


def _routes(view: View) -> Iterator[Route]:
    """Every page of an election."""
    territory = view.territory
    yield from (Route(kind) for kind in ("country", "progress", "places", "reduced"))
    yield from (Route("letter", (("letter", each),)) for each in Index(territory).letters())
    if view.senate_results() is not None:
        yield Route("senate")
        yield from (Route("senate_district", (("obvod", str(each)),)) for each in territory.senate_districts)
    for region in territory.regions.values():
        yield Route("region", (("region", str(region.number)),))
        for number in region.lists:
            yield Route("list", (("region", str(region.number)), ("list", str(number))))
    yield from (Route("district", (("nuts", each),)) for each in territory.by_nuts)
    codes = dict.fromkeys([*territory.municipalities, *territory.presented])
    yield from (Route("municipality", (("code", str(each)),)) for each in codes)
    for each in territory.precincts:
        yield Route("precinct", (("code", str(each.municipality)), ("number", str(each.number))))


def _place(out: Path, route: Route, language: Language) -> Path:
    return out / address_of(route, language).lstrip("/") / _PAGE


def _write(path: Path, body: bytes) -> int:
    """Write a file unless it has these bytes already; 1 for a new one."""
    if path.is_file() and path.read_bytes() == body:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.part")
    half.write_bytes(body)
    half.replace(path)
    return 1
