"""`prebirka rehearse tasks` and `prebirka rehearse judge`: the rehearsal rounds of all transfer points."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.centre_clock import clock_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.rehearsal.rounds import PointVerdict

Centre = Annotated[
    Path, typer.Argument(metavar="CENTRE", help="Složka ústředí.\n[dim]The centre's folder.[/dim]")
]


def tasks(
    centre: Centre,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Kam listy zapsat. · Where to write the sheets.")],
    round_: Annotated[int, typer.Option("--round", min=1, max=3, help="Kolo 1, 2, nebo 3. · The round.")],
    point: Annotated[
        list[int] | None, typer.Option(help="Jen tato přebírací místa. · Only these transfer points.")
    ] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Všechna místa. · All points.")] = False,
    paper: Annotated[bool, typer.Option(help="Zapsat i listy PDF. · Write the PDF sheets too.")] = True,
    language: Annotated[str, typer.Option(metavar="LANGUAGE", help="cs, nebo en. · cs or en.")] = "cs",
) -> None:
    """Připraví úkoly zkušebního kola: podepsaný soubor a pro každé pracoviště list PDF s předepsanými zápisy.

    [dim]Prepares a rehearsal round: one signed file, and a PDF sheet of prescribed protocols for each
    workstation.[/dim]
    """
    from app.central.centre import reference_of
    from app.central.settings import CentreFolder
    from app.commands.passphrase import unlock
    from app.documents.tasks import sheets
    from app.rehearsal import rounds

    if everybody == bool(point):
        raise typer.BadParameter("--point N …, nebo · or --all", param_hint="--point")
    if language not in ("cs", "en"):
        raise typer.BadParameter("cs / en", param_hint="--language")
    now = clock_of(centre)()
    reference = reference_of(centre, lambda: now)
    made = rounds.prescribe(
        reference, rounds.workstations_of(centre), round_, now, frozenset(point) if point else None
    )
    written = rounds.write(out, made, centre, unlock(CentreFolder(centre).key), now)
    print(f"{written}: {len(made.tasks)} zápisů · protocols")
    if paper:
        from app.desktop.printing.batch import print_sheets

        for path in print_sheets(sheets(made), reference, out, language):
            print(path)


def judge(
    centre: Centre,
    file: Annotated[
        Path, typer.Argument(metavar="TASKS", help="Úkoly kola (ukoly.json). · The round's tasks.")
    ],
    until: Annotated[
        datetime | None,
        typer.Option(help="Do kdy měly dojít (UTC). · By when they had to arrive (UTC)."),
    ] = None,
    table: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Zapsat i tabulku CSV. · Write a CSV too.")
    ] = None,
) -> None:
    """Vyhodnotí zkušební kolo: co z předepsaného došlo bez chyby, přesně a včas, po přebíracích místech.

    [dim]Judges a rehearsal round: what was prescribed and arrived without an error, exactly and in time,
    point by point. Exit status 1: something did not.[/dim]
    """
    from app.central.settings import CentreFolder
    from app.commands.passphrase import unlock
    from app.rehearsal import rounds

    wanted = rounds.read(file, centre, unlock(CentreFolder(centre).key), clock_of(centre)())
    end = None if until is None else (until.replace(tzinfo=UTC) if until.tzinfo is None else until)
    verdicts = rounds.judge(wanted, rounds.arrived(centre), end)
    _tell(verdicts)
    if table is not None:
        _write(table, verdicts)
    if not all(each.passed for each in verdicts):
        raise typer.Exit(1)


def _tell(verdicts: Sequence[PointVerdict]) -> None:
    from app.rehearsal.rounds import Fault

    words = {
        Fault.MISSING: "chybí · missing",
        Fault.OTHER_NUMBERS: "jiná čísla · other numbers",
        Fault.WITH_ERROR: "s chybou nebo opravou · with an error",
        Fault.LATE: "pozdě · late",
    }
    for each in verdicts:
        right = each.prescribed - len(each.findings)
        said = "v pořádku · passed" if each.passed else "NEPROŠLO · FAILED"
        print(f"{each.transfer_point:>6}  {right}/{each.prescribed}  {said}")
        for finding in each.findings:
            print(f"        {finding.task.station}  {finding.task.protocol.key}  {words[finding.fault]}"
                  f"{f'  {finding.detail}' if finding.detail else ''}")  # fmt: skip
    passed = sum(each.passed for each in verdicts)
    print(f"Přebíracích míst v pořádku · points passed: {passed}/{len(verdicts)}")


def _write(path: Path, verdicts: Sequence[PointVerdict]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(("CPOU", "STANICE", "DRUH", "OBEC", "OKRSEK", "VYSLEDEK", "PODROBNOST"))
        for each in verdicts:
            if each.passed:
                rows.writerow((each.transfer_point, "", "", "", "", "passed", each.prescribed))
            for finding in each.findings:
                key = finding.task.protocol.key
                rows.writerow(
                    (each.transfer_point, finding.task.station, key.contest.value, *key.precinct,
                     finding.fault.value, finding.detail)
                )  # fmt: skip
