"""Opening a station's folder for a command: its clock, and the passphrase of its key."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.commands.passphrase import VARIABLE
from app.election.errors import KnownError
from app.election.model import Mode

if TYPE_CHECKING:
    from app.station.station import Station


def open_station(folder: Path, now: datetime | None) -> Station:
    """The open station; `now` is another time than the real one, which a live station refuses."""
    from app.station.config import read_config
    from app.station.errors import FolderRefused
    from app.station.station import Station

    if now is not None and read_config(folder).mode is Mode.LIVE:
        raise FolderRefused(
            "STA-60",
            "Ostrá stanice pracuje jen se skutečným časem; volbu --now vynechte.",
            "A live station works with the real time only; leave --now out.",
        )
    clock = _clock(now)
    try:
        return Station.open(folder, clock)
    except KnownError as error:
        if error.code != "KEY-02":
            raise
    given = os.environ.get(VARIABLE)
    if given is None:
        given = typer.prompt("Heslo ke klíči · Passphrase", hide_input=True)
    return Station.open(folder, clock, given)


def _clock(now: datetime | None) -> Callable[[], datetime]:
    if now is None:
        return lambda: datetime.now(UTC)
    begin = now.replace(tzinfo=UTC) if now.tzinfo is None else now
    started = time.monotonic()
    return lambda: begin + timedelta(seconds=time.monotonic() - started)


def ask_password(what: str) -> str:
    """A password from the keyboard, unseen; from a pipe its next line."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True))
    return sys.stdin.readline().rstrip("\r\n")
