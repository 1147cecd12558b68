"""The open-data tables T6, T6p and T5: one row for each protocol, or for each sheet, with control numbers.

Columns, delimiter, quoting and line ends are those of the office's own file of 2024 (`kzt6.csv`): UTF-8,
semicolons, CRLF, ZAKRSTRANA in quotes; T6p fills all 70 columns of preferential votes. No T5 with control
numbers was ever published, so its columns follow the presidential T1. ID_OKRSKY is a number of the
office's own; here it is PORADI_ZPRAC, which is as unique within a contest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.election.controls import (
    FIRST_PART,
    SHEET_PART,
    counts_control,
    kc_1,
    lists_mark,
    preference_controls,
    senate_controls,
    sheet_base,
    sheet_controls,
)
from app.election.model import (
    MAX_PREFERENCES,
    MAX_SENATE_CANDIDATES,
    Contest,
    Protocol,
    RegionalProtocol,
    SenateProtocol,
)

_HEAD = "ID_OKRSKY;TYP_FORM;OPRAVA;CHYBA;OKRES;OBEC;OKRSEK;KC_1"
_COUNTS = "VOL_SEZNAM;VYD_OBALKY;ODEVZ_OBAL;PL_HL_CELK"
T6 = f"{_HEAD};{_COUNTS};KC_2;ZAKRSTRANA"
T6P = (
    f"{_HEAD};KSTRANA;POC_HLASU;KC_2;"
    + ";".join(f"HLASY_{number:02d}" for number in range(1, MAX_PREFERENCES + 1))
    + ";KC_3;KC_4;KC_5;POSL_KAND;KC_SUM"
)
T5 = (
    f"{_HEAD};OBVOD;KOLO;{_COUNTS};KC_2;"
    + ";".join(f"HLASY_{number:02d}" for number in range(1, MAX_SENATE_CANDIDATES + 1))
    + ";KC_3;KC_4;POSL_KAND;KC_SUM"
)
_END = "\r\n"


class Row(NamedTuple):
    """A protocol and the processing order (PORADI_ZPRAC) that names it."""

    order: int
    protocol: Protocol


def tables(contest: Contest, rows: Iterable[Row]) -> dict[str, bytes]:
    """The tables of one contest by their names: `t6` and `t6p`, or `t5_1`, `t5_2` by the round."""
    kept = list(rows)
    if contest.is_senate:
        return {f"t5_{contest.round}": _table(T5, map(_t5, _senate(kept)))}
    return {
        "t6": _table(T6, map(_t6, _regional(kept))),
        "t6p": _table(T6P, (line for row in _regional(kept) for line in _t6p(row))),
    }


def _table(columns: str, lines: Iterable[str]) -> bytes:
    return (columns + _END + "".join([line + _END for line in lines])).encode("ascii")


def _regional(rows: Iterable[Row]) -> Iterator[tuple[int, RegionalProtocol]]:
    for order, protocol in rows:
        assert isinstance(protocol, RegionalProtocol)
        yield order, protocol


def _senate(rows: Iterable[Row]) -> Iterator[tuple[int, SenateProtocol]]:
    for order, protocol in rows:
        assert isinstance(protocol, SenateProtocol)
        yield order, protocol


def _head(order: int, form: int, protocol: Protocol) -> str:
    municipality, number = protocol.precinct
    return (
        f"{order};{form};{protocol.corrected:d};{protocol.passable_error:d};{protocol.district}"
        f";{municipality};{number};{kc_1(protocol.precinct)}"
    )


def _t6(row: tuple[int, RegionalProtocol]) -> str:
    order, protocol = row
    mark = lists_mark(sheet.list_number for sheet in protocol.sheets)
    counts = ";".join(map(str, protocol.counts))
    return f'{_head(order, FIRST_PART, protocol)};{counts};{counts_control(protocol.counts)};"{mark}"'


def _t6p(row: tuple[int, RegionalProtocol]) -> Iterator[str]:
    order, protocol = row
    head = _head(order, SHEET_PART, protocol)
    base = sheet_base(
        protocol.precinct, protocol.district, int(protocol.corrected), int(protocol.passable_error)
    )
    for number, votes, preferences in protocol.sheets:
        boxes = ["0"] * MAX_PREFERENCES
        for candidate, given in preferences:
            boxes[candidate - 1] = str(given)
        front, back, last = preference_controls(preferences)
        right = sheet_controls(base, number, votes, front, back, last)
        yield (
            f"{head};{number};{votes};{right.kc_2};{';'.join(boxes)}"
            f";{front};{back};{right.kc_5};{last};{right.kc_sum}"
        )


def _t5(row: tuple[int, SenateProtocol]) -> str:
    order, protocol = row
    boxes = ["0"] * MAX_SENATE_CANDIDATES
    for candidate, given in protocol.votes:
        boxes[candidate - 1] = str(given)
    right = senate_controls(
        protocol.precinct,
        int(protocol.corrected),
        int(protocol.passable_error),
        protocol.round,
        protocol.counts,
        protocol.votes,
    )
    counts = ";".join(map(str, protocol.counts))
    return (
        f"{_head(order, FIRST_PART, protocol)};{protocol.senate_district};{protocol.round};{counts}"
        f";{right.kc_2};{';'.join(boxes)};{right.kc_3};{right.kc_4};{right.last_candidate};{right.kc_sum}"
    )
