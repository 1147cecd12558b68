"""The Merkle tree of RFC 6962 over an append-only list: one hash that stands for every entry and its place.

Whoever kept a root can tell later whether anything before it was changed, dropped or put in between. Only
the frontier is kept, one hash for each complete subtree from the largest to the smallest, so appending and
the root cost a handful of hashes however long the list is.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

_LEAF = b"\x00"
_NODE = b"\x01"
#: The root of the empty list.
EMPTY_ROOT = sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry, 32 bytes (RFC 6962, 2.1)."""
    return sha256(_LEAF + entry).digest()


class Frontier:
    """The right edge of a tree that grows by appending."""

    __slots__ = ("_edge", "size")

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        """`leaves` are hashes of entries (`leaf_hash`), in order."""
        self.size = 0  # how many entries there are
        self._edge: list[bytes] = []
        for leaf in leaves:
            self.append(leaf)

    def append(self, leaf: bytes) -> None:
        """Add one entry by its hash at the end."""
        complete = self.size
        self.size += 1
        while complete & 1:
            leaf = _node(self._edge.pop(), leaf)
            complete >>= 1
        self._edge.append(leaf)

    def root(self) -> bytes:
        """The hash of the whole list as it is now, 32 bytes."""
        if not self._edge:
            return EMPTY_ROOT
        root = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            root = _node(left, root)
        return root


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()
