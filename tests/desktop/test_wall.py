"""The wall: the public's counts, large enough to be read from five metres, following by itself, never in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.overseeing import wall_window
from app.desktop.overseeing.page import CompletenessPage
from app.desktop.overseeing.wall_run import WallKeeper
from app.desktop.overseeing.wall_window import PAGE, SECONDS, WallWindow
from app.election.model import Mode
from app.election.reference import Reference
from app.station.changes import Change
from app.station.overseeing.wall import wall
from app.station.states import State
from app.station.station import Station
from tests.desktop.conftest import Driver
from tests.support import invented_election, station_world
from tests.support.invented_election import stated
from tests.support.point_host import host
from tests.support.point_rows import CLERK, CONTACT, NOTE, NOW, point
from tests.support.station_world import Clock, file_of, protocols

ELECTION = invented_election.reference(mode=Mode.REHEARSAL).election


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every text that a wall paints, with the height of its letters."""
    found: list[tuple[str, int]] = []
    original = wall_window._line

    def kept(painter: QPainter, area: object, text: str, *rest: object, **named: object) -> None:
        original(painter, area, text, *rest, **named)  # type: ignore[arg-type]
        found.append((text, painter.font().pixelSize()))

    monkeypatch.setattr(wall_window, "_line", kept)
    return found


@pytest.fixture
def shown(prepared: QApplication, qtbot: QtBot) -> Callable[..., WallWindow]:
    def make(
        sizes: tuple[int, ...], states: list[State], width: int = 1920, height: int = 1080
    ) -> WallWindow:
        made = WallWindow(lambda: NOW)
        qtbot.addWidget(made)
        made.resize(width, height)
        made.show_wall(wall(ELECTION, "Lhota", point(sizes, states), NOW))
        made.show()
        return made

    return make


MIXED = [State.CONFIRMED, State.CONFIRMED, State.SENT, State.CONFIRMED, State.REFUSED, State.AWAITED]


def test_it_shows_point_mode_clock_and_counts_and_no_secret(
    shown: Callable[..., WallWindow], painted: list[tuple[str, int]]
) -> None:
    window = shown((3, 2), MIXED)
    window.grab()
    texts = [text for text, _ in painted]
    assert {"Přebírací místo Lhota", "17:00:00", "Převzato 2 z 5 okrsků"} <= set(texts)
    assert {"potvrzeno 1", "převzato 1", "řeší se 1", "chybí 2"} <= set(texts)
    assert {"Cerhov", "2 / 3", "Čejkov", "0 / 2"} <= set(texts)
    told = " ".join([*texts, window.accessibleName(), window.windowTitle()])
    for secret in (CLERK, CONTACT, NOTE, "škola", "41-1"):
        assert secret not in told
    assert "ZKOUŠKA" in window.windowTitle()
    assert [badge.accessibleName() for badge in window.findChildren(QWidget)] == ["Režim: ZKOUŠKA"]


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (910, 512), (1024, 768)])
@pytest.mark.parametrize("sizes", [(1,), (3, 2, 4), (1,) * 33])
def test_letters_are_large_enough_for_five_metres(
    shown: Callable[..., WallWindow],
    painted: list[tuple[str, int]],
    width: int,
    height: int,
    sizes: tuple[int, ...],
) -> None:
    shown(sizes, [], width, height).grab()
    unit = min(height / 100, width / 150)
    assert painted
    assert min(size for _, size in painted) >= round(2.4 * unit)


def test_many_municipalities_go_by_page_by_page(
    shown: Callable[..., WallWindow], painted: list[tuple[str, int]]
) -> None:
    window = shown((1,) * (2 * PAGE + 1), [])
    seen: set[str] = set()
    pages = []
    for _ in range(3):
        painted.clear()
        window.grab()
        seen |= {text for text, _ in painted}
        pages.append(window.page)
        for _ in range(SECONDS):
            window.tick()
    assert pages == [0, 1, 2]
    assert window.page == 0
    assert len({name for name in seen if name[0].isupper()} & set(window_names(window))) == 2 * PAGE + 1


def window_names(window: WallWindow) -> list[str]:
    assert window._wall is not None
    return [row.name for row in window._wall.municipalities]


def test_f11_opens_it_from_the_page_and_puts_it_away_and_it_follows(
    prepared: QApplication, qtbot: QtBot
) -> None:
    asked = host(point((1, 1)))
    page = CompletenessPage(asked)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.shown()
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_F11)
    window = page.wall.window
    assert window is not None
    assert window.isFullScreen()
    asked.station.rows = point((1, 1), [State.CONFIRMED] * 2)
    page.changed(Change(frozenset({asked.station.rows[0].key})))
    assert "Převzato 1 z 2 okrsků" in window.accessibleName()
    page.hide()
    asked.station.rows = point((1, 1), [State.CONFIRMED] * 4)
    page.changed(Change(frozenset({asked.station.rows[0].key})))
    assert "Převzato 2 z 2 okrsků" in window.accessibleName()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert page.wall.window is None


def test_as_a_program_it_runs_beside_the_desk_follows_it_and_stays(
    prepared: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    reference: Reference = invented_election.reference(mode=Mode.REHEARSAL)
    folder, clock = station_world.make_station(tmp_path, reference), Clock()
    with Station.open(folder, clock) as station:
        keeper = WallKeeper(folder, clock)
        qtbot.addWidget(keeper.window)
        keeper.window.showFullScreen()
        assert "Převzato 0 z 4 okrsků" in keeper.window.accessibleName()
        key, protocol = next((k, p) for k, p in protocols(reference).items() if k.precinct == (550002, 1))
        (offer,) = station.intake.read_bytes("z.xml", file_of(stated(reference, protocol)))
        station.intake.accept(offer, station_world.CLERK)
        keeper.look()
        assert "Převzato 1 z 4 okrsků" in keeper.window.accessibleName()
        for stroke in (Qt.Key.Key_Escape, Qt.Key.Key_F11, Qt.Key.Key_F11):
            qtbot.keyClick(keeper.window, stroke)
            assert keeper.window.isVisible()
        qtbot.keyClick(keeper.window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
        assert not keeper.window.isVisible()
    assert key


def test_the_wall_stays_while_the_desk_is_locked_and_goes_with_its_window(driver: Driver) -> None:
    window = driver.window
    driver.qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = window.sections.page("completeness")
    assert isinstance(page, CompletenessPage)
    driver.wait(lambda: page.table.rowCount() == 7)
    page.open_wall()
    wall_shown = page.wall.window
    assert wall_shown is not None
    window.sections.turn("desk")
    window.hide()  # as a closed gate or another window before it does
    assert wall_shown.isVisible()
    window.close()
    assert page.wall.window is None
