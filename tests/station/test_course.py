"""What the clerk reads from the paper about its course: who signed, when voting ended and why later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.election.circumstances import Signatures
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.station.course import Course, end_of_voting, usual_end
from app.station.offers import Answers, Offer
from app.station.station import Station
from tests.support.station_world import CLERK, SUPERVISOR, file_of, readings

KEY = ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL)


def offered(station: Station, reference: Reference, course: Course) -> Offer:
    data = file_of(readings(reference)[KEY])
    (offer,) = station.intake.read_bytes("zapis.xml", data, course.told_in(Answers()))
    return offer


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [("1430", 14, 30), ("14:30", 14, 30), ("14.05", 14, 5), ("930", 9, 30), ("14", 14, 0), ("0", 0, 0)],
)
def test_a_time_is_read_as_people_type_it(reference: Reference, written: str, hour: int, minute: int) -> None:
    calendar = reference.election.calendar
    ended = end_of_voting(calendar, written)
    assert ended is not None
    assert (ended.hour, ended.minute, ended.date()) == (hour, minute, calendar.voting_ends.date())
    assert ended.tzinfo == calendar.voting_ends.tzinfo


@pytest.mark.parametrize("written", ["", "25", "1460", "14:3", "12345", "14:300", ":", "x", "-1", "१४"])
def test_what_is_no_time_is_none(reference: Reference, written: str) -> None:
    assert end_of_voting(reference.election.calendar, written) is None


def test_the_usual_answers_pass_both_rules(station: Station, reference: Reference) -> None:
    calendar = reference.election.calendar
    ends = end_of_voting(calendar, usual_end(calendar))
    assert ends == calendar.voting_ends
    offer = offered(station, reference, Course(Signatures.ALL, ends))
    outcomes = {rule: offer.verdict.result(rule) for rule in ("FM-05", "FM-06")}
    assert {rule: result and result.outcome for rule, result in outcomes.items()} == dict.fromkeys(
        ("FM-05", "FM-06"), "PASSED"
    )


@pytest.mark.parametrize(
    ("minutes", "reason", "failed"),
    [
        (20, "Fronta před místností", ()),
        (20, "  ", ("FM-06",)),
        (-5, "", ("FM-06",)),
        (-5, "Vše odvolili", ("FM-06",)),
    ],
)
def test_an_extension_needs_its_reason_and_an_early_end_an_approval(
    station: Station, reference: Reference, minutes: int, reason: str, failed: tuple[str, ...]
) -> None:
    ended = reference.election.calendar.voting_ends + timedelta(minutes=minutes)
    offer = offered(station, reference, Course(Signatures.ALL, ended, reason))
    assert offer.verdict.failed_ids == failed


def test_an_annex_is_told_apart_from_a_paper_that_all_signed(station: Station, reference: Reference) -> None:
    ends = reference.election.calendar.voting_ends
    cases = {}
    for signed in Signatures:
        result = offered(station, reference, Course(signed, ends)).verdict.result("FM-05")
        assert result is not None
        cases[signed] = (result.outcome, [case.kind for case in result.cases])
    assert cases == {
        Signatures.ALL: ("PASSED", ["signatures"]),
        Signatures.ANNEX: ("PASSED", ["annex"]),
        Signatures.MISSING: ("FAILED", ["signatures"]),
    }


def test_the_answers_are_kept_with_a_hold_and_stand_in_the_journal(
    station: Station, reference: Reference
) -> None:
    ended = reference.election.calendar.voting_ends + timedelta(minutes=10)
    offer = offered(station, reference, Course(Signatures.MISSING, ended, "Fronta"))
    held = station.intake.hold(offer, CLERK, "Jeden člen odešel.")
    (waiting,) = station.intake.held(KEY)
    said = waiting.offer.answers
    assert (said.signatures, said.voting_ended, said.extension_reason) == (
        Signatures.MISSING,
        ended,
        "Fronta",
    )
    station.intake.approve(KEY, SUPERVISOR, held.content_hash)
    details = [entry.details for entry in station.journal.entries() if entry.key == KEY]
    assert {detail["signatures"] for detail in details} == {"missing"}
    assert {detail["extension_reason"] for detail in details} == {"Fronta"}
