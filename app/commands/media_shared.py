"""What the commands of the media register share: the folder, the officer, the clock, how an entry is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from app.commands.passphrase import unlock

if TYPE_CHECKING:
    from app.central.centre import Clock
    from app.central.media.register import Register
    from app.central.media.state import Entry

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
]
Number = Annotated[
    int, typer.Argument(metavar="ČÍSLO", help="Číslo žádosti (list).\n[dim]The application's number.[/dim]")
]
By = Annotated[
    str, typer.Option("--officer", help="Kdo rozhoduje; zůstane v deníku.\n[dim]Who decides.[/dim]")
]
Reason = Annotated[
    str,
    typer.Option(help="Důvod pro vnitřní potřebu; nesděluje se.\n[dim]A reason, kept inside.[/dim]"),
]
English = Annotated[bool, typer.Option("--english", help="Anglicky.\n[dim]In English.[/dim]")]
#: How commands take a moment.
FORMATS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
PRAGUE = ZoneInfo("Europe/Prague")


def prague(moment: datetime) -> datetime:
    """A moment as people type it, in Prague's time."""
    return moment.replace(tzinfo=PRAGUE)


def clock_of(folder: Path) -> Clock:
    """The centre's clock: a rehearsal's may be shifted. Raises KnownError."""
    from app.central.settings import CentreFolder, load

    offset = timedelta(seconds=load(CentreFolder(folder)).clock_offset_seconds)
    return lambda: datetime.now(UTC) + offset


@contextmanager
def opened(folder: Path) -> Iterator[Register]:
    """The register of a centre, for one command. Raises KnownError."""
    from app.central.media import register
    from app.central.settings import CentreFolder

    with register.opened(folder, clock_of(folder), unlock(CentreFolder(folder).key)) as found:
        yield found


def say(line: str) -> None:
    """Print a line with words of strangers in it: none of them speaks to the terminal."""
    print("".join(each if each.isprintable() or each == "\t" else "\ufffd" for each in line))


def told(entry: Entry) -> str:
    """One line about an application."""
    received = entry.received_at.astimezone(PRAGUE)
    waits = f" · čeká na rozhodnutí o adresách: {', '.join(entry.undecided)}" if entry.undecided else ""
    return f"{entry.number}\t{_STATUS[entry.status]}\t{received:%d. %m. %Y %H:%M}\t{entry.title}{waits}"


_STATUS = {
    "not accepted": "nepřijata · not accepted",
    "waiting": "čeká · waiting",
    "approved": "schválena · approved",
    "refused": "zamítnuta · refused",
    "replaced": "nahrazena · replaced",
}
