"""The boxes of forms T/6 and T/5 as the handbook explains them: width, parts of the form, rules.

Columns are those of the open-data files T6, T6p and T1 and of our protocol file; widths are digits
(of ZAKRSTRANA: characters). The words stand in `resources/handbook/*/fields.toml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: Parts of the forms: T/6 part 1, T/6 part 2 (one sheet a list), T/5, and the file around them.
T6_1, T6_2, T5, FILE = "T6-1", "T6-2", "T5", "FILE"
_EVERY = (T6_1, T6_2, T5)
_HEADS = (T6_1, T5)


@dataclass(frozen=True, slots=True)
class Field:
    """One column: the digits that fit (0: text), where it stands, which rules look at it."""

    column: str
    width: int
    parts: tuple[str, ...]
    rules: tuple[str, ...]


#: Every field in the forms' order.
FIELDS: Final = (
    Field("VOLBY", 0, (FILE,), ("ID-03",)),
    Field("REZIM", 0, (FILE,), ("PR-04",)),
    Field("VERZE", 0, _HEADS, ("ID-06",)),
    Field("TYP_FORM", 1, _EVERY, ("ID-06", "KC-04")),
    Field("OPRAVA", 1, _HEADS, ("FM-01", "KC-04", "PR-01")),
    Field("CHYBA", 1, _HEADS, ("FM-01", "KC-04")),
    Field("OKRES", 4, _HEADS, ("ID-03", "KC-04")),
    Field("OBEC", 6, _HEADS, ("ID-01", "ID-02", "ID-04", "KC-04")),
    Field("OKRSEK", 5, _HEADS, ("ID-01", "ID-02", "ID-04", "KC-04")),
    Field("OBVOD", 2, (T5,), ("ID-03",)),
    Field("KOLO", 1, (T5,), ("ID-03", "KC-01")),
    Field("KC_1", 1, _HEADS, ("ID-01", "KC-04")),
    Field(
        "VOL_SEZNAM",
        5,
        _HEADS,
        ("FM-01", "LG-01", "KC-01", "KC-05", "PL-05", "PL-08", "PL-09", "PL-10"),
    ),
    Field(
        "VYD_OBALKY",
        4,
        _HEADS,
        ("FM-01", "LG-01", "LG-02", "LG-04", "KC-01", "KC-05", "PL-04", "PL-05", "PL-08", "PL-10"),
    ),
    Field("ODEVZ_OBAL", 4, _HEADS, ("FM-01", "LG-02", "LG-03", "KC-01", "KC-05", "PL-03", "PL-04", "PL-10")),
    Field("PL_HL_CELK", 4, _HEADS, ("FM-01", "LG-03", "LG-05", "KC-01", "KC-05", "PL-03", "PL-10")),
    Field("ZAKRSTRANA", 99, (T6_1,), ("FM-02",)),
    Field("KSTRANA", 2, (T6_2,), ("FM-01", "FM-02", "FM-03", "KC-01")),
    Field(
        "POC_HLASU",
        4,
        (T6_2,),
        (
            *("FM-01", "FM-04", "LG-05", "LG-06", "LG-07", "KC-01", "KC-05"),
            *("PL-01", "PL-02", "PL-06", "PL-07", "PL-10"),
        ),
    ),
    Field(
        "HLASY",
        4,
        (T6_2, T5),
        (
            *("FM-01", "FM-03", "LG-05", "LG-06", "LG-07", "LG-08", "LG-09", "KC-02", "KC-03", "KC-05"),
            *("PL-01", "PL-02", "PL-06", "PL-07", "PL-10"),
        ),
    ),
    Field("KC_2", 6, _EVERY, ("KC-01",)),
    Field("KC_3", 9, (T6_2, T5), ("KC-02",)),
    Field("KC_4", 9, (T6_2, T5), ("KC-02",)),
    Field("KC_5", 9, (T6_2,), ("KC-02",)),
    Field("POSL_KAND", 2, (T6_2, T5), ("KC-03",)),
    Field("KC_SUM", 9, (T6_2, T5), ("KC-04",)),
)

#: Other names of the same box: of the protocol file, and of older texts.
_ALIASES: Final = {"VZOR": "VERZE"}
_BOX = re.compile(r"(HLASY)_\d{1,2}")


def column_of(name: str) -> str:
    """The column that the handbook explains for a field's name: HLASY_07 is one of HLASY."""
    box = _BOX.fullmatch(name)
    return box[1] if box else _ALIASES.get(name, name)


def fields_of(rule_id: str) -> tuple[Field, ...]:
    """The fields that a rule looks at, in the forms' order."""
    return tuple(field for field in FIELDS if rule_id in field.rules)
