"""What the supervisor is told: filters, counts, the worst state, who is missing, what hangs on the wall."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.election.model import Contest, Mode
from app.station.completeness import Row
from app.station.connection import Connection, Line
from app.station.overseeing import groups
from app.station.overseeing.age import Freshness, age
from app.station.overseeing.conditions import (
    Condition,
    condition,
    condition_of,
    is_missing,
    lines_at,
    minutes_left,
    rank,
    worst,
)
from app.station.overseeing.missing import COLUMNS, as_csv, file_name, harmless, missing
from app.station.overseeing.narrowing import FILTERS, Narrowing, Searched, folded, words_of
from app.station.overseeing.wall import Public, Wall, WallRow, public, wall
from app.station.point.elsewhere import Elsewhere
from app.station.states import State
from tests.support import invented_election
from tests.support.point_rows import BOTH, CLERK, CONTACT, NOTE, NOW, STORED, point, row, rows

ELECTION = invented_election.reference(mode=Mode.REHEARSAL).election


@pytest.mark.parametrize(
    ("state", "left", "told"),
    [
        ("refused", None, "refused"),
        ("refused", 31, "refused"),
        ("refused", 30, "deadline-near"),
        ("refused", 1, "deadline-near"),
        ("refused", 0, "deadline-over"),
        ("refused", -90, "deadline-over"),
        ("confirmed", None, "confirmed"),
    ],
)
def test_a_deadline_makes_a_refusal_worse_as_it_comes(state: str, left: int | None, told: str) -> None:
    assert condition(state, left) == told


@pytest.mark.parametrize(
    ("seconds", "left"), [(1800, 30), (1801, 31), (1, 1), (0, 0), (-1, 0), (-60, -1), (-61, -1)]
)
def test_a_begun_minute_of_a_deadline_counts(seconds: int, left: int) -> None:
    assert minutes_left(NOW + timedelta(seconds=seconds), NOW) == left
    assert minutes_left(None, NOW) is None


def test_every_state_has_its_place_in_the_order_of_the_worst() -> None:
    assert {state.value for state in State} <= {one.value for one in Condition}
    assert [one.value for one in Condition] == [
        "conflict", "deadline-over", "returned", "deadline-near", "refused", "held", "correcting", "checked",
        "awaited", "accepted", "sent", "confirmed",
    ]  # fmt: skip


def test_what_two_workstations_took_in_differently_is_worst() -> None:
    other = Elsewhere("41-2", 1, "0" * 64, True, NOW, NOW, 3)
    assert condition_of(replace(row(state=State.RETURNED), elsewhere=other), NOW) is Condition.CONFLICT
    assert condition_of(row(state=State.RETURNED), NOW) is Condition.RETURNED


@given(st.lists(st.sampled_from(Condition)))
def test_the_worst_is_one_of_them_and_none_is_worse(found: list[Condition]) -> None:
    if found:
        assert worst(found) in found
        assert all(rank(worst(found)) <= rank(one) for one in found)
    else:
        assert worst(found) is Condition.CONFIRMED


@given(rows())
def test_groups_count_each_protocol_once_and_agree_with_the_whole(made: tuple[Row, ...]) -> None:
    lines = lines_at(made, NOW)
    all_ = groups.total(lines)
    for found in (groups.by_municipality(lines), groups.by_contest(lines)):
        for name in ("expected", "here", "confirmed", "missing", "attention"):
            assert sum(getattr(one, name) for one in found) == getattr(all_, name)
        assert worst(one.worst for one in found) == all_.worst
    assert all_.expected == len(made)
    assert all_.here + all_.missing <= all_.expected
    assert all_.confirmed <= all_.here or any(r.revision == 0 and r.state is State.CONFIRMED for r in made)
    assert {r.key for r in made if is_missing(r)}.isdisjoint(r.key for r in made if r.revision > 0)


def test_the_night_begins_with_all_missing_and_ends_with_none() -> None:
    empty, full = lines_at(point((2, 1)), NOW), lines_at(point((2, 1), [State.CONFIRMED] * 6), NOW)
    assert [(g.name, g.expected, g.here, g.missing) for g in groups.by_municipality(empty)] == [
        ("Cerhov", 4, 0, 4), ("Čejkov", 2, 0, 2),
    ]  # fmt: skip
    assert [(g.id, g.here, g.worst) for g in groups.by_contest(full)] == [
        (contest, 3, Condition.CONFIRMED) for contest in BOTH
    ]
    assert groups.total(full).is_complete
    assert not groups.total(empty).is_complete


SEARCHED = Searched.of(row(582786, 12).key, "Žďár nad Sázavou", CLERK)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", True), ("zdar", True), ("ŽĎÁR sáz", True), ("1", True), ("12", True), ("2", False),
        ("582786", True), ("5827", False), ("zdar/12", True), ("novakova", True), ("zlin", False),
    ],
)  # fmt: skip
def test_words_are_searched_in_text_and_numbers_in_numbers(typed: str, found: bool) -> None:
    assert SEARCHED.holds(words_of(typed)) is found


@given(
    rows(), st.sampled_from(FILTERS), st.sampled_from((None, 550001, 550003)), st.sampled_from((None, *BOTH))
)
def test_a_narrowing_lets_through_what_fits_all_that_was_asked(
    made: tuple[Row, ...],
    asked: tuple[str, frozenset[State]],
    municipality: int | None,
    contest: Contest | None,
) -> None:
    narrowing = Narrowing((), asked[1], municipality, contest)
    for one in made:
        let = narrowing.lets(one.key, one.state, Searched.of(one.key, one.municipality_name))
        assert let == (
            (asked[0] == "all" or one.state in asked[1])
            and (municipality is None or one.key.precinct.municipality == municipality)
            and (contest is None or one.key.contest is contest)
        )


@given(rows())
def test_whatever_the_filter_of_the_missing_shows_without_a_revision_is_missing(
    made: tuple[Row, ...],
) -> None:
    states = dict(FILTERS)["missing"]
    assert {r.key for r in made if r.state in states and not r.revision} == {
        r.key for r in made if is_missing(r)
    }


def test_folding_takes_diacritics_and_case_away() -> None:
    assert folded("Žďár nad SÁZAVOU") == "zdar nad sazavou"


# --- who is missing ----------------------------------------------------------------------------------


@given(rows())
def test_the_missing_are_the_expected_without_those_that_came(made: tuple[Row, ...]) -> None:
    owed = {(one.precinct, contest) for one in missing(made, NOW) for contest in one.contests}
    came = {(r.key.precinct, r.key.contest) for r in made if not is_missing(r)}
    assert owed == {(r.key.precinct, r.key.contest) for r in made} - came


def test_a_missing_precinct_comes_once_with_its_contact_and_the_worst_of_its_protocols() -> None:
    near = NOW + timedelta(minutes=20)
    made = (
        row(number=1, state=State.REFUSED, deadline=near),
        row(number=1, contest=Contest.SENATE_ROUND_1),
        row(number=2, state=State.SENT),
    )
    (only,) = missing(made, NOW)
    assert (only.contests, only.condition, only.deadline) == (BOTH, Condition.DEADLINE_NEAR, near)
    assert (only.seat, only.contact) == ("Horní Lhota, škola č. 1", CONTACT)


def test_the_file_of_the_missing_is_read_back_as_it_was_and_runs_nothing() -> None:
    made = (
        row(name='Ves; "U Mostu"', contact="+420 601 234 567"),
        row(number=2, state=State.REFUSED, deadline=NOW, name="=cmd|' /C calc'!A0"),
        row(number=3, state=State.CONFIRMED),
    )
    data = as_csv(made)
    assert data.startswith(b"\xef\xbb\xbf")
    first, second = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    assert tuple(first) == COLUMNS
    assert first["NAZEVOBCE"] == 'Ves; "U Mostu"'
    assert (first["KONTAKT"], first["OD"], first["LHUTA"]) == ("'+420 601 234 567", "", "")
    assert (second["NAZEVOBCE"][0], second["STAV"], second["LHUTA"]) == ("'", "odmítnut", "2024-09-21 17:00")
    assert file_name(NOW) == "chybejici-okrsky-20240921-1700.csv"


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    assert harmless(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert harmless(text).endswith(text)


# --- the wall ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([State.AWAITED, State.AWAITED], Public.MISSING),
        ([State.CONFIRMED, State.AWAITED], Public.MISSING),
        ([State.CONFIRMED, State.HELD], Public.SETTLING),
        ([State.AWAITED, State.REFUSED], Public.SETTLING),
        ([State.RETURNED], Public.SETTLING),
        ([State.CONFIRMED, State.SENT], Public.TAKEN),
        ([State.ACCEPTED], Public.TAKEN),
        ([State.CONFIRMED, State.CONFIRMED], Public.CONFIRMED),
    ],
)
def test_a_precinct_is_told_by_all_its_protocols(states: list[State], told: Public) -> None:
    assert public(states) is told


@given(rows())
def test_the_wall_counts_every_precinct_once(made: tuple[Row, ...]) -> None:
    shown = wall(ELECTION, "Lhota", made, None)
    for one in (shown.total, *shown.municipalities):
        assert one.precincts == one.missing + one.settling + one.taken + one.confirmed
        assert one.here == one.taken + one.confirmed
    for name in ("precincts", "missing", "settling", "taken", "confirmed"):
        assert sum(getattr(one, name) for one in shown.municipalities) == getattr(shown.total, name)
    assert shown.total.precincts == len({r.key.precinct for r in made})


@given(rows())
def test_the_wall_tells_no_name_contact_reason_or_figure(made: tuple[Row, ...]) -> None:
    told = repr(wall(ELECTION, "Lhota", made, None))
    for secret in (CLERK, CONTACT, NOTE, "škola", "41-1"):
        assert secret not in told
    assert {f.name for f in fields(WallRow)} == {
        "name", "precincts", "missing", "settling", "taken", "confirmed",
    }  # fmt: skip
    assert {f.name for f in fields(Wall)} == {
        "election", "point", "mode", "contests", "total", "municipalities", "heard",
    }  # fmt: skip


@given(st.integers(0, 200), st.integers(1, 24))
def test_the_walls_pages_hold_each_municipality_once_and_are_even(count: int, size: int) -> None:
    shown = wall(ELECTION, "Lhota", point([1] * count), None)
    pages = shown.pages(size)
    assert [one for page in pages for one in page] == list(shown.municipalities)
    assert all(len(page) <= size for page in pages)
    assert len(pages) == max(1, -(-count // size))


def test_a_row_of_the_wall_is_marked_with_its_worst() -> None:
    every = Counter(wall(ELECTION, "", point((1,), [state], BOTH[:1]), None).total.worst for state in STORED)
    assert every[Public.SETTLING] == len({State.REFUSED, State.HELD, State.RETURNED} & set(STORED))


# --- the age of what is shown ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("receipt", "pulled", "freshness", "minutes"),
    [
        (None, None, Freshness.NEVER, 0),
        (0, None, Freshness.CURRENT, 0),
        (120, None, Freshness.CURRENT, 2),
        (121, None, Freshness.AGING, 2),
        (600, None, Freshness.AGING, 10),
        (601, None, Freshness.OLD, 10),
        (7200, 30, Freshness.CURRENT, 0),
        (None, 300, Freshness.AGING, 5),
        (-30, None, Freshness.CURRENT, 0),
    ],
)
def test_the_age_is_that_of_the_last_word_of_the_centre(
    receipt: int | None, pulled: int | None, freshness: Freshness, minutes: int
) -> None:
    def ago(seconds: int | None) -> object:
        return None if seconds is None else NOW - timedelta(seconds=seconds)

    line = Connection(Line.OFFLINE, NOW, last_receipt=ago(receipt))  # type: ignore[arg-type]
    found = age(line, NOW, ago(pulled))  # type: ignore[arg-type]
    assert (found.freshness, found.minutes, found.offline) == (freshness, minutes, True)


@given(rows())
def test_a_row_is_as_bad_as_its_state_or_worse(made: tuple[Row, ...]) -> None:
    assert all(rank(condition_of(one, NOW)) <= rank(Condition(one.state)) for one in made)
