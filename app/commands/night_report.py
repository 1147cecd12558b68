"""The table at the end of a rehearsed night, the same for `rehearse` and `demo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from app.rehearsal.floor import Floor
    from app.rehearsal.judgement import Killed, Outcome

#: Differences that are printed; the rest is counted.
_SHOWN = 40


def report(console: Console, outcome: Outcome, floor: Floor | None = None, name: str = "") -> None:
    """Print what the night (of this name, where there are several) did, what it cost, and whether what was
    published is right."""
    from rich.table import Table

    table = Table(show_header=False, title=" ".join(["Noc · The night", name]).strip())
    table.add_column("what")
    table.add_column("figure", justify="right")
    rows = [("zápisů · protocols", str(outcome.protocols)), *_work(outcome), *_cost(outcome, floor)]
    if outcome.killed is not None:
        rows.append(_kills(outcome.killed))
    rows += [
        ("porovnáno hodnot · values compared", str(outcome.comparison.values_compared)),
        ("rozdílů · differences", str(len(outcome.comparison.differences))),
        ("chyb v součtech a dávkách · wrong sums and batches", str(len(outcome.faults))),
        ("zápisů v ústředí jinak · protocols stored wrong", str(len(outcome.stored_wrong))),
    ]
    for name, figure in rows:
        table.add_row(name, figure)
    console.print(table)
    _differences(console, outcome)
    if outcome.right:
        console.print("Všechny zveřejněné hodnoty se shodují. · Every published value is as expected.")
    else:
        console.print(
            "Zveřejněné hodnoty se NESHODUJÍ. · The published values are NOT as expected.", style="bold red"
        )


def _work(outcome: Outcome) -> list[tuple[str, str]]:
    return [
        ("odmítnuto · refused", str(outcome.work.refused)),
        ("schváleno vedoucím · approved", str(outcome.work.approved)),
        ("opraveno (OPRAVA=1) · corrected", str(outcome.corrected)),
    ]


def _cost(outcome: Outcome, floor: Floor | None) -> list[tuple[str, str]]:
    rows = [
        ("sekund · seconds", f"{outcome.seconds:.1f}"),
        ("zápisů za minutu · protocols a minute", str(outcome.per_minute)),
    ]
    if floor is not None:
        parts = f"XML {floor.parse:.1f}, podpisy {floor.signatures:.1f}, zápis {floor.commits:.1f}"
        rows += [
            ("podlaha, sekund · floor, seconds", f"{floor.seconds:.1f} ({parts})"),
            ("poměr k podlaze · ratio to the floor", f"{outcome.seconds / floor.seconds:.2f}"),
        ]
    return rows


def _kills(killed: Killed) -> tuple[str, str]:
    parts = f"ústředí {killed.centre}, místa {killed.stations}, semínko {killed.seed}"
    return "zabito procesů · processes killed", f"{killed.all} ({parts})"


def _differences(console: Console, outcome: Outcome) -> None:
    """The first of each kind, one line each; the rest is counted."""
    kinds: tuple[list[str], ...] = (
        [f"{key}: v ústředí chybí nebo se liší · missing or different" for key in outcome.stored_wrong],
        [str(difference) for difference in outcome.comparison.differences],
        list(outcome.faults),
    )
    for lines in kinds:
        for line in lines[:_SHOWN]:
            console.print(line, markup=False, soft_wrap=True)
        if len(lines) > _SHOWN:
            console.print(f"… a dalších {len(lines) - _SHOWN} · and more")
