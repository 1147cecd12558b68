"""What was refused, by reason, and the conflicts among it: read on from where the last look ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.central import refusals, schema
from app.central.chains import station_of
from app.central.prepared import Prepared
from app.election.model import Contest, PrecinctId, ProtocolKey

_VERDICTS = (
    select(schema.verdict, schema.batch.c.station, schema.batch.c.received_at)
    .join(schema.batch, schema.batch.c.id == schema.verdict.c.batch)
    .order_by(schema.verdict.c.batch, schema.verdict.c.position)
)
_ASIDE = select(schema.set_aside.c.id, schema.set_aside.c.code).order_by(schema.set_aside.c.id)
_STANDS = select(
    schema.revision.c.revision, schema.revision.c.station, schema.revision.c.batch,
    schema.revision.c.content_hash,
).order_by(schema.revision.c.processing_order.desc())  # fmt: skip
_LAST_BATCH = Prepared(select(schema.batch.c.id).order_by(schema.batch.c.id.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A protocol that came second: another station's revision stands. `settled`: something came after it."""

    key: ProtocolKey
    revision: int
    station: str
    received_at: str
    content_hash: str
    stands: str  # revision and station of what counts, empty for nothing
    settled: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """How often one code was said of signed files, and its sentences."""

    code: str
    cs: str
    en: str
    alarm: bool
    count: int


class Refused:
    """Counts refusals of signed batches and of protocols; not safe from several threads."""

    def __init__(self) -> None:
        self._batch = self._aside = 0
        self._counts: Counter[str] = Counter()
        self._conflicts: list[dict[str, object]] = []

    def read(self, connection: Connection) -> None:
        """Count what is new in the store."""
        verdict = schema.verdict.c
        last = (_LAST_BATCH.row(connection) or (0,))[0]
        new = _VERDICTS.where(verdict.batch > self._batch, verdict.batch <= last, verdict.code != "")
        for row in connection.execute(new).mappings():
            self._counts[row["code"]] += 1
            if row["code"] == refusals.CONFLICT.code:
                self._conflicts.append(dict(row))
        self._batch = last
        for number, code in connection.execute(_ASIDE.where(schema.set_aside.c.id > self._aside)).all():
            self._aside = number
            self._counts[code] += 1

    def reasons(self, of_door: Mapping[str, int]) -> list[Reason]:
        """By code, the most frequent first; `of_door` are requests refused before anything was signed, as the
        centre counts them since its start."""
        counts = Counter(self._counts)
        for code, count in of_door.items():
            counts[code] = max(counts[code], count)
        known = refusals.REFUSALS
        return [
            Reason(code, known[code].cs, known[code].en, known[code].alarm, count)
            for code, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
            if code in known
        ]

    def conflicts(self, connection: Connection) -> list[Conflict]:
        """All conflicts, newest first."""
        return [_conflict(connection, row) for row in reversed(self._conflicts)]


def _conflict(connection: Connection, row: Mapping[str, object]) -> Conflict:
    columns = schema.revision.c
    stands = connection.execute(
        _STANDS.where(
            columns.contest == row["contest"], columns.municipality == row["municipality"],
            columns.precinct == row["precinct"], columns.processing_order.is_not(None),
        ).limit(1)
    ).first()  # fmt: skip
    key = ProtocolKey(
        PrecinctId(int(str(row["municipality"])), int(str(row["precinct"]))), Contest(str(row["contest"]))
    )
    return Conflict(
        key, int(str(row["revision"])), station_of(str(row["station"])), str(row["received_at"]),
        str(row["content_hash"]),
        "" if stands is None else f"{stands.revision} ({stands.station})",
        stands is not None and stands.batch > int(str(row["batch"])),
    )  # fmt: skip
