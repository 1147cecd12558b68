"""Every reason for which the media's line refuses a request, with a stable code: the home of MED-40 to 51.

The answer is one sentence in each language as plain text: whoever reads it sits at a newsroom's program.
Troubles of the list and of the process, which only the operator hears, are `KnownError`s where they arise.
"""

from __future__ import annotations

from app.central import refusals
from app.central.refusals import Refusal
from app.central.site import COMMON_HEADERS, Headers

NOT_REGISTERED = Refusal(
    "MED-40",
    403,
    "Z této adresy se na linku pro média nesmí: v seznamu není.",
    "This address may not use the media's line: it is not in the list.",
)
TEST_IS_OVER = Refusal(
    "MED-41",
    403,
    "Testovací adresy jsou po zahájení ostrého provozu odpojeny; čtěte z adres pro volební noc.",
    "Test addresses are cut off since live operation began; read from the addresses for the night.",
)
NO_ORIGIN = Refusal(
    "MED-42",
    400,
    "Nelze říct, z jaké adresy požadavek je: předřazený server ji neuvedl, nebo ji uvedl chybně.",
    "Nobody can say which address the request is from: the front server named none, or a wrong one.",
)
ORGANISATION_TOO_OFTEN = Refusal(
    "MED-43",
    429,
    "Vaše organizace se ptá příliš často; zpomalte a čtěte jen to, co se změnilo.",
    "Your organisation asks too often; slow down and read only what changed.",
)
ADDRESS_TOO_OFTEN = Refusal(
    "MED-44",
    429,
    "Z této adresy se ptáte příliš často; zpomalte a čtěte jen to, co se změnilo.",
    "This address asks too often; slow down and read only what changed.",
)
NO_LIST = Refusal(
    "MED-45",
    503,
    "Linka pro média zatím nemá platný seznam adres; zkuste to za chvíli.",
    "The media's line has no valid list of addresses yet; try again in a moment.",
)
NO_FEED = Refusal(
    "MED-46",
    503,
    "Data pro tuto část provozu tu zatím nejsou; zkuste to za chvíli.",
    "The data of this phase are not here yet; try again in a moment.",
)
NO_SUCH_ADDRESS = Refusal(
    "MED-47", 404, "Takový dokument na lince není.", "There is no such document on the line."
)
OTHER_METHOD = Refusal(
    "MED-48", 405, "Z linky se jen čte (GET, HEAD).", "The line can only be read (GET, HEAD)."
)
NOT_HTTP = Refusal(
    "MED-49",
    400,
    "Toto není požadavek, jakému linka rozumí: prostý GET bez obsahu.",
    "This is no request that the line understands: a plain GET without a body.",
)
LATE_HEAD = Refusal(
    "MED-50", 408, "Hlavička požadavku nepřišla celá včas.", "The request's head did not arrive in time."
)
TOO_MANY_CONNECTIONS = Refusal(
    "MED-51",
    503,
    "Linka má příliš mnoho spojení; zkuste to za chvíli.",
    "The line has too many connections; try again in a moment.",
)

BY_CODE = {
    each.code: each
    for each in (
        NOT_REGISTERED,
        TEST_IS_OVER,
        NO_ORIGIN,
        ORGANISATION_TOO_OFTEN,
        ADDRESS_TOO_OFTEN,
        NO_LIST,
        NO_FEED,
        NO_SUCH_ADDRESS,
        OTHER_METHOD,
        NOT_HTTP,
        LATE_HEAD,
        TOO_MANY_CONNECTIONS,
    )
}
#: What the connection itself refuses, by the code of the centre's door.
OF_CONNECTIONS = {
    refusals.TOO_MANY_CONNECTIONS.code: TOO_MANY_CONNECTIONS,
    refusals.LATE_HEAD.code: LATE_HEAD,
    refusals.NOT_HTTP.code: NOT_HTTP,
}
#: Seconds after which it makes sense to ask again.
_RETRY = {429: 2, 503: 5}


class Refused(Exception):
    """A request is not let in."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def said(refusal: Refusal) -> tuple[Headers, bytes]:
    """Headers and body of the answer."""
    body = f"{refusal.code} {refusal.cs}\n{refusal.code} {refusal.en}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *COMMON_HEADERS,
    ]
    if (seconds := _RETRY.get(refusal.http_status)) is not None:
        headers.append((b"retry-after", str(seconds).encode()))
    if refusal.http_status == 405:
        headers.append((b"allow", b"GET, HEAD, OPTIONS"))
    return headers, body
