"""`prebirka readiness`: tries everything that a station needs for the night, without opening its window."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.commands.opening import open_station
from app.election.errors import KnownError

if TYPE_CHECKING:
    from app.station.readiness.outcomes import Outcome
    from app.station.station import Station

app = typer.Typer(add_completion=False, rich_markup_mode="rich")

#: Exit codes by the whole outcome: ready, not ready, something that a night needs was not tried.
_EXITS: Final = {"ready": 0, "not ready": 1, "cannot say": 2}
_WHOLE: Final = {
    "ready": "PŘIPRAVENO · READY",
    "not ready": "NEPŘIPRAVENO · NOT READY",
    "cannot say": "NELZE ŘÍCI, něco se nezkoušelo · CANNOT SAY, something was not tried",
}
_STATES: Final = {
    "ok": "v pořádku · good",
    "warning": "pozor · warning",
    "failed": "chyba · failed",
    "not tried": "nezkoušeno · not tried",
}


@app.command()
def readiness(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Složka stanice.\n[dim]The station's folder.[/dim]")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Vypsat jako JSON.\n[dim]Print JSON.[/dim]")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(metavar="PDF", help="Kam zapsat zprávu.\n[dim]Where to write the report.[/dim]"),
    ] = None,
    send: Annotated[
        bool,
        typer.Option("--send", help="Poslat podepsanou zprávu ústředí.\n[dim]Send the signed report.[/dim]"),
    ] = False,
    skip: Annotated[
        list[str] | None,
        typer.Option(
            help="Vynechané zkoušky, třeba screen.\n[dim]Trials to leave out, such as screen.[/dim]",
            metavar="NAME",
        ),
    ] = None,
    user: Annotated[
        str, typer.Option(help="Kdo kontroluje.\n[dim]Who checks.[/dim]", envvar="PREBIRKA_USER")
    ] = "",
    now: Annotated[
        datetime | None,
        typer.Option(
            "--now",
            help="Jiný čas než skutečný; jen ve zkušebním režimu.\n"
            "[dim]Another time than the real one (UTC); in rehearsals only.[/dim]",
        ),
    ] = None,
) -> None:
    """Vyzkouší vše, co bude volební noc potřebovat, a řekne, co není v pořádku a co s tím.

    [dim]Tries everything that the election night will need; says what is wrong and what to do.[/dim]

    Nic nemění. Totéž ukazuje okno na místě Připravenost. Stav 0: připraveno; 1: nepřipraveno; 2: nelze říci,
    něco se nezkoušelo.
    [dim]It changes nothing. The window shows the same under Readiness. Exit status 0: ready; 1: not ready;
    2: cannot say, something was not tried.[/dim]
    """
    from app.station.readiness.checking import NAMES
    from app.station.readiness.outcomes import whole

    if unknown := set(skip or ()) - NAMES:
        raise typer.BadParameter(f"{sorted(unknown)}: {', '.join(sorted(NAMES))}", param_hint="--skip")
    with open_station(folder, now) as station:
        from app.desktop.readiness.seeing import seen_without_a_window  # Qt loads only now

        check = station.readiness(seen_without_a_window(), frozenset(skip or ()))
        outcomes = []
        for outcome in check.run():
            outcomes.append(outcome)
            if not as_json:
                _tell(outcome)
        tried_at, standing = station.clock(), whole(outcomes)
        if as_json:
            print(
                json.dumps(
                    _as_json(outcomes, standing.value, station, tried_at), ensure_ascii=False, indent=1
                )
            )
        else:
            print(_WHOLE[standing.value])
        if report is not None or send:
            pdf = _paper(station, outcomes, user or _login(), tried_at, report)
        if send:
            answer = _sent(check.send, check.report(outcomes, user or _login(), tried_at, pdf))
            print(f"Ústředí zprávu přijalo · The centre took the report: {answer}", file=sys.stderr)
    raise typer.Exit(_EXITS[standing.value])


def _tell(outcome: Outcome) -> None:
    code = f" [{outcome.code}]" if outcome.code else ""
    print(f"{outcome.probe}: {_STATES[outcome.state.value]}{code}")
    print(f"    {outcome.cs}\n    {outcome.en}")
    if outcome.do_cs:
        print(f"    → {outcome.do_cs}\n    → {outcome.do_en}")


def _as_json(
    outcomes: Sequence[Outcome], standing: str, station: Station, tried_at: datetime
) -> dict[str, object]:
    return {
        "station": station.config.station,
        "election": station.config.election,
        "mode": station.config.mode.value,
        "tried_at": tried_at.isoformat(),
        "standing": standing,
        "trials": [
            {"name": each.probe, "state": each.state.value, "code": each.code, "cs": each.cs, "en": each.en,
             "do_cs": each.do_cs, "do_en": each.do_en}
            for each in outcomes
        ],
    }  # fmt: skip


def _paper(
    station: Station, outcomes: Sequence[Outcome], user: str, tried_at: datetime, wanted: Path | None
) -> bytes:
    """The report as PDF, written where it is wanted, else kept among the station's prints."""
    from app.desktop.printing import readiness_report
    from app.desktop.printing.documents import FOLDER, write

    path = write(readiness_report.made(outcomes, station, user, tried_at), station.folder / FOLDER)
    pdf = path.read_bytes()
    if wanted is not None:
        try:
            wanted.write_bytes(pdf)
        except OSError as error:
            raise KnownError(
                "RDY-80",
                f"Zprávu nelze zapsat do {wanted}. Zvolte jiné místo.",
                f"The report cannot be written to {wanted} ({error.strerror}). Choose another place.",
            ) from error
    return pdf


def _sent(send: object, report: object) -> str:
    """Send the report; when the centre took it."""
    from app.station.wire import NoAnswer, Unreachable

    assert callable(send)
    try:
        answer = send(report)
    except (Unreachable, NoAnswer) as error:
        raise KnownError(
            "RDY-81",
            "Ústředí není dostupné, zpráva neodešla. Zkuste to znovu, až bude spojení.",
            f"The centre cannot be reached, the report was not sent ({error}). Try again later.",
        ) from error
    return str(answer.received_at.isoformat(" ", "seconds"))


def _login() -> str:
    import getpass

    return getpass.getuser()
