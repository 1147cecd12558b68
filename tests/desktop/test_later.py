"""Parts that are made when they are wanted, parts made ahead, and a start without searches for garbage."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.desktop.later import Ahead, later
from app.desktop.sweeping import unswept
from app.heap import without_collections


class Owner:
    def __init__(self) -> None:
        self.made: list[str] = []

    @later
    def part(self) -> str:
        self.made.append("part")
        return "a part"


def test_a_part_is_made_when_it_is_first_read_and_once() -> None:
    owner = Owner()
    assert Owner.part.made_in(owner) is None
    assert owner.made == []
    assert (owner.part, owner.part) == ("a part", "a part")
    assert owner.made == ["part"]
    assert Owner.part.made_in(owner) == "a part"


def test_parts_are_made_ahead_in_their_order_and_once(qtbot: QtBot) -> None:
    owner, made, parent = Owner(), [], QObject()
    ahead = Ahead((lambda: made.append(owner.part), lambda: made.append("another")), parent)
    with qtbot.waitSignal(ahead.done):
        ahead.start()
        assert made == []
    assert made == ["a part", "another"]
    ahead.start()  # shown again
    assert not ahead.is_at_work


def test_nothing_is_made_after_the_window_was_closed(qtbot: QtBot) -> None:
    made: list[str] = []
    parent = QObject()
    ahead = Ahead((lambda: made.append("part"),), parent)
    ahead.start()
    ahead.stop()
    assert not ahead.is_at_work
    assert made == []


class Ring:
    """Garbage that only a search finds."""

    def __init__(self) -> None:
        self.itself = self


def test_only_the_main_thread_searches_once_a_desk_stands(qtbot: QtBot) -> None:
    with unswept() as started:
        assert not gc.isenabled()
        started()
        assert not gc.isenabled()  # another thread's search would destroy widgets there
        assert gc.get_freeze_count() > 0
        gone: list[int] = []
        ring = Ring()
        weakref.finalize(ring, lambda: gone.append(threading.get_ident()))
        del ring
        young = [[number] for number in range(5_000)]  # enough to be worth a search
        qtbot.waitUntil(lambda: bool(gone))
        assert gone == [threading.get_ident()]
        assert len(young) == 5_000
    assert gc.get_freeze_count() == 0


def test_a_thread_that_makes_much_destroys_no_widget(qtbot: QtBot) -> None:
    with unswept() as started:
        started()
        ring = Ring()
        gone: list[int] = []
        weakref.finalize(ring, lambda: gone.append(threading.get_ident()))
        del ring
        thread = threading.Thread(target=lambda: [[number] for number in range(200_000)])
        thread.start()
        thread.join()
        assert gone == []


def test_loading_leaves_collections_as_they_were() -> None:
    gc.enable()
    with without_collections():
        assert not gc.isenabled()
        with without_collections():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
