"""Whether an act may be given now: judged on what is counted, refused in one sentence that says what is.

Each refusal says what the results ask for at this place, so that whoever records a lot or a declaration
sees at once whether he has another area, other candidates or an older state in mind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.central.count import Count
from app.central.ledger import Ledger
from app.documents.act import Kind
from app.election.errors import KnownError
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.election.seats import valid_candidates
from app.election.senate import round_1
from app.election.undecided import Undecided, undecided

#: How many missing precincts a refusal names.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """An act that somebody wants to give; fields as in `app.documents.act.Act`. Of an act that undoes
    another only `cancels` says something; the rest is that of the other."""

    kind: Kind
    contest: Contest
    area: str = ""
    area_number: int = 0
    precinct: PrecinctId | None = None
    numbers: tuple[int, ...] = ()
    seats: tuple[tuple[int, int], ...] = ()
    cancels: int = 0


def judge(
    wanted: Wanted,
    reference: Reference,
    counts: Mapping[Contest, Count],
    ledger: Ledger,
    now: datetime,
) -> None:
    """Raises KnownError CEN-40 or CEN-45 to CEN-49 unless the act may be given."""
    if wanted.kind is Kind.CANCEL:
        return _cancel(wanted, ledger)
    count = counts.get(wanted.contest)
    if count is None:
        raise _nothing_here(str(wanted.contest))
    if now < reference.election.calendar.voting_ends:
        raise _nothing_asked("do konce hlasování není co rozhodovat", "nothing is decided before voting ends")
    if wanted.precinct is not None:
        return _precinct(wanted, reference, count)
    sums = count.tally.area(wanted.area, wanted.area_number)
    if sums is None or not sums.precincts_expected:
        raise _nothing_here(f"{wanted.contest} {wanted.area} {wanted.area_number}")
    if wanted.kind is Kind.COMPLETE:
        return _complete(wanted, count)
    if wanted.kind is Kind.LEFT:
        return _left(wanted, reference, count)
    asked = next(
        (
            each
            for each in undecided(reference, count.tally, count.decisions)
            if (each.kind, each.number) == (wanted.area, wanted.area_number)
        ),
        None,
    )
    if asked is None:
        raise _nothing_asked("zde se na žádné rozhodnutí nečeká", "no decision is waited for here")
    if not (_lot_fits(wanted, asked) if wanted.kind is Kind.LOT else _seats_fit(wanted, asked, reference)):
        raise _nothing_asked(asked.cs, asked.en)


def _precinct(wanted: Wanted, reference: Reference, count: Count) -> None:
    assert wanted.precinct is not None
    key = ProtocolKey(wanted.precinct, wanted.contest)
    if key not in reference.expected:
        raise KnownError(
            "CEN-40",
            f"Zápis {key} v těchto volbách není. Zkontrolujte obec, okrsek a druh volby.",
            f"There is no protocol {key} in this election. Check municipality, precinct and contest.",
        )
    counted = count.tally.is_counted(key.precinct)
    if wanted.kind is Kind.WITHDRAWAL and not counted:
        raise KnownError(
            "CEN-48",
            f"Zápis {key} se nezapočítává; není co odvolat.",
            f"The protocol {key} does not count; there is nothing to withdraw.",
        )
    if wanted.kind is Kind.NEVER and counted:
        raise KnownError(
            "CEN-48",
            f"Zápis {key} je započítán; nelze prohlásit, že nebude dodán. Je-li chybný, odvolejte ho.",
            f"The protocol {key} counts; it cannot be declared never delivered. Withdraw it if it is wrong.",
        )
    if wanted.kind is Kind.NEVER and key.precinct in count.tally.never:
        raise KnownError(
            "CEN-48",
            f"O zápisu {key} už je prohlášeno, že nebude dodán.",
            f"The protocol {key} is declared as never delivered already.",
        )


def _complete(wanted: Wanted, count: Count) -> None:
    missing = count.tally.missing_in(wanted.area, wanted.area_number)
    if missing:
        named = ", ".join(map(str, missing[:_NAMED])) + (", …" if len(missing) > _NAMED else "")
        raise KnownError(
            "CEN-47",
            f"Úplnost nelze prohlásit: chybějí zápisy okrsků, celkem {len(missing)} ({named}). Co už "
            "dodáno nebude, prohlaste nejdřív za nedodané (act never).",
            f"It cannot be declared complete: {len(missing)} protocols are missing ({named}). Declare first "
            "what will never be delivered (act never).",
        )
    if (wanted.contest, wanted.area, wanted.area_number) in count.decisions.declared:
        raise _nothing_asked("úplnost už je prohlášena", "it is declared complete already")


def _left(wanted: Wanted, reference: Reference, count: Count) -> None:
    number = wanted.area_number
    district = reference.senate_districts[number]
    sums = count.tally.senate_district[number]
    if wanted.contest is not Contest.SENATE_ROUND_1 or not sums.settled:
        raise _nothing_asked(
            "finalisté jsou známi, až když je první kolo obvodu úplné",
            "finalists are known when round 1 of the district is complete",
        )
    decided, left = count.decisions, count.decisions.left.get(number, ())
    lot = decided.lot(wanted.contest, number)
    result = round_1(district, sums.votes, sums.valid_votes, lot, left)
    waiting = () if result.decision is None else result.decision.lists
    if wanted.numbers[0] not in (result.finalists or waiting):
        names = ", ".join(map(str, result.finalists or waiting)) or "–"
        raise _nothing_asked(
            f"kandidát č. {wanted.numbers[0]} do druhého kola nepostupuje; postupují: {names}",
            f"candidate {wanted.numbers[0]} does not go on to round 2; those who do: {names}",
        )


def _lot_fits(wanted: Wanted, asked: Undecided) -> bool:
    decision, numbers = asked.decision, wanted.numbers
    return (
        decision.kind == "lot"
        and len(set(numbers)) == len(numbers) >= decision.seats
        and set(numbers) <= set(decision.lists)
    )


def _seats_fit(wanted: Wanted, asked: Undecided, reference: Reference) -> bool:
    if asked.kind != "region" or asked.decision.kind == "lot":
        return False
    region, seats = reference.regions[asked.number], dict(wanted.seats)
    return (
        len(seats) == len(wanted.seats) > 0
        and sum(seats.values()) <= region.seats
        and all(
            number in region.lists and 0 < given <= valid_candidates(region.lists[number])
            for number, given in seats.items()
        )
    )


def _cancel(wanted: Wanted, ledger: Ledger) -> None:
    act = ledger.find(wanted.cancels)
    if act is None:
        raise KnownError(
            "CEN-49",
            f"Úkon č. {wanted.cancels} neexistuje, nebo už je zrušen. Vypište úkony (act list).",
            f"There is no act No. {wanted.cancels}, or it is undone already. List the acts (act list).",
        )
    if act.kind is Kind.WITHDRAWAL:
        raise KnownError(
            "CEN-49",
            "Odvolání se neruší: platný zápis pošle přebírací místo znovu jako opravu.",
            "A withdrawal is not undone: the transfer point sends the right protocol again, as a correction.",
        )


def _nothing_here(what: str) -> KnownError:
    return KnownError(
        "CEN-45",
        f"V těchto volbách není: {what}. Zkontrolujte druh volby a číslo území.",
        f"This election does not have it: {what}. Check the contest and the area's number.",
    )


def _nothing_asked(cs: str, en: str) -> KnownError:
    return KnownError(
        "CEN-46",
        f"Tento úkon teď učinit nelze ({cs.rstrip('.')}). Stav ukáže act status.",
        f"This act cannot be given now ({en.rstrip('.')}). The state is shown by act status.",
    )
