"""Scenes of the point: nobody else yet, both workstations, a conflict side by side, precincts assigned."""

from __future__ import annotations

from collections.abc import Iterator

from app.desktop.point.assign_dialog import AssignDialog
from app.desktop.point.page import PointPage
from app.station.states import Role, User
from tests.support.neighbouring import Neighbour
from tests.support.scenes import story
from tests.support.stage import Stage
from tests.support.station_world import CLERK, file_of, readings

CHIEF = User("Ing. Ivana Kohoutková-Šťastná", Role.SUPERVISOR)


@story()
def point(stage: Stage) -> Iterator[str]:
    stage.window.desk.user = CHIEF
    stage.window.sections.user_changed()
    stage.window.sections.turn("point")
    page = stage.window.sections.page("point")
    assert isinstance(page, PointPage)
    stage.wait(lambda: page.view is not None)
    yield "point-alone"
    station, centre = stage.window.desk.station, stage.centre
    neighbour = Neighbour(stage.reference, centre, station)
    mine, theirs = stage.key(550001, 1), stage.key(550002, 1)
    (offer,) = station.intake.read_bytes("z.xml", file_of(readings(stage.reference)[mine]))
    neighbour.takes_in(theirs)
    stage.settle()
    stage.window.sections.turn("desk")
    stage.wait(lambda: any(row.state == "confirmed" for row in stage.window.overview.table.rows))
    yield "point-list"
    stage.window.sections.open_protocol(theirs)
    stage.wait(lambda: stage.window.page == "protocol")
    yield "point-taken-elsewhere"
    neighbour.pushes(mine)
    station.intake.accept(offer, CLERK)
    stage.wait(lambda: station.row(mine).state == "returned")  # type: ignore[union-attr]
    stage.window.sections.turn("point")
    neighbour.is_heard()
    stage.wait(lambda: page.conflict is not None and page.conflict.theirs is not None)
    stage.window.messages.clear()
    yield "point-conflict"
    page.all.setChecked(True)
    yield "point-conflict-all"
    page.withdraw_button.click()
    stage.dialog()
    yield "point-withdraw"
    stage.put_away()


@story()
def assigning(stage: Stage) -> Iterator[str]:
    station = stage.window.desk.station
    Neighbour(stage.reference, stage.centre, station).takes_in(stage.key(550002, 1))
    stage.window.desk.user = CHIEF
    stage.window.sections.user_changed()
    stage.window.sections.turn("point")
    page = stage.window.sections.page("point")
    assert isinstance(page, PointPage)
    stage.wait(lambda: page.view is not None and len(page.view.places) == 2)
    page.assign_button.click()
    dialog = stage.dialog()
    assert isinstance(dialog, AssignDialog)
    stage.wait(lambda: bool(dialog.plan))
    yield "assign-nobody"
    dialog.deal_button.click()
    stage.wait(lambda: len({one.station for one in dialog.plan}) == 3)
    yield "assign-dealt"
    dialog.station.setEditText("Praha 1")
    dialog.give_button.click()
    stage.wait(lambda: "STA" in dialog.told.text() or "Praha 1" in dialog.told.text())
    yield "assign-refused"
    stage.put_away()
    other = next(one.precinct for one in station.point.assigning.plan() if one.station == "41-2")
    stage.window.sections.turn("completeness")
    stage.settle()
    yield "assign-completeness"
    stage.window.sections.turn("desk")
    stage.open(*(key for key in stage.protocols if key.precinct == other))
    yield "assign-read-here"
    stage.leave()
    stage.window.desk.user = CLERK
    stage.window.sections.user_changed()
    stage.window.sections.turn("point")
    page.open_assigning()
    stage.dialog()
    stage.settle()
    yield "assign-clerk"
    stage.put_away()
