"""One small election for the tests of `trust`: an authority, a station, and instants around its life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from app.trust.anchors import Anchors
from app.trust.authority import AuthorityCertificate, issue, make_authority, make_request
from app.trust.certificate import Certificate
from app.trust.identity import Expected, Identity, Role
from app.trust.keys import PrivateKey, make_key
from app.trust.refusals import RefusalReason, SignatureRefused

START = datetime(2024, 9, 20, tzinfo=UTC)
END = START + timedelta(days=60)
NIGHT = datetime(2024, 9, 21, 15, 4, 5, tzinfo=UTC)
STATION = Identity(Role.STATION, "kz2024", 662, "662-1")


@dataclass(frozen=True)
class Election:
    """An authority with its key, and the first station of point 662 with its own."""

    authority: AuthorityCertificate
    authority_key: PrivateKey
    key: PrivateKey
    certificate: Certificate

    @property
    def anchors(self) -> Anchors:
        return Anchors((self.authority,))

    @property
    def expected(self) -> Expected:
        return Expected.exactly(STATION)

    def issue(self, key: PrivateKey, identity: Identity) -> Certificate:
        return issue(make_request(key, identity), identity, self.authority, self.authority_key, START, END)


def make_election(code: str = "kz2024") -> Election:
    """An election from nothing."""
    authority_key, key = make_key(), make_key()
    authority = make_authority(code, authority_key, START, END)
    identity = Identity(Role.STATION, code, 662, "662-1")
    request = make_request(key, identity)
    return Election(
        authority, authority_key, key, issue(request, identity, authority, authority_key, START, END)
    )


@pytest.fixture(scope="session")
def election() -> Election:
    return make_election()


@pytest.fixture(scope="session")
def stranger() -> Election:
    """Another authority that calls itself by the same name, as an attacker's would."""
    return make_election()


def refusal(act: Callable[[], object]) -> RefusalReason:
    """The reason that an act is refused for; it fails the test if it is not."""
    with pytest.raises(SignatureRefused) as caught:
        act()
    return caught.value.reason
