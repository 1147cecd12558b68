"""Readers of signed files and certificates: nothing verifies but what the known participants signed."""

from __future__ import annotations

from app.documents import receipt as receipt_document
from app.election.errors import KnownError
from app.trust import authority, cms, keys, message
from app.trust.anchors import Anchors
from app.trust.certificate import Certificate
from app.trust.identity import Expected, Identity, Role
from tests.fuzzing import told, world
from tests.fuzzing.targets import Made
from tests.support import readings as made

_WORDS = tuple(f"content {number}".encode() for number in range(4))


def messages() -> Made:
    """Whatever verifies has a content that somebody known signed in that role; anything else has its code."""
    with world.counted_keys():
        house = world.house()
        station = house.participant(Identity(Role.STATION, house.code, 41, "41-1"))
        centre = house.participant(Identity(Role.CENTRE, house.code))
        other = house.participant(Identity(Role.STATION, house.code, 42, "42-1"))
    anchors = Anchors.from_pem(house.authority.to_pem())
    receipt = receipt_document.write(
        receipt_document.Receipt(
            made.ELECTION, house.reference.election.mode, "41-1", 1, made.HASH, made.WHEN,
            receipt_document.Status.ACCEPTED, "", (), (),
        )
    )  # fmt: skip
    signers = ((_WORDS[0], station), (_WORDS[1], centre), (receipt, centre), (_WORDS[2], other))
    seeds = [cms.sign(content, *signer, world.NOW) for content, signer in signers]
    seeds.append(cms.sign_detached(_WORDS[3], *station, world.NOW))
    allowed = {
        Role.STATION: {_WORDS[0]},
        Role.CENTRE: {_WORDS[1], receipt},
    }

    def run(data: bytes) -> None:
        for role, point in ((Role.STATION, 41), (Role.CENTRE, None)):
            try:
                verified = cms.verify(data, anchors, world.NOW, Expected(role, house.code, point))
            except KnownError as refused:
                told.check(refused, "CMS-", "CRT-")
                continue
            assert verified.content in allowed[role], "a forgery"
        try:
            cms.verify_detached(_WORDS[3], data, anchors, world.NOW, Expected(Role.STATION, house.code, 41))
        except KnownError as refused:
            told.check(refused, "CMS-", "CRT-")
        try:
            found = message.decode(data)
        except KnownError:
            return
        assert len(found.attributes.digest) < len(data)

    return Made(run, tuple(seeds))


def certificates() -> Made:
    """What is read as a certificate of ours is one; requests and PEM files too."""
    with world.counted_keys():
        house = world.house()
        identity = Identity(Role.STATION, house.code, 41, "41-1")
        key = keys.make_key()
        request = authority.make_request(key, identity)
        _, certificate = house.participant(identity, key)
    anchors = Anchors.from_pem(house.authority.to_pem())

    def run(data: bytes) -> None:
        for read in (Certificate.from_pem, Certificate.from_der, Anchors.from_pem, authority.read_request):
            try:
                read(data)
            except KnownError as refused:
                told.check(refused)
        try:
            trusted = anchors.trust(data, world.NOW)
        except KnownError as refused:
            told.check(refused, "CMS-")
        else:
            assert (trusted.identity, trusted.public_key) == (identity, key.public_key()), "a stranger's"

    return Made(
        run, (certificate.der, certificate.to_pem(), house.authority.to_pem(), house.authority.der, request)
    )
