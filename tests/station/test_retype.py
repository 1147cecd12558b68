"""KC-05: no file is taken in before the clerk typed its binding totals from the signed paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.election.errors import KnownError
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.election.sentences import text_cs, text_en
from app.election.verdict import FieldRef, Outcome
from app.station.config import RetypeRule
from app.station.entry.errors import FieldRefused, NotDiffering
from app.station.errors import Blocked, ReasonMissing, RetypeMissing
from app.station.figures import COUNTS, box, figures, votes_field
from app.station.offers import Offer
from app.station.retype import veiled
from app.station.station import Station
from tests.support.invented_election import reference as invented
from tests.support.invented_election import regional_protocol, stated
from tests.support.paper_entry import closed
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
    Clock,
    all_rows,
    file_of,
    make_station,
    one_more_envelope,
    protocols,
)

KEY = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
SENATE_KEY = ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1)
VALID = COUNTS[3]


@pytest.fixture
def folder(tmp_path: Path, reference: Reference) -> Path:
    return make_station(tmp_path, reference, retype=RetypeRule.ALWAYS)


@pytest.fixture
def offer(station: Station, reference: Reference) -> Offer:
    (made,) = station.intake.read_bytes("zapis.xml", file_of(stated(reference, protocols(reference)[KEY])))
    return made


def paper(station: Station, offer: Offer) -> dict[FieldRef, int | None]:
    """What a careful clerk types from the paper of this very file."""
    found = figures(offer.reading)
    return {field: found.get(field) for field in station.retype.expected_fields(offer)}


def refused(station: Station, error: type[KnownError], act: Callable[[], object]) -> None:
    before = all_rows(station)
    with pytest.raises(error):
        act()
    assert all_rows(station) == before


def test_the_counts_and_each_list_of_the_file_are_asked_and_no_value_told(
    station: Station, reference: Reference, offer: Offer
) -> None:
    assert station.retype.expected_fields(offer) == (*COUNTS, *(votes_field(n) for n in (2, 5, 12, 33, 70)))
    (senate,) = station.intake.read_bytes(
        "s.xml", file_of(stated(reference, protocols(reference)[SENATE_KEY]))
    )
    assert station.retype.expected_fields(senate) == (*COUNTS, *(box(None, n) for n in range(1, 7)))
    assert station.retype.differing(offer) == ()


@pytest.mark.parametrize("mode", Mode)
def test_a_file_is_not_accepted_before_all_of_them_were_typed(
    tmp_path: Path, clock: Clock, mode: Mode
) -> None:
    reference = invented(mode=mode)
    with Station.open(make_station(tmp_path, reference, retype=RetypeRule.ALWAYS), clock) as station:
        data = file_of(stated(reference, protocols(reference)[KEY]), mode=mode)
        (offer,) = station.intake.read_bytes("zapis.xml", data)
        assert station.retype.missing(offer) == station.retype.expected_fields(offer)
        refused(station, RetypeMissing, lambda: station.intake.accept(offer, CLERK))
        typed = paper(station, offer)
        partly = station.retype.judged(offer, {**typed, votes_field(5): None})
        assert station.retype.missing(partly) == (votes_field(5),)
        refused(station, RetypeMissing, lambda: station.intake.accept(partly, CLERK))
        whole = station.retype.judged(offer, typed)
        assert station.retype.missing(whole) == ()
        result = whole.verdict.result("KC-05")
        assert result is not None
        assert result.outcome is Outcome.PASSED
        assert station.intake.accept(whole, CLERK).revision == 1


def test_a_held_file_was_retyped_too_and_its_approval_judges_the_totals_again(
    station: Station, reference: Reference
) -> None:
    flawed = stated(reference, one_more_envelope(regional_protocol(reference, KEY.precinct, 1)))
    (offer,) = station.intake.read_bytes("zapis.xml", file_of(flawed))
    refused(station, RetypeMissing, lambda: station.intake.hold(offer, CLERK, "obálka"))
    held = station.intake.hold(station.retype.judged(offer, paper(station, offer)), CLERK, "obálka")
    assert station.intake.approve(KEY, SUPERVISOR, held.content_hash).revision == 1


def test_a_flag_raised_by_a_wrong_reading_falls_with_the_right_one(tmp_path: Path, clock: Clock) -> None:
    reference = invented(mode=Mode.REHEARSAL)
    reference = replace(reference, election=replace(reference.election, severities={"KC-05": "P"}))
    with Station.open(make_station(tmp_path, reference), clock) as station:
        (offer,) = station.intake.read_bytes("z.xml", file_of(stated(reference, protocols(reference)[KEY])))
        typed = paper(station, offer)
        wrong = station.retype.judged(offer, {**typed, VALID: 1})
        assert wrong.reading.passable_error == 1
        assert station.retype.judged(wrong, typed).reading == offer.reading


def test_a_difference_blocks_and_names_the_fields(station: Station, offer: Offer) -> None:
    typed = paper(station, offer) | {VALID: 1, votes_field(12): 0}
    judged = station.retype.judged(offer, typed)
    assert station.retype.differing(judged) == (VALID, votes_field(12))
    assert "KC-05" in judged.verdict.failed_ids
    refused(station, Blocked, lambda: station.intake.accept(judged, CLERK))


def test_a_second_look_that_supports_the_file_settles_the_difference(station: Station, offer: Offer) -> None:
    typed = paper(station, offer)
    judged = station.retype.judged(offer, typed | {VALID: 1})
    refused(station, ReasonMissing, lambda: station.retype.settle(judged, VALID, typed[VALID], CLERK, ""))
    refused(station, NotDiffering, lambda: station.retype.settle(judged, COUNTS[0], 1, CLERK, "překlep"))
    settled = station.retype.settle(judged, VALID, typed[VALID], CLERK, "překlep")
    assert station.retype.differing(settled) == ()
    entry = station.journal.entries()[-1]
    assert (entry.act, entry.details["typed"], entry.details["settled"], entry.details["agrees"]) == (
        "retype-settled", 1, typed[VALID], True,
    )  # fmt: skip
    assert station.intake.accept(settled, CLERK).revision == 1


def test_a_second_look_that_supports_the_paper_leaves_mending_or_refusal(
    station: Station, offer: Offer
) -> None:
    typed = paper(station, offer)
    right = (typed[VALID] or 0) + 3
    judged = station.retype.judged(offer, typed | {VALID: right})
    settled = station.retype.settle(judged, VALID, right, CLERK, "na papíru je to zřetelně")
    assert station.retype.differing(settled) == (VALID,)
    refused(station, Blocked, lambda: station.intake.accept(settled, CLERK))
    mended = station.mending.mend(settled, {VALID: right}, CLERK, True, "soubor je starší než papír")
    assert station.retype.differing(mended) == ()
    assert station.retype.missing(mended) == ()
    assert mended.verdict.result("KC-05").outcome is Outcome.PASSED  # type: ignore[union-attr]
    station.intake.refuse(settled, CLERK, "soubor není tento zápis")


@pytest.mark.parametrize("field", [votes_field(99), box(2, 1), FieldRef("KC_2")])
def test_a_field_that_was_not_asked_is_refused(station: Station, offer: Offer, field: FieldRef) -> None:
    refused(station, FieldRefused, lambda: station.retype.judged(offer, {field: 1}))
    refused(station, FieldRefused, lambda: station.retype.judged(offer, {VALID: 10_000}))


def test_a_protocol_typed_from_paper_is_not_retyped(station: Station, reference: Reference) -> None:
    offer = closed(station, protocols(reference)[KEY], (CLERK, OTHER_CLERK))
    assert station.retype.expected_fields(offer) == station.retype.missing(offer) == ()
    assert station.intake.accept(offer, CLERK).revision == 1


def test_a_point_that_turned_it_off_asks_for_nothing(
    tmp_path: Path, clock: Clock, reference: Reference
) -> None:
    folder = make_station(tmp_path / "off", reference, retype=RetypeRule.OFF)
    with Station.open(folder, clock) as station:
        (offer,) = station.intake.read_bytes("z.xml", file_of(stated(reference, protocols(reference)[KEY])))
        assert station.retype.missing(offer) == ()
        assert not station.retype.required
        assert station.intake.accept(offer, CLERK).revision == 1


@pytest.mark.parametrize("key", [KEY, SENATE_KEY], ids=["T/6", "T/5"])
def test_until_it_is_settled_the_verdict_names_a_differing_field_and_no_figure_of_it(
    station: Station, reference: Reference, key: ProtocolKey
) -> None:
    (offer,) = station.intake.read_bytes("z.xml", file_of(stated(reference, protocols(reference)[key])))
    right = paper(station, offer)
    for field, value in right.items():
        typed = 400 + (value or 0) % 10  # no figure of these papers
        wrong = station.retype.judged(offer, {**right, field: typed})
        (told,) = (result for result in wrong.verdict.failed if result.rule_id == "KC-05")
        (hidden,) = (
            r for r in veiled(wrong.verdict, station.retype.differing(wrong)).failed if r.rule_id == "KC-05"
        )
        assert (hidden.rule_id, hidden.outcome, hidden.severity) == told[:3]
        (case,) = hidden.failed_cases
        assert (case.fields, case.left, case.right) == ((field,), None, None)
        for sentence in (text_cs(hidden, case), text_en(hidden, case)):
            assert str(typed) not in sentence
            assert sentence.endswith(".")
            assert "{" not in sentence
        assert str(typed) in text_cs(told, told.failed_cases[0])
        assert veiled(wrong.verdict, ()) is wrong.verdict


def test_settling_unveils_only_the_fields_that_were_looked_at_again(station: Station, offer: Offer) -> None:
    right = paper(station, offer)
    voters, issued = COUNTS[:2]
    wrong = station.retype.judged(offer, {**right, voters: 9999, issued: 9998})
    hidden = veiled(wrong.verdict, [issued])
    (result,) = (result for result in hidden.failed if result.rule_id == "KC-05")
    assert [case.right for case in result.failed_cases] == [9999, None]
