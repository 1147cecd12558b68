"""What all pages of the operations room share: the frame around them, the page of an error, the two files."""

from __future__ import annotations

from typing import Any, ClassVar

from app import __version__, resources
from app.central.room import rendering
from app.central.room.asked import Asked, Reply
from app.central.room.errors import NotHere, RoomError
from app.central.room.place import Place
from app.election.errors import KnownError
from app.election.model import Mode

#: What was done, told on the next page: word in its address → Czech, English.
DONE = {
    "proposed": ("Návrh je podán a čeká na schválení jiným operátorem.",
                 "The proposal is made and waits for another operator's approval."),
    "approved": ("Schváleno a provedeno.", "Approved and done."),
    "refused": ("Návrh je zamítnut.", "The proposal is refused."),
    "media": ("Rozhodnutí o žádosti platí; seznam médií je vydán znovu.",
              "The decision holds; the list of media is made anew."),
    "noted": ("Událost je zapsána.", "The incident is noted."),
    "revoked": ("Stanice je odvolána; nic dalšího se od ní nepřijme.",
                "The station is revoked; nothing more is taken from it."),
    "password": ("Heslo je změněno.", "The password is changed."),
    "account": ("Účet je změněn.", "The account is changed."),
}  # fmt: skip


class Shown:
    """Pages and acts are methods of its subclasses, named in the table of routes."""

    _files: ClassVar = {"room.css": "text/css; charset=utf-8", "room.js": "text/javascript; charset=utf-8"}

    def __init__(self, place: Place) -> None:
        self._place = place
        self._icon = resources.path("icons", "prebirka.svg").read_bytes()
        self._kept = {name: resources.path("web", "room", name).read_bytes() for name in self._files}

    def style(self, _: Asked) -> Reply:
        return Reply(self._kept["room.css"], content_type=self._files["room.css"])

    def script(self, _: Asked) -> Reply:
        return Reply(self._kept["room.js"], content_type=self._files["room.js"])

    def icon(self, _: Asked) -> Reply:
        return Reply(self._icon, content_type="image/svg+xml")

    def error_page(self, asked: Asked) -> Reply:
        """An address that is answered elsewhere, or not at all."""
        raise NotHere

    def error(self, asked: Asked, error: KnownError) -> Reply:
        """A refusal: its code and sentence, and the way back."""
        status = error.status if isinstance(error, RoomError) else 422
        return self._page("error.html", asked, status=status, error=error)

    def _page(self, name: str, asked: Asked, *, status: int = 200, **context: Any) -> Reply:
        election = self._place.watch.reference.election
        frame = {
            "election": election.name, "rehearsal": election.mode is not Mode.LIVE,
            "version": __version__, "done": DONE.get(asked.query.get("done", "")),
        }  # fmt: skip
        return Reply(rendering.page(name, asked, frame, **context), status)
