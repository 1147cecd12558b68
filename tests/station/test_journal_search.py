"""Rows looked up by any filter are those that reading all of them finds, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.election.model import Mode, PrecinctId
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.errors import StoreTrouble
from app.station.journal import Entry
from app.station.journal_search import Extent, Search
from app.station.states import identity
from app.station.station import Station
from app.station.versions import Versions
from tests.support import busy_journal, invented_election
from tests.support.invented_election import stated
from tests.support.station_world import (
    CLERK,
    NIGHT,
    Clock,
    file_of,
    make_station,
    one_more_envelope,
    protocols,
)

ROWS = 180


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    folder: Path = make_station(
        tmp_path_factory.mktemp("busy"), invented_election.reference(mode=Mode.REHEARSAL)
    )
    with Station.open(folder, Clock()) as station:
        busy_journal.fill(station, ROWS)
        yield station


def brute(station: Station, search: Search) -> list[Entry]:
    """Every row read and looked at, newest first."""

    def wanted(entry: Entry) -> bool:
        return (
            (search.precinct is None or (entry.key is not None and entry.key.precinct == search.precinct))
            and (not search.user.strip() or identity(entry.user) == identity(search.user))
            and (not search.acts or entry.act in search.acts)
            and (search.since is None or entry.at >= search.since)
            and (search.until is None or entry.at < search.until)
        )

    return [entry for entry in reversed(station.journal.entries(limit=10_000)) if wanted(entry)]


times = st.none() | st.integers(-2, ROWS + 2).map(lambda second: NIGHT + timedelta(seconds=second))
searches = st.builds(
    Search,
    precinct=st.none() | st.sampled_from([PrecinctId(550001, 1), PrecinctId(550002, 1), PrecinctId(1, 1)]),
    user=st.sampled_from(["", " ", *busy_journal.NAMES, "JANA nováková", "nikdo"]),
    acts=st.frozensets(st.sampled_from([*busy_journal.ACTS, "no-such-act"]), max_size=3),
    since=times,
    until=times,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(search=searches, limit=st.integers(1, 70), after=st.integers(0, ROWS))
def test_a_search_finds_what_reading_everything_finds(
    busy: Station, search: Search, limit: int, after: int
) -> None:
    everything = brute(busy, search)
    found: list[Entry] = []
    before = None
    while page := busy.journal_search.page(search, before, limit):
        assert len(page) <= limit
        found += page
        before = page[-1].seq
    assert found == everything
    assert busy.journal_search.extent(search) == Extent(len(everything), ROWS, ROWS)
    newer = [entry for entry in everything if entry.seq > after]
    assert busy.journal_search.newer(search, after, limit) == newer[-limit:]
    stored = [row["seq"] for row in busy.journal_search.stored(search, after, 7)]
    assert stored == [entry.seq for entry in reversed(everything) if entry.seq <= after]


def test_a_person_with_several_spellings_is_offered_once(busy: Station) -> None:
    assert busy.journal_search.users() == ("Jana Nováková", "Petr Říha", "program", "Věra Šťastná")
    assert set(busy.journal_search.acts()) == set(busy_journal.ACTS)
    assert busy.journal_search.entry(3) == busy.journal.entries(2, 1)[0]
    assert busy.journal_search.entry(ROWS + 1) is None


def test_an_empty_journal_has_nothing(station: Station) -> None:
    assert station.journal_search.page(Search()) == []
    assert station.journal_search.extent(Search()) == Extent(0, 0, 0)
    assert (station.journal_search.users(), station.journal_search.acts()) == ((), ())


def test_a_night_s_journal_is_read_a_page_at_a_time(station: Station) -> None:
    busy_journal.fill(station, 3000)
    asked: list[int] = []
    inner = station._store.rows

    def counting(sql: str, parameters: tuple[object, ...] = ()) -> list[object]:
        rows: list[object] = list(inner(sql, parameters))
        asked.append(len(rows))
        return rows

    station._store.rows = counting  # type: ignore[assignment,method-assign]
    page = station.journal_search.page(Search())
    assert (len(page), asked) == (200, [200])
    assert all(one.seq == other.seq + 1 for one, other in pairwise(page))


def test_a_correction_and_a_mending_show_figures_before_and_after(
    station: Station, reference: Reference
) -> None:
    key = station.expected[0]
    right = protocols(reference)[key]
    (offer,) = station.intake.read_bytes("z.xml", file_of(stated(reference, right)))
    station.intake.accept(offer, CLERK)
    wrong = one_more_envelope(right)
    (again,) = station.intake.read_bytes("jiny.xml", file_of(stated(reference, wrong)))
    issued = wrong.counts.envelopes_issued
    mended = station.mending.mend(again, {FieldRef("VYD_OBALKY"): issued + 3}, CLERK, True, "přepočet")
    station.intake.correct(mended, CLERK, "oprava komise")
    correction, mending, acceptance = station.journal_search.page(Search())
    details = station.journal_details
    assert [one.left for one in details.of(mending).changes] == [issued]
    assert [(one.left, one.right) for one in details.of(correction).changes] == [
        (right.counts.envelopes_issued, issued + 3)
    ]
    assert details.of(acceptance).changes == ()


def test_damaged_bytes_do_not_hide_the_row(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object) -> None:
        raise StoreTrouble("STA-13", "poškozeno", "damaged")

    busy_journal.fill(station, 10)
    monkeypatch.setattr(Versions, "reading", damaged)
    for row in station.journal_search.page(Search()):
        assert station.journal_details.of(row).changes == ()
