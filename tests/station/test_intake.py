"""Acts on protocols: what they store, what they refuse, and that a refused act leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.documents.document_errors import DocumentError
from app.election.circumstances import Signatures
from app.election.complete import with_flags
from app.election.errors import KnownError
from app.election.model import Contest, PrecinctId, ProtocolKey, Reading, RegionalProtocol
from app.election.reference import Reference
from app.station.changes import Change
from app.station.errors import (
    AlreadyAccepted,
    ApprovalMissing,
    Blocked,
    ContentChanged,
    NotExpected,
    NothingToCorrect,
    OtherAuthor,
    OwnWork,
    ReasonMissing,
    RoleRefused,
    StepRefused,
    StoreTrouble,
    TextRefused,
)
from app.station.offers import Answers, Offer, Standing
from app.station.states import Role, State, User
from app.station.station import Station
from tests.support.invented_election import regional_protocol, stated, totals
from tests.support.permits import late_permit
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
    Clock,
    all_rows,
    file_of,
    one_more_envelope,
    readings,
)

KEY = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)


def offer(station: Station, reading: Reading, answers: Answers | None = None) -> Offer:
    (made,) = station.intake.read_bytes("zapis.xml", file_of(reading), answers or Answers())
    return made


def right(reference: Reference, seed: int = 1) -> RegionalProtocol:
    return regional_protocol(reference, KEY.precinct, seed)


def reading(reference: Reference, seed: int = 1) -> Reading:
    return stated(reference, right(reference, seed))


def passable(reference: Reference) -> Reading:
    return stated(reference, one_more_envelope(right(reference)))


def blocked(reference: Reference) -> Reading:
    right_one = reading(reference)
    return replace(right_one, kc_2=(right_one.kc_2 or 0) + 9)


def state(station: Station) -> State:
    row = station.row(KEY)
    assert row is not None
    return row.state


def refuses(station: Station, kind: type[KnownError], act: Callable[[], object]) -> KnownError:
    before = all_rows(station)
    with pytest.raises(kind) as refused:
        act()
    assert all_rows(station) == before
    assert refused.value.cs.strip().endswith((".", "!"))
    return refused.value


def test_an_accepted_protocol_is_there_with_its_original_bytes(
    station: Station, reference: Reference
) -> None:
    made = offer(station, reading(reference))
    accepted = station.intake.accept(made, CLERK)
    row = station.row(KEY)
    assert row is not None
    assert (row.state, row.revision, row.user) == (State.ACCEPTED, 1, CLERK.name)
    assert station.intake.current(KEY) == (accepted, right(reference))
    kept = station._store.rows("SELECT data, name FROM originals")
    assert [tuple(one) for one in kept] == [(file_of(reading(reference)), "zapis.xml")]
    assert station.outbox.queue() == 1
    (entry,) = station.journal.entries()
    assert (entry.act, entry.key, entry.revision, entry.user) == ("accept", KEY, 1, CLERK.name)
    assert entry.details["content_hash"] == accepted.content_hash == made.content_hash


def test_both_protocols_of_one_file_are_offered_and_accepted(station: Station, reference: Reference) -> None:
    both = [r for key, r in readings(reference).items() if key.precinct == KEY.precinct]
    offers = station.intake.read_bytes("oba.xml", file_of(*both))
    assert [one.key.contest for one in offers] == [Contest.REGIONAL, Contest.SENATE_ROUND_1]
    for one in offers:
        station.intake.accept(one, CLERK)
    assert station.progress().accepted == 2
    assert len(station._store.rows("SELECT * FROM originals")) == 1


def test_reading_a_file_stores_nothing(station: Station, reference: Reference) -> None:
    before = all_rows(station)
    offer(station, reading(reference))
    offer(station, blocked(reference))
    assert all_rows(station) == before


def test_the_same_content_again_is_recognised(station: Station, reference: Reference) -> None:
    first = offer(station, reading(reference))
    station.intake.accept(first, CLERK)
    again = offer(station, reading(reference))
    assert again.standing is Standing.SAME
    assert not again.can_accept
    assert not again.can_hold
    for act in (
        lambda: station.intake.accept(again, CLERK),
        lambda: station.intake.accept(first, CLERK),  # a double click
        lambda: station.intake.correct(again, CLERK, "ještě jednou"),
    ):
        refuses(station, AlreadyAccepted, act)


def test_other_content_for_an_accepted_precinct_is_blocked_by_id_04(
    station: Station, reference: Reference
) -> None:
    station.intake.accept(offer(station, reading(reference)), CLERK)
    other = offer(station, reading(reference, seed=2))
    assert other.standing is Standing.DIFFERENT
    assert other.verdict.failed_ids == ("ID-04",)
    refuses(station, Blocked, lambda: station.intake.accept(other, CLERK))
    refuses(station, StepRefused, lambda: station.intake.refuse(other, CLERK, "jiný obsah"))


def test_a_blocking_error_is_never_accepted_held_or_approved(station: Station, reference: Reference) -> None:
    bad = offer(station, blocked(reference))
    assert "KC-01" in bad.verdict.failed_ids
    assert not bad.can_accept
    error = refuses(station, Blocked, lambda: station.intake.accept(bad, CLERK, "přesto"))
    assert "KC-01" in error.cs
    refuses(station, Blocked, lambda: station.intake.hold(bad, CLERK, "přesto"))
    refuses(station, StepRefused, lambda: station.intake.approve(KEY, SUPERVISOR, "0" * 64))


def test_a_refused_protocol_keeps_its_file_and_may_come_again(station: Station, reference: Reference) -> None:
    bad = offer(station, blocked(reference))
    refuses(station, ReasonMissing, lambda: station.intake.refuse(bad, CLERK, " "))
    station.intake.refuse(bad, CLERK, "kontrolní číslo nesouhlasí")
    assert state(station) is State.REFUSED
    (kept,) = station._store.rows("SELECT rules, reason, original_sha256 FROM refusals")
    assert tuple(kept) == ("KC-01", "kontrolní číslo nesouhlasí", bad.original.sha256)
    assert station.progress().refused == 1
    station.intake.accept(offer(station, reading(reference)), CLERK)
    assert state(station) is State.ACCEPTED


def test_a_passable_error_needs_another_persons_approval(station: Station, reference: Reference) -> None:
    flawed = offer(station, passable(reference))
    assert [result.rule_id for result in flawed.verdict.passable] == ["LG-02"]
    assert (flawed.can_accept, flawed.can_hold, flawed.reading.passable_error) == (False, True, 1)
    refuses(station, ApprovalMissing, lambda: station.intake.accept(flawed, CLERK, "stalo se"))
    refuses(station, ReasonMissing, lambda: station.intake.hold(flawed, CLERK, ""))
    held = station.intake.hold(flawed, CLERK, "obálka navíc, komise potvrdila")
    assert state(station) is State.HELD
    assert [(h.id, h.content_hash, h.offer.reading) for h in station.intake.held()] == [
        (held.id, flawed.content_hash, flawed.reading)
    ]
    shown = held.content_hash
    for own in (CLERK, replace(CLERK, role=Role.SUPERVISOR), User(" jana  NOVÁKOVÁ", Role.SUPERVISOR)):
        kind = RoleRefused if own.role is Role.CLERK else OwnWork
        refuses(station, kind, lambda own=own: station.intake.approve(KEY, own, shown))  # type: ignore[misc]
    refuses(station, RoleRefused, lambda: station.intake.approve(KEY, OTHER_CLERK, shown))
    refuses(station, ContentChanged, lambda: station.intake.approve(KEY, SUPERVISOR, "0" * 64))
    accepted = station.intake.approve(KEY, SUPERVISOR, shown, "schváleno")
    assert (accepted.accepted_by, accepted.approved_by) == (CLERK.name, SUPERVISOR.name)
    current = station.intake.current(KEY)
    assert current is not None
    assert current[1] == with_flags(one_more_envelope(right(reference)), passable_error=True)
    assert station.intake.held() == ()
    # the file says CHYBA=0, the station raised it: still the same content
    assert offer(station, passable(reference)).standing is Standing.SAME
    refuses(station, StepRefused, lambda: station.intake.approve(KEY, SUPERVISOR, shown))


def test_a_held_protocol_that_is_sent_back_is_awaited_again(station: Station, reference: Reference) -> None:
    station.intake.hold(offer(station, passable(reference)), CLERK, "obálka navíc")
    another = offer(station, reading(reference))
    refuses(station, StepRefused, lambda: station.intake.accept(another, CLERK))
    refuses(station, ReasonMissing, lambda: station.intake.send_back(KEY, SUPERVISOR, ""))
    station.intake.send_back(KEY, SUPERVISOR, "přepočítat")
    assert state(station) is State.AWAITED
    station.intake.accept(offer(station, reading(reference)), CLERK)


def test_what_the_clerk_said_about_the_visit_is_judged_again_at_approval(
    station: Station, reference: Reference, clock: Clock
) -> None:
    right_one = reading(reference)
    said = Answers(signatures=Signatures.MISSING, retyped=totals(right_one), handed_over=clock())
    flawed = offer(station, right_one, said)
    assert flawed.verdict.failed_ids == ("FM-05",)
    held = station.intake.hold(flawed, CLERK, "člen komise onemocněl")
    (waiting,) = station.intake.held(KEY)
    assert waiting.offer.verdict.failed_ids == ("FM-05",)
    clock.now = reference.election.calendar.delivery_ends + timedelta(hours=1)  # it was handed over in time
    station.intake.approve(KEY, SUPERVISOR, held.content_hash)
    assert state(station) is State.ACCEPTED


def test_after_the_law_s_24_hours_a_protocol_is_blocked(
    station: Station, reference: Reference, clock: Clock
) -> None:
    clock.now = reference.election.calendar.delivery_ends + timedelta(seconds=1)
    late = offer(station, reading(reference))
    assert late.verdict.failed_ids == ("PR-02",)
    station.permits.take(late_permit(reference, KEY), CLERK)
    assert offer(station, reading(reference)).can_accept


def test_a_correction_is_a_new_revision_with_oprava_and_reason(
    station: Station, reference: Reference
) -> None:
    other = offer(station, reading(reference, seed=2))
    refuses(station, NothingToCorrect, lambda: station.intake.correct(other, CLERK, "dřív než první"))
    first = station.intake.accept(offer(station, reading(reference)), CLERK)
    other = offer(station, reading(reference, seed=2))
    refuses(station, ReasonMissing, lambda: station.intake.correct(other, CLERK, ""))
    corrected = station.intake.correct(other, CLERK, "záměna dvou stran")
    assert corrected.revision == 2
    current = station.intake.current(KEY)
    assert current is not None
    assert current[1] == with_flags(right(reference, seed=2), corrected=True)
    versions = station._store.rows(
        "SELECT revision, content_hash, corrected, reason FROM versions ORDER BY id"
    )
    assert [tuple(v) for v in versions] == [
        (1, first.content_hash, 0, ""),
        (2, corrected.content_hash, 1, "záměna dvou stran"),
    ]
    assert station.outbox.queue() == 2


def test_a_correction_with_a_wrong_control_number_is_still_blocked(
    station: Station, reference: Reference
) -> None:
    station.intake.accept(offer(station, reading(reference)), CLERK)
    wrong = reading(reference, seed=2)
    wrong = replace(wrong, sheets=(wrong.sheets[0]._replace(kc_sum=1), *wrong.sheets[1:]))  # type: ignore
    error = refuses(station, Blocked, lambda: station.intake.correct(offer(station, wrong), CLERK, "oprava"))
    assert "KC-04" in error.cs


def test_a_file_that_says_oprava_is_accepted_as_the_first_with_its_flag(
    station: Station, reference: Reference
) -> None:
    flagged = with_flags(right(reference), corrected=True)
    accepted = station.intake.accept(offer(station, stated(reference, flagged)), CLERK)
    current = station.intake.current(KEY)
    assert current is not None
    assert (accepted.revision, current[1]) == (1, flagged)
    row = station.row(KEY)
    assert row is not None
    assert row.corrected


def test_a_correction_with_a_passable_error_is_held_and_keeps_the_old_revision_standing(
    station: Station, reference: Reference
) -> None:
    station.intake.accept(offer(station, reading(reference, seed=2)), CLERK)
    correction = station.intake.as_correction(offer(station, passable(reference)), CLERK, "přepočet")
    refuses(station, OtherAuthor, lambda: station.intake.hold(correction, OTHER_CLERK, "obálka"))
    held = station.intake.hold(correction, CLERK, "obálka navíc")
    assert (state(station), station.progress().accepted) == (State.HELD, 1)
    station.intake.send_back(KEY, SUPERVISOR, "znovu přepočítat")
    assert state(station) is State.ACCEPTED  # the first revision still stands, unsent
    correction = station.intake.as_correction(offer(station, passable(reference)), CLERK, "přepočet")
    held = station.intake.hold(correction, CLERK, "obálka navíc")
    accepted = station.intake.approve(KEY, SUPERVISOR, held.content_hash, "souhlasím")
    assert accepted.revision == 2
    (version,) = station._store.rows("SELECT * FROM versions WHERE revision = 2")
    assert (version["corrected"], version["passable_error"]) == (1, 1)
    assert version["reason"] == "přepočet; obálka navíc; souhlasím"


def test_an_offer_read_before_somebody_else_accepted_is_stale(station: Station, reference: Reference) -> None:
    mine, other = offer(station, reading(reference)), offer(station, reading(reference, seed=2))
    station.intake.accept(other, OTHER_CLERK)
    refuses(station, ContentChanged, lambda: station.intake.accept(mine, CLERK))


def test_a_protocol_of_another_point_is_blocked_and_cannot_even_be_refused(
    station: Station, reference: Reference
) -> None:
    foreign = regional_protocol(reference, PrecinctId(550003, 1), 1)
    made = offer(station, stated(reference, foreign))
    assert made.standing is Standing.UNEXPECTED
    assert "ID-02" in made.verdict.failed_ids
    refuses(station, Blocked, lambda: station.intake.accept(made, CLERK))
    refuses(station, NotExpected, lambda: station.intake.refuse(made, CLERK, "jinam"))


@pytest.mark.parametrize(
    ("name", "reason"), [("x" * 101, ""), ("Jana", "x" * 501), ("Jana", "nul \x00"), ("", "")]
)
def test_a_name_or_reason_that_no_batch_could_carry_is_refused_at_once(
    station: Station, reference: Reference, name: str, reason: str
) -> None:
    made = offer(station, reading(reference))
    refuses(station, TextRefused, lambda: station.intake.accept(made, User(name), reason))


def test_a_stored_original_that_was_changed_is_noticed(station: Station, reference: Reference) -> None:
    station.intake.accept(offer(station, reading(reference)), CLERK)
    db = station._store.connection
    db.execute("DROP TRIGGER originals_keep")
    db.execute("UPDATE originals SET data = ?", (file_of(reading(reference, seed=2)),))
    station.intake._versions._readings.clear()
    with pytest.raises(StoreTrouble):
        station.intake.current(KEY)


def test_each_act_tells_which_protocol_changed(station: Station, reference: Reference) -> None:
    heard: list[Change] = []
    end = station.subscribe(heard.append)
    station.intake.refuse(offer(station, blocked(reference)), CLERK, "chyba")
    station.intake.accept(offer(station, reading(reference)), CLERK)
    with pytest.raises(AlreadyAccepted):
        station.intake.accept(offer(station, reading(reference)), CLERK)
    assert heard == [Change(frozenset({KEY})), Change(frozenset({KEY}), connection=True)]
    end()
    end()
    station.intake.correct(offer(station, reading(reference, seed=2)), CLERK, "oprava")
    assert len(heard) == 2


def test_a_listener_that_fails_stops_neither_the_act_nor_the_others(
    station: Station, reference: Reference, expect_log: Callable[[int | str, str], None]
) -> None:
    heard: list[Change] = []

    def broken(change: Change) -> None:
        raise RuntimeError("a bug in a view")

    station.subscribe(broken)
    station.subscribe(heard.append)
    expect_log("ERROR", "a listener of changes failed")
    station.intake.accept(offer(station, reading(reference)), CLERK)
    assert len(heard) == 1


def test_a_file_that_cannot_be_read_raises_a_document_error(station: Station) -> None:
    refuses(station, DocumentError, lambda: station.intake.read_bytes("x.xml", b"<ZAPISY"))
