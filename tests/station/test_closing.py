"""Closing a point: what has to be done before, what it leaves, and that nothing is written after."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.election.reference import Reference
from app.station.audit.verify import verify_folder
from app.station.closing.checklist import Item
from app.station.states import Role, State, User
from app.station.station import Station
from tests.support.busy_station import offered, send_all
from tests.support.paper_entry import paper_of
from tests.support.station_world import (
    CLERK,
    SUPERVISOR,
    Clock,
    FakeCentre,
    all_rows,
    one_more_envelope,
    protocols,
)

PAPER = "a" * 64
TECHNICIAN = User("Ivo", Role.TECHNICIAN)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def done(station: Station, centre: FakeCentre, reference: Reference, place: Path) -> Station:
    """A station at which everything is accepted, confirmed, backed up and verified but the last protocol,
    which is explained."""
    made = list(protocols(reference).values())
    for protocol in made[:-1]:
        station.intake.accept(offered(station, reference, protocol), CLERK)
    send_all(station, centre)
    station.closing.explain(made[-1].key, SUPERVISOR, "komise nepřijela, volá se jí")
    station.backups.choose(place, SUPERVISOR)
    station.backups.make()
    station.closing.verify()
    return station


def states(station: Station) -> dict[Item, bool]:
    return {check.item: check.is_done for check in station.closing.checks().checks}


def test_a_new_station_has_everything_to_do(station: Station) -> None:
    assert states(station) == {
        Item.EXPECTED: False, Item.HOLDS: True, Item.DRAFTS: True, Item.CONFLICTS: True,
        Item.OUTBOX: True, Item.JOURNAL: False, Item.BACKUP: False,
    }  # fmt: skip


def test_when_all_is_done_the_point_is_closed_and_the_report_and_the_journal_name_each_other(
    done: Station,
) -> None:
    assert done.closing.checks().is_done
    report = done.closing.report(SUPERVISOR)
    assert report.progress.confirmed == 6
    assert report.explained == 1
    assert [line.explanation for line in report.lines if line.explanation] == ["komise nepřijela, volá se jí"]
    assert report.journal[1] in report.qr_text
    done.closing.close(report, PAPER, SUPERVISOR)
    assert done.closing.is_closed
    step = done.closing.last_step()
    assert step is not None
    assert (step.kind, step.user, step.report_sha256, step.journal) == (
        "closed", SUPERVISOR.name, PAPER, report.journal,
    )  # fmt: skip
    last = done.journal.entries()[-1]
    assert last.act == "point-closed"
    assert last.details["report"] == PAPER
    assert last.details["journal_head"] == report.journal[1]
    assert verify_folder(done.folder).broken == ()


Spoil = Callable[[Station, Reference, FakeCentre], None]


def _hold(station: Station, reference: Reference, centre: FakeCentre) -> None:
    protocol = list(protocols(reference).values())[-1]
    station.intake.hold(offered(station, reference, one_more_envelope(protocol)), CLERK, "obálka")


def _draft(station: Station, reference: Reference, centre: FakeCentre) -> None:
    station.entries.begin(list(protocols(reference))[-1], CLERK)


def _queue(station: Station, reference: Reference, centre: FakeCentre) -> None:
    station.intake.accept(offered(station, reference, list(protocols(reference).values())[-1]), CLERK)


def _refused(station: Station, reference: Reference, centre: FakeCentre) -> None:
    protocol = list(protocols(reference).values())[-1]
    station.intake.refuse(offered(station, reference, protocol), CLERK, "nečitelný")


@pytest.mark.parametrize(
    ("spoil", "items"),
    [
        (_hold, {Item.EXPECTED, Item.HOLDS, Item.JOURNAL, Item.BACKUP}),
        (_draft, {Item.DRAFTS, Item.JOURNAL, Item.BACKUP}),
        (_queue, {Item.EXPECTED, Item.OUTBOX, Item.JOURNAL, Item.BACKUP}),
        (_refused, {Item.EXPECTED, Item.JOURNAL, Item.BACKUP}),
    ],
)
def test_whatever_happens_later_opens_its_items_again(
    done: Station, reference: Reference, centre: FakeCentre, spoil: Spoil, items: set[Item]
) -> None:
    """An explanation lapses too when its protocol moves."""
    spoil(done, reference, centre)
    assert {item for item, is_done in states(done).items() if not is_done} == items
    with pytest.raises(Exception, match="CLS-02"):
        done.closing.report(SUPERVISOR)


def test_a_report_that_something_overtook_closes_nothing(done: Station, reference: Reference) -> None:
    report = done.closing.report(SUPERVISOR)
    done.users.accounts.make_first("sef", "Věra Šťastná", "dlouhé heslo pro zkoušku")
    with pytest.raises(Exception, match="CLS-03"):
        done.closing.close(report, PAPER, SUPERVISOR)
    assert not done.closing.is_closed
    assert done.closing.checks().is_done  # people signing in undo nothing of it


@pytest.mark.parametrize("user", [CLERK, TECHNICIAN])
def test_only_a_supervisor_closes_explains_and_reopens(done: Station, user: User) -> None:
    report = done.closing.report(SUPERVISOR)
    for act in (
        lambda: done.closing.report(user),
        lambda: done.closing.close(report, PAPER, user),
        lambda: done.closing.explain(done.expected[-1], user, "nic"),
        lambda: done.closing.reopen(user, "nic"),
    ):
        with pytest.raises(Exception, match="STA-21"):
            act()


def test_a_confirmed_protocol_needs_no_explanation_and_none_goes_without_a_reason(done: Station) -> None:
    with pytest.raises(Exception, match="CLS-05"):
        done.closing.explain(done.expected[0], SUPERVISOR, "nic")
    with pytest.raises(Exception, match="STA-22"):
        done.closing.explain(done.expected[-1], SUPERVISOR, "  ")


@pytest.fixture
def closed(done: Station) -> Station:
    done.closing.close(done.closing.report(SUPERVISOR), PAPER, SUPERVISOR)
    return done


def test_every_act_of_a_closed_point_is_refused_and_writes_nothing(
    closed: Station, reference: Reference
) -> None:
    made = list(protocols(reference).values())
    offer = offered(closed, reference, made[-1])
    flawed = offered(closed, reference, one_more_envelope(made[-1]))
    other = next(iter(protocols(reference, seed=2).values()))
    correction = offered(closed, reference, other)
    paper = paper_of(closed, made[-1])
    acts: list[Callable[[], object]] = [
        lambda: closed.intake.accept(offer, CLERK),
        lambda: closed.intake.hold(flawed, CLERK, "obálka"),
        lambda: closed.intake.refuse(offer, CLERK, "nečitelný"),
        lambda: closed.intake.correct(correction, CLERK, "záměna"),
        lambda: closed.entries.begin(made[-1].key, CLERK),
        lambda: closed.mending.mend(offer, {next(iter(paper)): 7}, CLERK, authorised=True, reason="překlep"),
        lambda: closed.closing.explain(made[-1].key, SUPERVISOR, "jinak"),
    ]
    before = all_rows(closed)
    for act in acts:
        with pytest.raises(Exception, match="CLS-01"):
            act()
    with pytest.raises(Exception, match="CLS-01"):
        closed.closing.report(SUPERVISOR)
    assert all_rows(closed) == before


def test_a_draft_that_is_open_when_the_point_closes_cannot_be_saved(
    station: Station, reference: Reference
) -> None:
    """The desk may have a page open: its next field exit is refused."""
    draft = station.entries.begin(station.expected[0], CLERK)
    with station._store.transaction() as db:
        db.execute(
            "INSERT INTO point_steps VALUES (1, 'closed', 'x', '2024', '', ?, 0, ?)", ("a" * 64, "0" * 64)
        )
    field = station.entries.fields(station.expected[0])[0]
    with pytest.raises(Exception, match="CLS-01"):
        station.entries.save(draft.id, field, 7, CLERK)
    assert station.entries.draft(draft.id).values == {}


def test_receipts_still_come_in_after_the_closing(
    station: Station, centre: FakeCentre, reference: Reference
) -> None:
    protocol = next(iter(protocols(reference).values()))
    station.intake.accept(offered(station, reference, protocol), CLERK)
    centre.faults = ["no answer"]
    send_all(station, centre)
    with station._store.transaction() as db:
        db.execute(
            "INSERT INTO point_steps VALUES (1, 'closed', 'x', '2024', '', ?, 0, ?)", ("a" * 64, "0" * 64)
        )
    send_all(station, centre)
    row = station.row(protocol.key)
    assert row is not None
    assert row.state is State.CONFIRMED


def test_a_closed_point_is_closed_after_a_restart_and_opens_with_a_reason(
    closed: Station, clock: Clock, reference: Reference
) -> None:
    closed.close()
    with Station.open(closed.folder, clock) as again:
        assert again.closing.is_closed
        with pytest.raises(Exception, match="STA-22"):
            again.closing.reopen(SUPERVISOR, " ")
        again.closing.reopen(SUPERVISOR, "komise přece přijela")
        assert not again.closing.is_closed
        with pytest.raises(Exception, match="CLS-04"):
            again.closing.reopen(SUPERVISOR, "ještě jednou")
        again.intake.accept(offered(again, reference, list(protocols(reference).values())[-1]), CLERK)
        acts = [entry.act for entry in again.journal.entries()]
        assert acts[-2:] == ["point-reopened", "accept"]
    assert verify_folder(closed.folder).broken == ()
