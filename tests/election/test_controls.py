"""Control numbers of the forms; stating a protocol and completing it again are inverse."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.election.complete import COUNT_COLUMNS, Incomplete, complete, with_flags
from app.election.content import content_hash, content_text
from app.election.controls import (
    kc_1,
    lists_mark,
    preference_controls,
    senate_controls,
    sheet_base,
    sheet_controls,
    state,
)
from app.election.model import (
    Counts,
    PrecinctId,
    Protocol,
    Reading,
    RegionalProtocol,
    RegionalReading,
    SenateProtocol,
    SenateReading,
    Sheet,
)

numbers = st.integers(0, 9_999)
counts = st.builds(Counts, st.integers(0, 99_999), numbers, numbers, numbers)
precincts = st.builds(PrecinctId, st.integers(500_000, 599_999), st.integers(1, 99_999))


def ballot(highest: int) -> st.SearchStrategy[tuple[tuple[int, int], ...]]:
    return st.dictionaries(st.integers(1, highest), st.integers(1, 9_999), max_size=8).map(
        lambda votes: tuple(sorted(votes.items()))
    )


sheets = st.lists(
    st.builds(Sheet, st.integers(1, 99), st.integers(1, 9_999), ballot(70)),
    unique_by=lambda sheet: sheet.list_number,
    max_size=5,
).map(lambda found: tuple(sorted(found)))
regional = st.builds(
    RegionalProtocol, precincts, st.integers(1_000, 9_999), st.booleans(), st.booleans(), counts, sheets
)
senate = st.builds(
    SenateProtocol,
    precincts,
    st.integers(1_000, 9_999),
    st.booleans(),
    st.booleans(),
    st.integers(1, 81),
    st.sampled_from([1, 2]),
    counts,
    ballot(22),
)
any_protocol = st.one_of(regional, senate)


@given(any_protocol)
def test_completing_what_a_protocol_states_gives_the_protocol_again(protocol: Protocol) -> None:
    assert complete(state(protocol, "kz2024", "1")) == protocol


@given(any_protocol, any_protocol)
def test_two_protocols_share_a_hash_only_when_they_are_equal(one: Protocol, other: Protocol) -> None:
    assert (content_hash(one) == content_hash(other)) is (one == other)


@given(any_protocol)
def test_flags_are_part_of_the_content(protocol: Protocol) -> None:
    changed = with_flags(protocol, corrected=not protocol.corrected)
    assert content_hash(changed) != content_hash(protocol)
    assert with_flags(changed, corrected=protocol.corrected) == protocol
    assert with_flags(protocol) == protocol


def test_the_hashed_text_names_everything_once() -> None:
    protocol = RegionalProtocol(
        PrecinctId(506737, 1),
        7201,
        True,
        False,
        Counts(841, 158, 157, 156),
        (Sheet(2, 87, ((4, 52), (43, 1))),),
    )
    assert content_text(protocol) == "zapis:1 KZ 506737 1 7201 1 0 841 158 157 156\n2 87 4:52 43:1"
    assert len(content_hash(protocol)) == 64
    ballot = SenateProtocol(PrecinctId(506737, 1), 7201, False, True, 80, 2, Counts(9, 8, 7, 6), ((1, 6),))
    assert content_text(ballot) == "zapis:1 SE2 506737 1 7201 0 1 9 8 7 6\n80 2 1:6"


def test_control_numbers_of_a_sheet() -> None:
    """The front page ends with candidate 45, the reverse begins with 46."""
    precinct = PrecinctId(513890, 1)
    base = sheet_base(precinct, 5101, 0, 0)
    assert preference_controls(((1, 2), (45, 1), (46, 3), (50, 0))) == (47, 138, 46)
    right = sheet_controls(base, 2, 2, 74, 0, 37)
    assert right == (4, 74, 0, 78, 37, 519190)
    assert kc_1(precinct) == 3


def test_control_numbers_of_a_senate_form_do_not_count_the_district() -> None:
    right = senate_controls(PrecinctId(500011, 1), 0, 0, 1, Counts(723, 520, 520, 515), ((1, 34), (9, 19)))
    assert right == (2279, 205, 2484, 9, 1 + 500011 + 1 + 6 + 2279 + 205 + 2484 + 9)


def test_the_mark_of_lists_has_99_characters() -> None:
    mark = lists_mark([1, 99, 12])
    assert (len(mark), mark[0], mark[11], mark[98], mark.count("1")) == (99, "1", "1", "1", 3)


GOOD = state(
    RegionalProtocol(
        PrecinctId(506737, 1), 7201, False, False, Counts(9, 8, 7, 6), (Sheet(2, 6, ((1, 2),)),)
    ),
    "kz2024",
    "1",
)
GOOD_SENATE = state(
    SenateProtocol(PrecinctId(506737, 1), 7201, False, False, 80, 1, Counts(9, 8, 7, 6), ((1, 6),)), "s", "1"
)


@pytest.mark.parametrize("value", [None, -1, 100_000])
@pytest.mark.parametrize("at", range(4))
def test_a_count_that_is_blank_negative_or_too_wide_makes_no_protocol(at: int, value: int | None) -> None:
    changed = list(GOOD.counts)
    changed[at] = value
    with pytest.raises(Incomplete) as trouble:
        complete(replace(GOOD, counts=type(GOOD.counts)(*changed)))
    assert trouble.value.field == COUNT_COLUMNS[at][0]
    assert COUNT_COLUMNS[at][0] in trouble.value.cs


def test_what_else_makes_no_protocol_names_its_column() -> None:
    assert isinstance(GOOD, RegionalReading)
    assert isinstance(GOOD_SENATE, SenateReading)
    sheet = GOOD.sheets[0]
    faulty: dict[str, Reading] = {
        "OKRES": replace(GOOD, district=None),
        "OPRAVA": replace(GOOD, corrected=2),
        "CHYBA": replace(GOOD, passable_error=None),
        "KSTRANA": replace(GOOD, sheets=(sheet, sheet)),
        "POC_HLASU": replace(GOOD, sheets=(sheet._replace(votes=None),)),
        "HLASY_03": replace(GOOD, sheets=(sheet._replace(preferences=((3, None),)),)),
        "HLASY_01": replace(GOOD_SENATE, votes=((1, 1), (1, 1))),
        "OBVOD": replace(GOOD_SENATE, senate_district=None),
        "KOLO": replace(GOOD_SENATE, round=3),
    }
    for column, reading in faulty.items():
        with pytest.raises(Incomplete) as trouble:
            complete(reading)
        assert trouble.value.field == column
    with pytest.raises(Incomplete):
        complete(replace(GOOD, sheets=(sheet._replace(list_number=None),)))


def test_completing_sorts_and_leaves_zeros_out() -> None:
    assert isinstance(GOOD, RegionalReading)
    one = GOOD.sheets[0]._replace(list_number=9, votes=3, preferences=((7, 1), (3, 0), (2, 4)))
    two = GOOD.sheets[0]._replace(list_number=1, votes=3, preferences=())
    empty = GOOD.sheets[0]._replace(list_number=5, votes=0, preferences=())
    protocol = complete(replace(GOOD, sheets=(one, two, empty)))
    assert isinstance(protocol, RegionalProtocol)
    assert protocol.sheets == (Sheet(1, 3, ()), Sheet(9, 3, ((2, 4), (7, 1))))
