"""What an organisation hears about its own line: `/stav` (Czech), `/status` (English), the same as JSON.

Its own addresses, counts, limits and refusals with their sentences, the phase and how far behind it reads.
Nothing about anybody else; whoever is not let in does not get here either.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from html import escape
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

from app import resources
from app.central.conditional import Response
from app.central.folder_site import FolderSite
from app.central.media.server.counts import Seen
from app.central.media.server.gate import Gate, Visitor
from app.central.media.server.phase import Phase
from app.central.media.server.refused import BY_CODE
from app.central.site import CSS, HTML, Headers

PATHS = ("/stav", "/status", "/stav.json", "/status.json", "/stav.css")
_PRAGUE = ZoneInfo("Europe/Prague")
_PHASES = {
    "cs": {Phase.TEST: "zkušební provoz: čtete data zkoušky", Phase.LIVE: "ostrý provoz"},
    "en": {Phase.TEST: "test phase: you read the rehearsal's data", Phase.LIVE: "live operation"},
}
_KINDS = {"cs": ("pro volební noc", "testovací"), "en": ("for the night", "for testing")}
_CUT = {"cs": "odpojena", "en": "cut off"}
_NEVER = {"cs": "dosud ne", "en": "never"}
_NONE = {"cs": "Nic odmítnuto nebylo.", "en": "Nothing was refused."}
_NO_LIMIT = {"cs": "bez omezení", "en": "no limit"}


def answer(visitor: Visitor, gate: Gate, site: FolderSite | None, path: str) -> Response:
    """The page of the organisation that asks."""
    if path == "/stav.css":
        return _response(CSS, resources.path("web", "media_status.css").read_bytes())
    told = _told(visitor, gate, site)
    if path.endswith(".json"):
        return _response("application/json", json.dumps(told, ensure_ascii=False, indent=1).encode())
    language = "cs" if path == "/stav" else "en"
    return _response(HTML, _page(told, language, visitor.phase).encode())


def _told(visitor: Visitor, gate: Gate, site: FolderSite | None) -> dict[str, Any]:
    media = visitor.allowed.media
    own = next(each for each in media.organisations if each.id == visitor.line.organisation)
    whole = gate.counts.organisations.get(own.id, Seen())
    current = site.site.edition.version if site is not None else 0
    return {
        "organisation": own.name,
        "election": media.election,
        "mode": media.mode.value,
        "phase": visitor.phase.value,
        "live_from": media.live_from.isoformat(),
        "list": media.serial,
        "time": gate.clock().isoformat(timespec="seconds"),
        "your_address": visitor.address,
        "version": current,
        "lag": max(0, current - whole.version) if whole.version else None,
        "limits": {
            "organisation": [gate.limits.organisation_rate, gate.limits.organisation_burst],
            "address": [gate.limits.address_rate, gate.limits.address_burst],
        },
        "all": whole.told(),
        "addresses": [
            {"address": address, "night": is_night, **gate.counts.addresses.get(address, Seen()).told()}
            for addresses, is_night in ((own.night, True), (own.test, False))
            for address in addresses
        ],
    }


def _page(told: dict[str, Any], language: str, phase: Phase) -> str:
    whole = told["all"]
    return _template(language).substitute(
        rehearsal=_rehearsal(told, language, phase),
        organisation=escape(told["organisation"]),
        phase=_PHASES[language][phase],
        live_from=_time(told["live_from"], language),
        time=_time(told["time"], language),
        address=escape(told["your_address"]),
        version=told["version"] or "–",
        lag="–" if told["lag"] is None else told["lag"],
        requests=_number(whole["requests"], language),
        answered=_number(whole["answered"], language),
        unchanged=_number(whole["unchanged"], language),
        bytes=_number(whole["bytes"], language),
        refused=_refused(whole["refused"], language),
        rows="".join(_row(each, language, phase) for each in told["addresses"]),
        organisation_limit=_limit(told["limits"]["organisation"], language),
        address_limit=_limit(told["limits"]["address"], language),
        list=told["list"],
        election=escape(told["election"]),
    )


def _rehearsal(told: dict[str, Any], language: str, phase: Phase) -> str:
    if phase is Phase.LIVE and told["mode"] == "OSTRY":
        return ""
    said = {
        "cs": "ZKOUŠKA: to, co čtete, nejsou výsledky voleb.",
        "en": "REHEARSAL: what you read are not the results of an election.",
    }
    return f'<p class="banner">{said[language]}</p>'


def _row(each: dict[str, Any], language: str, phase: Phase) -> str:
    kind = _KINDS[language][0 if each["night"] else 1]
    if phase is Phase.LIVE and not each["night"]:
        kind += f", {_CUT[language]}"
    last = _time(each["last_seen"], language) if each["last_seen"] else _NEVER[language]
    cells = (each["requests"], each["unchanged"], sum(each["refused"].values()))
    numbers = "".join(f'<td class="number">{_number(cell, language)}</td>' for cell in cells)
    return f"<tr><th scope=row>{escape(each['address'])}</th><td>{kind}</td><td>{last}</td>{numbers}</tr>\n"


def _refused(refused: dict[str, int], language: str) -> str:
    if not refused:
        return f"<p>{_NONE[language]}</p>"
    rows = []
    for code, count in refused.items():
        refusal = BY_CODE.get(code)
        said = "" if refusal is None else refusal.cs if language == "cs" else refusal.en
        rows.append(f"<li><b>{_number(count, language)}×</b> {escape(code)}: {escape(said)}</li>\n")
    return f"<ul>\n{''.join(rows)}</ul>"


def _limit(limit: list[float], language: str) -> str:
    rate, burst = limit
    if not rate:
        return _NO_LIMIT[language]
    if language == "cs":
        return f"{rate:g} požadavků za sekundu, nárazově {_number(int(burst), language)}"
    return f"{rate:g} requests a second, {_number(int(burst), language)} at once"


def _number(value: int, language: str) -> str:
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}" if language == "cs" else ",")


def _time(text: str, language: str) -> str:
    local = datetime.fromisoformat(text).astimezone(_PRAGUE)
    if language == "cs":
        return f"{local.day}. {local.month}. {local.year} {local:%H:%M:%S}"
    return f"{local:%Y-%m-%d %H:%M:%S %Z}"


@cache
def _template(language: str) -> Template:
    return Template(resources.path("web", f"media_status.{language}.html").read_text("utf-8"))


def _response(kind: str, body: bytes) -> Response:
    headers: Headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", b"default-src 'none'; style-src 'self'; frame-ancestors 'none'"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),  # for no other page to read: no CORS
    ]
    return Response(200, headers, body)
