"""What an operator has to see first, worst first: made from one look, told on the overview and counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.central.room.watch import LATE, Look


@dataclass(frozen=True, slots=True)
class Alarm:
    """`serious` stands out; `path` is the page where something can be done."""

    serious: bool
    cs: str
    en: str
    path: str


def of(look: Look) -> list[Alarm]:
    """The alarms of a moment, the serious ones first."""
    return sorted(_found(look), key=lambda each: not each.serious)


def _found(look: Look) -> Iterator[Alarm]:
    told = look.told
    if told.answers is False:
        yield Alarm(True, "Ústředí neodpovídá: nepřijímá dávky.", "The centre does not answer.", "/refusals")
    if told.stopped:
        yield Alarm(
            True, f"Zveřejňování je zastaveno: {told.stopped}", f"Publication is stopped: {told.stopped}", "/"
        )
    if told.clock:
        yield Alarm(
            True,
            f"Hodiny ústředí nesouhlasí: {told.clock}",
            f"The centre's clocks disagree: {told.clock}",
            "/",
        )
    if told.beyond:
        yield Alarm(
            True, "Databáze ústředí je starší než to, co už stanice slyšely (CEN-26).",
            "The centre's database is older than what stations have heard (CEN-26).", "/journal",
        )  # fmt: skip
    if look.late:
        yield Alarm(
            True, f"Převzaté zápisy čekají na zveřejnění déle než {LATE.seconds} s.",
            f"Protocols have waited for publication for more than {LATE.seconds} s.", "/",
        )  # fmt: skip
    for station in look.quarantine:
        yield Alarm(
            True, f"Stanice {station} je v karanténě.", f"The station {station} is in quarantine.",
            f"/quarantine/{station}",
        )  # fmt: skip
    yield from _of_people(look)


def _of_people(look: Look) -> Iterator[Alarm]:
    for waiting in look.undecided:
        yield Alarm(True, waiting.cs, waiting.en, "/decisions")
    conflicts = sum(not each.settled for each in look.conflicts)
    if conflicts:
        yield Alarm(
            True, f"Nevyřešené rozpory dvou stanic o týž okrsek: {conflicts}",
            f"Unsettled conflicts of two stations about one precinct: {conflicts}", "/decisions",
        )  # fmt: skip
    if look.proposals:
        yield Alarm(
            False, f"Návrhy čekající na schválení: {look.proposals}",
            f"Proposals that wait for approval: {look.proposals}", "/decisions",
        )  # fmt: skip
    if look.silent and not look.embargo:
        yield Alarm(
            False, f"Mlčící přebírací místa: {len(look.silent)}",
            f"Silent transfer points: {len(look.silent)}",
            "/points?show=silent",
        )  # fmt: skip
    if look.behind:
        yield Alarm(
            False, f"Místa výrazně pozadu: {len(look.behind)}", f"Points well behind: {len(look.behind)}",
            "/points?show=behind",
        )  # fmt: skip
