"""The bare cost of one signature, for comparison: hash, sign, hash, verify, nothing of the format."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def raw_signature_seconds(contents: Iterable[bytes]) -> float:
    """Seconds to sign each content with P-256 and SHA-256 and to verify it again."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    algorithm = ec.ECDSA(hashes.SHA256())
    started = perf_counter()
    for content in contents:
        public.verify(key.sign(content, algorithm), content, algorithm)
    return perf_counter() - started
