"""What is received: one table of applications, wrong in each way there is, in each form that they come in.

Each has exactly its outcome, and nothing of it is lost. The whole table is tried as a PDF, one application of
each outcome in the other forms; with PREBIRKA_LONG=1 the whole table in every form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.central import audit
from app.central.media.intake import LARGEST, Delivery
from app.central.media.outcomes import Outcome
from app.central.media.records import Way
from app.central.media.register import Officer, Register
from app.central.media.state import Status
from app.election.errors import KnownError
from app.election.model import Mode
from app.trust import rehearsal_authority as authorities
from app.trust.rehearsal_authority import Credential, Person
from tests.support import newsroom
from tests.support.long import LONG
from tests.support.media_house import OFFICER, MediaHouse
from tests.support.newsroom import DAY, FORMS, IN_TIME, NEWS, STRANGER, signer


@pytest.fixture
def house(tmp_path: Path, store: str) -> MediaHouse:
    return MediaHouse(tmp_path, database=store)


@pytest.fixture
def register(house: MediaHouse) -> Iterator[Register]:
    with house.register() as opened:
        yield opened


def _right() -> Credential:
    return signer()


@dataclass(frozen=True)
class Case:
    """One application: what is changed in it, who signs, what is shown instead, how late it comes."""

    outcome: Outcome
    changes: Callable[[], dict[str, object]] = dict
    by: Callable[[], Credential] = _right
    content: Callable[[bytes], bytes] = lambda content: content
    shown: Callable[[bytes], bytes] | None = None
    received: datetime = IN_TIME
    signed: datetime = IN_TIME


def _addresses(night: int = 1, test: int = 0) -> dict[str, object]:
    return {
        "night": tuple(f"192.0.2.{n}" for n in range(1, night + 1)),
        "test": tuple(f"198.51.100.{n}" for n in range(1, test + 1)),
    }


def _night(*addresses: str) -> Callable[[], dict[str, object]]:
    return lambda: {"night": addresses, "test": ()}


MIDNIGHT = datetime.fromisoformat("2024-09-07T00:00:00+02:00")
CASES = {
    "right": Case(Outcome.ACCEPTED),
    "right, five and five": Case(Outcome.ACCEPTED, lambda: _addresses(5, 5)),
    "right, by RSA": Case(Outcome.ACCEPTED, by=lambda: signer(elliptic=False)),
    "right, by the person alone": Case(Outcome.ACCEPTED, by=lambda: signer(Person("Nová Jana"))),
    "right, by the organisation's seal": Case(
        Outcome.ACCEPTED, by=lambda: signer(Person("Pečeť", "TELEVIZE LHOTA a. s."))
    ),
    "right, at the last moment": Case(Outcome.ACCEPTED, received=MIDNIGHT),
    "right, to film only": Case(Outcome.ACCEPTED, lambda: {"night": (), "test": ()}),
    "forged: other content": Case(
        Outcome.FORGED, shown=lambda content: content.replace(b"192.0.2.2", b"192.0.2.3")
    ),
    "foreign authority": Case(Outcome.FOREIGN, by=lambda: signer(issuer=newsroom.other_authority())),
    "foreign: its own authority": Case(
        Outcome.FOREIGN,
        by=lambda: authorities.make_authority(IN_TIME - DAY, IN_TIME + DAY, newsroom.key_of("x")),
    ),
    "not qualified": Case(Outcome.NOT_QUALIFIED, by=lambda: signer(qualified=False)),
    "expired": Case(Outcome.EXPIRED, by=lambda: signer(ends=-101)),
    "expired at receipt only": Case(
        Outcome.EXPIRED, by=lambda: signer(ends=-101), signed=IN_TIME - 10 * DAY
    ),
    "not yet valid": Case(Outcome.EXPIRED, by=lambda: signer(begins=101)),
    "signed in the future": Case(Outcome.SIGNED_WHEN, signed=IN_TIME + timedelta(hours=2)),
    "wrong person": Case(Outcome.WRONG_PERSON, by=lambda: signer(STRANGER)),
    "wrong organisation, another number": Case(
        Outcome.WRONG_PERSON, by=lambda: signer(replace(NEWS, number="00000019"))
    ),
    "late by a microsecond": Case(Outcome.LATE, received=MIDNIGHT + timedelta(microseconds=1)),
    "late by two days": Case(Outcome.LATE, received=MIDNIGHT + 2 * DAY),
    "sixth address of the night": Case(Outcome.TOO_MANY, lambda: _addresses(6)),
    "sixth address for testing": Case(Outcome.TOO_MANY, lambda: _addresses(1, 6)),
    "private range": Case(Outcome.NOT_PUBLIC, _night("10.1.2.3")),
    "private range in IPv6": Case(Outcome.NOT_PUBLIC, _night("fd00::1")),
    "private range, mapped": Case(Outcome.NOT_PUBLIC, _night("::ffff:192.168.1.1")),
    "link-local": Case(Outcome.NOT_PUBLIC, _night("fe80::1")),
    "multicast": Case(Outcome.NOT_PUBLIC, _night("224.0.0.1")),
    "unspecified": Case(Outcome.NOT_PUBLIC, _night("0.0.0.0")),
    "a whole network": Case(Outcome.NOT_AN_ADDRESS, _night("192.0.2.0/24")),
    "a range": Case(Outcome.NOT_AN_ADDRESS, _night("192.0.2.1-192.0.2.9")),
    "a host's name": Case(Outcome.NOT_AN_ADDRESS, _night("www.televize.example")),
    "a slip": Case(Outcome.NOT_AN_ADDRESS, _night("192.0.2.256")),
    "an address with a zone": Case(Outcome.NOT_AN_ADDRESS, _night("fe80::1%eth0")),
    "duplicate inside": Case(Outcome.DUPLICATE, _night("192.0.2.7", "::ffff:192.0.2.7")),
    "duplicate, night and test": Case(
        Outcome.DUPLICATE, lambda: {"night": ("192.0.2.7",), "test": ("192.0.2.7",)}
    ),
    "asks for nothing": Case(Outcome.EMPTY, lambda: {"night": (), "test": (), "filming": ()}),
    "another election": Case(Outcome.OTHER_ELECTION, lambda: {"election": "kz2020"}),
    "of a live run": Case(Outcome.OTHER_ELECTION, lambda: {"mode": Mode.LIVE}),
    "malformed: no XML": Case(Outcome.MALFORMED, content=lambda _: b"Zadost o pristup"),
    "malformed: cut off": Case(Outcome.MALFORMED, content=lambda content: content[:-20]),
    "malformed: another form": Case(
        Outcome.MALFORMED, content=lambda content: content.replace(b' EMAIL="', b' NAVIC="')
    ),
    "malformed: entities": Case(
        Outcome.MALFORMED, content=lambda content: content.replace(b"\n", b"\n<!DOCTYPE a>", 1)
    ),
}  # fmt: skip


#: The first application of each outcome.
ONE_OF_EACH = {case.outcome: name for name, case in reversed(CASES.items())}


def delivered(house: MediaHouse, form: str, case: Case) -> Delivery:
    content = case.content(newsroom.encoded(house.application(**case.changes())))
    shown = None if case.shown is None else case.shown(content)
    return FORMS[form].delivery(content, case.by(), case.signed, case.received, shown)


@pytest.mark.parametrize("form", ["pdf", "mail", "data box, inside"])
def test_each_application_has_its_outcome_and_nothing_of_it_is_lost(
    house: MediaHouse, register: Register, form: str
) -> None:
    _receive_each(house, register, form)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("form", ["wrapped mail", "data box, beside"])
def test_the_other_forms_of_a_way_have_the_same_outcomes(
    house: MediaHouse, register: Register, form: str
) -> None:
    _receive_each(house, register, form)


def _receive_each(house: MediaHouse, register: Register, form: str) -> None:
    """One application of each kind, in one form: its outcome, and that its bytes are kept."""
    cases = CASES
    if form != "pdf" and not LONG:
        cases = {name: case for name, case in CASES.items() if ONE_OF_EACH[case.outcome] == name}
    sent, found = {}, {}
    for name, case in cases.items():
        sent[name] = delivered(house, form, case)
        entry = register.receive(sent[name], OFFICER)
        found[name] = entry.outcome
        assert register.received(entry.number) == (sent[name].data, sent[name].detached)
        if entry.outcome.accepted and entry.status is Status.WAITING:
            register.refuse(entry.number, OFFICER)  # so that the next one repeats no address of it
    assert found == {name: case.outcome for name, case in cases.items()}
    assert len(register.state().entries) == len(cases)
    audit.check(register.database, register.seal, house.code)


def test_a_revoked_signer_is_refused_from_the_moment_of_the_revocation(
    house: MediaHouse, register: Register
) -> None:
    by = signer()
    for name, days, outcome in (("later", 1, Outcome.ACCEPTED), ("before", -1, Outcome.REVOKED)):
        at = IN_TIME + days * DAY
        crl = authorities.revoke(newsroom.authority(), [by.certificate.serial_number], at, at + 30 * DAY)
        (house.media.revoked / "autorita.crl").write_bytes(crl)
        content = newsroom.encoded(house.application())
        entry = register.receive(FORMS["pdf"].delivery(content, by, IN_TIME), OFFICER)
        assert entry.outcome is outcome, name
        if entry.signer is not None:
            assert entry.signer.revocation_known


def test_what_is_accepted_tells_signer_and_time(house: MediaHouse, register: Register) -> None:
    for form in FORMS:
        entry = register.receive(house.delivery(form), OFFICER)
        assert entry.signer is not None
        assert (entry.signer.name, entry.signer.organisation, entry.signer.number) == (
            NEWS.name, NEWS.organisation, NEWS.number,
        )  # fmt: skip
        assert entry.signed_at == IN_TIME
        assert entry.signer.rehearsal
        assert "ZKOUSKA" in entry.signer.issuer


def test_an_application_in_any_form_is_the_same_application(house: MediaHouse, register: Register) -> None:
    entries = [register.receive(house.delivery(form), OFFICER) for form in FORMS]
    assert len({entry.application for entry in entries}) == 1
    assert len({entry.organisation for entry in entries}) == 1


def test_several_faults_are_all_told_the_first_is_the_outcome(house: MediaHouse, register: Register) -> None:
    content = newsroom.encoded(house.application(night=("10.0.0.1",) * 6))
    delivery = FORMS["mail"].delivery(content, signer(STRANGER), IN_TIME, MIDNIGHT + DAY)
    entry = register.receive(delivery, OFFICER)
    assert entry.reasons == (Outcome.WRONG_PERSON, Outcome.LATE, Outcome.TOO_MANY, Outcome.NOT_PUBLIC)
    assert entry.outcome is Outcome.WRONG_PERSON


def test_anything_at_all_is_received_and_kept(register: Register) -> None:
    sent = (b"", b"%PDF-1.7\n", b"\x30\x80", b"Content-Type: text/plain\n\nahoj", b"\0" * 100, b"\x30" * 5000)
    for way in Way:
        for data in sent:
            entry = register.receive(Delivery(way, data, IN_TIME), OFFICER)
            assert entry.outcome is Outcome.NOT_SIGNED
            assert register.received(entry.number) == (data, b"")
    assert len(register.state().entries) == len(Way) * len(sent)


def test_words_that_no_database_holds_lose_nothing_else(house: MediaHouse, register: Register) -> None:
    hostile = signer(Person("Jana\x00\x1b[2J Nová", NEWS.organisation, NEWS.number))
    content = newsroom.encoded(house.application())
    delivery = replace(FORMS["pdf"].delivery(content, hostile, IN_TIME), name="a\x00b\udc80.pdf")
    entry = register.receive(delivery, OFFICER)
    assert entry.outcome is Outcome.ACCEPTED
    assert entry.signer is not None
    assert (entry.signer.name, entry.name) == ("Jana\x00\x1b[2J Nová", "a\ufffdb\ufffd.pdf")
    broken = replace(delivery, data=b"%PDF-1.7\n\x00\x1b[2J", name="x")
    assert register.receive(broken, OFFICER).outcome is Outcome.NOT_SIGNED
    with pytest.raises(KnownError) as caught:
        register.approve(entry.number, Officer("Marie\x00"))
    assert caught.value.code == "MED-33"


def test_a_huge_delivery_is_kept_and_not_looked_into(register: Register) -> None:
    entry = register.receive(Delivery(Way.PDF, b"%PDF-" + bytes(LARGEST), IN_TIME), OFFICER)
    assert entry.outcome is Outcome.TOO_LARGE
    assert len(register.received(entry.number)[0]) == LARGEST + 5


def test_a_pdf_that_was_added_to_after_signing_is_not_taken(house: MediaHouse, register: Register) -> None:
    right = house.delivery("pdf")
    for data in (
        right.data + b"\n",
        right.data + right.data,
        right.data.replace(b"/ByteRange", b"/ByteRang_"),
    ):
        entry = register.receive(replace(right, data=data), OFFICER)
        assert entry.outcome is Outcome.NOT_SIGNED


def test_a_time_of_receipt_in_the_future_is_a_slip(house: MediaHouse, register: Register) -> None:
    with pytest.raises(KnownError) as caught:
        register.receive(replace(house.delivery(), received_at=house.clock.now + DAY), OFFICER)
    assert caught.value.code == "MED-20"


@pytest.mark.only_on("sqlite")
def test_a_live_centre_refuses_the_rehearsals_authority(tmp_path: Path, store: str) -> None:
    house = MediaHouse(tmp_path, Mode.LIVE, store)
    with house.register() as register:
        with pytest.raises(KnownError) as caught:
            register.receive(house.delivery(), OFFICER)
        assert caught.value.code == "MED-32"
        assert register.state().entries == {}


@pytest.mark.only_on("sqlite")
def test_without_any_authority_nothing_is_judged(house: MediaHouse, register: Register) -> None:
    (house.media.trust / "autorita.pem").unlink()
    with pytest.raises(KnownError) as caught:
        register.receive(house.delivery(), OFFICER)
    assert caught.value.code == "QCA-02"


@pytest.mark.only_on("sqlite")
def test_wrong_settings_are_told(house: MediaHouse) -> None:
    for text in ("deadline = 5", "deadlin = 2024-09-06", "live_from = 2024-09-06", "x"):
        house.media.settings.write_text(text, "utf-8")
        with pytest.raises(KnownError) as caught, house.register():
            pass
        assert caught.value.code == "MED-30"
