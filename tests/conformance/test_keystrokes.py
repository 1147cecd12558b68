"""The keys of real protocols: how many they are, and that the real page understands them."""

from __future__ import annotations

from statistics import median

from app.desktop.entry.pad import Act, Pad
from app.desktop.forms import paper
from app.election.verdict import FieldRef
from app.station.figures import figures
from tests.conformance import keystrokes
from tests.support.opendata import needs_data
from tests.support.typing import keys_of

pytestmark = needs_data

_WAYS = {"\n": Act.ENTER, "+": Act.NEXT_BLOCK}
_JUMPS = {"*": Act.TO_CANDIDATE, "/": Act.TO_LIST}


def played(keys: str, pad: Pad) -> dict[FieldRef, int]:
    """What the keys type, by the pad's own table of ways; the last Enter presses the button at the end."""
    typed: dict[FieldRef, int] = {}
    at, digits, jump = pad.first, "", None
    for key in keys[:-1]:
        if key.isdigit():
            digits += key
            if jump is None or len(digits) < 2:
                continue
            act, number = jump, int(digits)
        else:
            if digits:
                typed[at] = int(digits)
            if key in _JUMPS:
                jump, digits = _JUMPS[key], ""
                continue
            act, number = _WAYS[key], 0
        digits, jump = "", None
        lists = sum(value for field, value in typed.items() if field.name == "POC_HLASU")
        whole = lists == typed.get(FieldRef("PL_HL_CELK"))
        to = pad.after(act, at, typed.get(at), number, whole)
        if to is None:
            return typed
        at = to
    raise AssertionError("the keys did not lead to the end")


def test_every_real_protocol_of_a_region_is_typed_right_with_few_keys_beyond_the_floor() -> None:
    reference, readings = keystrokes.real()
    form = paper(readings[0].key, reference)
    for reading in readings:
        typed = played(keys_of(reading, form), Pad(form))
        assert typed == {field: value for field, value in figures(reading).items() if value}
    both = keystrokes.counted(reference, readings)
    assert len(both) == 347
    assert median(keys / floor for keys, floor in both) < 1.5
    assert max(keys / floor for keys, floor in both) < 2
