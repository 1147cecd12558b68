"""One protocol of a batch: judged on its own, then settled against what the store holds.

`examine` runs every check again and looks at nothing but the protocol and the reference data, so it needs
no lock. `settle` decides inside the transaction what becomes of it; precinct × contest × revision is the
unit of truth, so one refused protocol never blocks another:

    a hash that is not the content's                        ODMITNUTO
    content that is here already under this revision        ZNAMO     counted once, whatever its route
    a check that blocks, no permit, no approval             ODMITNUTO
    this revision is here with other content                KONFLIKT  the first stands
    a later revision of the same station is here            PRIJATO   kept, not counted (it came over a gap)
    a later revision of another station is here             KONFLIKT
    otherwise                                               PRIJATO   counted: it replaces the earlier one
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime

from app.central import refusals
from app.central.refusals import Refusal
from app.central.store import Held
from app.documents.batch import Acceptance, Batch, BatchItem
from app.documents.receipt import Outcome
from app.election.checks import Circumstances, judge
from app.election.complete import Incomplete, complete
from app.election.content import content_text, text_hash
from app.election.model import Mode, Protocol, ProtocolKey, Reading
from app.election.reference import Reference


@dataclass(frozen=True, slots=True)
class Examined:
    """A protocol after all checks; `refusal` says why it cannot be taken, whatever the store holds."""

    key: ProtocolKey
    revision: int
    content_hash: str  # of the protocol as it was read
    stated_hash: str  # what the station accepted, and asks about
    protocol: Protocol | None
    text: str  # the protocol's canonical text, which is stored; empty without a protocol
    refusal: Refusal | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a protocol. `counts`: it gets a processing order and is published."""

    examined: Examined
    outcome: Outcome
    refusal: Refusal | None
    counts: bool
    resent: bool


def examine(item: BatchItem, batch: Batch, reference: Reference, permitted: bool = False) -> Examined:
    """Every check again on one protocol, in the circumstances that its batch states. `permitted`: the
    centre's own permit covers an acceptance after the 24 hours."""
    reading, acceptance = item.reading, item.acceptance
    verdict = judge(
        reading,
        Circumstances(
            reference=reference,
            document_mode=batch.mode,
            transfer_point=batch.transfer_point,
            revision=acceptance.revision,
            # what is here already is settled in the transaction; here only the revision's own form counts
            accepted_revision=acceptance.revision - 1,
            reason=acceptance.reason,
            author=acceptance.accepted_by,
            handed_over=_handed_over(acceptance),
            late_permit=permitted,
        ),
        passed_cases=False,
    )
    rules = verdict.failed_ids
    refusal = None if verdict.acceptable else refusals.BLOCKED
    if [result.rule_id for result in verdict.blocking] == ["PR-02"]:
        refusal = refusals.NOT_PERMITTED
    protocol, text, content = None, "", acceptance.content_hash
    try:
        protocol = complete(reading)
    except Incomplete:
        refusal, rules = refusals.BLOCKED, rules or ("FM-01",)
    else:
        text = content_text(protocol)
        content = text_hash(text)
    if refusal is None and content != acceptance.content_hash:
        refusal = refusals.OTHER_CONTENT
    # Warnings are the station's to weigh: it judges beside neighbours, which the centre does not do.
    if refusal is None and verdict.passable and not (acceptance.reason and acceptance.approved_by):
        refusal = refusals.NOT_APPROVED
    return Examined(
        reading.key, acceptance.revision, content, acceptance.content_hash, protocol, text, refusal, rules
    )


def trial_rules(reading: Reading, transfer_point: int, mode: Mode, reference: Reference) -> tuple[str, ...]:
    """The checks that keep an invented protocol, which nobody stores, from being accepted; none when it could
    be."""
    verdict = judge(
        reading,
        Circumstances(reference=reference, document_mode=mode, transfer_point=transfer_point),
        passed_cases=False,
    )
    return tuple(sorted({result.rule_id for result in verdict.blocking}))


def _handed_over(acceptance: Acceptance) -> datetime:
    """What the 24 hours are counted to: a supervisor may approve later what came in time."""
    stated, accepted = acceptance.handed_over, acceptance.accepted_at
    return accepted if stated is None else min(stated, accepted)


def settle(examined: Examined, station: str, held: MutableMapping[ProtocolKey, dict[int, Held]]) -> Settled:
    """What becomes of a protocol, given the revisions `held`; takes it into `held` when it is accepted."""
    known = held.setdefault(examined.key, {})
    same = known.get(examined.revision)
    known_content = same is not None and same.content_hash == examined.content_hash
    if known_content and examined.refusal is not refusals.OTHER_CONTENT:
        return Settled(examined, Outcome.KNOWN, None, counts=False, resent=False)
    if examined.refusal is not None:
        return Settled(examined, Outcome.REFUSED, examined.refusal, counts=False, resent=False)
    later = [revision for number, revision in known.items() if number > examined.revision]
    if same is not None or any(revision.station != station for revision in later):
        return Settled(examined, Outcome.CONFLICT, refusals.CONFLICT, counts=False, resent=False)
    resent = not later and any(revision.counted for revision in known.values())
    known[examined.revision] = Held(examined.content_hash, station, counted=not later)
    return Settled(examined, Outcome.ACCEPTED, None, counts=not later, resent=resent)
