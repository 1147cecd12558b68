"""A small reader of BER (X.690), for signed messages that others made: mail programs do not all write DER.

It knows no types: it gives the tree of elements, each with its tag and the one DER encoding of what it
holds. Lengths, depth and the number of elements are bounded, and anything odd is a ValueError.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

SEQUENCE, SET, OCTET_STRING, OBJECT_IDENTIFIER = 0x30, 0x31, 0x04, 0x06
_CONSTRUCTED = 0x20
_CONSTRUCTED_OCTET_STRING = OCTET_STRING | _CONSTRUCTED
_DEEPEST = 40
_MOST_ELEMENTS = 20_000


@dataclass(frozen=True)  # no slots: a cached property needs somewhere to keep its value
class Element:
    """`tag` is the identifier octet; a constructed element has `children`, a primitive one `content`."""

    tag: int
    content: bytes = b""
    children: tuple[Element, ...] = field(default=())

    @cached_property
    def der(self) -> bytes:
        """The element in DER, its sets in the order in which they came."""
        inside = b"".join(child.der for child in self.children) if self.constructed else self.content
        return header(self.tag, len(inside)) + inside

    @property
    def constructed(self) -> bool:
        return bool(self.tag & _CONSTRUCTED)

    def only(self, tag: int) -> Element:
        """The one child, which has this tag. Raises ValueError."""
        [child] = self.children
        return child.tagged(tag)

    def tagged(self, tag: int) -> Element:
        """The element itself if it has this tag. Raises ValueError."""
        if self.tag != tag:
            raise ValueError("another element expected")
        return self


def header(tag: int, length: int) -> bytes:
    """Identifier and length octets in DER (X.690, 8.1.3 and 10.1)."""
    if length < 0x80:
        return bytes((tag, length))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets


def parse(data: bytes) -> Element:
    """The one element that `data` is. Raises ValueError."""
    element, rest = parse_first(data)
    if rest:
        raise ValueError("something follows the end")
    return element


def parse_first(data: bytes) -> tuple[Element, bytes]:
    """The first element, and what follows it. Raises ValueError."""
    reader = _Reader(data)
    element, end = reader.element(0, len(data), 0)
    return element, data[end:]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._count = 0

    def element(self, at: int, end: int, depth: int) -> tuple[Element, int]:
        """The element that begins at `at` and may not go beyond `end`; where it ends."""
        self._count += 1
        if depth > _DEEPEST or self._count > _MOST_ELEMENTS:
            raise ValueError("too complex")
        tag, at = self._octet(at, end)
        if tag & 0x1F == 0x1F:
            raise ValueError("tag of several octets")
        length, at = self._length(at, end)
        if not tag & _CONSTRUCTED:
            if length is None or length > end - at:
                raise ValueError("length")
            return Element(tag, self._data[at : at + length]), at + length
        children, at = self._children(at, end, length, depth)
        if tag == _CONSTRUCTED_OCTET_STRING:
            return Element(OCTET_STRING, _joined(children)), at
        return Element(tag, children=children), at

    def _children(self, at: int, end: int, length: int | None, depth: int) -> tuple[tuple[Element, ...], int]:
        children: list[Element] = []
        if length is None:  # until the end-of-contents octets
            while self._data[at : min(at + 2, end)] != b"\0\0":
                child, at = self.element(at, end, depth + 1)
                children.append(child)
            return tuple(children), at + 2
        if length > end - at:
            raise ValueError("length")
        end = at + length
        while at < end:
            child, at = self.element(at, end, depth + 1)
            children.append(child)
        return tuple(children), at

    def _length(self, at: int, end: int) -> tuple[int | None, int]:
        first, at = self._octet(at, end)
        if first < 0x80:
            return first, at
        if first == 0x80:
            return None, at
        size = first & 0x7F
        if size > 8 or size > end - at:
            raise ValueError("length")
        return int.from_bytes(self._data[at : at + size], "big"), at + size

    def _octet(self, at: int, end: int) -> tuple[int, int]:
        if at >= end:
            raise ValueError("cut off")
        return self._data[at], at + 1


def _joined(pieces: tuple[Element, ...]) -> bytes:
    """The content of an octet string written in pieces."""
    return b"".join(piece.tagged(OCTET_STRING).content for piece in pieces)
