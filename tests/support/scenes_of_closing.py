"""Scenes of closing: a new night, a protocol explained, all green, the dialogs, closed, the backups."""

from __future__ import annotations

from collections.abc import Iterator

from app.desktop.closing.dialogs import CloseDialog
from app.desktop.closing.page import ClosingPage
from app.station.states import Role, User
from tests.support.invented_election import stated
from tests.support.scenes import story
from tests.support.stage import Stage
from tests.support.station_world import CLERK, file_of

CHIEF = User("Ing. Ivana Kohoutková-Šťastná", Role.SUPERVISOR)


def page_of(stage: Stage, user: User = CHIEF) -> ClosingPage:
    """The page, with this person signed in."""
    stage.window.desk.user = user
    stage.window.sections.user_changed()
    stage.window.sections.turn("closing")
    page = stage.window.sections.page("closing")
    assert isinstance(page, ClosingPage)
    stage.wait(lambda: page.look is not None)
    return page


def accept_all(stage: Stage, leave: int) -> None:
    """Everything is accepted and confirmed but the last few."""
    station = stage.window.desk.station
    for key in list(stage.protocols)[: len(stage.protocols) - leave]:
        (offer,) = station.intake.read_bytes("z.xml", file_of(stated(stage.reference, stage.protocols[key])))
        station.intake.accept(offer, CLERK)
    stage.wait(lambda: station.progress().confirmed == len(stage.protocols) - leave)


@story()
def closing(stage: Stage) -> Iterator[str]:
    page = page_of(stage)
    station = stage.window.desk.station
    yield "closing-new"
    page.tabs.setCurrentIndex(2)
    yield "closing-no-backup"
    page.tabs.setCurrentIndex(0)
    accept_all(stage, 2)
    station.intake.refuse(
        station.intake.read_bytes(
            "z.xml", file_of(stated(stage.reference, list(stage.protocols.values())[-1]))
        )[0],
        CLERK, "Součet hlasů nesouhlasí, komise přepočítá.",
    )  # fmt: skip
    station.entries.begin(list(stage.protocols)[-2], CLERK)
    page.refresh()
    stage.wait(lambda: page.look is not None and len(page.look.rows) == 2)
    stage.window.messages.clear()
    yield "closing-open"
    page.tabs.setCurrentIndex(1)
    page.explain_with(
        list(stage.protocols)[-1], "Komise nepřijela, telefon nikdo nebere; řeší krajská správa."
    )
    stage.wait(lambda: page.look is not None and len(page.look.explained) == 1)
    yield "closing-missing"
    page.missing.explain_button.click()
    stage.dialog()
    yield "dialog-explain"
    stage.put_away()
    (draft,) = station.entries.drafts()
    station.entries.discard(draft.id, CHIEF, "omyl")
    page.explain_with(list(stage.protocols)[-2], "Zápis odvezen do Brna.")
    page.use_place(stage.stick)
    stage.wait(lambda: page.look is not None and page.look.backup.current)
    page.backups.buttons["drill"].click()
    stage.wait(lambda: page.look is not None and page.look.backup.drilled is not None)
    page.tabs.setCurrentIndex(2)
    stage.window.messages.clear()
    yield "closing-backup"
    page.backups.buttons["restore"].click()
    stage.dialog()
    yield "dialog-restore"
    stage.put_away()
    page.tabs.setCurrentIndex(0)
    page.checks.lines[page.look.checks.checks[5].item].button.click()  # type: ignore[union-attr]
    stage.wait(lambda: page.look is not None and page.look.checks.is_done)
    stage.window.messages.clear()
    yield "closing-ready"
    page.close_button.click()
    stage.wait(lambda: isinstance(page.dialog, CloseDialog))
    yield "dialog-close"
    page.dialog.yes.click()  # type: ignore[union-attr]
    stage.wait(lambda: page.look is not None and page.look.step is not None)
    stage.wait(lambda: len(stage.seen()) == 1)
    stage.window.messages.clear()
    yield "closing-closed"
