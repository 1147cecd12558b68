"""The open-data package of a finished night: T6, T6p and T5 of every protocol in force, from the store.

What is in force is what was published last of each precinct; a withdrawn one that nothing replaced is left
out. Rows go by district, municipality and precinct.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from app.central import changes
from app.central.centre import opened_store
from app.central.store import last_publication
from app.central.stored import decode
from app.documents.feed.changes import ChangeKind
from app.documents.feed.tables import Row, tables
from app.election.errors import KnownError
from app.election.model import Contest, Protocol, ProtocolKey

#: What the office calls these tables.
_NAMES = {"t6": "kzt6.csv", "t6p": "kzt6p.csv", "t5_1": "set5_1.csv", "t5_2": "set5_2.csv"}
_ALL = 1 << 31


def write_package(centre: Path, out: Path) -> dict[str, int]:
    """Write the tables of a centre, running or not, into the folder `out`; returns rows by file name.

    Raises KnownError: CEN-31 when nothing was published yet, CEN-32 when a file is there already.
    """
    made: dict[str, bytes] = {}
    for contest, rows in sorted(_in_force(centre).items()):
        made |= {_NAMES[name]: table for name, table in tables(contest, rows).items()}
    if not made:
        raise KnownError(
            "CEN-31",
            "Ústředí zatím nezveřejnilo žádný výsledek, otevřená data není z čeho sestavit.",
            "The centre has published no result yet: there is nothing to make open data from.",
        )
    out.mkdir(parents=True, exist_ok=True)
    for name in made:
        if (out / name).exists():
            raise KnownError(
                "CEN-32",
                f"Soubor {out / name} už existuje a nepřepisuje se. Zvolte prázdnou složku.",
                f"The file {out / name} is there already and is not written over. Choose an empty folder.",
            )
    for name, table in made.items():
        (out / name).write_bytes(table)
    return {name: table.count(b"\r\n") - 1 for name, table in made.items()}


def _in_force(centre: Path) -> dict[Contest, list[Row]]:
    """The last published protocol of each precinct; their numbers (ID_OKRSKY) are those of the rows."""
    found: dict[ProtocolKey, str] = {}
    with opened_store(centre) as (database, _), database.reading() as connection:
        version, _ = last_publication(connection)
        for _, (change, text) in changes.after(connection, 0, version, _ALL):
            if change.kind is ChangeKind.WITHDRAWAL:
                del found[change.key]
            else:
                found[change.key] = text
    protocols: dict[Contest, list[Protocol]] = defaultdict(list)
    for key, text in found.items():
        protocols[key.contest].append(decode(text.encode("ascii")))
    return {
        contest: [Row(number, each) for number, each in enumerate(sorted(of_contest, key=_place), start=1)]
        for contest, of_contest in protocols.items()
    }


def _place(protocol: Protocol) -> tuple[int, int, int]:
    return (protocol.district, *protocol.precinct)
