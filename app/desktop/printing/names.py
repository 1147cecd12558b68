"""The names of the prints' files: kind, contest, precinct and what tells two papers of one protocol apart."""

from __future__ import annotations

from datetime import datetime

from app.desktop.texts import PRAGUE
from app.election.model import ProtocolKey


def transcript(key: ProtocolKey, revision: int) -> str:
    return f"opis-{_of(key)}-r{revision}.pdf"


def confirmation(key: ProtocolKey, revision: int) -> str:
    return f"potvrzeni-{_of(key)}-r{revision}.pdf"


def refusal(key: ProtocolKey, at: datetime) -> str:
    return f"odmitnuti-{_of(key)}-{_second(at)}.pdf"


def error_report(key: ProtocolKey, at: datetime, content_hash: str | None) -> str:
    return f"chyby-{_of(key)}-{_second(at)}{f'-{content_hash[:8]}' if content_hash else ''}.pdf"


def closing_report(station: str, at: datetime) -> str:
    return f"uzavreni-{station}-{_second(at)}.pdf"


def missing(station: str, at: datetime) -> str:
    return f"chybejici-okrsky-{station}-{_second(at)}.pdf"


def assigned(station: str, at: datetime) -> str:
    return f"urceni-okrsku-{station}-{_second(at)}.pdf"


def readiness(station: str, at: datetime) -> str:
    return f"pripravenost-{station}-{_second(at)}.pdf"


def _of(key: ProtocolKey) -> str:
    municipality, precinct = key.precinct
    return f"{key.contest.value.lower()}-{municipality}-{precinct}"


def _second(at: datetime) -> str:
    return at.astimezone(PRAGUE).strftime("%Y%m%d-%H%M%S")
