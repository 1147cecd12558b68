"""A protocol as the keys of the number pad that type it: what a clerk with practice presses, and the floor.

`\n` is Enter; digits, `+`, `*` and `/` are themselves. The way is the shortest that the handbook's table of
keys allows: walk over one empty box, go to a candidate by number beyond that, plus after the last number of a
list, and over lists without votes by Enter or by number, whichever is shorter.
"""

from __future__ import annotations

from app.desktop.forms import Form
from app.election.model import Reading, RegionalReading


def keys_of(reading: Reading, form: Form) -> str:
    """The keys from the first box of an empty form to its finished draft."""
    counts = "".join(f"{value}\n" for value in reading.counts)
    if not isinstance(reading, RegionalReading):
        votes = dict(reading.votes)
        candidates = (int(line.code) for line in form.blocks[1].lines)
        return counts + "".join(f"{votes.get(number, 0) or 0}\n" for number in candidates) + "\n"
    numbers = [block.number for block in form.blocks[1:]]
    keys, at = [counts], 0  # the cursor is on the votes of the first list
    for sheet in sorted(reading.sheets):
        assert sheet.list_number is not None
        place = numbers.index(sheet.list_number)
        keys.append(min("\n" * (place - at), f"/{sheet.list_number:02}" if place > at else "", key=len))
        known = {int(line.code) for line in form.blocks[place + 1].lines[1:] if line.known}
        keys.append(_sheet(sheet.votes, {n: v for n, v in sheet.preferences if v}, known))
        at = place + 1
    keys.append("\n" if at == len(numbers) else "\n\n")  # the end is offered as soon as the sum is whole
    return "".join(keys)


def _sheet(votes: int | None, preferences: dict[int, int], known: set[int]) -> str:
    keys, at = f"{votes}", 0
    for number, value in sorted(preferences.items()):
        over = number - at - 1  # empty boxes in between
        walk = over < 2 and set(range(at + 1, number + 1)) <= known
        keys += ("\n" * (over + 1) if walk else f"*{number:02}") + str(value)
        at = number
    return keys + "+"


def floor_of(reading: Reading) -> int:
    """The digits themselves and one Enter for each number on the paper."""
    numbers = [*reading.counts]
    if isinstance(reading, RegionalReading):
        for sheet in reading.sheets:
            numbers += [sheet.votes, *(value for _, value in sheet.preferences if value)]
    else:
        numbers += [value for _, value in reading.votes]
    return sum(len(str(value)) + 1 for value in numbers)
