"""Corrections after acceptance: a new revision with its reason, typed over what stands; the old one stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.documents.batch import Source
from app.election.complete import complete
from app.election.errors import KnownError
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.config import RetypeRule
from app.station.errors import (
    AlreadyAccepted,
    ContentChanged,
    NotAuthorised,
    NothingMended,
    NothingToCorrect,
    OtherAuthor,
    OwnWork,
    ReasonMissing,
    RetypeMissing,
    RoleRefused,
    StepRefused,
)
from app.station.figures import COUNTS, figures
from app.station.sending import Sender
from app.station.states import Role, State, User
from app.station.station import Station
from tests.support.invented_election import regional_protocol
from tests.support.paper_entry import closed
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
    Clock,
    FakeCentre,
    all_rows,
    file_of,
    make_station,
    readings,
)

KEY = ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL)
VOTERS, ISSUED, _, _ = COUNTS
WHY = "Komise opravila počet voličů."


@pytest.fixture
def accepted(station: Station, reference: Reference) -> Station:
    (offer,) = station.intake.read_bytes("zapis.xml", file_of(readings(reference)[KEY]))
    station.intake.accept(offer, CLERK)
    return station


def more_voters(station: Station, more: int = 1) -> dict[FieldRef, int | None]:
    current = station.intake.current(KEY)
    assert current is not None
    return {VOTERS: current[1].counts.registered_voters + more}


def refused(station: Station, error: type[KnownError], act: Callable[[], object]) -> None:
    before = all_rows(station)
    with pytest.raises(error):
        act()
    assert all_rows(station) == before


def test_the_standing_figures_are_loaded_and_accepted_by_nobody_as_they_are(accepted: Station) -> None:
    shown = accepted.correcting.standing(KEY)
    current = accepted.intake.current(KEY)
    assert current is not None
    assert complete(shown.reading).counts == current[1].counts
    assert not shown.can_accept
    refused(accepted, KnownError, lambda: accepted.intake.accept(shown, CLERK))


def test_a_typed_correction_is_the_next_revision_with_its_flag_reason_and_author(
    accepted: Station, sender: Sender, centre: FakeCentre, clock: Clock
) -> None:
    sender.step(clock())
    before = accepted.intake.current(KEY)
    assert before is not None
    shown = accepted.correcting.standing(KEY)
    changes = more_voters(accepted)
    offer = accepted.correcting.typed(shown, changes, OTHER_CLERK, True, WHY)
    assert (offer.revision, offer.is_correction, offer.reading.corrected) == (2, True, 1)
    result = accepted.intake.accept(offer, OTHER_CLERK)
    assert result.revision == 2
    sender.step(clock())
    current = accepted.intake.current(KEY)
    assert current is not None
    assert current[1].corrected
    assert figures(current[1])[VOTERS] == changes[VOTERS]
    assert set(centre.counted) == {(KEY, 1), (KEY, 2)}
    new, old = accepted.history.of(KEY)
    assert (new.revision, new.accepted_by, new.reason, new.state) == (
        2,
        OTHER_CLERK.name,
        WHY,
        State.CONFIRMED,
    )
    assert (old.revision, old.accepted_by, old.protocol) == (1, CLERK.name, before[1])
    assert old.state is State.CONFIRMED


def test_each_revision_has_a_transcript_of_its_own(accepted: Station) -> None:
    offer = accepted.correcting.typed(
        accepted.correcting.standing(KEY), more_voters(accepted), CLERK, True, WHY
    )
    accepted.intake.accept(offer, CLERK)
    first, second = (accepted.prints.transcript_data(KEY, CLERK, revision) for revision in (1, 2))
    assert first.protocol.counts != second.protocol.counts
    assert (first.reason, second.reason) == ("", WHY)


def test_what_stands_against_a_typed_correction(accepted: Station, reference: Reference) -> None:
    shown = accepted.correcting.standing(KEY)
    changes = more_voters(accepted)
    same = {VOTERS: figures(shown.reading)[VOTERS]}
    typed = accepted.correcting.typed
    refused(accepted, ReasonMissing, lambda: typed(shown, changes, CLERK, True, "  "))
    refused(accepted, NotAuthorised, lambda: typed(shown, changes, CLERK, False, WHY))
    refused(accepted, NothingMended, lambda: typed(shown, same, CLERK, True, WHY))
    technician = User("Oto", Role.TECHNICIAN)
    refused(accepted, RoleRefused, lambda: typed(shown, changes, technician, True, WHY))
    other = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
    refused(accepted, NothingToCorrect, lambda: accepted.correcting.standing(other))


def test_a_correction_of_what_was_corrected_meanwhile_is_refused(accepted: Station) -> None:
    shown = accepted.correcting.standing(KEY)
    first = accepted.correcting.typed(shown, more_voters(accepted), CLERK, True, WHY)
    late = accepted.correcting.typed(shown, more_voters(accepted, 2), OTHER_CLERK, True, WHY)
    accepted.intake.accept(first, CLERK)
    refused(accepted, KnownError, lambda: accepted.intake.accept(late, OTHER_CLERK))
    refused(
        accepted,
        ContentChanged,
        lambda: accepted.correcting.typed(shown, more_voters(accepted), CLERK, True, WHY),
    )


def test_its_author_finishes_it_and_whoever_typed_it_cannot_approve_it(accepted: Station) -> None:
    shown = accepted.correcting.standing(KEY)
    returned = figures(shown.reading)[COUNTS[2]] or 0
    flawed = accepted.correcting.typed(shown, {ISSUED: returned - 1}, SUPERVISOR, True, WHY)
    assert flawed.needs_approval
    refused(accepted, OtherAuthor, lambda: accepted.intake.hold(flawed, CLERK, "tak je to na papíru"))
    held = accepted.intake.hold(flawed, SUPERVISOR, "tak je to na papíru")
    refused(accepted, OwnWork, lambda: accepted.intake.approve(KEY, SUPERVISOR, held.content_hash))
    refused(accepted, StepRefused, lambda: accepted.correcting.typed(shown, {VOTERS: 1}, CLERK, True, WHY))
    accepted.intake.send_back(KEY, CLERK, "komise si to rozmyslela")
    row = accepted.row(KEY)
    assert row is not None
    assert (row.state, row.revision) == (State.ACCEPTED, 1)


def test_a_typed_correction_survives_a_crash_before_it_is_accepted(
    accepted: Station, folder: Path, clock: Clock
) -> None:
    shown = accepted.correcting.standing(KEY)
    accepted.correcting.typed(shown, more_voters(accepted), CLERK, True, WHY)
    accepted.close()
    with Station.open(folder, clock) as again:
        offer = again.mending.mended(KEY)
        assert offer is not None
        assert (offer.correction_reason, offer.correction_author) == (WHY, CLERK.name)
        assert again.intake.accept(offer, CLERK).revision == 2


def test_the_totals_of_the_corrected_paper_are_typed_where_files_need_it(
    tmp_path: Path, reference: Reference, clock: Clock
) -> None:
    folder = make_station(tmp_path, reference, retype=RetypeRule.ALWAYS)
    with Station.open(folder, clock) as station:
        (offer,) = station.intake.read_bytes("zapis.xml", file_of(readings(reference)[KEY]))
        paper = {f: figures(offer.reading).get(f) for f in station.retype.expected_fields(offer)}
        station.intake.accept(station.retype.judged(offer, paper), CLERK)
        changes = more_voters(station)
        typed = station.correcting.typed(station.correcting.standing(KEY), changes, CLERK, True, WHY)
        refused(station, RetypeMissing, lambda: station.intake.accept(typed, CLERK))
        checked = station.retype.judged(typed, {**paper, **changes})
        assert station.intake.accept(checked, CLERK).revision == 2


def test_a_paper_that_was_typed_twice_is_corrected_by_typing_what_changed(
    station: Station, reference: Reference
) -> None:
    first = closed(station, regional_protocol(reference, KEY.precinct, 1), (CLERK, OTHER_CLERK))
    station.intake.accept(first, CLERK)
    typed = station.correcting.typed(
        station.correcting.standing(KEY), more_voters(station), SUPERVISOR, True, WHY
    )
    assert typed.source is Source.PAPER
    assert set(typed.hands) == {CLERK.name, OTHER_CLERK.name, SUPERVISOR.name}
    assert station.intake.accept(typed, SUPERVISOR).revision == 2
    assert [past.source for past in station.history.of(KEY)] == [Source.PAPER, Source.PAPER]


def test_nothing_was_accepted_and_so_there_is_no_history(station: Station) -> None:
    assert station.history.of(KEY) == ()


def test_what_the_centre_returned_goes_again_unchanged_and_nothing_else_does(
    accepted: Station, sender: Sender, centre: FakeCentre, clock: Clock
) -> None:
    again = accepted.correcting.unchanged
    refused(accepted, AlreadyAccepted, lambda: again(KEY, CLERK, "povolení přišlo později"))
    centre.refused = {KEY}
    sender.step(clock())
    refused(accepted, ReasonMissing, lambda: again(KEY, CLERK, ""))
    offer = again(KEY, CLERK, "povolení přišlo později")
    centre.refused = set()
    assert accepted.intake.accept(offer, CLERK).revision == 2
    sender.step(clock())
    new, old = accepted.history.of(KEY)
    assert (new.state, old.state) == (State.CONFIRMED, State.RETURNED)
    assert new.protocol.counts == old.protocol.counts
