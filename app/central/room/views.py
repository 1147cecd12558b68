"""The pages of the operations room: what each shows. Nothing is changed here."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from app.central import journal, permits, settling
from app.central import metrics as exposition
from app.central.gate import may_read_counters
from app.central.media.state import Status
from app.central.readiness import PointStanding, counted, why
from app.central.room import alarms, gauges, incidents, journal_view, operators, proposals
from app.central.room.asked import Asked, Reply, attachment
from app.central.room.errors import NotHere
from app.central.room.points import Point
from app.central.room.shown import Shown
from app.central.room.watch import Look, Missing
from app.central.room.wishes import FORMS, Kind

#: Rows of a list on one page; the rest is reached by narrowing the choice.
MOST_ROWS = 500


class Views(Shown):
    """GET pages."""

    def overview(self, asked: Asked) -> Reply:
        look = self._look()
        return self._page(
            "overview.html", asked, look=look, alarms=alarms.of(look), kinds=Kind,
            media=_media(look),
        )  # fmt: skip

    def points(self, asked: Asked) -> Reply:
        look, show = self._look(), asked.query.get("show", "")
        chosen = {"silent": look.silent, "behind": look.behind}.get(show, list(look.points))
        text = asked.query.get("q", "").strip().casefold()[:60]
        if text:
            chosen = [
                each for each in chosen if text in f"{each.number} {each.name} {each.region}".casefold()
            ]
        return self._page(
            "points.html",
            asked,
            look=look,
            chosen=chosen[:MOST_ROWS],
            total=len(chosen),
            show=show,
            text=text,
        )

    def point(self, asked: Asked) -> Reply:
        look = self._look()
        point = self._point(look, asked.number("n"))
        with self._place.database.reading() as connection:
            noted = incidents.listed(connection, point.number)
            people = operators.names(connection)
        ready = next((each for each in look.readiness if each.transfer_point == point.number), None)
        return self._page(
            "point.html", asked, look=look, point=point, incidents=noted, people=people,
            missing=self._place.watch.missing_of_point(look, point.number),
            ready=ready, why=why(ready) if ready else (),
        )  # fmt: skip

    def missing(self, asked: Asked) -> Reply:
        look = self._look()
        rows = [each for each in look.rows if each.missing]
        chosen: list[Missing] = []
        area = asked.query.get("area", "")
        for row in look.rows:
            if f"{row.contest.value}-{row.kind}-{row.number}" == area:
                chosen = self._place.watch.missing(look, row.contest, row.kind, row.number)
        return self._page(
            "missing.html", asked, look=look, rows=rows, area=area, chosen=chosen[:MOST_ROWS],
            total=len(chosen),
        )  # fmt: skip

    def refusals(self, asked: Asked) -> Reply:
        look = self._look()
        return self._page("refusals.html", asked, look=look)

    def decisions(self, asked: Asked) -> Reply:
        look = self._look()
        database = self._place.database
        with database.reading() as connection:
            waiting = [each for each in proposals.listed(connection) if not each.decision]
            people = operators.names(connection)
        return self._page(
            "decisions.html", asked, look=look, proposals=waiting, people=people, forms=FORMS,
            quarantines=settling.listed(database),
        )  # fmt: skip

    def quarantine(self, asked: Asked) -> Reply:
        found = settling.shown(self._place.database, asked.parts["word"])
        return self._page("quarantine.html", asked, found=found)

    def acts(self, asked: Asked) -> Reply:
        place = self._place
        self._look()
        with place.watch.guard:
            given = list(place.watch.books.acts)
            in_force = {act.number for act in place.watch.books.ledger.in_force()}
        with place.database.reading() as connection:
            every = proposals.listed(connection)
            people = operators.names(connection)
        return self._page(
            "acts.html", asked, given=[each.act for each in reversed(given)], in_force=in_force, forms=FORMS,
            proposals=every[:MOST_ROWS], people=people,
            permits=list(reversed(permits.listed(place.database))),
        )  # fmt: skip

    def media(self, asked: Asked) -> Reply:
        look = self._look()
        register = self._place.media
        entries = list(register.state().entries.values()) if register else []
        return self._page(
            "media.html", asked, look=look, media=_media(look), register=register is not None,
            entries=sorted(entries, key=lambda each: (each.status is not Status.WAITING, -each.number)),
        )  # fmt: skip

    def readiness(self, asked: Asked) -> Reply:
        look, show = self._look(), asked.query.get("show", "")
        chosen = [each for each in look.readiness if show in ("", each.standing.name.lower())]
        names = {each.number: each for each in look.points}
        return self._page(
            "readiness.html", asked, look=look, chosen=chosen[:MOST_ROWS], total=len(chosen), show=show,
            counts=counted(look.readiness), standings=PointStanding, why=why, names=names,
        )  # fmt: skip

    def incidents(self, asked: Asked) -> Reply:
        with self._place.database.reading() as connection:
            found, people = incidents.listed(connection), operators.names(connection)
        return self._page(
            "incidents.html", asked, incidents=found[:MOST_ROWS], total=len(found), people=people,
            severities=incidents.Severity, point=asked.query.get("point", "")[:6],
        )  # fmt: skip

    def incidents_csv(self, asked: Asked) -> Reply:
        with self._place.database.reading() as connection:
            body = incidents.as_csv(incidents.listed(connection)).encode()
        return attachment("incidents.csv", body, "text/csv; charset=utf-8")

    def incidents_json(self, asked: Asked) -> Reply:
        with self._place.database.reading() as connection:
            body = incidents.as_json(incidents.listed(connection)).encode()
        return attachment("incidents.json", body, "application/json")

    def journal(self, asked: Asked) -> Reply:
        text, act = asked.query.get("q", "").strip()[:100], asked.query.get("act", "")
        told = asked.query.get("before", "")
        with self._place.database.reading() as connection:
            head = journal.head(connection)
            before = int(told) if told.isascii() and told.isdecimal() and len(told) < 12 else head.id + 1
            rows = journal_view.found(connection, text, act, before)
        return self._page("journal.html", asked, rows=rows, head=head, text=text, act=act, acts=journal.Act)

    def operators(self, asked: Asked) -> Reply:
        return self._page("operators.html", asked, accounts=self._place.operators.all(), given=None)

    def password(self, asked: Asked) -> Reply:
        return self._page("password.html", asked)

    def login(self, asked: Asked) -> Reply:
        return self._page("login.html", asked, error=None)

    def refused_login(self, asked: Asked, error: Any) -> Reply:
        return self._page("login.html", asked, status=error.status, error=error)

    def proposing(self, asked: Asked) -> Reply:
        kind = _kind(asked)
        return self._page("proposing.html", asked, kind=kind, form=FORMS[kind], filled=asked.query)

    def proposal(self, asked: Asked) -> Reply:
        with self._place.database.reading() as connection:
            found = proposals.find(connection, asked.number("n"))
            people = operators.names(connection)
        return self._page(
            "proposal.html", asked, proposal=found, form=FORMS[found.kind], people=people,
            own=found.proposed_by == asked.operator.login,
        )  # fmt: skip

    def permit_file(self, asked: Asked) -> Reply:
        with self._place.database.reading() as connection:
            signed = permits.signed_file(connection, asked.number("n"))
        if signed is None:
            raise NotHere
        return attachment(f"povoleni-{asked.number('n'):04}.p7m", signed, "application/pkcs7-mime")

    def metrics(self, asked: Asked, request: Request) -> Reply:
        """Gauges for Prometheus, to the networks that the settings name."""
        if request.method != "GET" or not may_read_counters(request, self._place.readers):
            raise NotHere
        text = exposition.gauges_text(gauges.of(self._look()))
        return Reply(text.encode(), content_type=exposition.CONTENT_TYPE)

    def _look(self) -> Look:
        return self._place.watch.look()

    def _point(self, look: Look, number: int) -> Point:
        found = next((each for each in look.points if each.number == number), None)
        if found is None:
            raise NotHere
        return found


def _kind(asked: Asked) -> Kind:
    if asked.parts["word"] not in set(Kind):
        raise NotHere
    return Kind(asked.parts["word"])


def _media(look: Look) -> dict[str, Any]:
    return dict(look.told.media)
