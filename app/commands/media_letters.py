"""Letters and lists of the media register on paper: what the register says becomes what the prints need."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

#: Municipalities that stand beside a point's number.
_NAMED = 3

if TYPE_CHECKING:
    from app.central.media.register import Register
    from app.central.media.state import Entry, State, Wish
    from app.desktop.printing.letters import Common, Letter, Permit


def letter(register: Register, number: int, out: Path, *, english: bool) -> Path:
    """The letter about one application. Raises KnownError MED-24 while nobody decided, MED-34; DSK-01."""
    from app.central.media import troubles
    from app.desktop.printing import letters, offscreen

    state = register.state()
    entry = state.entries.get(number)
    if entry is None:
        raise troubles.unknown(number)
    offscreen.application()
    with _speaking(english=english):
        return letters.letter(_common(register), _letter(register, state, entry, english=english), out)


def crews(register: Register, point: int, out: Path, *, english: bool) -> Path:
    """The list of permitted filming at a transfer point. Raises DSK-01."""
    from app.desktop.printing import letters, offscreen

    offscreen.application()
    rows = [
        letters.Crew(entry.title, entry.application.telephone, _permit(register, wish))
        for entry, wish in permitted(register.state(), point)
        if entry.application is not None
    ]
    with _speaking(english=english):
        return letters.crews(_common(register), name_of(register, point), rows, out)


def permitted(state: State, point: int) -> list[tuple[Entry, Wish]]:
    """Permitted filming at one point, by time; a replaced application's permits went with it."""
    found = [
        (entry, wish)
        for entry in state.entries.values()
        for wish in entry.wishes
        if wish.permitted and wish.filming.transfer_point == point and entry.status != "replaced"
    ]
    return sorted(found, key=lambda each: each[1].filming.begins)


def name_of(register: Register, point: int) -> str:
    """A transfer point in words: its number and where it is, or some municipalities that it serves."""
    known = register.reference.municipalities
    seat = known.get(point)
    if seat is not None:
        return f"{point} {seat.name}"
    served = sorted({each.id.municipality for each in register.reference.of_transfer_point(point)})
    told = ", ".join(known[code].name for code in served[:_NAMED])
    return f"{point} ({told}{', …' if len(served) > _NAMED else ''})" if told else str(point)


def _letter(register: Register, state: State, entry: Entry, *, english: bool) -> Letter:
    from app.central.media.state import Status
    from app.central.media.troubles import not_decided
    from app.desktop.printing.letters import Answer, Letter

    answers = {
        Status.APPROVED: Answer.APPROVED,
        Status.REFUSED: Answer.REFUSED,
        Status.NOT_ACCEPTED: Answer.NOT_ACCEPTED,
    }
    answer = answers.get(entry.status)
    if answer is None:
        raise not_decided(entry.number)
    night, test = state.addresses_of(entry) if entry.status is Status.APPROVED else ((), ())
    why = entry.reasons if answer is Answer.NOT_ACCEPTED else ()
    signer = entry.signer
    return Letter(
        number=entry.number,
        organisation=entry.title,
        person=signer.name if signer is not None else "",
        received_at=entry.received_at,
        authority=signer.issuer if signer is not None else "",
        answer=answer,
        why=tuple(reason.en if english else reason.cs for reason in why),
        night=night,
        test=test,
        live_from=register.settings.live_from,
        meeting_at=state.meeting.at if state.meeting is not None else None,
        meeting_place=state.meeting.place if state.meeting is not None else "",
        filming=tuple(_permit(register, wish) for wish in entry.wishes),
    )


def _permit(register: Register, wish: Wish) -> Permit:
    from app.desktop.printing.letters import Permit

    filming = wish.filming
    point = name_of(register, filming.transfer_point)
    return Permit(point, filming.begins, filming.ends, filming.crew, wish.permitted)


def _common(register: Register) -> Common:
    from app.desktop.printing.letters import Common

    election = register.reference.election
    return Common(election.name, election.mode, register.clock())


def _speaking(*, english: bool) -> _Speaking:
    return _Speaking("en" if english else "cs")


class _Speaking:
    """The prints' language while the block runs."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __enter__(self) -> None:
        from app.desktop import texts

        self._before = texts.language()
        texts.use(self._language)

    def __exit__(self, *_: object) -> None:
        from app.desktop import texts

        texts.use(self._before)
