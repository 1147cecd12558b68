"""Changes of an input that need no fuzzer: the same ones each time, drawn from the number alone."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

_NUMBERS = (b"0", b"-1", b"1", b"99999999999", b"4294967296", b"1e9", b"", b" 1", b"+1", b"\xc2\xb2", b"0x1")
_PIECES = (
    b"<!-- -->", b"&lt;", b"&#0;", b"]]>", b"<![CDATA[x]]>", b"<?x?>", b"<!DOCTYPE a>", b"\0", b"\xff",
    b"\xed\xa0\x80", b"\r\n", b"%2e%2e/", b"/", b'"', b"'", b"0\x80", b"\xa0\x84\xff\xff\xff\xff", b"0\0",
)  # fmt: skip

_VALUE = re.compile(rb'="([^"<]*)"')
_AT_EDGES = (b" ", b"\n", b"&#10;", b"0", b"-", b"\xc2\xa0", b"&#xD;", b"x")


def mutated(name: str, seeds: Sequence[bytes], count: int, longest: int) -> Iterator[bytes]:
    """`count` mutations of the seeds, each by one to four changes."""
    chance = random.Random(name)
    for _ in range(count):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 4)):
            _change(data, chance, seeds)
        yield bytes(data[:longest])


def edges(seed: bytes) -> Iterator[bytes]:
    """The seed with something at the beginning and at the end of each value of an attribute."""
    for found in _VALUE.finditer(seed):
        for at in found.span(1):
            for piece in _AT_EDGES:
                yield seed[:at] + piece + seed[at:]
        yield seed[: found.start(1)] + seed[found.end(1) :]


def changed(data: bytes, chance: random.Random, seeds: Sequence[bytes], longest: int) -> bytes:
    """One change, for a fuzzer that draws its own."""
    made = bytearray(data)
    _change(made, chance, seeds)
    return bytes(made[:longest])


def _change(data: bytearray, chance: random.Random, seeds: Sequence[bytes]) -> None:
    at = chance.randrange(len(data) + 1)
    end = min(len(data), at + chance.choice((1, 2, 4, 16, 64)))
    match chance.randrange(9):
        case 8 if values := list(_VALUE.finditer(data)):
            found = chance.choice(values)
            data[(place := chance.choice(found.span(1))) : place] = chance.choice(_AT_EDGES)
        case 0 if at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        case 1:
            data[at:end] = b""
        case 2:
            data[at:at] = data[at:end] * chance.choice((1, 2, 50))
        case 3:
            data[at:at] = chance.choice(_PIECES)
        case 4:
            other = chance.choice(seeds)
            start = chance.randrange(len(other) + 1)
            data[at:end] = other[start : start + chance.choice((1, 8, 64))]
        case 5:
            _renumber(data, chance, at)
        case 6:
            del data[at:]
        case _ if at < len(data):
            data[at] = chance.randrange(256)


def _renumber(data: bytearray, chance: random.Random, at: int) -> None:
    """Another number in place of the next one."""
    start = next((n for n in range(at, len(data)) if 48 <= data[n] <= 57), None)
    if start is None:
        return
    end = start
    while end < len(data) and 48 <= data[end] <= 57:
        end += 1
    data[start:end] = chance.choice(_NUMBERS)
