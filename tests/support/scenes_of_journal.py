"""Scenes of the journal: empty, a busy night, nothing found, a row's details with figures, the export."""

from __future__ import annotations

from collections.abc import Iterator

from app.desktop.journal.page import JournalPage
from app.election.verdict import FieldRef
from app.station.states import Role, User
from tests.support import busy_journal, waiting
from tests.support.invented_election import stated
from tests.support.scenes import story
from tests.support.stage import Stage
from tests.support.station_world import CLERK, file_of, one_more_envelope

TECHNICIAN = User("Ing. Bořivoj Technický", Role.TECHNICIAN)


def page_of(stage: Stage, user: User = TECHNICIAN) -> JournalPage:
    stage.window.desk.user = user
    stage.window.sections.user_changed()
    stage.window.sections.turn("journal")
    page = stage.window.sections.page("journal")
    assert isinstance(page, JournalPage)
    stage.wait(lambda: not page.busy)
    return page


@story()
def journal(stage: Stage) -> Iterator[str]:
    page = page_of(stage)
    stage.settle()
    yield "journal-empty"
    station = stage.window.desk.station
    busy_journal.fill(station, 300)
    waiting.held(station, stage.key(550002, 1))
    key = stage.key(550001, 1)
    waiting.accepted(station, key)
    wrong = one_more_envelope(stage.protocols[key])
    (again,) = station.intake.read_bytes("jiny.xml", file_of(stated(stage.reference, wrong)))
    change = {FieldRef("VYD_OBALKY"): wrong.counts.envelopes_issued + 3}
    station.mending.mend(again, change, CLERK, True, "Komise přepočítala obálky.")
    page.look()
    stage.wait(lambda: page.table.newest >= 303 and not page.busy)
    yield "journal"
    row = next(i for i, entry in enumerate(page.table.rows) if entry.act == "mend")
    page.open_row(row)
    stage.dialog()
    yield "journal-details"
    stage.put_away()
    page.filters.choose_precinct(key.precinct)
    page.filters.user.setCurrentText("Věra Šťastná")
    page.filters.since.tick.setChecked(True)
    stage.wait(lambda: not page.busy)
    yield "journal-filtered"
    page.filters.until.tick.setChecked(True)
    page.filters.until.set(stage.clock.now.replace(year=2023))
    page.look()
    stage.wait(lambda: not page.busy and page.table.rowCount() == 0)
    page.progress.setRange(0, 10)
    page.progress.setValue(4)
    page.progress.show()
    yield "journal-nothing"
