"""The Merkle tree hash of RFC 6962 (2.1), written straight from its definition.

The centre keeps a frontier that grows; here the whole tree is hashed again from its leaves, so the two
share nothing but the standard.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH of the leaves' bytes; of no leaves the hash of nothing."""
    if not leaves:
        return sha256().digest()
    level = [sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:  # a lonely last node goes up as it is: the same as splitting at the power of two
        paired = [sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]
