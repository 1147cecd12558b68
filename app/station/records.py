"""The rows that acts write and read: SQL in one place, values of the model on the other side.

Every function takes the connection of the caller's transaction; none begins or ends one.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.documents.batch import Source
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.station import said
from app.station.offers import Answers, Offer, Original
from app.station.states import State, identity
from app.station.store import from_instant, instant


class Stands(NamedTuple):
    """Where a protocol stands: its state and its last accepted revision (0: none)."""

    state: State
    revision: int


@dataclass(frozen=True, slots=True)
class Version:
    """One accepted revision as stored."""

    id: int
    key: ProtocolKey
    revision: int
    content_hash: str
    corrected: bool
    passable_error: bool
    original_sha256: str
    position: int
    source: str
    accepted_at: datetime
    accepted_by: str
    approved_by: str | None
    reason: str
    handed_over: datetime | None = None  # by the commission; None in stores of before it was kept


@dataclass(frozen=True, slots=True)
class Hold:
    """One protocol put before another person, and not decided yet."""

    id: int
    key: ProtocolKey
    content_hash: str
    accepted_revision: int
    original_sha256: str
    position: int
    answers: Answers
    correction_reason: str
    reason: str
    entered_by: str
    held_at: datetime
    source: Source
    hands: tuple[str, ...]

    def is_work_of(self, name: str) -> bool:
        """Whether this person entered, mended, settled or closed it, under whatever spelling of the name."""
        return identity(name) in map(identity, (self.entered_by, *self.hands))


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refusal as stored; `deadline` is None in stores of before deadlines were kept."""

    key: ProtocolKey
    original_sha256: str
    position: int
    rules: tuple[str, ...]
    reason: str
    user: str
    at: datetime
    deadline: datetime | None


def key_values(key: ProtocolKey) -> tuple[int, int, str]:
    return key.precinct.municipality, key.precinct.number, key.contest.value


def key_of(row: sqlite3.Row) -> ProtocolKey:
    return ProtocolKey(PrecinctId(row["municipality"], row["precinct"]), Contest(row["contest"]))


def stands(db: sqlite3.Connection, key: ProtocolKey) -> Stands:
    sql = "SELECT state, revision FROM protocols WHERE municipality = ? AND precinct = ? AND contest = ?"
    row = db.execute(sql, key_values(key)).fetchone()
    return Stands(State.AWAITED, 0) if row is None else Stands(State(row[0]), row[1])


def move(
    db: sqlite3.Connection,
    key: ProtocolKey,
    state: State,
    at: datetime,
    user: str,
    note: str = "",
    revision: int | None = None,
    warnings: int | None = None,
) -> None:
    """Put a protocol into a stored state; `None` leaves the revision or the count of warnings as it is."""
    assert state.is_stored
    db.execute(
        "INSERT INTO protocols (municipality, precinct, contest, state, since, revision, warnings, user,"
        " note)"
        " VALUES (?1, ?2, ?3, ?4, ?5, coalesce(?6, 0), coalesce(?7, 0), ?8, ?9)"
        " ON CONFLICT DO UPDATE SET state = ?4, since = ?5, revision = coalesce(?6, revision),"
        " warnings = coalesce(?7, warnings), user = ?8, note = ?9",
        (*key_values(key), state.value, instant(at), revision, warnings, user, note),
    )


def keep_original(db: sqlite3.Connection, original: Original, at: datetime, user: str) -> None:
    """Keep the bytes; the same bytes are kept once."""
    known = db.execute("SELECT 1 FROM originals WHERE sha256 = ?", (original.sha256,)).fetchone()
    if known is None:
        db.execute(
            "INSERT INTO originals VALUES (?, ?, ?, ?, ?)",
            (original.sha256, original.name, original.data, instant(at), user),
        )


def original(db: sqlite3.Connection, sha256: str) -> Original:
    row = db.execute("SELECT name, data FROM originals WHERE sha256 = ?", (sha256,)).fetchone()
    return Original(row["name"], row["data"], sha256)


def add_version(
    db: sqlite3.Connection,
    offer: Offer,
    revision: int,
    at: datetime,
    accepted_by: str,
    approved_by: str | None,
    reason: str,
) -> Version:
    """A new revision and its outbox row."""
    assert offer.content_hash is not None
    reading = offer.reading
    row = db.execute(
        "INSERT INTO versions (municipality, precinct, contest, revision, content_hash, corrected,"
        " passable_error, original_sha256, position, source, accepted_at, accepted_by, approved_by, reason,"
        " handed_over) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
        (
            *key_values(offer.key),
            revision,
            offer.content_hash,
            reading.corrected,
            reading.passable_error,
            offer.original.sha256,
            offer.position,
            offer.source.value,
            instant(at),
            accepted_by,
            approved_by,
            reason,
            offer.answers.handed_over and instant(offer.answers.handed_over),
        ),
    ).fetchone()
    db.execute("INSERT INTO outbox (version_id) VALUES (?)", (row["id"],))
    return version_of(row)


def version(db: sqlite3.Connection, key: ProtocolKey, revision: int) -> Version | None:
    row = db.execute(
        "SELECT * FROM versions WHERE municipality = ? AND precinct = ? AND contest = ? AND revision = ?",
        (*key_values(key), revision),
    ).fetchone()
    return None if row is None else version_of(row)


def versions_of(db: sqlite3.Connection, key: ProtocolKey) -> list[Version]:
    """All accepted revisions of a protocol, the newest first."""
    sql = (
        "SELECT * FROM versions WHERE municipality = ? AND precinct = ? AND contest = ?"
        " ORDER BY revision DESC"
    )
    return [version_of(row) for row in db.execute(sql, key_values(key)).fetchall()]


def versions_after(db: sqlite3.Connection, version_id: int) -> list[Version]:
    """Accepted revisions with a higher id, in the order in which they were accepted."""
    rows = db.execute("SELECT * FROM versions WHERE id > ? ORDER BY id", (version_id,)).fetchall()
    return [version_of(row) for row in rows]


def version_of(row: sqlite3.Row) -> Version:
    return Version(
        id=row["id"],
        key=key_of(row),
        revision=row["revision"],
        content_hash=row["content_hash"],
        corrected=bool(row["corrected"]),
        passable_error=bool(row["passable_error"]),
        original_sha256=row["original_sha256"],
        position=row["position"],
        source=row["source"],
        accepted_at=from_instant(row["accepted_at"]),
        accepted_by=row["accepted_by"],
        approved_by=row["approved_by"],
        reason=row["reason"],
        handed_over=row["handed_over"] and from_instant(row["handed_over"]),
    )


def where_version_stands(db: sqlite3.Connection, version_id: int) -> State:
    """The state that an accepted revision has by itself: by the centre's last word, else by its batch.
    One that gave way to another workstation's is awaited again."""
    if db.execute("SELECT 1 FROM withdrawals WHERE version_id = ?", (version_id,)).fetchone():
        return State.AWAITED
    outcome = db.execute(
        "SELECT confirmed FROM outcomes WHERE version_id = ? ORDER BY receipt_id DESC LIMIT 1", (version_id,)
    ).fetchone()
    if outcome is not None:
        return State.CONFIRMED if outcome[0] else State.RETURNED
    batch = db.execute(
        "SELECT b.state FROM outbox AS o JOIN batches AS b ON b.number = o.batch_number"
        " WHERE o.version_id = ?",
        (version_id,),
    ).fetchone()
    return State.SENT if batch is not None and batch[0] in ("unknown", "kept", "refused") else State.ACCEPTED


def add_hold(db: sqlite3.Connection, offer: Offer, at: datetime, user: str, reason: str) -> int:
    cursor = db.execute(
        "INSERT INTO holds (municipality, precinct, contest, content_hash, accepted_revision,"
        " original_sha256, position, answers, correction_reason, reason, entered_by, held_at,"
        " source, hands) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *key_values(offer.key),
            offer.content_hash,
            offer.accepted_revision,
            offer.original.sha256,
            offer.position,
            said.text_of(offer.answers),
            offer.correction_reason,
            reason,
            user,
            instant(at),
            offer.source.value,
            names_text(offer.hands),
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def open_holds(db: sqlite3.Connection, key: ProtocolKey | None = None) -> list[Hold]:
    """Holds without an end, oldest first."""
    values = (None, None, None) if key is None else key_values(key)
    rows = db.execute(
        "SELECT * FROM holds WHERE id NOT IN (SELECT hold_id FROM hold_ends)"
        " AND (?1 IS NULL OR (municipality = ?1 AND precinct = ?2 AND contest = ?3)) ORDER BY id",
        values,
    ).fetchall()
    return [
        Hold(
            id=row["id"],
            key=key_of(row),
            content_hash=row["content_hash"],
            accepted_revision=row["accepted_revision"],
            original_sha256=row["original_sha256"],
            position=row["position"],
            answers=said.read(row["answers"]),
            correction_reason=row["correction_reason"],
            reason=row["reason"],
            entered_by=row["entered_by"],
            held_at=from_instant(row["held_at"]),
            source=Source(row["source"]),
            hands=names_from(row["hands"]),
        )
        for row in rows
    ]


def end_hold(db: sqlite3.Connection, hold_id: int, kind: str, user: str, at: datetime, reason: str) -> None:
    """`kind` is approved or sent-back."""
    db.execute("INSERT INTO hold_ends VALUES (?, ?, ?, ?, ?)", (hold_id, kind, user, instant(at), reason))


def add_refusal(
    db: sqlite3.Connection, offer: Offer, at: datetime, user: str, reason: str, deadline: datetime
) -> None:
    db.execute(
        "INSERT INTO refusals (municipality, precinct, contest, original_sha256, position, rules, reason,"
        " user, at, deadline) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *key_values(offer.key),
            offer.original.sha256,
            offer.position,
            " ".join(offer.verdict.failed_ids),
            reason,
            user,
            instant(at),
            instant(deadline),
        ),
    )


def last_refusal(db: sqlite3.Connection, key: ProtocolKey) -> Refusal | None:
    row = db.execute(
        "SELECT * FROM refusals WHERE municipality = ? AND precinct = ? AND contest = ?"
        " ORDER BY id DESC LIMIT 1",
        key_values(key),
    ).fetchone()
    if row is None:
        return None
    return Refusal(
        key,
        row["original_sha256"],
        row["position"],
        tuple(row["rules"].split()),
        row["reason"],
        row["user"],
        from_instant(row["at"]),
        row["deadline"] and from_instant(row["deadline"]),
    )


def decided_since(db: sqlite3.Connection, key: ProtocolKey, sha256: str, at: str) -> bool:
    """Whether these bytes, kept at `at`, were accepted, refused, mended or put before another person and
    not sent back by that one."""
    row = db.execute(
        "SELECT 1 FROM decisions WHERE municipality = ? AND precinct = ? AND contest = ? AND sha256 = ?"
        " AND at >= ?",
        (*key_values(key), sha256, at),
    ).fetchone()
    return row is not None


def is_closed_paper(db: sqlite3.Connection, offer: Offer) -> bool:
    """Whether an offer's bytes were made of a paper that was typed twice and closed, or mended from such,
    and it names everybody who had a hand in that."""
    rows = db.execute(
        "SELECT hands FROM closings WHERE municipality = ?1 AND precinct = ?2 AND contest = ?3"
        " AND original_sha256 = ?4 UNION ALL SELECT hands FROM mends WHERE municipality = ?1"
        " AND precinct = ?2 AND contest = ?3 AND mended_sha256 = ?4 AND source = 'PAPIR'",
        (*key_values(offer.key), offer.original.sha256),
    )
    return any(set(names_from(row["hands"])) <= set(offer.hands) for row in rows.fetchall())


def hands_of(db: sqlite3.Connection, version: Version) -> tuple[str, ...]:
    """Everybody who typed, settled or mended the bytes of an accepted revision."""
    rows = db.execute(
        "SELECT hands FROM closings WHERE municipality = ?1 AND precinct = ?2 AND contest = ?3"
        " AND original_sha256 = ?4 UNION ALL SELECT hands FROM mends WHERE municipality = ?1"
        " AND precinct = ?2 AND contest = ?3 AND mended_sha256 = ?4",
        (*key_values(version.key), version.original_sha256),
    )
    return tuple(dict.fromkeys(name for row in rows.fetchall() for name in names_from(row["hands"])))


def names_text(names: tuple[str, ...]) -> str:
    return json.dumps(names, ensure_ascii=False)


def names_from(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
