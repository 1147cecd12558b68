"""The line to the centre as it is shown, the end of the program, and bugs: nothing is lost in any of them."""

import threading
import time
from collections.abc import Callable

import pytest

from app.station.sending import Answer, NoAnswer
from app.station.station import Station
from tests.desktop.conftest import Driver


def accept_one(driver: Driver) -> None:
    driver.drop(driver.file(driver.readings[driver.keys_of(550002, 1)[0]]))
    driver.wait_page("verdict")
    driver.window.act("accept")
    driver.wait_page("result")


def test_a_push_without_an_answer_is_waiting_and_never_failed(driver: Driver) -> None:
    driver.centre.faults = ["no answer"]
    accept_one(driver)
    key = driver.keys_of(550002, 1)[0]
    driver.wait(lambda: driver.shown_state(key) == "sent")
    driver.wait(lambda: driver.window.header.line.text() == "Odesláno, čeká na potvrzení")
    assert driver.window.header.queue.text() == "Nepotvrzen 1 zápis"
    driver.clock.advance(60)
    driver.wait(lambda: driver.shown_state(key) == "confirmed")
    driver.wait(lambda: driver.window.header.line.text() == "Spojeno s ústředím")
    assert len(driver.centre.counted) == 1


def test_without_a_line_the_protocol_is_accepted_and_goes_later(driver: Driver) -> None:
    driver.centre.faults = ["unreachable"]
    accept_one(driver)
    key = driver.keys_of(550002, 1)[0]
    driver.wait(lambda: "Bez spojení" in driver.window.header.line.text())
    driver.wait(lambda: driver.shown_state(key) == "accepted")
    driver.clock.advance(60)
    driver.wait(lambda: driver.shown_state(key) == "confirmed")


def test_what_the_centre_sends_back_is_seen_in_the_list(driver: Driver) -> None:
    key = driver.keys_of(550002, 1)[0]
    driver.centre.refused = {key}
    accept_one(driver)
    driver.wait(lambda: driver.shown_state(key) == "returned")
    driver.window.overview.filter.setCurrentIndex(2)
    assert driver.window.overview.table.rowCount() == 1


class Stuck:
    """A centre that takes a push and never answers in time."""

    def __init__(self) -> None:
        self.pushed = threading.Event()
        self.let_go = threading.Event()

    def push(self, data: bytes) -> Answer:
        self.pushed.set()
        self.let_go.wait(30)
        raise NoAnswer


def test_closing_during_a_push_is_bounded_and_the_batch_goes_again(open_desk: Callable[..., Driver]) -> None:
    stuck = Stuck()
    driver = open_desk(stuck)
    accept_one(driver)
    driver.wait(stuck.pushed.is_set)
    begun = time.monotonic()
    driver.window.close()
    assert time.monotonic() - begun < 3
    stuck.let_go.set()
    driver.wait(lambda: not any(one.name == "sender" for one in threading.enumerate()))
    driver.station.close()
    again = open_desk()
    again.wait(lambda: again.shown_state(again.keys_of(550002, 1)[0]) == "confirmed")
    assert len(again.centre.counted) == 1


def test_closing_during_a_read_is_bounded(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go, reading = threading.Event(), threading.Event()

    def hang(*_: object) -> tuple[()]:
        reading.set()
        let_go.wait(30)
        return ()

    monkeypatch.setattr(driver.station.intake, "read_file", hang)
    driver.drop(driver.joint_file())
    driver.wait(reading.is_set)
    begun = time.monotonic()
    driver.window.close()
    assert time.monotonic() - begun < 3
    let_go.set()
    driver.wait(lambda: not any(one.name == "reading" for one in threading.enumerate()))
    driver.station.close()


def test_an_act_under_way_is_waited_for_when_the_window_closes(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()
    accept = driver.station.intake.accept

    def slow(*arguments: object) -> object:
        begun.set()
        time.sleep(0.3)  # a slow disk
        return accept(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(driver.station.intake, "accept", slow)
    driver.drop(driver.file(driver.readings[driver.keys_of(550002, 1)[0]]))
    driver.wait_page("verdict")
    driver.window.act("accept")
    driver.wait(begun.is_set)
    driver.window.close()
    with Station.open(driver.folder, driver.clock) as station:
        assert station.progress().accepted == 1


def test_a_stick_that_hangs_while_it_is_looked_at_never_reads_a_closed_store(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, let_go, read = threading.Event(), threading.Event(), []
    read_file = driver.station.intake.read_file

    def hanging(*arguments: object, **named: object) -> object:
        begun.set()
        let_go.wait(10)
        read.append(arguments)
        return read_file(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(driver.station.intake, "read_file", hanging)
    for number in range(3):
        driver.joint_file(number + 1, f"zapis_{number}.xml")
    driver.wait(begun.is_set)
    driver.window.close()
    let_go.set()
    assert driver.window.visiting.watch.close(10)
    assert len(read) == 1  # the file that hung; no other was begun
    assert driver.station.progress().accepted == 0  # its store is open still
    driver.station.close()


def test_a_closed_desk_leaves_its_folder_free(driver: Driver) -> None:
    accept_one(driver)
    driver.window.close()
    with Station.open(driver.folder, driver.clock) as station:
        assert station.progress().accepted == 1


def test_a_bug_is_told_once_with_details_and_the_work_goes_on(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, expect_log: Callable[[str, str], None]
) -> None:
    expect_log("ERROR", "a bug: ZeroDivisionError")
    driver.window.visiting.watch.close()  # it reads the stick too

    def broken(*_: object) -> object:
        raise ZeroDivisionError("a test's own bug")

    with monkeypatch.context() as patched:
        patched.setattr(driver.station.intake, "read_file", broken)
        driver.drop(driver.joint_file(1, "a.xml"), driver.joint_file(2, "b.xml"))
        driver.wait(lambda: driver.window.crash is not None)
        driver.wait(lambda: not driver.window.desk.reading)
    crash = driver.window.crash
    assert crash is not None
    assert crash.details.toPlainText().count("ZeroDivisionError: a test's own bug") == 2
    crash.go_on_button.click()
    accept_one(driver)
    assert driver.window.crash is None
