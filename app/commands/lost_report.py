"""What `prebirka rehearse --lose-centre` prints: the night, how long each way back took, where it led."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.commands.night_report import report

if TYPE_CHECKING:
    from rich.console import Console

    from app.rehearsal.judgement import Scene
    from app.rehearsal.lost_centre import Rebuilt

_WAYS = {
    "backup": "ze zálohy a ze stanic · from a backup and the stations",
    "stations": "jen ze stanic · from the stations alone",
}
#: Differences that are printed.
_SHOWN = 20


def run_lost(console: Console, scene: Scene) -> bool:
    """Run the night, lose its centre, print; whether everything came back."""
    from app.rehearsal.lost_centre import LostCentre

    with console.status("noc · the night") as status:

        def told(way: str) -> None:
            status.update(f"databáze je ztracena, obnova {_WAYS[way]}")

        outcome, rebuilt = LostCentre(scene, told=told).run()
    report(console, outcome)
    for each in rebuilt:
        _tell(console, each)
    return outcome.right and len(rebuilt) == len(_WAYS) and all(each.right for each in rebuilt)


def _tell(console: Console, rebuilt: Rebuilt) -> None:
    console.print(
        f"Databáze ústředí ztracena, obnovena {_WAYS[rebuilt.way]}: {rebuilt.seconds:.1f} s, "
        f"v záloze · in the backup {rebuilt.held}, rozdílů · differences {len(rebuilt.different)}, "
        f"{'shoduje se · equal' if rebuilt.right else 'NESHODUJE SE · NOT EQUAL'}"
    )
    for line in rebuilt.different[:_SHOWN]:
        console.print(f"  {line}", markup=False)
