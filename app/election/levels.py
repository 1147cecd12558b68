"""Logarithms in whole numbers, the same on every machine: no float takes part in a check."""

from __future__ import annotations

#: Levels in one doubling.
BIT = 64
#: Numbers up to here have their level in a table.
_TABLE_BITS = 12
IN_TABLE = 1 << _TABLE_BITS
TABLE: tuple[int, ...] = (0, *((number**BIT).bit_length() - 1 for number in range(1, IN_TABLE)))


def level(number: int) -> int:
    """The binary logarithm of a positive number in 1/64 bits, cut off (of its twelve leading bits)."""
    shift = number.bit_length() - _TABLE_BITS
    return TABLE[number] if shift <= 0 else TABLE[number >> shift] + BIT * shift
