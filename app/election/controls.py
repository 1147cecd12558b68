"""Control numbers of the forms, and stating a complete protocol as a form that carries them.

The formulas are the forms' own (T/6; T/5 by the pattern of the presidential T/1, because no
official T/5 with control numbers is published). KC_SUM contains the system's flags OPRAVA and
CHYBA, so it is the system's checksum, not something a commission computes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from app.election.model import (
    MAX_LISTS,
    Counts,
    CountsStated,
    PrecinctId,
    Protocol,
    Reading,
    RegionalProtocol,
    RegionalReading,
    SenateProtocol,
    SenateReading,
    SheetStated,
)

#: TYP_FORM of T/6 part 1 and of T/5.
FIRST_PART = 1
#: TYP_FORM of T/6 part 2.
SHEET_PART = 2
#: Candidates up to this number are on the front page of a sheet (KC_3), the others overleaf (KC_4).
FRONT_PAGE = 45


class SheetControls(NamedTuple):
    """Control numbers of one sheet of T/6 part 2."""

    kc_2: int
    kc_3: int
    kc_4: int
    kc_5: int
    last_candidate: int  # POSL_KAND
    kc_sum: int


class SenateControls(NamedTuple):
    """Control numbers of T/5."""

    kc_2: int
    kc_3: int
    kc_4: int
    last_candidate: int  # POSL_KAND
    kc_sum: int


def kc_1(precinct: PrecinctId) -> int:
    """KC_1 of every form: binds the form to its precinct."""
    return (precinct.municipality * 100_000 + precinct.number) % 7


def counts_control(counts: Counts) -> int:
    """KC_2 of T/6 part 1: the sum of the four counts."""
    return sum(counts)


def preference_controls(preferences: Iterable[tuple[int, int]]) -> tuple[int, int, int]:
    """KC_3, KC_4 and POSL_KAND of (candidate, votes); zeros may be left out."""
    front = back = last = 0
    for candidate, given in preferences:
        if candidate <= FRONT_PAGE:
            front += candidate * given
        else:
            back += candidate * given
        if given and candidate > last:
            last = candidate
    return front, back, last


def sheet_base(precinct: PrecinctId, district: int, corrected: int, passable_error: int) -> int:
    """The part of KC_SUM that all sheets of one protocol share."""
    return SHEET_PART + corrected + passable_error + district + sum(precinct) + kc_1(precinct)


def sheet_controls(
    base: int, list_number: int, votes: int, front: int, back: int, last: int
) -> SheetControls:
    """Control numbers of a sheet from `sheet_base` and `preference_controls`."""
    second = list_number + votes
    fifth = second + front + back
    return SheetControls(second, front, back, fifth, last, base + second + front + back + fifth + last)


def senate_controls(
    precinct: PrecinctId,
    corrected: int,
    passable_error: int,
    round_: int,
    counts: Counts,
    votes: Iterable[tuple[int, int]],
    form_type: int = FIRST_PART,
) -> SenateControls:
    """Control numbers of T/5 (pattern of T/1); OKRES is no part of KC_SUM on this form."""
    second = round_ + sum(counts)
    third = last = 0
    for candidate, given in votes:
        third += candidate * given
        if given > 0 and candidate > last:
            last = candidate
    fourth = second + third
    total = (
        form_type
        + corrected
        + passable_error
        + precinct.municipality
        + precinct.number
        + kc_1(precinct)
        + second
        + third
        + fourth
        + last
    )
    return SenateControls(second, third, fourth, last, total)


def lists_mark(list_numbers: Iterable[int]) -> str:
    """ZAKRSTRANA: 99 characters, position k is 1 when list k has a sheet of part 2."""
    with_sheet = set(list_numbers)
    return "".join("1" if number in with_sheet else "0" for number in range(1, MAX_LISTS + 1))


def state(protocol: Protocol, election: str, form_version: str) -> Reading:
    """The protocol as a form states it, every control number right.

    `election` is the election's code and `form_version` that of its forms; the flags OPRAVA and
    CHYBA are the protocol's. `complete` of the result is the protocol again.
    """
    if isinstance(protocol, RegionalProtocol):
        return _state_regional(protocol, election, form_version)
    return _state_senate(protocol, election, form_version)


def _state_regional(protocol: RegionalProtocol, election: str, form_version: str) -> RegionalReading:
    corrected, passable = int(protocol.corrected), int(protocol.passable_error)
    base = sheet_base(protocol.precinct, protocol.district, corrected, passable)
    sheets = []
    for sheet in protocol.sheets:
        right = sheet_controls(base, sheet.list_number, sheet.votes, *preference_controls(sheet.preferences))
        sheets.append(SheetStated(sheet.list_number, sheet.votes, sheet.preferences, *right))
    return RegionalReading(
        election=election,
        precinct=protocol.precinct,
        district=protocol.district,
        form_type=FIRST_PART,
        form_version=form_version,
        corrected=corrected,
        passable_error=passable,
        kc_1=kc_1(protocol.precinct),
        counts=CountsStated(*protocol.counts),
        kc_2=counts_control(protocol.counts),
        lists_mark=lists_mark(sheet.list_number for sheet in protocol.sheets),
        sheets=tuple(sheets),
    )


def _state_senate(protocol: SenateProtocol, election: str, form_version: str) -> SenateReading:
    corrected, passable = int(protocol.corrected), int(protocol.passable_error)
    right = senate_controls(
        protocol.precinct, corrected, passable, protocol.round, protocol.counts, protocol.votes
    )
    return SenateReading(
        election=election,
        precinct=protocol.precinct,
        district=protocol.district,
        form_type=FIRST_PART,
        form_version=form_version,
        corrected=corrected,
        passable_error=passable,
        kc_1=kc_1(protocol.precinct),
        senate_district=protocol.senate_district,
        round=protocol.round,
        counts=CountsStated(*protocol.counts),
        votes=protocol.votes,
        kc_2=right.kc_2,
        kc_3=right.kc_3,
        kc_4=right.kc_4,
        last_candidate=right.last_candidate,
        kc_sum=right.kc_sum,
    )
