"""The audit's part for what operators did: permits that were given, stations in quarantine and their way out.

The journal tells of each; a permit is signed beside. What was released by a settlement is told by that
settlement alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.central import chains, journal, schema
from app.central.goes_on import GoesOn
from app.central.journal import Act
from app.central.senders import Seal
from app.documents import permit as documents
from app.election.errors import KnownError
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.trust import cms
from app.trust.identity import Expected, Role


class ToldRow(NamedTuple):
    """A row of the journal."""

    act: str
    subject: str
    at: str
    detail: dict[str, Any]


def permits(connection: Connection, told: list[ToldRow], seal: Seal, election: str) -> Iterator[str]:
    """Permits that do not fit, by number."""
    table, count = schema.permit, 0
    rows = connection.execute(select(table).order_by(table.c.number)).mappings()
    for count, row in enumerate(rows, start=1):
        if count > len(told) or row["number"] != count or not _is_given(row, told[count - 1], seal, election):
            yield f"permit {row['number']}"
    if count != len(told):
        yield f"permit: {count}, journal: {len(told)}"


def _is_given(row: Any, said: ToldRow, seal: Seal, election: str) -> bool:
    key = ProtocolKey(PrecinctId(row["municipality"], row["precinct"]), Contest(row["contest"]))
    ours = (f"{key} {row['number']}", row["at"], row["transfer_point"], row["valid_until"], row["reason"])
    detail = said.detail
    if ours != (said.subject, said.at, detail["transfer_point"], detail["valid_until"], detail["reason"]):
        return False
    at = datetime.fromisoformat(said.at)
    try:
        content = cms.verify(bytes(row["raw"]), seal.anchors, at, Expected(Role.CENTRE, election)).content
        signed = documents.read(content)
    except KnownError:
        return False
    until = journal.stamp(signed.valid_until)
    return (signed.number, signed.key, signed.transfer_point, until, signed.reason) == (
        row["number"], key, *ours[2:],
    )  # fmt: skip


def chain_acts(connection: Connection, told: list[ToldRow]) -> Iterator[str]:
    """Quarantines and settlements that do not fit, and what they released."""
    table, count = schema.chain_act, 0
    released: dict[str, int] = {}
    for count, row in enumerate(connection.execute(select(table).order_by(table.c.id)).mappings(), start=1):
        if count > len(told) or row["id"] != count or not _is_settled(row, told[count - 1]):
            yield f"chain_act {row['id']}"
            continue
        released |= dict.fromkeys(told[count - 1].detail.get("released", ()), count)
    if count != len(told):
        yield f"chain_act: {count}, journal: {len(told)}"
    found = {row.sha256: row.settlement for row in connection.execute(select(schema.released))}
    if found != released:
        yield "released"


def _is_settled(row: Any, said: ToldRow) -> bool:
    """Whether an act of the register is the one that the journal tells of."""
    # the first versions of the program did not tell where a branch begins and ends
    detail = {"parent": row["parent"], "fork_number": row["fork_number"], "tip": row["sha256"], **said.detail}
    if said.act == Act.STATION_QUARANTINED:
        right = (chains.QUARANTINED, detail["chain"], "", 0, detail["code"], detail["sha256"], "")
    else:
        branch = detail["goes_on"] == GoesOn.BRANCH
        where = (detail["parent"], detail["fork_number"]) if branch else ("", 0)
        right = (
            chains.SETTLED, detail["chain"], *where, "", detail["tip"] if branch else "", detail["reason"],
        )  # fmt: skip
    ours = tuple(row[name] for name in ("act", "chain", "parent", "fork_number", "code", "sha256", "reason"))
    return ours == right and (row["station"], row["at"]) == (said.subject, said.at)
