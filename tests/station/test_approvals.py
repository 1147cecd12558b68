"""What waits for a supervisor, what that one is shown, and every approval that must not be."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.entry.closing import Situation
from app.station.errors import ContentChanged, OwnWork, RoleRefused, StepRefused
from app.station.offers import Held
from app.station.states import Role, User
from app.station.station import Station
from tests.support.invented_election import stated
from tests.support.paper_entry import closed, paper_of, type_twice
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
    Clock,
    all_rows,
    file_of,
    one_more_envelope,
    protocols,
)

KEY = ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL)
OTHER = ProtocolKey(PrecinctId(550001, 2), Contest.REGIONAL)
SENATE = ProtocolKey(PrecinctId(550001, 2), Contest.SENATE_ROUND_1)
CHIEF = User("Ivan Kříž", Role.SUPERVISOR)


@contextmanager
def nothing_stored(station: Station) -> Iterator[None]:
    before = all_rows(station)
    yield
    assert all_rows(station) == before


def held(
    station: Station, reference: Reference, key: ProtocolKey = KEY, by: User = CLERK, more: int = 0
) -> Held:
    """A protocol with a passable error, put before another person."""
    protocol = one_more_envelope(protocols(reference)[key])
    voters = protocol.counts.registered_voters + more
    protocol = replace(protocol, counts=protocol.counts._replace(registered_voters=voters))
    (offer,) = station.intake.read_bytes("zapis.xml", file_of(stated(reference, protocol)))
    return station.intake.hold(offer, by, "komise trvá na svém")


def test_the_queue_is_oldest_first_and_says_what_is_ones_own(
    station: Station, reference: Reference, clock: Clock
) -> None:
    assert (station.approvals.count(), station.approvals.queue(SUPERVISOR)) == (0, ())
    held(station, reference, OTHER)
    clock.advance(60)
    held(station, reference, KEY, SUPERVISOR)
    queue = station.approvals.queue(User("věra  ŠŤASTNÁ", Role.SUPERVISOR))
    assert [(one.key, one.entered_by, one.own) for one in queue] == [
        (OTHER, CLERK.name, False),
        (KEY, SUPERVISOR.name, True),
    ]
    assert (clock.now - queue[0].held_at).seconds == 60
    assert station.approvals.count() == 2


def test_a_case_shows_file_reason_and_failed_rules_with_numbers(
    station: Station, reference: Reference
) -> None:
    waiting = held(station, reference)
    case = station.approvals.case(KEY)
    assert case is not None
    assert (case.held.reason, case.received_by, case.current) == ("komise trvá na svém", CLERK.name, None)
    assert case.held.offer.original.name == "zapis.xml"
    assert len(case.held.offer.original.sha256) == 64
    assert case.failed == case.failed_at_hold == ("LG-02",)
    (numbers,) = case.held.offer.verdict.failed[0].failed_cases
    assert numbers.left == (numbers.right or 0) + 1 if isinstance(numbers.right, int) else False
    assert (case.readings, case.mends, case.newly_failed) == (None, (), ())
    assert case.held.content_hash == waiting.content_hash
    assert station.approvals.case(OTHER) is None


def test_both_readings_of_a_paper_stand_side_by_side_with_what_closed_each_difference(
    station: Station, reference: Reference
) -> None:
    paper = paper_of(station, one_more_envelope(protocols(reference)[SENATE]))
    voters = FieldRef("VOL_SEZNAM")
    said = paper[voters] or 0
    type_twice(station, SENATE, paper, paper | {voters: said + 5}, (CLERK, OTHER_CLERK))
    station.entries.settle(SENATE, voters, said, OTHER_CLERK)
    offer = station.entries.close(SENATE, OTHER_CLERK)
    station.intake.hold(offer, CLERK, "vydané nesedí")
    case = station.approvals.case(SENATE)
    assert case is not None
    assert case.readings is not None
    assert (case.readings.first_by, case.readings.second_by) == ((CLERK.name,), (OTHER_CLERK.name,))
    (differing,) = case.readings.differing
    assert (differing.field, differing.first, differing.second) == (voters, said, said + 5)
    assert differing.settled is not None
    assert (differing.settled.value, differing.settled.user, differing.settled.situation) == (
        said,
        OTHER_CLERK.name,
        Situation.OTHERS_READING,
    )
    assert {one.field for one in case.readings.fields} == set(paper)


def test_what_was_mended_is_told_back_to_the_first_reading(station: Station, reference: Reference) -> None:
    offer = closed(station, one_more_envelope(protocols(reference)[KEY]), (CLERK, OTHER_CLERK))
    voters = FieldRef("VOL_SEZNAM")
    for more in (1, 2):
        changes = {voters: (offer.reading.counts.registered_voters or 0) + more}
        offer = station.mending.mend(offer, changes, CLERK, True, f"přepočet {more}")
    station.intake.hold(offer, CLERK, "vydané nesedí")
    case = station.approvals.case(KEY)
    assert case is not None
    assert case.readings is not None
    assert [mend.reason for mend in case.mends] == ["přepočet 1", "přepočet 2"]
    assert all(mend.changes[0].startswith("VOL_SEZNAM=") for mend in case.mends)


def test_the_neighbours_figures_are_sums_of_what_was_accepted_around(
    station: Station, reference: Reference
) -> None:
    around = [key for key in protocols(reference) if key.contest is Contest.REGIONAL and key != KEY]
    for key in around:
        (offer,) = station.intake.read_bytes("z.xml", file_of(stated(reference, protocols(reference)[key])))
        station.intake.accept(offer, CLERK)
    held(station, reference)
    case = station.approvals.case(KEY)
    assert case is not None
    figures = case.neighbours
    same = {reference.precincts[key.precinct].region for key in (KEY, *around)}
    assert len(same) == 1
    assert figures.protocols == len(around)
    sums: dict[int, int] = {}
    for key in around:
        for number, votes, _ in getattr(protocols(reference)[key], "sheets", ()):
            sums[number] = sums.get(number, 0) + votes
    assert {line.field.list_number: line.votes_around for line in figures.lines if line.votes_around} == sums
    total = sum(sums.values())
    for line in figures.lines:
        assert line.share_around == line.votes_around * 10_000 // total
    precinct = reference.precincts[KEY.precinct]
    assert figures.counts[0].expected == precinct.expected_voters
    assert figures.counts[1].previous == precinct.previous_issued


Refuses = Callable[[Station, Reference], tuple[User, str]]


def own_work_in_other_spellings() -> list[User]:
    names = [
        SUPERVISOR.name,
        "  věra   šťastná ",
        "VĚRA ŠŤASTNÁ",
        "Věra\u00a0Šťastná",
        unicodedata.normalize("NFD", "Věra Šťastná"),
    ]
    return [User(name, Role.SUPERVISOR) for name in names]


@pytest.mark.parametrize("who", own_work_in_other_spellings(), ids=lambda user: ascii(user.name))
def test_nobody_approves_own_work_under_any_spelling(
    station: Station, reference: Reference, who: User
) -> None:
    waiting = held(station, reference, by=SUPERVISOR)
    case = station.approvals.case(KEY)
    assert case is not None
    with nothing_stored(station), pytest.raises(OwnWork) as refused:
        station.intake.approve(KEY, who, waiting.content_hash, "souhlasím")
    assert refused.value.code == "STA-26"
    told = station.approvals.trouble(case, who)
    assert told is not None
    assert told.code == "STA-26"
    assert station.approvals.trouble(case, CHIEF) is None


def test_whoever_settled_or_closed_the_entry_cannot_approve_it(
    station: Station, reference: Reference
) -> None:
    paper = paper_of(station, one_more_envelope(protocols(reference)[SENATE]))
    type_twice(station, SENATE, paper, paper, (CLERK, OTHER_CLERK))
    offer = station.entries.close(SENATE, SUPERVISOR)
    waiting = station.intake.hold(offer, CLERK, "vydané nesedí")
    with nothing_stored(station), pytest.raises(OwnWork):
        station.intake.approve(SENATE, SUPERVISOR, waiting.content_hash)
    station.intake.approve(SENATE, CHIEF, waiting.content_hash)


@pytest.mark.parametrize("role", [Role.CLERK, Role.TECHNICIAN, Role.PROGRAM])
def test_only_a_supervisor_approves(station: Station, reference: Reference, role: Role) -> None:
    waiting = held(station, reference)
    case = station.approvals.case(KEY)
    assert case is not None
    who = User("Karel Jiný", role)
    with nothing_stored(station), pytest.raises(RoleRefused) as refused:
        station.intake.approve(KEY, who, waiting.content_hash, "souhlasím")
    assert refused.value.code == "STA-21"
    assert station.approvals.trouble(case, who) is not None


def test_content_that_was_changed_since_it_was_shown_is_not_approved(
    station: Station, reference: Reference
) -> None:
    held(station, reference)
    shown = station.approvals.case(KEY)
    station.intake.send_back(KEY, CLERK, "přepočet")
    held(station, reference, more=3)
    assert shown is not None
    with nothing_stored(station), pytest.raises(ContentChanged) as refused:
        station.intake.approve(KEY, SUPERVISOR, shown.held.content_hash, "", shown.failed)
    assert refused.value.code == "STA-27"
    now = station.approvals.case(KEY)
    assert now is not None
    (difference,) = station.approvals.changed(shown, now).figures
    assert difference.field == FieldRef("VOL_SEZNAM")
    assert (difference.right or 0) - (difference.left or 0) == 3
    assert not station.approvals.changed(now, now).anything


def test_a_rule_that_fails_only_now_has_to_be_seen_first(station: Station, reference: Reference) -> None:
    """The neighbour whose very numbers these are was accepted after the case was shown."""
    regional = [key for key in protocols(reference) if key.contest is Contest.REGIONAL]
    first, second = regional[:2]
    copied = one_more_envelope(replace(protocols(reference)[first], precinct=second.precinct))
    (offer,) = station.intake.read_bytes("kopie.xml", file_of(stated(reference, copied)))
    waiting = station.intake.hold(offer, CLERK, "komise trvá na svém")
    shown = station.approvals.case(second)
    (neighbour,) = station.intake.read_bytes("z.xml", file_of(stated(reference, protocols(reference)[first])))
    station.intake.accept(neighbour, CLERK)
    assert shown is not None
    with nothing_stored(station), pytest.raises(ContentChanged):
        station.intake.approve(second, SUPERVISOR, waiting.content_hash, "", shown.failed)
    now = station.approvals.case(second)
    assert now is not None
    assert now.newly_failed == station.approvals.changed(shown, now).rules == ("PL-10",)
    station.intake.approve(second, SUPERVISOR, waiting.content_hash, "viděno", now.failed)


def test_nothing_is_approved_twice_or_after_it_was_sent_back(station: Station, reference: Reference) -> None:
    waiting = held(station, reference)
    station.intake.approve(KEY, SUPERVISOR, waiting.content_hash)
    back = held(station, reference, OTHER)
    station.intake.send_back(OTHER, CLERK, "přepočet")
    for key, shown in ((KEY, waiting), (OTHER, back)):
        with nothing_stored(station), pytest.raises(StepRefused) as refused:
            station.intake.approve(key, CHIEF, shown.content_hash)
        assert refused.value.code == "STA-20"
    assert station.approvals.count() == 0


def test_a_correction_is_not_approved_after_the_accepted_revision_moved(
    station: Station, reference: Reference
) -> None:
    (offer,) = station.intake.read_bytes("z.xml", file_of(stated(reference, protocols(reference)[KEY])))
    station.intake.accept(offer, CLERK)
    other = one_more_envelope(protocols(reference)[KEY])
    (again,) = station.intake.read_bytes("oprava.xml", file_of(stated(reference, other)))
    correction = station.intake.as_correction(again, CLERK, "přehlédnutá obálka")
    waiting = station.intake.hold(correction, CLERK, "komise potvrzuje")
    case = station.approvals.case(KEY)
    assert case is not None
    assert case.current is not None
    assert case.current[0].revision == 1
    station._store.connection.execute("UPDATE protocols SET revision = 2")  # as another workstation's would
    with nothing_stored(station), pytest.raises(ContentChanged) as refused:
        station.intake.approve(KEY, SUPERVISOR, waiting.content_hash, "souhlasím")
    assert refused.value.code == "STA-27"
