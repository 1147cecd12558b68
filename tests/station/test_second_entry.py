"""The blind second reading: what is asked again, and who may settle and close it."""

from __future__ import annotations

import pytest

from app.election.content import content_hash
from app.election.errors import KnownError
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.entry.closing import CLOSINGS, Situation
from app.station.entry.errors import (
    DraftEnded,
    DraftOfOther,
    EntryIncomplete,
    FirstUnfinished,
    NotDiffering,
    OwnReading,
    ReadingsDiffer,
    SecondUnfinished,
    SettlementRefused,
)
from app.station.errors import (
    ReasonMissing,
)
from app.station.figures import COUNTS, box
from app.station.states import Role, User
from app.station.station import Station
from tests.support.invented_election import regional_protocol
from tests.support.paper_entry import (
    BOTH,
    KEY,
    SENATE_KEY,
    paper_of,
    type_in,
    type_twice,
    unchanged,
)
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
)

VOTERS, ISSUED, RETURNED, VALID = COUNTS


def test_the_second_reading_is_somebody_else_s_and_starts_empty(
    station: Station, reference: Reference
) -> None:
    paper = paper_of(station, regional_protocol(reference, KEY.precinct, 1))
    first = station.entries.begin(KEY, CLERK)
    unchanged(station, FirstUnfinished, lambda: station.entries.begin_second(KEY, OTHER_CLERK))
    unchanged(station, DraftOfOther, lambda: station.entries.begin(KEY, OTHER_CLERK))
    type_in(station, first, paper, CLERK)
    unchanged(station, SecondUnfinished, lambda: station.entries.compare(KEY))
    unchanged(station, OwnReading, lambda: station.entries.begin_second(KEY, User("JANA NOVÁKOVÁ")))
    second = station.entries.begin_second(KEY, OTHER_CLERK)
    assert (second.number, second.values) == (2, {})
    unchanged(station, DraftOfOther, lambda: station.entries.begin(KEY, CLERK))
    unchanged(station, DraftOfOther, lambda: station.entries.begin_second(KEY, SUPERVISOR))
    unchanged(station, DraftOfOther, lambda: station.entries.save(second.id, VALID, 1, SUPERVISOR))
    unchanged(station, SecondUnfinished, lambda: station.entries.compare(KEY))
    assert station.entries.begin_second(KEY, OTHER_CLERK) == second


def test_only_differing_fields_are_told_and_without_values(station: Station, reference: Reference) -> None:
    paper = paper_of(station, regional_protocol(reference, KEY.precinct, 1))
    filled = next(field for field in paper if field.candidate)
    other = {**paper, RETURNED: 1, filled: None, box(99, 70): 0}
    assert type_twice(station, KEY, paper, other, BOTH) == (RETURNED, filled)
    error = unchanged(station, ReadingsDiffer, lambda: station.entries.close(KEY, CLERK))
    assert isinstance(error, ReadingsDiffer)
    assert error.fields == (RETURNED, filled)
    # what was compared is not typed again
    unchanged(station, DraftEnded, lambda: station.entries.begin_second(KEY, OTHER_CLERK))


def test_a_zero_and_a_blank_differ_where_the_paper_has_a_number(station: Station) -> None:
    zeros: dict[FieldRef, int | None] = dict.fromkeys(station.entries.fields(SENATE_KEY), 0)
    draft = type_in(station, station.entries.begin(SENATE_KEY, CLERK), zeros, CLERK)
    assert draft.progress.filled == 11
    second = station.entries.begin_second(SENATE_KEY, OTHER_CLERK)
    blank = {**zeros, box(None, 1): None}
    for field, value in blank.items():
        station.entries.save(second.id, field, value, OTHER_CLERK)
    unchanged(station, EntryIncomplete, lambda: station.entries.finish(second.id, OTHER_CLERK))


TABLE = """\
agreed          clerk, supervisor
others-reading  clerk, supervisor
own-reading     supervisor; reason
third-value     supervisor; reason; nobody who typed
"""


def test_the_table_of_closing_is_exactly_this() -> None:
    lines = []
    for situation, rule in CLOSINGS.items():
        who = ", ".join(sorted(rule.roles)) + ("; reason" if rule.needs_reason else "")
        lines.append(f"{situation:<15} {who}{'' if rule.typist_may else '; nobody who typed'}\n")
    assert "".join(lines) == TABLE
    assert set(CLOSINGS) == set(Situation)


THIRD = User("Třetí Obsluha")
TYPING_SUPERVISOR = User("Petr Říha", Role.SUPERVISOR)


@pytest.mark.parametrize(
    ("value", "user", "reason", "error"),
    [
        (10, OTHER_CLERK, "", None),  # the other one's reading
        (11, CLERK, "", None),
        (10, THIRD, "", None),
        (10, CLERK, "", SettlementRefused),  # the own one, again
        (11, OTHER_CLERK, "jsem si jistý", SettlementRefused),
        (11, TYPING_SUPERVISOR, "", ReasonMissing),
        (11, TYPING_SUPERVISOR, "číslice je přepsaná", None),
        (12, THIRD, "nečitelné", SettlementRefused),
        (12, SUPERVISOR, "", ReasonMissing),
        (12, TYPING_SUPERVISOR, "nečitelné", SettlementRefused),
        (12, SUPERVISOR, "nečitelné, komise potvrdila", None),
        (None, SUPERVISOR, "komise pole nevyplnila", None),
    ],
)
def test_a_differing_field_is_settled_by_whom_the_table_allows(
    station: Station,
    reference: Reference,
    value: int | None,
    user: User,
    reason: str,
    error: type[KnownError] | None,
) -> None:
    paper = paper_of(station, regional_protocol(reference, KEY.precinct, 1))
    type_twice(station, KEY, {**paper, ISSUED: 10}, {**paper, ISSUED: 11}, BOTH)
    attempts = len(station.journal.entries())
    if error is not None:
        with pytest.raises(error):
            station.entries.settle(KEY, ISSUED, value, user, reason)
        assert station.entries.compare(KEY) == (ISSUED,)
        assert station.journal.entries(attempts)[0].act == "settle-refused"
        return
    assert station.entries.settle(KEY, ISSUED, value, user, reason) == ()
    offer = station.entries.close(KEY, THIRD)
    assert offer.reading.counts.envelopes_issued == value
    assert user.name in offer.hands


def test_what_does_not_differ_is_not_settled_and_a_settlement_can_be_changed(
    station: Station, reference: Reference
) -> None:
    protocol = regional_protocol(reference, KEY.precinct, 1)
    paper = paper_of(station, protocol)
    type_twice(station, KEY, paper, {**paper, VOTERS: 99_999, VALID: 1}, BOTH)
    unchanged(station, NotDiffering, lambda: station.entries.settle(KEY, ISSUED, 1, OTHER_CLERK))
    assert station.entries.settle(KEY, VOTERS, 99_999, CLERK) == (VALID,)
    assert station.entries.settle(KEY, VOTERS, paper[VOTERS], OTHER_CLERK) == (VALID,)
    assert station.entries.settle(KEY, VALID, paper[VALID], OTHER_CLERK) == ()
    assert station.entries.close(KEY, OTHER_CLERK).content_hash == content_hash(protocol)
