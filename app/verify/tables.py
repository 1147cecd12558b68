"""The CSV twins of the batches: each row recomputed from its protocol, control numbers included.

A batch's tables may come one publication after the batch itself; every table that is there belongs to a
batch. A withdrawn precinct has a row of zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from app.verify.changes import Change
from app.verify.differences import Difference, other_value
from app.verify.protocols import Result
from app.verify.report import Report

_NAME = re.compile(r"(t6|t6p|t5_1|t5_2)_([0-9]{5,})\.csv")
_CONTESTS = {"t6": "KZ", "t6p": "KZ", "t5_1": "SE1", "t5_2": "SE2"}
_LISTS, _PREFERENCES, _CANDIDATES, _FRONT = 99, 70, 22, 45
_HEAD = "ID_OKRSKY;TYP_FORM;OPRAVA;CHYBA;OKRES;OBEC;OKRSEK;KC_1"
_COUNTS = "VOL_SEZNAM;VYD_OBALKY;ODEVZ_OBAL;PL_HL_CELK"


def _votes_columns(most: int) -> str:
    return ";".join(f"HLASY_{number:02d}" for number in range(1, most + 1))


_COLUMNS = {
    "t6": f"{_HEAD};{_COUNTS};KC_2;ZAKRSTRANA",
    "t6p": f"{_HEAD};KSTRANA;POC_HLASU;KC_2;{_votes_columns(_PREFERENCES)};KC_3;KC_4;KC_5;POSL_KAND;KC_SUM",
    "t5": f"{_HEAD};OBVOD;KOLO;{_COUNTS};KC_2;{_votes_columns(_CANDIDATES)};KC_3;KC_4;POSL_KAND;KC_SUM",
}


class Batch(NamedTuple):
    """What one batch holds: its changes, and the processing order of the first."""

    first: int
    changes: Sequence[Change]


def check(
    file: str, name: str, data: bytes, batches: Mapping[tuple[str, int], Batch], report: Report
) -> None:
    """Check one table; `batches` by contest and number. Raises Difference VER-40, VER-42."""
    found = _NAME.fullmatch(name)
    batch = batches.get((_CONTESTS[found[1]], int(found[2]))) if found else None
    if found is None or batch is None:
        raise Difference("VER-42", file, "tabulka nepatří k žádné dávce.", "the table belongs to no batch.")
    kind = found[1]
    said = data.decode("utf-8", "replace").split("\r\n")
    expected = [_COLUMNS[kind[:2] if kind.startswith("t5") else kind]]
    for order, change in enumerate(batch.changes, batch.first):
        expected += _rows(kind, order, change, said)
    for line, right in enumerate([*expected, ""], 1):
        given = said[line - 1] if line <= len(said) else "—"
        if given != right:
            raise _difference(file, line, given, right, expected[0])
    if len(said) > len(expected) + 1:
        raise other_value("VER-40", file, f"[{len(expected) + 2}]", said[len(expected) + 1], "—")
    report.count("rows", len(expected) - 1)


def _rows(kind: str, order: int, change: Change, said: Sequence[str]) -> Iterator[str]:
    result = change.result or _nothing(order, change, said)
    if kind == "t6":
        yield _t6(order, result)
    elif kind == "t6p":
        yield from _t6p(order, result)
    else:
        yield _t5(order, result)


def _nothing(order: int, change: Change, said: Sequence[str]) -> Result:
    """Zeros for a withdrawn precinct; its flags and district are no result and are taken as said."""
    row = next((line.split(";") for line in said if line.startswith(f"{order};")), [])
    flags = [int(field) if field.isascii() and field.isdigit() else 0 for field in row[2:5]] or [0, 0, 0]
    senate = int(row[8]) if change.key[0] != "KZ" and len(row) > 8 and row[8].isdigit() else None
    contest, municipality, precinct = change.key
    return Result(
        contest, municipality, precinct, flags[2], bool(flags[0]), bool(flags[1]), (0, 0, 0, 0), {}, {},
        senate, 2 if contest == "SE2" else 1,
    )  # fmt: skip


def _t6(order: int, result: Result) -> str:
    mark = "".join("1" if result.votes.get(number) else "0" for number in range(1, _LISTS + 1))
    return f'{_start(order, 1, result)};{_join(result.counts)};{sum(result.counts)};"{mark}"'


def _t6p(order: int, result: Result) -> Iterator[str]:
    for number, votes in result.votes.items():
        boxes = [result.preferences.get((number, each), 0) for each in range(1, _PREFERENCES + 1)]
        weights = [place * box for place, box in enumerate(boxes, 1)]
        kc_2, kc_3, kc_4 = number + votes, sum(weights[:_FRONT]), sum(weights[_FRONT:])
        kc_5, last = kc_2 + kc_3 + kc_4, _last(boxes)
        total = _total(2, result) + result.district + kc_2 + kc_3 + kc_4 + kc_5 + last
        yield (
            f"{_start(order, 2, result)};{number};{votes};{kc_2};{_join(boxes)}"
            f";{kc_3};{kc_4};{kc_5};{last};{total}"
        )


def _t5(order: int, result: Result) -> str:
    boxes = [result.votes.get(each, 0) for each in range(1, _CANDIDATES + 1)]
    kc_2 = result.round + sum(result.counts)
    kc_3 = sum(place * box for place, box in enumerate(boxes, 1))
    last = _last(boxes)
    total = _total(1, result) + kc_2 + kc_3 + kc_2 + kc_3 + last
    return (
        f"{_start(order, 1, result)};{result.senate_district};{result.round};{_join(result.counts)};{kc_2}"
        f";{_join(boxes)};{kc_3};{kc_2 + kc_3};{last};{total}"
    )


def _start(order: int, form: int, result: Result) -> str:
    return (
        f"{order};{form};{result.corrected:d};{result.passable:d};{result.district}"
        f";{result.municipality};{result.precinct};{_kc_1(result)}"
    )


def _kc_1(result: Result) -> int:
    return (result.municipality * 100_000 + result.precinct) % 7


def _total(form: int, result: Result) -> int:
    """What KC_SUM has of every form."""
    return form + result.corrected + result.passable + result.municipality + result.precinct + _kc_1(result)


def _last(boxes: Sequence[int]) -> int:
    return max((place for place, box in enumerate(boxes, 1) if box), default=0)


def _join(numbers: Sequence[int]) -> str:
    return ";".join(map(str, numbers))


def _difference(file: str, line: int, given: str, right: str, columns: str) -> Difference:
    """The first column of a line that differs."""
    names, fields, wanted = columns.split(";"), given.split(";"), right.split(";")
    if line == 1 or not len(names) == len(fields) == len(wanted):
        return other_value("VER-40", file, f"[{line}]", given, right)
    at = next(place for place, field in enumerate(fields) if field != wanted[place])
    return other_value("VER-40", file, f"[{line}]/{names[at]}", fields[at], wanted[at])
