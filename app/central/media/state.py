"""What the register holds now, folded from everything that was received and decided: nothing else is kept.

An application is not accepted (for ever), or it waits, is approved, refused, or replaced by a later one of
the same organisation. An address belongs to one application: of several that name it, to the one for which
an officer decided, else to the approved one that came first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from app.central.media.addresses import normalised, repeated
from app.central.media.names import same_organisation
from app.central.media.outcomes import BY_CODE, Outcome
from app.central.media.records import Decided, Way
from app.documents import media_application
from app.documents.document_errors import DocumentError
from app.documents.media_application import Application, Filming
from app.documents.media_list import Organisation
from app.trust.qualified import Signer


class Status(StrEnum):
    """Where an application stands."""

    NOT_ACCEPTED = "not accepted"
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    REPLACED = "replaced"


_STATUSES = {
    Decided.APPROVED: Status.APPROVED,
    Decided.REFUSED: Status.REFUSED,
    Decided.REPLACED: Status.REPLACED,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One decision."""

    number: int
    submission: int | None
    act: Decided
    officer: str
    at: datetime
    reason: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish to film, numbered from 1 within its application. `permitted` is None until it is decided."""

    number: int
    filming: Filming
    permitted: bool | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One application. `organisation` is the short name that all applications of an organisation share;
    `undecided` are the addresses that an officer has to decide about before it can be approved."""

    number: int
    way: Way
    name: str
    received_at: datetime
    entered_at: datetime
    officer: str
    outcome: Outcome
    reasons: tuple[Outcome, ...]
    detail: str
    signer: Signer | None
    signed_at: datetime | None
    application: Application | None
    organisation: str = ""
    status: Status = Status.NOT_ACCEPTED
    undecided: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    wishes: tuple[Wish, ...] = ()

    @property
    def alive(self) -> bool:
        """Whether it is approved or may still be."""
        return self.status in (Status.WAITING, Status.APPROVED)

    @property
    def title(self) -> str:
        """The organisation's name, or what is known instead."""
        if self.application is not None:
            return self.application.organisation
        return self.signer.organisation or self.signer.name if self.signer is not None else self.name

    @property
    def addresses(self) -> tuple[str, ...]:
        """All its addresses in their one form, each once."""
        return () if self.application is None else _named(self.application)

    def decided(self, address: str) -> Event | None:
        """The last decision about one of its addresses."""
        found = [
            each for each in self.events if each.act is Decided.ADDRESS and each.detail["address"] == address
        ]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Meeting:
    """The technical meeting."""

    at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class State:
    """The register: applications by number, and what is common to all."""

    entries: dict[int, Entry] = field(default_factory=dict)
    meeting: Meeting | None = None

    def of_organisation(self, entry: Entry) -> list[Entry]:
        """Other applications of the same organisation."""
        return [
            each
            for each in self.entries.values()
            if each.organisation == entry.organisation and each.number != entry.number and entry.organisation
        ]

    def addresses_of(self, entry: Entry) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Which addresses an application has for the night and for testing, after all decisions."""
        if entry.application is None:
            return (), ()
        mine = [each for each in entry.addresses if self._owner(each) == entry.number]
        night = {normalised(each) for each in entry.application.night}
        return (
            tuple(each for each in mine if each in night),
            tuple(each for each in mine if each not in night),
        )

    def listed(self) -> tuple[Organisation, ...]:
        """The approved organisations with their addresses, as the list of media has them."""
        approved = [each for each in self.entries.values() if each.status is Status.APPROVED]
        return tuple(
            Organisation(each.organisation, each.title, *self.addresses_of(each))
            for each in approved
            if any(self.addresses_of(each))
        )

    def _owner(self, address: str) -> int:
        """The application that has an address; 0 for none."""
        return _owner(address, [each for each in self.entries.values() if each.status is Status.APPROVED])


def fold(submissions: Iterable[Any], events: Iterable[Any]) -> State:
    """The register from its rows, in the order in which they were written."""
    entries = {row.id: _entry(row) for row in submissions}
    known = [_event(row) for row in events]
    meeting = None
    for number, entry in entries.items():
        if entry.outcome.accepted and entry.application is not None:
            before = [entries[each] for each in entries if each < number]
            organisation = _organisation(entry.application, before) or str(number)
            entries[number] = replace(entry, organisation=organisation, status=Status.WAITING)
    for event in known:
        if event.act is Decided.MEETING:
            meeting = Meeting(datetime.fromisoformat(event.detail["at"]), event.detail["place"])
        elif event.submission is not None:
            entries[event.submission] = _after(entries[event.submission], event)
    for number, entry in entries.items():
        entries[number] = replace(entry, undecided=tuple(_undecided(entry, entries.values())))
    return State(entries, meeting)


def _entry(row: Any) -> Entry:
    application = _application(bytes(row.application))
    outcome = BY_CODE[row.outcome]
    wishes = application.filming if application is not None and outcome.accepted else ()
    return Entry(
        number=row.id,
        way=Way(row.way),
        name=row.name,
        received_at=datetime.fromisoformat(row.received_at),
        entered_at=datetime.fromisoformat(row.at),
        officer=row.officer,
        outcome=outcome,
        reasons=tuple(BY_CODE[code] for code in row.reasons.split()),
        detail=row.detail,
        signer=Signer(**json.loads(row.signer)) if row.signer else None,
        signed_at=datetime.fromisoformat(row.signed_at) if row.signed_at else None,
        application=application,
        wishes=tuple(Wish(number, wish) for number, wish in enumerate(wishes, start=1)),
    )


@lru_cache(maxsize=1024)  # each look at the register folds all of it
def _application(content: bytes) -> Application | None:
    try:
        return media_application.decode(content) if content else None
    except DocumentError:
        return None  # it was kept as it came, with that outcome


def _event(row: Any) -> Event:
    at = datetime.fromisoformat(row.at)
    return Event(
        row.id, row.submission, Decided(row.act), row.officer, at, row.reason, json.loads(row.detail)
    )


def _organisation(application: Application, before: Iterable[Entry]) -> str | None:
    """The short name of an application's organisation, by those before it; None for a new one."""
    mine = application.organisation, application.number
    for other in before:
        if other.organisation and other.application is not None:
            theirs = other.application.organisation, other.application.number
            if same_organisation(mine, theirs):
                return other.organisation
    return None


def _after(entry: Entry, event: Event) -> Entry:
    """An application after one decision about it."""
    wishes = entry.wishes
    if event.act is Decided.FILMING:
        wishes = tuple(
            replace(wish, permitted=event.detail["permitted"])
            if wish.number == event.detail["wish"]
            else wish
            for wish in wishes
        )
    status = _STATUSES.get(event.act, entry.status)
    return replace(entry, status=status, wishes=wishes, events=(*entry.events, event))


def repeats(application: Application, before: Iterable[Entry]) -> tuple[str, ...]:
    """Addresses that stand twice in an application, or belong to one of another organisation before it."""
    before = list(before)
    organisation = _organisation(application, before)
    others = {
        address
        for other in before
        if other.alive and other.organisation != organisation
        for address in other.addresses
    }
    named = _named(application)
    twice = repeated(application.night, application.test)
    return tuple(address for address in named if address in others or address in twice)


def _named(application: Application) -> tuple[str, ...]:
    """The addresses of an application in their one form, each once."""
    known = map(normalised, application.night + application.test)
    return tuple(dict.fromkeys(each for each in known if each is not None))


def _undecided(entry: Entry, entries: Iterable[Entry]) -> Iterator[str]:
    """Repeated addresses that nobody has decided about."""
    if entry.application is not None and entry.alive:
        before = [each for each in entries if each.number < entry.number]
        for address in repeats(entry.application, before):
            if entry.decided(address) is None:
                yield address


def _owner(address: str, approved: Iterable[Entry]) -> int:
    wanting = []
    for entry in approved:
        if address in entry.addresses:
            event = entry.decided(address)
            if event is None or event.detail["keep"]:
                # a decision stands over the order, the last one over those before
                wanting.append((-(event.number if event is not None else 0), entry.number))
    return min(wanting)[1] if wanting else 0
