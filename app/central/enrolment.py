"""Enrolment over the network: a new station hands its certificate request in, and fetches what was issued.

What a request proves is little: that its sender has the token of one package, and the key that it asks for.
So nothing follows from it but a row for the authority's ceremony, which stays offline and in people's hands.
The token works for one key only; asked again with the same key the answer is the certificate, once it is
there. The certificate needs no secrecy and no signature: the station proves it by its pinned authority.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Lock

from sqlalchemy.exc import DBAPIError

from app.central import refusals, setting_up, stations
from app.central.answers import Answer, Refused, refuse
from app.central.database import Database
from app.central.setting_up import Kind, Paper
from app.documents import expected_stations as documents
from app.documents.expected_stations import ExpectedStation
from app.election.errors import KnownError
from app.election.reference import Reference
from app.trust import cms, message
from app.trust.anchors import Anchors
from app.trust.authority import Request, read_request
from app.trust.certificate import Certificate
from app.trust.identity import Expected, Identity, Role

_log = logging.getLogger(__name__)
#: Bytes of a request in PEM: one of ours has about 600.
MAX_BYTES = 4_000
REQUEST_TYPE, CERTIFICATE_TYPE = "application/pkcs10", "application/x-pem-file"
TOKEN_DIGITS = 64
#: Seconds after which a station that waits for its certificate asks again.
AGAIN_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a workstation's enrolment is; times as the store writes them, empty where it is not so far."""

    station: str
    expected_at: str
    asked_at: str
    key_fingerprint: str
    issued_at: str


class Enrolment:
    """Answers new stations; safe to call from several threads and to run in several processes."""

    def __init__(self, database: Database, reference: Reference) -> None:
        self._database = database
        self._election = reference.election.code
        self._guard = Lock()
        self._expected: Mapping[str, ExpectedStation] = {}
        self._read_upto = -1

    def answer(self, token: str, data: bytes, at: datetime) -> Answer:
        """Answer one request (PKCS #10 in PEM) that came with a token; every way out is an `Answer`."""
        digest = sha256(data).hexdigest()
        try:
            return self._answer(token, data, at)
        except Refused as refused:
            return refuse(refused.refusal, refused.cause, digest)
        except DBAPIError as error:
            _log.error("store failed: %s", type(error.orig).__name__, exc_info=error)
            return refuse(refusals.CANNOT_STORE, "", digest)

    def _answer(self, token: str, data: bytes, at: datetime) -> Answer:
        expected = self._owner(sha256(token.encode()).hexdigest())
        request = _read(data)
        identity = Identity(Role.STATION, self._election, _point(expected.station), expected.station)
        if request.identity != identity:
            raise Refused(refusals.OTHER_REQUEST)
        with self._database.reading() as connection:
            asked = setting_up.paper(connection, Kind.REQUEST, expected.token_sha256)
        if asked is None:
            setting_up.keep(self._database, Kind.REQUEST, expected.station, expected.token_sha256, data, at)
            with self._database.reading() as connection:
                asked = setting_up.paper(connection, Kind.REQUEST, expected.token_sha256)
        assert asked is not None
        if not hmac.compare_digest(_read(asked.raw).fingerprint, request.fingerprint):
            raise Refused(refusals.TOKEN_USED, expected.station)
        with self._database.reading() as connection:
            issued = setting_up.paper(connection, Kind.CERTIFICATE, request.fingerprint)
        if issued is None:
            return Answer(202, b"", "text/plain", retry_after=AGAIN_SECONDS)
        return Answer(200, Certificate.from_der(issued.raw).to_pem(), CERTIFICATE_TYPE)

    def _owner(self, token_sha256: str) -> ExpectedStation:
        """The station that a token was issued to, by the newest list that names the station."""
        with self._database.reading() as connection:
            newest = setting_up.last(connection, Kind.EXPECTED)
            if newest is None:
                raise Refused(refusals.UNKNOWN_TOKEN)
            with self._guard:
                if newest.id != self._read_upto:
                    self._expected = by_token(setting_up.papers(connection, Kind.EXPECTED))
                    self._read_upto = newest.id
                found = self._expected.get(token_sha256)
        if found is None:
            raise Refused(refusals.UNKNOWN_TOKEN)
        return found


def by_token(lists: Iterable[Paper]) -> dict[str, ExpectedStation]:
    """The expected stations by their tokens' hashes; of each station only the package with the highest
    serial, so that a lost stick is made worthless by a newer one."""
    newest: dict[str, ExpectedStation] = {}
    for paper in lists:
        for one in documents.read(message.decode(paper.raw).content or b"").stations:
            if one.station not in newest or newest[one.station].serial < one.serial:
                newest[one.station] = one
    return {one.token_sha256: one for one in newest.values()}


def expect(database: Database, anchors: Anchors, reference: Reference, data: bytes, at: datetime) -> int:
    """Take a signed list of expected stations; how many are in it, 0 when it was taken before. Raises
    `SignatureRefused`, `DocumentError`, KnownError PRO-30."""
    election = reference.election
    signer = Expected(Role.REFERENCE, election.code)
    told = documents.read(cms.verify(data, anchors, at, signer, 2 * documents.MAX_BYTES).content)
    setting_up.check_election(told.election, told.mode, reference)
    kept = setting_up.keep(database, Kind.EXPECTED, "", sha256(data).hexdigest(), data, at)
    return len(told.stations) if kept else 0


def waiting(database: Database) -> list[tuple[str, bytes]]:
    """Requests (PEM) whose certificate is not here yet, by the station's name."""
    with database.reading() as connection:
        asked = setting_up.papers(connection, Kind.REQUEST)
        issued = {one.subject for one in setting_up.papers(connection, Kind.CERTIFICATE)}
    return [(one.station, one.raw) for one in asked if _read(one.raw).fingerprint not in issued]


def hand_out(database: Database, certificates: Iterable[Certificate], election: str, at: datetime) -> int:
    """Register stations by the certificates that were issued for them, and let them fetch those; how many
    were new. Raises KnownError as `stations.add`; nothing is handed out then."""
    issued = list(certificates)
    stations.add(database, issued, election, at)
    return sum(
        setting_up.keep(
            database, Kind.CERTIFICATE, one.identity.station or "", one.key_fingerprint, one.der, at
        )
        for one in issued
    )


def standings(database: Database) -> list[Standing]:
    """How far every expected workstation is, by transfer point and number."""
    with database.reading() as connection:
        lists = setting_up.papers(connection, Kind.EXPECTED)
        asked = {one.subject: one for one in setting_up.papers(connection, Kind.REQUEST)}
        issued = {one.subject: one for one in setting_up.papers(connection, Kind.CERTIFICATE)}
    at = lists[-1].at if lists else ""
    found = []
    for token, one in by_token(lists).items():
        request = asked.get(token)
        key = _read(request.raw).fingerprint if request else ""
        certificate = issued.get(key)
        asked_at, issued_at = request.at if request else "", certificate.at if certificate else ""
        found.append(Standing(one.station, at, asked_at, key, issued_at))
    return sorted(found, key=lambda one: tuple(int(part) for part in one.station.split("-")))


def _read(data: bytes) -> Request:
    try:
        return read_request(data)
    except KnownError as error:
        raise Refused(refusals.UNREADABLE_REQUEST, error.code) from None


def _point(station: str) -> int:
    return int(station.partition("-")[0])
