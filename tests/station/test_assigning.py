"""Precincts given to workstations: who may, what is written, how they are dealt out; it blocks nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.election.errors import KnownError
from app.election.model import PrecinctId
from app.election.reference import Reference
from app.station.audit.verify import verify_folder
from app.station.closing.gate import add_step
from app.station.journal_words import told
from app.station.permissions import Permission, may
from app.station.point.assigning import dealt
from app.station.point.assignments import Assignment
from app.station.states import Role, State, User
from app.station.station import Station
from app.station.store import instant
from tests.support.busy_station import offered
from tests.support.station_world import CLERK, NIGHT, SUPERVISOR, protocols

OTHER = "41-2"
FIRST = PrecinctId(550001, 1)
MANY = st.lists(st.builds(PrecinctId, st.integers(1, 6), st.integers(1, 9)), unique=True, max_size=40)


def rows_of(station: Station, precinct: PrecinctId) -> list[str]:
    return [row.assigned for row in station.completeness().rows if row.key.precinct == precinct]


def test_an_assigned_precinct_is_told_in_every_row_and_changes_no_state(station: Station) -> None:
    assert station.point.assigning.assign([FIRST], OTHER, SUPERVISOR, "kvůli cestě") == 1
    assert set(rows_of(station, FIRST)) == {OTHER}
    one = next(key for key in station.expected if key.precinct == FIRST)
    row = station.row(one)
    assert row is not None
    assert (row.assigned, row.state, row.workstation) == (OTHER, State.AWAITED, "")
    assert station.point.assigning.of_another(FIRST) == OTHER


def test_each_change_is_a_row_more_and_an_empty_one_ends_it(station: Station) -> None:
    assigning = station.point.assigning
    assigning.assign([FIRST], OTHER, SUPERVISOR, "kvůli cestě")
    assigning.assign([FIRST], " 41-1 ", SUPERVISOR)
    assert assigning.of_another(FIRST) == ""  # it is ours
    assigning.end([FIRST], SUPERVISOR, "omyl")
    assert assigning.assigned() == {}
    name, at = SUPERVISOR.name, NIGHT
    assert assigning.history(FIRST) == (
        Assignment(FIRST, OTHER, name, at, "kvůli cestě"),
        Assignment(FIRST, "41-1", name, at, ""),
        Assignment(FIRST, "", name, at, "omyl"),
    )
    assert verify_folder(station.folder).broken == ()


def test_every_act_stands_in_the_journal_in_words(station: Station) -> None:
    assigning = station.point.assigning
    assigning.assign([FIRST], OTHER, SUPERVISOR, "kvůli cestě")
    assigning.end([FIRST], SUPERVISOR)
    assigning.deal_out(["41-1", OTHER], SUPERVISOR)
    entries = station.journal.entries()[-3:]
    assert [entry.act for entry in entries] == ["assign", "assign-ended", "assign-dealt"]
    assert told(entries[0], "cs") == (("Důvod", "kvůli cestě"), ("Okrsky", f"{FIRST} → {OTHER}"))
    assert told(entries[1], "en") == (("Precincts", str(FIRST)),)


def test_dealing_out_leaves_nobodys_precincts_only_where_something_was_taken_in(
    station: Station, reference: Reference
) -> None:
    assigning = station.point.assigning
    done, *others = assigning.left()
    (offer,) = [
        offered(station, reference, one) for key, one in protocols(reference).items() if key.precinct == done
    ][:1]
    station.intake.accept(offer, CLERK)
    assert assigning.left() == tuple(others)
    assigning.assign(others[:1], OTHER, SUPERVISOR)
    assert assigning.deal_out(["41-1", OTHER], SUPERVISOR) == len(others) - 1
    given_now = assigning.assigned()
    assert set(given_now) == set(others)
    assert given_now[others[0]] == OTHER
    load = Counter(given_now.values())
    assert max(load.values()) - min(load.values()) <= 1
    assert assigning.left() == ()


@given(MANY, st.integers(1, 5), st.lists(st.integers(0, 3), min_size=5, max_size=5))
def test_shares_are_even_and_divide_a_municipality_only_where_one_ends(
    precincts: list[PrecinctId], count: int, had: list[int]
) -> None:
    names = [f"41-{number}" for number in range(1, count + 1)]
    load = dict(zip(names, had, strict=False))
    shares = dealt(precincts, names, load)
    assert set(shares) == set(precincts)
    dealt_to = Counter(shares.values())
    reached = {name: load[name] + dealt_to[name] for name in names}
    for name in dealt_to:  # nobody who got one has two more than anybody else
        assert reached[name] - min(reached.values()) <= 1
    order = [shares[one] for one in sorted(precincts)]
    cuts = sum(1 for one, other in pairwise(order) if one != other)
    assert cuts == max(0, len(dealt_to) - 1)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", ["assign", "end", "deal_out"])
def test_whoever_may_not_assign_is_refused_and_nothing_is_written(
    station: Station, role: Role, act: str
) -> None:
    assigning, user = station.point.assigning, User("Jana", role)
    if act == "end":
        assigning.assign([FIRST], OTHER, SUPERVISOR)
    before, journal = assigning.assigned(), station.journal.head()
    acts = {
        "assign": lambda: assigning.assign([FIRST], OTHER, user),
        "end": lambda: assigning.end([FIRST], user),
        "deal_out": lambda: assigning.deal_out([OTHER], user),
    }
    if may(role, Permission.ASSIGN):
        assert acts[act]() >= 1
        return
    with pytest.raises(KnownError, match="Jana"):
        acts[act]()
    assert (assigning.assigned(), station.journal.head()) == (before, journal)


@pytest.mark.parametrize(
    ("precinct", "name", "code"),
    [
        (FIRST, "42-1", "STA-150"),
        (FIRST, "", "STA-150"),
        (FIRST, "41", "STA-150"),
        (PrecinctId(999999, 1), OTHER, "STA-151"),
    ],
)
def test_what_is_not_of_this_point_is_refused_with_a_sentence(
    station: Station, precinct: PrecinctId, name: str, code: str
) -> None:
    with pytest.raises(KnownError) as refused:
        station.point.assigning.assign([precinct], name, SUPERVISOR)
    assert refused.value.code == code
    assert station.point.assigning.assigned() == {}


def test_an_act_that_would_change_nothing_is_refused(station: Station) -> None:
    assigning = station.point.assigning
    assigning.deal_out([OTHER], SUPERVISOR)
    head = station.journal.head()
    acts: list[Callable[[], int]] = [
        lambda: assigning.deal_out([OTHER], SUPERVISOR),
        lambda: assigning.deal_out([], SUPERVISOR),
        lambda: assigning.assign([FIRST], OTHER, SUPERVISOR),
        lambda: assigning.end([], SUPERVISOR),
    ]
    for act in acts:
        with pytest.raises(KnownError, match="STA-152"):
            act()
    assert station.journal.head() == head


def test_a_closed_point_assigns_nothing(station: Station) -> None:
    with station._store.transaction() as db:
        add_step(db, "closed", SUPERVISOR.name, instant(NIGHT), "", "a" * 64, (0, "0" * 64))
    with pytest.raises(KnownError, match="CLS-01"):
        station.point.assigning.assign([FIRST], OTHER, SUPERVISOR)
    assert station.point.assigning.assigned() == {}


def test_a_precinct_of_another_workstation_is_taken_in_here_all_the_same(
    station: Station, reference: Reference
) -> None:
    station.point.assigning.assign([FIRST], OTHER, SUPERVISOR)
    protocol = next(one for key, one in protocols(reference).items() if key.precinct == FIRST)
    station.intake.accept(offered(station, reference, protocol), CLERK)
    row = station.row(protocol.key)
    assert row is not None
    assert (row.state, row.workstation) == (State.ACCEPTED, "41-1")
