"""The least that signatures can cost: the bare primitives on the same bytes, for honest ratios.

It lies here because nothing outside this package touches the cryptographic library.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from app.trust.keys import make_key


def raw_signature_seconds(contents: Iterable[bytes]) -> float:
    """Seconds for hashing and signing, then hashing and verifying each content once, with no CMS around:
    ECDSA P-256 with SHA-256."""
    algorithm = ec.ECDSA(SHA256())
    key = make_key()
    public_key = key.public_key()
    public_key.verify(key.sign(b"", algorithm), b"", algorithm)  # a key's first use prepares it: not counted
    started = perf_counter()
    for content in contents:
        public_key.verify(key.sign(content, algorithm), content, algorithm)
    return perf_counter() - started
