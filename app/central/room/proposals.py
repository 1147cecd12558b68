"""Four eyes: one operator proposes, another one approves exactly that, and only then is it done.

A proposal keeps its content and the facts that were shown with it. Who approves sends the hash of what he
saw; the approval is written in the transaction of the act itself, after the facts were read again: if
anything changed in between, nothing is done. Each proposal is decided once. Acts name both people.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import Connection, select

from app.central import acts, journal, judging, permits, recorded, settling
from app.central.acts import Books, People
from app.central.database import Database
from app.central.goes_on import GoesOn
from app.central.room import facts, operators, wishes
from app.central.room.errors import FieldRefused, NotAllowed, ProposalRefused
from app.central.room.permissions import Permission, may
from app.central.room.wishes import Kind
from app.central.schema import proposal, proposal_act
from app.central.senders import Seal
from app.election.reference import Reference

#: Characters of a reason; the act's own limit is 500, and a permit's reason names two people too.
LONGEST_REASON = 300
APPROVED, REFUSED, TAKEN_BACK = "APPROVED", "REFUSED", "TAKEN_BACK"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal; `decision` is empty while it waits. `proposed_by` and `decided_by` are logins."""

    number: int
    kind: Kind
    content: dict[str, str]
    shown: dict[str, str]
    reason: str
    proposed_by: str
    at: str
    decision: str = ""
    decided_by: str = ""
    decided_at: str = ""
    why: str = ""

    @property
    def digest(self) -> str:
        """The hash of everything that was shown."""
        whole = [self.number, self.kind, self.content, self.shown, self.reason, self.proposed_by]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


_ALL = select(
    proposal,
    proposal_act.c.decision, proposal_act.c.decided_by, proposal_act.c.reason.label("why"),
    proposal_act.c.at.label("decided_at"),
).outerjoin(proposal_act, proposal_act.c.proposal == proposal.c.number)  # fmt: skip


def listed(connection: Connection) -> list[Proposal]:
    """All proposals, newest first."""
    rows = connection.execute(_ALL.order_by(proposal.c.number.desc())).mappings()
    return [_proposal(row) for row in rows]


def find(connection: Connection, number: int) -> Proposal:
    """One proposal. Raises ProposalRefused ROM-15."""
    row = connection.execute(_ALL.where(proposal.c.number == number)).mappings().first()
    if row is None:
        raise ProposalRefused(
            "ROM-15", f"Návrh č. {number} není.", f"There is no proposal No. {number}."
        )  # fmt: skip
    return _proposal(row)


class Proposals:
    """Takes proposals and decides them. `books` is shared with whoever shows them, under `guard`."""

    def __init__(
        self, database: Database, seal: Seal, books: Books, guard: Lock, clock: Callable[[], datetime]
    ) -> None:
        self._database, self._seal, self._clock = database, seal, clock
        self._books, self._guard = books, guard

    @property
    def _reference(self) -> Reference:
        return self._books.reference

    def propose(self, kind: Kind, content: dict[str, str], reason: str, by: str) -> int:
        """Keep a proposal; returns its number. Raises KnownError when the results would not allow it now."""
        reason = checked_reason(reason)
        with self._database.writing() as connection:
            self._may(connection, by, Permission.PROPOSE)
            shown = self._facts(connection, kind, content, judge=True)
            number = recorded.next_number(connection, proposal)
            whole = json.dumps({"content": content, "shown": shown}, sort_keys=True, ensure_ascii=False)
            row = {
                "number": number,
                "kind": kind.value,
                "content": whole,
                "reason": reason,
                "proposed_by": by,
            }
            told = f"proposal {number} {kind}"
            recorded.write(connection, proposal, row, journal.Act.ACT_PROPOSED, told, self._clock())
        return number

    def refuse(self, number: int, reason: str, by: str) -> None:
        """Decide against a proposal, or take the own one back. Raises ProposalRefused."""
        reason = checked_reason(reason)
        with self._database.writing() as connection:
            self._may(connection, by, Permission.APPROVE)
            found = _open(connection, number)
            self._decide(connection, found, TAKEN_BACK if found.proposed_by == by else REFUSED, reason, by)

    def approve(self, number: int, digest: str, by: str) -> str:
        """Approve what was seen, and do it; returns what was done, as a word with a number. Raises
        ProposalRefused ROM-15 to ROM-18, or what the act itself refuses; nothing is done then."""
        with self._database.reading() as connection:
            found = _open(connection, number)
            people = operators.names(connection)

        def within(connection: Connection) -> None:
            self._check(connection, found, digest, by)
            self._decide(connection, found, APPROVED, "", by)

        names = (people[found.proposed_by], people.get(by, by))
        if found.kind is Kind.PERMIT:
            return self._permit(found, names, within)
        if found.kind is Kind.SETTLE:
            return self._settle(found, names, within)
        given = acts.give(
            self._database, self._reference, self._seal, wishes.wanted(found.kind, found.content),
            People(names, (), found.reason), self._clock, within,
        )  # fmt: skip
        return f"act {given.act.number}"

    def _permit(self, found: Proposal, names: tuple[str, str], within: Callable[[Connection], None]) -> str:
        given = permits.give(
            self._database, self._reference, self._seal, wishes.key_of(found.content),
            wishes.until_of(found.content), _signed(found.reason, names), self._clock(), within,
        )  # fmt: skip
        return f"permit {given.permit.number}"

    def _settle(self, found: Proposal, names: tuple[str, str], within: Callable[[Connection], None]) -> str:
        content = found.content
        done = settling.settle(
            self._database, content["station"], GoesOn(content["goes_on"]), content["branch"],
            _signed(found.reason, names), self._clock(), within,
        )  # fmt: skip
        return f"chain {done.chain}"

    def _check(self, connection: Connection, found: Proposal, digest: str, by: str) -> None:
        now = _open(connection, found.number)
        self._may(connection, by, Permission.APPROVE)
        self._may(connection, found.proposed_by, Permission.PROPOSE)
        if by == found.proposed_by:
            raise ProposalRefused(
                "ROM-17",
                "Vlastní návrh schválit nelze. Požádejte jiného operátora.",
                "You cannot approve your own proposal. Ask another operator.",
            )
        same = self._facts(connection, found.kind, found.content, judge=False) == found.shown
        if digest != now.digest or not same:
            raise ProposalRefused(
                "ROM-16",
                "Od podání návrhu se změnilo, čeho se týká. Nic se neprovedlo; zamítněte ho a podejte nový.",
                "What the proposal is about has changed since. Nothing was done; refuse it, make a new one.",
            )

    def _facts(
        self, connection: Connection, kind: Kind, content: dict[str, str], *, judge: bool
    ) -> dict[str, str]:
        with self._guard:
            books = self._books
            books.read(connection)
            if judge and kind is Kind.PERMIT:
                until = wishes.until_of(content)
                permits.check(self._reference, wishes.key_of(content), until, self._clock())
            elif judge and kind is not Kind.SETTLE:
                want = wishes.wanted(kind, content)
                judging.judge(want, books.reference, books.counts, books.ledger, self._clock())
            return facts.of(connection, books, kind, content)

    def _decide(self, connection: Connection, found: Proposal, decision: str, why: str, by: str) -> None:
        row = {"proposal": found.number, "decision": decision, "reason": why, "decided_by": by}
        told = f"proposal {found.number} {decision}"
        recorded.write(connection, proposal_act, row, journal.Act.PROPOSAL_DECIDED, told, self._clock())

    def _may(self, connection: Connection, login: str, permission: Permission) -> None:
        """The account is asked for in the act's own transaction: one that was closed meanwhile may not."""
        found = operators.find(connection, login)
        if found is None or not found.active or not may(found.role, permission):
            raise NotAllowed(permission)


def checked_reason(text: str) -> str:
    """A reason as it is kept. Raises FieldRefused ROM-20."""
    text = " ".join(text.split())
    if not 3 <= len(text) <= LONGEST_REASON or not text.isprintable():
        raise FieldRefused("Důvod · Reason")
    return text


def _signed(reason: str, names: tuple[str, str]) -> str:
    return f"{reason} ({names[0]}; {names[1]})"


def _open(connection: Connection, number: int) -> Proposal:
    found = find(connection, number)
    if found.decision:
        raise ProposalRefused(
            "ROM-18",
            f"O návrhu č. {number} už je rozhodnuto. Obnovte stránku.",
            f"The proposal No. {number} is decided already. Reload the page.",
        )
    return found


def _proposal(row: Any) -> Proposal:
    whole = json.loads(row["content"])
    return Proposal(
        row["number"], Kind(row["kind"]), whole["content"], whole["shown"], row["reason"],
        row["proposed_by"], row["at"], row["decision"] or "", row["decided_by"] or "",
        row["decided_at"] or "", row["why"] or "",
    )  # fmt: skip
