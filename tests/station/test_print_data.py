"""What the prints say, and that the confirmation waits for the centre (rule PR-03)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.election.catalogue import RULES
from app.election.checks import judge
from app.election.content import content_hash
from app.election.errors import KnownError
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.election.rule import Severity
from app.election.verdict import FieldRef
from app.station.errors import DeadlineRefused, NotConfirmed, NothingToPrint
from app.station.figures import box
from app.station.offers import Offer
from app.station.problems import place_cs, place_en, problems_of
from app.station.states import State
from app.station.station import Station
from tests.support.invented_election import CALENDAR, good_circumstances, regional_protocol, stated
from tests.support.mutations import REGIONAL
from tests.support.paper_entry import closed
from tests.support.permits import late_permit
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
    Clock,
    FakeCentre,
    file_of,
    fixed_chance,
    one_more_envelope,
    protocols,
)

KEY = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)


def offered(station: Station, reference: Reference, seed: int = 1, flawed: bool = False) -> Offer:
    protocol = regional_protocol(reference, KEY.precinct, seed)
    if flawed:
        protocol = one_more_envelope(protocol)  # type: ignore[assignment]
    (offer,) = station.intake.read_bytes("zapis.xml", file_of(stated(reference, protocol)))
    return offer


def test_a_transcript_has_everything_that_an_authority_s_document_needs(
    station: Station, reference: Reference, clock: Clock
) -> None:
    with pytest.raises(NothingToPrint):
        station.prints.transcript_data(KEY, CLERK)
    protocol = regional_protocol(reference, KEY.precinct, 1)
    accepted = station.intake.accept(closed(station, protocol, (CLERK, OTHER_CLERK)), CLERK)
    data = station.prints.transcript_data(KEY, SUPERVISOR)
    head = data.head
    assert (head.municipality_name, head.district_name) == ("Horní Lhota", "Horní")
    assert (head.mode, head.station, head.transfer_point) == (Mode.REHEARSAL, "41-1", 41)
    assert (head.revision, head.printed_at, head.printed_by) == (1, clock.now, SUPERVISOR.name)
    assert head.content_hash == accepted.content_hash == content_hash(protocol)
    assert head.short_code.replace(" ", "").lower() == accepted.content_hash[:12]
    assert accepted.content_hash in head.qr_text
    assert {"zk2024", "KZ", "550001/1", "ZKOUSKA"} <= set(head.qr_text.split(";"))
    assert (data.protocol, data.from_paper) == (protocol, True)
    assert (data.accepted_by, data.approved_by) == (CLERK.name, None)


def test_the_transcript_of_an_older_revision_can_still_be_printed(
    station: Station, reference: Reference
) -> None:
    station.intake.accept(offered(station, reference), CLERK)
    station.intake.correct(offered(station, reference, 2), CLERK, "komise přepočítala")
    assert station.prints.transcript_data(KEY, CLERK).head.revision == 2
    assert station.prints.transcript_data(KEY, CLERK, 1).protocol == regional_protocol(
        reference, KEY.precinct, 1
    )
    with pytest.raises(NothingToPrint):
        station.prints.transcript_data(KEY, CLERK, 3)


def test_the_confirmation_waits_for_the_centre_s_receipt_of_this_very_content(
    station: Station, reference: Reference, centre: FakeCentre, clock: Clock
) -> None:
    def asked() -> object:
        return station.prints.confirmation_data(KEY, CLERK)

    def raises(error: type[KnownError], act: Callable[[], object] = asked) -> None:
        with pytest.raises(error):
            act()

    raises(NothingToPrint)
    accepted = station.intake.accept(offered(station, reference), CLERK)
    raises(NotConfirmed)
    sender = station.sender(centre, fixed_chance())
    centre.faults = ["no answer"]
    sender.step(clock())
    raises(NotConfirmed)
    sender.step(clock.advance(70))
    data = station.prints.confirmation_data(KEY, CLERK)
    # The same batch went twice, so the receipt that arrived says that the centre has it already.
    assert (data.head.content_hash, data.processing_order, data.batch_number) == (
        accepted.content_hash, None, 1,
    )  # fmt: skip
    assert data.confirmed_at == clock.now.replace(microsecond=0)
    station.intake.correct(offered(station, reference, 2), CLERK, "oprava")
    raises(NotConfirmed)  # the receipt is of the first revision
    centre.refused = {KEY}
    sender.step(clock.advance(70))
    assert station.row(KEY).state is State.RETURNED  # type: ignore[union-attr]
    raises(NotConfirmed)


def test_a_refusal_has_its_deadline_and_counts_down_in_the_list(
    station: Station, reference: Reference, clock: Clock
) -> None:
    with pytest.raises(NothingToPrint):
        station.prints.refusal_data(KEY, CLERK)
    station.intake.refuse(offered(station, reference, flawed=True), CLERK, "nesedí obálky")
    deadline = clock.now + timedelta(minutes=120)
    row = station.row(KEY)
    assert row is not None
    assert (row.deadline, row.deadline_near) == (deadline, False)
    data = station.prints.refusal_data(KEY, SUPERVISOR)
    assert (data.reason, data.deadline, data.refused_by) == ("nesedí obálky", deadline, CLERK.name)
    assert [problem.rule_id for problem in data.problems] == ["LG-02"]
    for minutes, near in ((89, False), (1, True), (60, True)):
        clock.advance(60 * minutes)
        assert station.row(KEY).deadline_near is near  # type: ignore[union-attr]
        assert station.completeness().rows[0].deadline_near is near
    station.intake.accept(offered(station, reference, 3), CLERK)
    row = station.row(KEY)
    assert row is not None
    assert (row.deadline, row.deadline_near) == (None, False)


def test_a_deadline_lies_between_now_and_the_end_of_the_24_hours(
    station: Station, reference: Reference, clock: Clock
) -> None:
    ends = CALENDAR.delivery_ends
    offer = offered(station, reference)
    for wrong in (clock.now, ends + timedelta(seconds=1)):
        with pytest.raises(DeadlineRefused, match=r"22\. 9\. 2024 14:00"):
            station.intake.refuse(offer, CLERK, "ne", wrong)
    clock.now = ends - timedelta(minutes=10)
    station.intake.refuse(offer, CLERK, "ne")
    assert station.row(KEY).deadline == ends  # type: ignore[union-attr]
    clock.now = ends + timedelta(hours=1)
    station.intake.refuse(offer, CLERK, "ne")
    assert station.row(KEY).deadline == clock.now + timedelta(hours=2)  # type: ignore[union-attr]
    station.permits.take(late_permit(reference, KEY, hours=4), CLERK)
    station.intake.refuse(offer, CLERK, "ne", ends + timedelta(hours=4))
    with pytest.raises(DeadlineRefused, match=r"22\. 9\. 2024 18:00"):
        station.intake.refuse(offer, CLERK, "ne", ends + timedelta(hours=4, seconds=1))


def test_an_error_report_tells_every_problem_the_gravest_first(
    station: Station, reference: Reference
) -> None:
    protocol = one_more_envelope(regional_protocol(reference, KEY.precinct, 1))
    first = protocol.sheets[0]._replace(preferences=((1, 9999), (46, 9999)))  # type: ignore[union-attr]
    wrong = replace(protocol, sheets=(first, *protocol.sheets[1:]))  # type: ignore[union-attr,arg-type]
    (offer,) = station.intake.read_bytes("zapis.xml", file_of(stated(reference, wrong)))
    report = station.prints.error_report_data(offer, CLERK)
    assert report.head.revision == 0
    ids = [problem.rule_id for problem in report.problems]
    assert {"LG-02", "LG-06", "LG-07"} <= set(ids)
    assert ids.index("LG-06") < ids.index("LG-02")
    severities = [problem.severity.rank for problem in report.problems]
    assert severities == sorted(severities, reverse=True)
    assert report.problems[0].severity is Severity.BLOCKING
    preference = next(problem for problem in report.problems if problem.rule_id == "LG-06")
    assert box(2, 1) in preference.fields
    assert "T/6, listina č. 2, líc, kandidát č. 1" in preference.places_cs
    assert "9" in preference.sentence_cs
    assert preference.help_cs


@pytest.mark.parametrize(
    ("field", "contest", "cs", "en"),
    [
        (FieldRef("VOL_SEZNAM"), Contest.REGIONAL, "T/6, 1. část, zapsaní voliči (VOL_SEZNAM)",
         "T/6, part 1, registered voters (VOL_SEZNAM)"),
        (box(5, 52), Contest.REGIONAL, "T/6, listina č. 5, rub, kandidát č. 52",
         "T/6, list 5, reverse page, candidate 52"),
        (FieldRef("KC_SUM", 5), Contest.REGIONAL, "T/6, listina č. 5, kontrolní součet (KC_SUM)",
         "T/6, list 5, checksum (KC_SUM)"),
        (box(None, 3), Contest.SENATE_ROUND_1, "T/5, kandidát č. 3", "T/5, candidate 3"),
        (FieldRef("REZIM"), Contest.SENATE_ROUND_1, "T/5, REZIM", "T/5, REZIM"),
    ],
)  # fmt: skip
def test_a_place_on_the_paper_is_told_in_words(field: FieldRef, contest: Contest, cs: str, en: str) -> None:
    assert place_cs(field, contest) == cs
    assert place_en(field, contest) == en


def test_every_known_fault_has_a_whole_sentence(reference: Reference) -> None:
    reading = stated(reference, protocols(reference)[KEY])
    good = good_circumstances(reference, reading)
    for mutation in REGIONAL:
        problems = problems_of(judge(*mutation.apply(reading, good)), Contest.REGIONAL)
        assert problems or mutation.rule_id not in RULES
        for problem in problems:
            assert problem.sentence_cs.endswith(".")
            assert problem.sentence_en.endswith(".")
            assert "{" not in problem.sentence_cs + problem.sentence_en
