"""Signing: what signing and verifying a batch of thirty protocols costs, beside the raw primitives.

The floor is the least that anybody can do for the same bytes with the same key: hash and sign, hash
and verify. What is above it is the whole of CMS: attributes, certificate, trust, strictness.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from app.trust.anchors import Anchors
from app.trust.authority import issue, make_authority, make_request
from app.trust.cms import sign, verify
from app.trust.floor import raw_signature_seconds
from app.trust.identity import Expected, Identity, Role
from app.trust.keys import make_key
from tests.benchmarks._report import best_of, report

PROTOCOL = 8_000
"""Bytes of one protocol as it is sent: a regional council's, of twenty lists."""
PROTOCOLS = 30


def main() -> None:
    """Print one line; exit with 1 above one and a half times the floor."""
    start = datetime(2024, 9, 20, tzinfo=UTC)
    end, at = start + timedelta(days=60), start + timedelta(days=1)
    authority_key, key = make_key(), make_key()
    authority = make_authority("kz2024", authority_key, start, end)
    station = Identity(Role.STATION, "kz2024", 662, "662-1")
    certificate = issue(make_request(key, station), station, authority, authority_key, start, end)
    anchors, expected = Anchors((authority,)), Expected.exactly(station)
    # Bytes that no cache can know, the same ones in every run.
    content = b"".join(
        hashlib.sha256(bytes((i // 256, i % 256))).digest() for i in range(PROTOCOL * PROTOCOLS // 32)
    )

    def signed_and_verified() -> None:
        verify(sign(content, key, certificate, at), anchors, at, expected)

    figure = floor = float("inf")
    for _ in range(20):  # in turns, so that both meet the machine's good moments
        figure = min(figure, best_of(signed_and_verified, repeats=25))
        floor = min(floor, min(raw_signature_seconds([content]) for _ in range(25)))
    report("signing", figure * 1000, "ms", floor=floor * 1000, at_most_ratio=1.5)


if __name__ == "__main__":
    main()
