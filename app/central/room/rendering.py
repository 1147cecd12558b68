"""Templates of the operations room to bytes: everything is escaped; what a template does not get is an
error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import jinja2

from app import resources
from app.central.room.asked import Asked, Language
from app.central.room.permissions import Permission, Role
from app.election.errors import KnownError
from app.election.model import Contest

_PRAGUE = ZoneInfo("Europe/Prague")

#: Pages of the navigation: address, Czech, English, who may see them.
PAGES = (
    ("/", "Přehled", "Overview", Permission.SEE),
    ("/points", "Přebírací místa", "Transfer points", Permission.SEE),
    ("/missing", "Chybějící okrsky", "Missing precincts", Permission.SEE),
    ("/decisions", "Rozhodnutí", "Decisions", Permission.SEE),
    ("/acts", "Úkony", "Acts", Permission.SEE),
    ("/refusals", "Odmítnutí", "Refusals", Permission.SEE),
    ("/incidents", "Události", "Incidents", Permission.SEE),
    ("/media", "Linka médií", "Media line", Permission.SEE),
    ("/readiness", "Pohotovost", "Readiness", Permission.SEE),
    ("/journal", "Deník", "Journal", Permission.SEE_JOURNAL),
    ("/operators", "Účty", "Accounts", Permission.MANAGE_OPERATORS),
)
ROLES: Mapping[Role, tuple[str, str]] = {
    Role.OPERATOR: ("operátor", "operator"),
    Role.MEDIA: ("tiskový referent", "media officer"),
    Role.ADMINISTRATOR: ("správce", "administrator"),
    Role.OBSERVER: ("pozorovatel", "observer"),
}
CONTESTS: Mapping[Contest, tuple[str, str]] = {
    Contest.REGIONAL: ("kraje", "regions"),
    Contest.SENATE_ROUND_1: ("Senát, 1. kolo", "Senate, round 1"),
    Contest.SENATE_ROUND_2: ("Senát, 2. kolo", "Senate, round 2"),
}


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resources.path("web", "room"), encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"moment": _moment, "clock": _clock, "percent": _percent}
    return made


def page(name: str, asked: Asked, frame: Mapping[str, Any], **context: Any) -> bytes:
    """A page as bytes; `frame` is what every page shows around it."""
    language = asked.language
    return (
        _environment()
        .get_template(name)
        .render(
            t=_chooser(language), lang=language, asked=asked, P=Permission, pages=PAGES,
            roles=ROLES, contests=CONTESTS, span=_spans(language), said=_said(language),
            now=asked.now, **frame, **context,
        )
        .encode()
    )  # fmt: skip


def _chooser(language: Language) -> Callable[[str, str], str]:
    return lambda cs, en: cs if language == "cs" else en


def _said(language: Language) -> Callable[[KnownError], str]:
    return lambda error: error.cs if language == "cs" else error.en


def _at(value: datetime | str) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(_PRAGUE)


def _moment(value: datetime | str | None) -> str:
    """Date and time in Prague; nothing for nothing."""
    return f"{_at(value):%-d. %-m. %H:%M:%S}" if value else "–"


def _clock(value: datetime | str | None) -> str:
    """The time in Prague."""
    return f"{_at(value):%H:%M:%S}" if value else "–"


def _spans(language: Language) -> Callable[[timedelta | None], str]:
    def span(value: timedelta | None) -> str:
        """A length of time as people say it."""
        if value is None:
            return "–"
        seconds = max(0, int(value.total_seconds()))
        if seconds < 60:
            return f"{seconds} s"
        if seconds < 3600:
            return f"{seconds // 60} min"
        if seconds < 172_800:
            return f"{seconds // 3600} h {seconds % 3600 // 60} min"
        return f"{seconds // 86_400} {'dnů' if language == 'cs' else 'days'}"

    return span


def _percent(part: int, whole: int) -> str:
    """Truncated to one decimal, so that 100 is only said of everything."""
    tenths = part * 1000 // whole if whole else 0
    return f"{tenths // 10},{tenths % 10} %"
