"""What officers decide: approvals, repeated addresses, replacements, filming; and the list after each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.central import audit, schema
from app.central.media.outcomes import Outcome
from app.central.media.register import LONGEST_REASON, Officer, Register
from app.central.media.server.allowed import ListFile
from app.central.media.state import Status
from app.documents.media_application import Filming
from app.election.errors import KnownError
from app.trust.anchors import Anchors
from tests.support.invented_election import CALENDAR
from tests.support.media_house import OFFICER, MediaHouse
from tests.support.newsroom import NEWS


@pytest.fixture
def house(tmp_path: Path, store: str) -> MediaHouse:
    return MediaHouse(tmp_path, database=store)


@pytest.fixture
def register(house: MediaHouse) -> Iterator[Register]:
    with house.register() as opened:
        yield opened
        audit.check(opened.database, opened.seal, house.code)


def code_of(caught: pytest.ExceptionInfo[KnownError]) -> str:
    return caught.value.code


def listed(house: MediaHouse) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {each.name: (each.night, each.test) for each in house.listed().organisations}


def test_an_approval_is_in_the_signed_list_at_once(house: MediaHouse, register: Register) -> None:
    number = house.received(register).number
    assert not house.media.allowed.exists()
    assert register.approve(number, OFFICER).status is Status.APPROVED
    assert listed(house) == {NEWS.organisation: (("192.0.2.1", "2001:db8::1"), ("192.0.2.2",))}
    media = house.listed()
    assert (media.serial, media.made_at, media.live_from) == (1, house.clock.now, CALENDAR.voting_begins)
    assert (media.election, media.mode) == (house.code, house.reference.election.mode)


def test_each_change_raises_the_serial_and_nothing_else_does(house: MediaHouse, register: Register) -> None:
    one, other = house.received(register).number, house.other(register, night=("192.0.2.50",)).number
    serials = []
    for act in (
        lambda: register.approve(one, OFFICER),
        lambda: register.publish(),
        lambda: register.approve(other, OFFICER),
        lambda: register.film(one, 1, OFFICER, permit=True),
        lambda: register.refuse(one, OFFICER),
        lambda: register.refuse(other, OFFICER),
        lambda: register.approve(one, OFFICER),
    ):
        act()
        serials.append(house.listed().serial)
    assert serials == [1, 1, 2, 2, 3, 4, 5]


def test_a_refusal_takes_the_addresses_out_and_an_approval_brings_them_back(
    house: MediaHouse, register: Register
) -> None:
    number = house.received(register).number
    register.approve(number, OFFICER)
    assert register.refuse(number, OFFICER).status is Status.REFUSED
    assert listed(house) == {}
    register.approve(number, OFFICER)
    assert list(listed(house)) == [NEWS.organisation]


def test_the_same_decision_twice_is_a_slip(house: MediaHouse, register: Register) -> None:
    number = house.received(register).number
    for act in (register.approve, register.refuse):
        act(number, OFFICER)
        with pytest.raises(KnownError) as caught:
            act(number, OFFICER)
        assert code_of(caught) == "MED-21"


def test_what_was_not_accepted_is_never_approved(house: MediaHouse, register: Register) -> None:
    entry = house.received(register, night=("10.0.0.1",))
    assert (entry.status, entry.outcome) == (Status.NOT_ACCEPTED, Outcome.NOT_PUBLIC)
    for act in (
        lambda: register.approve(entry.number, OFFICER),
        lambda: register.refuse(entry.number, OFFICER),
        lambda: register.decide(entry.number, "10.0.0.1", OFFICER, keep=True),
        lambda: register.film(entry.number, 1, OFFICER, permit=True),
    ):
        with pytest.raises(KnownError) as caught:
            act()
        assert code_of(caught) == "MED-35"
    with pytest.raises(KnownError) as caught:
        register.approve(99, OFFICER)
    assert code_of(caught) == "MED-34"
    assert not house.media.allowed.exists()


@pytest.mark.parametrize(
    "officer", [Officer(""), Officer(" Marie"), Officer("M" * 101), Officer("M", "x" * (LONGEST_REASON + 1))]
)
def test_nobody_decides_without_a_name(house: MediaHouse, register: Register, officer: Officer) -> None:
    with pytest.raises(KnownError) as caught:
        register.approve(house.received(register).number, officer)
    assert code_of(caught) == "MED-33"


# --- repeated addresses ----------------------------------------------------------------------------


def test_an_address_of_two_applicants_waits_for_a_decision(house: MediaHouse, register: Register) -> None:
    first = house.received(register).number
    entry = house.other(register, night=("192.0.2.1", "192.0.2.60"), test=())
    assert (entry.outcome, entry.undecided) == (Outcome.DUPLICATE, ("192.0.2.1",))
    register.approve(first, OFFICER)
    with pytest.raises(KnownError) as caught:
        register.approve(entry.number, OFFICER)
    assert code_of(caught) == "MED-36"
    register.decide(entry.number, "192.0.2.1", OFFICER, keep=False)
    register.approve(entry.number, OFFICER)
    assert listed(house)["Jiná firma"] == (("192.0.2.60",), ())
    assert "192.0.2.1" in listed(house)[NEWS.organisation][0]


def test_an_address_may_be_given_to_the_later_applicant(house: MediaHouse, register: Register) -> None:
    first = house.received(register).number
    second = house.other(register, night=("192.0.2.1",), test=()).number
    register.approve(first, OFFICER)
    register.decide(second, "192.0.2.1", OFFICER, keep=True)
    assert "192.0.2.1" in listed(house)[NEWS.organisation][0]  # until the other is approved
    register.approve(second, OFFICER)
    assert listed(house) == {
        NEWS.organisation: (("2001:db8::1",), ("192.0.2.2",)),
        "Jiná firma": (("192.0.2.1",), ()),
    }
    register.refuse(second, OFFICER)
    assert "192.0.2.1" in listed(house)[NEWS.organisation][0]


def test_nothing_is_to_be_decided_once_the_other_applicant_is_refused(
    house: MediaHouse, register: Register
) -> None:
    first = house.received(register).number
    second = house.other(register, night=("192.0.2.1",), test=())
    register.refuse(first, OFFICER)
    assert register.state().entries[second.number].undecided == ()
    register.approve(second.number, OFFICER)
    assert listed(house) == {"Jiná firma": (("192.0.2.1",), ())}


def test_an_address_that_stands_twice_in_one_application_counts_once(
    house: MediaHouse, register: Register
) -> None:
    entry = house.received(register, night=("192.0.2.1", "::ffff:192.0.2.1"), test=("192.0.2.1",))
    assert (entry.outcome, entry.undecided) == (Outcome.DUPLICATE, ("192.0.2.1",))
    register.decide(entry.number, "192.0.2.1", OFFICER, keep=True)
    register.approve(entry.number, OFFICER)
    assert listed(house) == {NEWS.organisation: (("192.0.2.1",), ())}


def test_only_an_address_of_the_application_is_decided(house: MediaHouse, register: Register) -> None:
    number = house.received(register).number
    with pytest.raises(KnownError) as caught:
        register.decide(number, "192.0.2.99", OFFICER, keep=True)
    assert code_of(caught) == "MED-38"


# --- a second application --------------------------------------------------------------------------


def test_a_second_application_replaces_the_first_by_decision_only(
    house: MediaHouse, register: Register
) -> None:
    first = house.received(register).number
    register.approve(first, OFFICER)
    second = house.received(
        register, organisation="TELEVIZE LHOTA A.S.", night=("192.0.2.1", "192.0.2.5"), test=()
    )
    assert (second.outcome, second.organisation) == (Outcome.ACCEPTED, str(first))
    with pytest.raises(KnownError) as caught:
        register.approve(second.number, OFFICER)
    assert code_of(caught) == "MED-37"
    register.approve(second.number, OFFICER, replace=True)
    state = register.state()
    assert [state.entries[each].status for each in (first, second.number)] == [
        Status.REPLACED,
        Status.APPROVED,
    ]
    assert [each.act for each in state.entries[first].events] == ["APPROVED", "REPLACED"]
    [organisation] = house.listed().organisations
    assert (organisation.id, organisation.night) == (str(first), ("192.0.2.1", "192.0.2.5"))
    with pytest.raises(KnownError) as caught:
        register.approve(first, OFFICER)
    assert code_of(caught) == "MED-35"


def test_a_name_alone_makes_nobody_the_same_organisation_against_its_number(
    house: MediaHouse, register: Register
) -> None:
    first = house.received(register)
    namesake = house.other(register, NEWS.organisation, number="11111111", night=("192.0.2.70",), test=())
    assert namesake.organisation != first.organisation


# --- filming ---------------------------------------------------------------------------------------


def test_filming_is_permitted_or_refused_wish_by_wish(house: MediaHouse, register: Register) -> None:
    begins = CALENDAR.voting_ends
    wishes = tuple(Filming(point, begins, begins + timedelta(hours=1), ("Eva",)) for point in (41, 42, 9999))
    number = house.received(register, filming=wishes).number
    assert register.film(number, 1, OFFICER, permit=True).permitted is True
    assert register.film(number, 2, OFFICER, permit=False).permitted is False
    for wish in (3, 4, 0):  # the election has no such point; the application no such wish
        with pytest.raises(KnownError) as caught:
            register.film(number, wish, OFFICER, permit=True)
        assert code_of(caught) == "MED-39"
    register.film(number, 3, OFFICER, permit=False)
    register.film(number, 1, OFFICER, permit=False)
    assert [each.permitted for each in register.state().entries[number].wishes] == [False, False, False]


# --- what is kept ----------------------------------------------------------------------------------


def test_every_act_stands_in_the_journal_with_its_officer(house: MediaHouse, register: Register) -> None:
    number = house.received(register).number
    register.approve(number, Officer("Marie Úřední", "telefonicky ověřeno"))
    register.meet(datetime.fromisoformat("2024-09-12T10:00:00+02:00"), "Praha, Na padesátém 81", OFFICER)
    with register.database.reading() as connection:
        rows = connection.execute(select(schema.journal).order_by(schema.journal.c.id)).all()
    assert [(row.act, row.subject) for row in rows] == [
        ("media application received", f"application {number}"),
        ("media register decided", f"application {number} APPROVED"),
        ("media list made", "list 1"),
        ("media register decided", "register MEETING"),
    ]
    assert "telefonicky ověřeno" in rows[1].detail
    meeting = register.state().meeting
    assert meeting is not None
    assert (meeting.at.hour, meeting.place) == (10, "Praha, Na padesátém 81")


def test_a_list_that_cannot_be_written_is_told_and_written_later(
    house: MediaHouse, register: Register
) -> None:
    number = house.received(register).number
    house.media.allowed.mkdir()
    with pytest.raises(KnownError) as caught:
        register.approve(number, OFFICER)
    assert code_of(caught) == "MED-22"
    assert register.state().entries[number].status is Status.APPROVED
    house.media.allowed.rmdir()
    assert register.publish() == 1
    assert list(listed(house)) == [NEWS.organisation]
    assert [each.name for each in house.media.root.iterdir() if each.name.startswith(".")] == []


def test_another_start_of_the_live_line_makes_another_list(house: MediaHouse) -> None:
    with house.register() as register:
        register.approve(house.received(register).number, OFFICER)
    told = house.media.settings.read_text("utf-8") + "live_from = 2024-09-21T14:00:00+02:00\n"
    house.media.settings.write_text(told, "utf-8")
    with house.register() as register:
        assert register.publish() == 2
    assert house.listed().live_from == CALENDAR.voting_ends


def test_the_register_is_the_same_after_it_was_opened_again(house: MediaHouse) -> None:
    with house.register() as register:
        register.approve(house.received(register).number, OFFICER)
        before = register.state()
    with house.register() as register:
        assert register.state() == before


def test_two_registers_at_once_count_on_from_each_other(house: MediaHouse) -> None:
    with house.register() as one, house.register() as other:
        first = house.received(one).number
        second = house.other(other, night=("192.0.2.50",)).number
        one.approve(first, OFFICER)
        other.approve(second, replace(OFFICER, name="Petr Druhý"))
        assert house.listed().serial == 2
        assert len(house.listed().organisations) == 2


def test_the_medias_server_follows_each_list(house: MediaHouse, register: Register) -> None:
    anchors = Anchors.from_pem(house.authority.to_pem())
    followed = ListFile(house.media.allowed, anchors, house.code, house.clock)
    number = house.received(register).number
    register.approve(number, OFFICER)
    assert followed.look()
    assert followed.allowed is not None
    line = followed.allowed.by_address["2001:db8::1"]
    assert (line.organisation, line.is_night) == (str(number), True)
    register.refuse(number, OFFICER)
    assert followed.look()
    assert followed.allowed.by_address == {}
