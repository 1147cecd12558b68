"""From a view, an address and a language to the bytes of a page; the same three give the same bytes.

Templates (`resources/web/pages`) escape everything, and what they do not get is an error instead of nothing.
Pages name the style and the script by their content's hash, so both may be kept for ever.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import jinja2

from app import resources
from app.central.pages import local, national, regions, senate
from app.central.pages.routes import Route
from app.central.pages.scene import NoSuchPage, Scene
from app.central.pages.search import Index
from app.central.pages.texts import Language, words
from app.central.pages.view import View

#: Seconds after which a page without scripts asks for itself again.
REFRESH = 30
_MAKERS: Mapping[str, Callable[[Scene], dict[str, Any]]] = {
    "country": national.country,
    "progress": national.progress,
    "places": national.places,
    "letter": national.letter,
    "region": regions.region,
    "list": regions.list_page,
    "district": regions.district,
    "municipality": local.municipality,
    "precinct": local.precinct,
    "senate": senate.senate,
    "senate_district": senate.senate_district,
    "reduced": national.reduced,
}
_TEMPLATES = {"letter": "places.html", "list": "list.html"}
_MISSING = "missing.html"
#: Pages that no publication changes.
_STILL = ("search", "places", "letter")
_BLANKS = re.compile(r"\n\s+")


@cache
def assets() -> dict[str, bytes]:
    """Style, script and sign by path; each name carries the hash of its content."""
    made = {}
    for name in ("page.css", "page.js", "sign.svg"):
        body = resources.path("web", "pages", name).read_bytes()
        stem, _, ending = name.partition(".")
        made[f"web/{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"] = body
    return made


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(resources.path("web", "pages"), encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


class Pages:
    """Makes pages of one view after the other. `static`: a copy without a server, so without a search."""

    def __init__(self, *, static: bool = False) -> None:
        self._static = static
        self._indexed: tuple[object, Index] | None = None

    def page(self, view: View, route: Route, language: Language, question: str = "") -> bytes:
        """The page at an address. Raises NoSuchPage for what there is not."""
        scene = self._scene(view, route, language)
        made = _MAKERS.get(route.kind)
        context = national.search(scene, question) if made is None else made(scene)
        return self._render(scene, _TEMPLATES.get(route.kind, f"{route.kind}.html"), context)

    def missing(self, view: View, language: Language) -> bytes:
        """The page that says that there is no such page."""
        scene = self._scene(view, Route("country"), language)
        return self._render(scene, _MISSING, {})

    def _scene(self, view: View, route: Route, language: Language) -> Scene:
        indexed = self._indexed
        if indexed is None or indexed[0] is not view.territory:
            indexed = self._indexed = view.territory, Index(view.territory)
        return Scene(view, route, language, indexed[1])

    def _render(self, scene: Scene, template: str, context: Mapping[str, Any]) -> bytes:
        by_ending = {path.rpartition(".")[2]: f"/{path}" for path in assets()}
        text = (
            _environment()
            .get_template(template)
            .render(
                s=scene,
                w=words(scene.language),
                view=scene.view,
                asset=by_ending,
                static=self._static,
                live=not self._static and scene.route.kind not in _STILL and template != _MISSING,
                other_url=scene.here(scene.language.other),
                refresh=REFRESH,
                **context,
            )
        )
        return _BLANKS.sub("\n", text).encode()


__all__ = ["NoSuchPage", "Pages", "assets"]
