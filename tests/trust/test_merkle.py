"""The Merkle tree against the definition in RFC 6962 and its published test vectors."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from app.trust.merkle import EMPTY_ROOT, Frontier, leaf_hash

#: The list of entries of Certificate Transparency's own tests, and the roots of its beginnings.
_ENTRIES = "- 00 10 2021 3031 40414243 5051525354555657 606162636465666768696a6b6c6d6e6f"
ENTRIES = [bytes.fromhex(each.strip("-")) for each in _ENTRIES.split()]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def naive(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962, word by word."""
    if not entries:
        return sha256().digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return sha256(b"\x01" + naive(entries[:half]) + naive(entries[half:])).digest()


def test_the_roots_are_those_that_certificate_transparency_publishes() -> None:
    tree = Frontier()
    found = []
    for entry in ENTRIES:
        tree.append(leaf_hash(entry))
        found.append(tree.root().hex())
    assert tuple(found) == ROOTS


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_the_root_is_what_the_definition_says(entries: list[bytes]) -> None:
    tree = Frontier(map(leaf_hash, entries))
    assert tree.root() == naive(entries)
    assert tree.size == len(entries)


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == sha256(b"").digest()
