"""How many keys the protocols of a real night take on the number pad, beside the floor of their digits.

`python -m tests.conformance.keystrokes` prints it for region 4 of 2016. The keys are those that
`tests.support.typing` finds; a test plays some of them into the real page and looks at what was typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from app.desktop.forms import Form, paper
from app.documents.registers import read_registers
from app.documents.t6 import read_t6
from app.election.model import RegionalReading
from app.election.reference import Reference
from tests.support.opendata import DATA
from tests.support.typing import floor_of, keys_of

REGION = 4


def real() -> tuple[Reference, list[RegionalReading]]:
    reference = read_registers(DATA / "kz2016")
    return reference, list(read_t6(DATA / "kz2016", reference, (REGION,)))


def counted(reference: Reference, readings: Sequence[RegionalReading]) -> list[tuple[int, int]]:
    """Keys and floor of each protocol."""
    form: Form | None = None
    found = []
    for reading in readings:
        form = form or paper(reading.key, reference)  # one region: the same lists everywhere
        found.append((len(keys_of(reading, form)), floor_of(reading)))
    return found


def main() -> None:
    reference, readings = real()
    both = counted(reference, readings)
    keys, floors = [k for k, _ in both], [f for _, f in both]
    ratios = sorted(k / f for k, f in both)
    print(f"protocols {len(both)}")
    print(f"keys   median {median(keys):.0f}  maximum {max(keys)}")
    print(f"floor  median {median(floors):.0f}  maximum {max(floors)}")
    middle, last = median(ratios), ratios[len(ratios) * 99 // 100]
    print(f"ratio  median {middle:.2f}  p99 {last:.2f}  all {sum(keys) / sum(floors):.3f}")


if __name__ == "__main__":
    main()
