"""Attacks on the centre's door, as data: what the attacker does and the code that it ends with.

`ATTACKS` are sent over HTTP to a real centre by `test_attacks`; `ELSEWHERE` names those that need a process
with limits of its own, and the test that shows each. `python -m tests.central.attacks` writes both into
`resources/manual/attacks.md`.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.documents import batch as batch_document
from app.documents import inquiry as inquiry_document
from app.documents.batch import BatchItem
from app.documents.inquiry import Inquiry, Kind
from app.election.model import Mode, RegionalReading
from app.trust import authority, cms, keys
from app.trust.identity import Identity, Role
from tests.support.central_driver import corrected, of_point
from tests.support.house import House, SendingStation, item_of
from tests.support.invented_election import OTHER_POINT, POINT, stated
from tests.support.readiness import signed_report
from tests.trust.forge import Forgery

PAGE = Path(__file__).resolve().parents[2] / "resources" / "manual" / "attacks.md"
SIGNED = "application/pkcs7-mime"
_PLACE = re.compile(r"(<!-- table: attacks -->\n).*?(<!-- end of table -->\n)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Scene:
    """What an attacker has: `station` is registered and its first batch is at the centre, with protocol 0 of
    its point; `foreign` is a house with an authority of the same name."""

    house: House
    foreign: House
    station: SendingStation

    def item(self, rank: int = 1, **changes: object) -> BatchItem:
        return self.station.item(of_point(self.house, POINT)[rank], **changes)

    def text(self, **changes: Any) -> bytes:
        """The content of the next batch with one protocol."""
        number = changes.pop("number", self.station.number + 1)
        return batch_document.write(replace(self.station.content(self.item()), number=number, **changes))

    def forged(self, **changes: Any) -> bytes:
        made = Forgery.correct(self.text(), self.station.key, self.station.certificate, self.house.clock.now)
        return replace(made, **changes).build()

    def lived(self, begins: float, ends: float) -> bytes:
        """A batch signed with a certificate that lives between these hours from now."""
        station, house = self.station, self.house
        identity = Identity(Role.STATION, house.code, station.point, station.name)
        now = house.clock.now
        certificate = authority.issue(
            authority.make_request(station.key, identity), identity, house.authority, house._key,
            now + timedelta(hours=begins), now + timedelta(hours=ends),
        )  # fmt: skip
        return cms.sign(self.text(), station.key, certificate, now)

    def changed(self, old: bytes, new: bytes) -> bytes:
        """The next batch, honestly signed, with its text changed once."""
        text = self.text()
        assert old in text
        return self.station.sign(text.replace(old, new, 1))


@dataclass(frozen=True, slots=True)
class Attack:
    """`code` is the centre's, empty where the attack is met by the answer that was given before; `cause` the
    finer code beside it, or the rule that a protocol fails."""

    does: str
    code: str
    cause: str
    make: Callable[[Scene], bytes]
    path: str = "/v1/batches"
    headers: Mapping[str, str] = field(default_factory=dict)


def _by(role: Role) -> Callable[[Scene], bytes]:
    def make(scene: Scene) -> bytes:
        key, certificate = scene.house.participant(Identity(role, scene.house.code))
        return cms.sign(scene.text(), key, certificate, scene.house.clock.now)

    return make


def _foreign(scene: Scene) -> bytes:
    stranger = scene.foreign.station(scene.station.name)
    return cms.sign(scene.text(), stranger.key, stranger.certificate, scene.house.clock.now)


def _unregistered(scene: Scene) -> bytes:
    return scene.house.station(f"{POINT}-999", register=False).batch()


def _revoked(scene: Scene) -> bytes:
    from app.central import centre

    centre.revoke_station(scene.house.centre_folder, scene.station.name, "ztracena", scene.house.clock.now)
    return scene.station.sign(scene.text())


def _replaced(scene: Scene) -> bytes:
    scene.house.station(scene.station.name)
    return scene.station.sign(scene.text())


def _replay(scene: Scene) -> bytes:
    return scene.station.sent[0]


def _digit(scene: Scene) -> bytes:
    data = bytearray(scene.station.sign(scene.text()))
    data[data.index(b'VYD_OBALKY="') + len(b'VYD_OBALKY="')] ^= 1
    return bytes(data)


def _twisted(scene: Scene) -> bytes:
    """A valid signature in another encoding: one byte behind the end."""
    return scene.station.sign(scene.text()) + b"\0"


def _reading(**changes: Any) -> Callable[[Scene], bytes]:
    """The next batch with a protocol that says something else; control numbers as they were."""

    def make(scene: Scene) -> bytes:
        reading = stated(scene.house.reference, of_point(scene.house, POINT)[1])
        assert isinstance(reading, RegionalReading)
        counts = reading.counts._replace(**changes)
        wrong = item_of(replace(reading, counts=counts), scene.house.clock.now)
        return scene.station.batch(wrong)

    return make


def _inquiry(**changes: Any) -> Callable[[Scene], bytes]:
    def make(scene: Scene) -> bytes:
        house, one = scene.house, scene.station
        late = changes.get("asked_at", timedelta())
        asked = Inquiry(
            house.code, house.reference.election.mode, one.name, one.point, Kind.STATE, 0, one.name, 0,
            house.clock.now + late,
        )  # fmt: skip
        others = {name: value for name, value in changes.items() if name != "asked_at"}
        return one.sign(inquiry_document.write(replace(asked, **others)))

    return make


def _report(late: timedelta = timedelta(), **changes: Any) -> Callable[[Scene], bytes]:
    def make(scene: Scene) -> bytes:
        at = scene.house.clock.now + late
        return signed_report(scene.house, scene.station, tried_at=at, **changes)

    return make


def _bomb(_: Scene) -> bytes:
    return gzip.compress(bytes(50_000_000), 9)


_ENTITIES = b'<!DOCTYPE DAVKA [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
_TAGS = b"<Z/>" * 60_000
_INQUIRIES = "/v1/inquiries"
_REPORTS, _TRIALS = "/v1/readiness", "/v1/trials"

ATTACKS: Mapping[str, Attack] = {
    # who signs
    "foreign certificate": Attack("an authority of the same name issued it", "ING-04", "CMS-15", _foreign),
    "expired": Attack("the certificate's life is over", "ING-04", "CMS-18", lambda s: s.lived(-40, -1)),
    "not valid yet": Attack("its life has not begun", "ING-04", "CMS-17", lambda s: s.lived(1, 40)),
    "revoked": Attack("the certificate was taken out of force a moment ago", "ING-05", "", _revoked),
    "replaced": Attack("the station has a newer certificate", "ING-05", "", _replaced),
    "not registered": Attack(
        "a true certificate that the register does not know", "ING-05", "", _unregistered
    ),
    "another role": Attack("the centre's own key signs a batch", "ING-04", "CMS-21", _by(Role.CENTRE)),
    "reference's key": Attack(
        "whoever prepares reference data signs", "ING-04", "CMS-21", _by(Role.REFERENCE)
    ),
    # what the content claims
    "other station's number": Attack(
        "the batch names a neighbour", "ING-07", "", lambda s: s.station.batch(station=f"{POINT}-998")
    ),
    "other transfer point": Attack(
        "the batch names another point", "ING-07", "", lambda s: s.station.batch(transfer_point=OTHER_POINT)
    ),
    "other point's precinct": Attack(
        "a protocol of a precinct that belongs elsewhere",
        "ING-21",
        "ID-02",
        lambda s: s.station.batch(s.station.item(of_point(s.house, OTHER_POINT)[0])),
    ),
    "other election": Attack(
        "a batch of another election", "ING-08", "", lambda s: s.changed(b"zk2024", b"zk2020")
    ),
    "rehearsal into live": Attack(
        "a rehearsal's batch in a live night", "ING-09", "", lambda s: s.station.batch(mode=Mode.REHEARSAL)
    ),
    # the chain
    "replay": Attack("the same bytes again", "", "", _replay),
    "same number with other bytes": Attack(
        "a second batch under a number that was used",
        "ING-10",
        "",
        lambda s: s.station.sign(s.text(number=1, previous_hash="0" * 64)),
    ),
    "another past": Attack(
        "the next number, but it follows another batch",
        "ING-11",
        "",
        lambda s: s.station.sign(s.text(previous_hash="ab" * 32)),
    ),
    "a first batch with a past": Attack(
        "number 1 of a chain that began",
        "ING-10",
        "",
        lambda s: s.station.sign(s.text(number=1, previous_hash="ab" * 32)),
    ),
    # the signature
    "signature over other content": Attack(
        "the digest is of other bytes", "ING-03", "CMS-11", lambda s: s.forged(signed_content=b"<DAVKA/>")
    ),
    "a digit changed on the way": Attack("one bit of the content", "ING-03", "CMS-11", _digit),
    "two signers": Attack(
        "two true signatures in one file", "ING-03", "CMS-07", lambda s: s.forged(signers=2)
    ),
    "no signer": Attack("none", "ING-03", "CMS-07", lambda s: s.forged(signers=0)),
    "two certificates": Attack(
        "another certificate beside the signer's",
        "ING-03",
        "CMS-08",
        lambda s: s.forged(certificates=[s.station.certificate.der, s.house.authority.der]),
    ),
    "detached passed as attached": Attack(
        "a signature without its content",
        "ING-03",
        "CMS-04",
        lambda s: cms.sign_detached(s.text(), s.station.key, s.station.certificate, s.house.clock.now),
    ),
    "an unsigned attribute": Attack(
        "room for words that nobody signed", "ING-03", "CMS-09", lambda s: s.forged(unsigned=True)
    ),
    "weaker digest": Attack("SHA-1", "ING-03", "CMS-06", lambda s: s.forged(digest_algorithm="sha1")),
    "another signer's key": Attack(
        "the certificate is the station's, the signature is not",
        "ING-03",
        "CMS-13",
        lambda s: s.forged(key=keys.make_key()),
    ),
    "bytes behind the end": Attack("the same values, encoded otherwise", "ING-03", "CMS-03", _twisted),
    "no signature at all": Attack("plain XML", "ING-03", "CMS-03", lambda s: s.text()),
    "nothing": Attack("an empty body", "ING-03", "CMS-01", lambda _: b""),
    # the document
    "a comment in the XML": Attack(
        "numbers that two readers read differently",
        "ING-06",
        "DOC-13",
        lambda s: s.changed(b"</DAVKA>", b"<!-- -->12</DAVKA>"),
    ),
    "a processing instruction": Attack(
        "words for some readers only",
        "ING-06",
        "DOC-13",
        lambda s: s.changed(b"</DAVKA>", b"<?x y?></DAVKA>"),
    ),
    "CDATA": Attack(
        "another way to write a text",
        "ING-06",
        "DOC-13",
        lambda s: s.changed(b"</DAVKA>", b"<![CDATA[]]></DAVKA>"),
    ),
    "an entity in the XML": Attack(
        "a text that grows when it is read",
        "ING-06",
        "DOC-12",
        lambda s: s.changed(b"<DAVKA", _ENTITIES + b"<DAVKA"),
    ),
    "another encoding": Attack(
        "UTF-16, signed", "ING-06", "DOC-08", lambda s: s.station.sign(s.text().decode().encode("utf-16"))
    ),
    "too many tags": Attack("60 000 of them", "ING-06", "DOC-14", lambda s: s.changed(b"</DAVKA>", _TAGS)),
    "another document": Attack(
        "a receipt in place of a batch", "ING-06", "DOC-15", lambda s: s.station.sign(b"<POTVRZENI/>")
    ),
    "a later version": Attack(
        "a format that is not known", "ING-06", "DOC-16", lambda s: s.changed(b"davka:1", b"davka:2")
    ),
    "wrong types": Attack(
        "letters for a number", "ING-06", "DOC-23", lambda s: s.changed(b'VYD_OBALKY="', b'VYD_OBALKY="x')
    ),
    "numbers out of range": Attack(
        "a count of ten digits",
        "ING-06",
        "DOC-23",
        lambda s: s.changed(b'VYD_OBALKY="', b'VYD_OBALKY="9999999'),
    ),
    "an unknown attribute": Attack(
        "one more", "ING-06", "DOC-22", lambda s: s.changed(b"<DAVKA ", b'<DAVKA X="1" ')
    ),
    "a missing attribute": Attack(
        "one fewer", "ING-06", "DOC-21", lambda s: s.changed(b' ZDROJ="SOUBOR"', b"")
    ),
    "the same protocol twice": Attack(
        "in one batch",
        "ING-06",
        "DOC-30",
        lambda s: s.station.sign(re.sub(rb"(<ZAPIS.*</ZAPIS>)", rb"\1\1", s.text(), flags=re.DOTALL)),
    ),
    # the protocol
    "counts that cannot be": Attack(
        "more valid votes than envelopes", "ING-21", "LG-05", _reading(valid_votes=1)
    ),
    "more votes than people": Attack(
        "a count beyond any precinct", "ING-21", "FM-01", _reading(registered_voters=999_999_999)
    ),
    "a negative count": Attack("below zero", "ING-21", "FM-01", _reading(envelopes_issued=-1)),
    "a blank for a number": Attack(
        "nothing where a count belongs", "ING-21", "FM-01", _reading(valid_votes=None)
    ),
    "a stated hash that is not the content's": Attack(
        "an approval of something else",
        "ING-23",
        "",
        lambda s: s.station.batch(s.item(content_hash="ab" * 32)),
    ),
    "another workstation's precinct": Attack(
        "other content under a revision that another workstation sent",
        "ING-20",
        "",
        lambda s: s.station.batch(s.station.item(corrected(of_point(s.house, POINT)[0], 7), reason="x")),
    ),
    "after the 24 hours": Attack(
        "accepted late, without a permit",
        "ING-24",
        "",
        lambda s: s.station.batch(
            s.item(accepted_at=s.house.reference.election.calendar.delivery_ends + timedelta(hours=1))
        ),
    ),
    # inquiries
    "an inquiry in another's name": Attack(
        "the inquiry names a neighbour", "ING-32", "", _inquiry(station=f"{POINT}-998"), _INQUIRIES
    ),
    "another point's state": Attack(
        "the inquiry names another point", "ING-32", "", _inquiry(transfer_point=OTHER_POINT), _INQUIRIES
    ),
    "another point's batches": Attack(
        "the inquiry asks for another point's files",
        "ING-32",
        "",
        _inquiry(kind=Kind.BATCHES, batches_of=f"{OTHER_POINT}-1"),
        _INQUIRIES,
    ),
    "an old inquiry": Attack(
        "replayed after 11 minutes", "ING-31", "", _inquiry(asked_at=timedelta(minutes=-11)), _INQUIRIES
    ),
    "a batch as an inquiry": Attack(
        "at the inquiries' address", "ING-30", "DOC-15", lambda s: s.station.sign(s.text()), _INQUIRIES
    ),
    # readiness
    "a report in another's name": Attack(
        "a readiness report names a neighbour", "ING-32", "", _report(station=f"{POINT}-998"), _REPORTS
    ),
    "an old report": Attack(
        "a readiness report replayed after three days", "ING-31", "", _report(timedelta(days=-3)), _REPORTS
    ),
    "a batch as a report": Attack(
        "at the readiness reports' address", "ING-30", "DOC-15", lambda s: s.station.sign(s.text()), _REPORTS
    ),
    "a batch as a trial": Attack(
        "at the trial protocols' address", "ING-30", "DOC-15", lambda s: s.station.sign(s.text()), _TRIALS
    ),
    # the request
    "oversize": Attack("more bytes than the centre takes", "ING-01", "", lambda _: bytes(300_001)),
    "oversize inquiry": Attack(
        "more bytes than an inquiry has", "ING-01", "", lambda _: bytes(16_001), _INQUIRIES
    ),
    "compressed bomb": Attack(
        "50 MB of zeros in 50 kB", "ING-45", "", _bomb, headers={"content-encoding": "gzip"}
    ),
    "another type": Attack(
        "plain XML by its type", "ING-02", "", lambda s: s.text(), headers={"content-type": "text/xml"}
    ),
    "another address": Attack(
        "dots towards the centre's key", "ING-47", "", lambda s: s.text(), "/v1/batches/../../centre.key"
    ),
}

#: Attacks that need a centre with tight limits: what the attacker does, codes, the test.
_DOOR = "tests/central/test_door.py::"
ELSEWHERE: Mapping[str, tuple[str, str, str]] = {
    "slow loris, head": ("a head that drips", "ING-43", _DOOR + "test_a_head_that_drips_is_cut"),
    "slow loris, body": (
        "a body that drips or stops",
        "ING-13",
        _DOOR + "test_a_body_that_does_not_come_is_cut",
    ),
    "a token of a package": (
        "asks for a certificate with a wrong one, with one that was used, or for another workstation",
        "ING-50 ING-51 ING-52 ING-53",
        "tests/commands/test_enrolling.py::test_a_token_works_for_one_key_and_one_workstation",
    ),
    "a program of one's own": (
        "a station with a changed program, where the centre refuses what is not approved",
        "ING-17",
        "tests/central/test_programs.py::test_a_running_centre_refuses_a_program_until_a_list_allows_it",
    ),
    "thousand connections": (
        "and none of them asks for anything",
        "",
        _DOOR + "test_a_thousand_connections_do_not_keep_a_station_out",
    ),
    "many bodies at once": (
        "more bytes than memory may hold",
        "ING-12",
        _DOOR + "test_all_bodies_together_have_their_limit",
    ),
    "flood from an address": (
        "requests faster than anybody needs",
        "ING-40",
        _DOOR + "test_a_flood_from_one_address_is_told_to_wait",
    ),
    "flood of a station": (
        "signed requests without end",
        "ING-41",
        _DOOR + "test_a_station_that_asks_too_often_is_told_to_wait_and_another_is_not",
    ),
    "path and header tricks": (
        "dots, double lengths, chunks, folded headers, TLS to a plain port",
        "ING-01 ING-02 ING-03 ING-44 ING-45 ING-46 ING-47 ING-48",
        _DOOR + "test_a_trick_gets_its_code_and_a_number_that_stands_in_the_log",
    ),
    "inquiries that crowd batches out": (
        "a thousand at once",
        "ING-12",
        "tests/central/test_waiting.py::test_a_thousand_inquiries_never_turn_a_batch_away",
    ),
}


def filled(text: str) -> str:
    """The page with its table as it is now."""
    rows = [
        (name, one.does, " ".join(filter(None, (one.code or "the same receipt", one.cause))), "")
        for name, one in ATTACKS.items()
    ]
    rows += [(name, does, code or "a receipt", test) for name, (does, code, test) in ELSEWHERE.items()]
    lines = ["| attack | what the attacker does | ends with | shown by |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {name} | {does} | {_codes(code)} | {test and f'`{test}`'} |" for name, does, code, test in rows
    ]
    return _PLACE.sub(lambda place: place[1] + "\n" + "\n".join(lines) + "\n\n" + place[2], text)


def _codes(told: str) -> str:
    return " ".join(f"`{word}`" for word in told.split()) if "-" in told else told


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
