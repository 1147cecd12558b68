"""Every address of the operations room: its method, its permission, and the page or act behind it.

One table; an address that is not in it does not exist, and one without a permission is public by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from app.central.room.permissions import Permission as P

#: Open to whoever reaches the room.
PUBLIC: Final = None


class Route(NamedTuple):
    """`handler` is the name of a method of `Pages`; in the pattern, `{n}` is a number, `{word}` a word."""

    method: str
    pattern: str
    permission: P | None
    handler: str


TABLE: Final = (
    Route("GET", "/login", PUBLIC, "login"),
    Route("POST", "/login", PUBLIC, "login"),
    Route("GET", "/room.css", PUBLIC, "style"),
    Route("GET", "/room.js", PUBLIC, "script"),
    Route("GET", "/icon.svg", PUBLIC, "icon"),
    Route("GET", "/metrics", PUBLIC, "error_page"),  # answered by the door: to the networks of the settings
    Route("GET", "/", P.SEE, "overview"),
    Route("GET", "/points", P.SEE, "points"),
    Route("GET", "/points/{n}", P.SEE, "point"),
    Route("GET", "/missing", P.SEE, "missing"),
    Route("GET", "/refusals", P.SEE, "refusals"),
    Route("GET", "/decisions", P.SEE, "decisions"),
    Route("GET", "/quarantine/{word}", P.SEE, "quarantine"),
    Route("GET", "/acts", P.SEE, "acts"),
    Route("GET", "/media", P.SEE, "media"),
    Route("GET", "/readiness", P.SEE, "readiness"),
    Route("GET", "/incidents", P.SEE, "incidents"),
    Route("GET", "/incidents.csv", P.SEE, "incidents_csv"),
    Route("GET", "/incidents.json", P.SEE, "incidents_json"),
    Route("GET", "/journal", P.SEE_JOURNAL, "journal"),
    Route("GET", "/operators", P.MANAGE_OPERATORS, "operators"),
    Route("GET", "/password", P.OWN_SESSION, "password"),
    Route("GET", "/propose/{word}", P.PROPOSE, "proposing"),
    Route("GET", "/proposals/{n}", P.SEE, "proposal"),
    Route("GET", "/permits/{n}.p7m", P.PROPOSE, "permit_file"),
    Route("POST", "/propose/{word}", P.PROPOSE, "propose"),
    Route("POST", "/proposals/{n}/approve", P.APPROVE, "approve"),
    Route("POST", "/proposals/{n}/refuse", P.APPROVE, "refuse"),
    Route("POST", "/incidents", P.NOTE_INCIDENT, "note_incident"),
    Route("POST", "/media/{n}/approve", P.DECIDE_MEDIA, "approve_application"),
    Route("POST", "/media/{n}/refuse", P.DECIDE_MEDIA, "refuse_application"),
    Route("POST", "/stations/{word}/revoke", P.REVOKE_STATION, "revoke_station"),
    Route("POST", "/operators", P.MANAGE_OPERATORS, "add_operator"),
    Route("POST", "/operators/{word}/disable", P.MANAGE_OPERATORS, "disable_operator"),
    Route("POST", "/operators/{word}/enable", P.MANAGE_OPERATORS, "enable_operator"),
    Route("POST", "/operators/{word}/release", P.MANAGE_OPERATORS, "release_operator"),
    Route("POST", "/operators/{word}/password", P.MANAGE_OPERATORS, "new_password"),
    Route("POST", "/password", P.OWN_SESSION, "own_password"),
    Route("POST", "/logout", P.OWN_SESSION, "sign_out"),
)


def find(method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
    """The route of a request and the parts of its address; HEAD goes where GET goes."""
    for route in TABLE:
        if route.method == ("GET" if method == "HEAD" else method):
            match = _compiled(route.pattern).fullmatch(path)
            if match is not None:
                return route, match.groupdict()
    return None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    words = re.escape(pattern).replace(r"\{n\}", r"(?P<n>[0-9]{1,9})")
    return re.compile(words.replace(r"\{word\}", r"(?P<word>[A-Za-z0-9._-]{1,60})"), re.ASCII)
