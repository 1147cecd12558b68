"""The first start of a new workstation in its real window: package, a person who compares, certificate."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.desktop import application, texts
from app.desktop.application import OpenDesk, run_desk
from app.desktop.setting_up.window import SettingUpWindow
from app.station.setting_up.waiting import is_station, is_waiting, request_of
from app.trust.identity import Identity, Role
from tests.support.provisioned import POINT, House

STATION = f"{POINT}-1"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House.build(tmp_path_factory.mktemp("office"))


@pytest.fixture
def package(house: House, tmp_path: Path) -> Path:
    path = tmp_path / "stick" / f"{STATION}.p7m"
    path.parent.mkdir()
    path.write_bytes(house.package(2))
    return path


def certificate(house: House, folder: Path) -> bytes:
    identity = Identity(Role.STATION, "zk2024", POINT, STATION)
    return house.issue(request_of(folder).pem, identity).to_pem()


def shown(qtbot: QtBot, window: SettingUpWindow) -> SettingUpWindow:
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_new_workstation_goes_from_its_package_to_its_certificate(
    qtbot: QtBot, prepared: QApplication, house: House, package: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "station"
    window = shown(qtbot, SettingUpWindow(folder, now))
    assert window.page.step == "empty"
    assert window.page.choose_button.isVisible()
    assert str(folder) in window.page.text.text()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(package))])
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                                Qt.KeyboardModifier.NoModifier))  # fmt: skip
    qtbot.waitUntil(lambda: window.page.step == "offered")
    assert house.ca.fingerprint[:4] in dict(window.page.facts.facts)["Otisk volební autority"]
    assert not window.page.found_button.isEnabled(), "nobody has compared anything yet"
    assert not folder.exists()
    window.page.agrees.click()
    window.page.found_button.click()
    qtbot.waitUntil(lambda: window.page.step == "waiting")
    assert is_waiting(folder)
    window.save_request(tmp_path / "stick" / "request.csr")
    qtbot.waitUntil(lambda: window.page.banner.title == "Žádost je uložena")
    assert (tmp_path / "stick" / "request.csr").read_bytes() == request_of(folder).pem
    window.close()
    again = shown(qtbot, SettingUpWindow(folder, now))
    qtbot.waitUntil(lambda: again.page.step == "waiting")
    (tmp_path / "stick" / "station.pem").write_bytes(certificate(house, folder))
    with qtbot.waitSignal(again.ready):
        again.take_file(tmp_path / "stick" / "station.pem")
    assert is_station(folder)


def test_a_bad_package_is_told_and_nothing_is_made(
    qtbot: QtBot, prepared: QApplication, package: Path, tmp_path: Path
) -> None:
    package.write_bytes(package.read_bytes()[:5000])
    window = shown(qtbot, SettingUpWindow(tmp_path / "station", now, package))
    qtbot.waitUntil(lambda: "PRO-02" in window.page.banner.text)
    assert window.page.step == "empty"
    assert window.page.choose_button.isEnabled()
    assert not (tmp_path / "station").exists()


def test_a_centre_that_does_not_answer_leaves_the_station_waiting(
    qtbot: QtBot, prepared: QApplication, house: House, tmp_path: Path
) -> None:
    data = house.office(2, url="http://127.0.0.1:9").package(POINT, 1, None)
    (tmp_path / "1.p7m").write_bytes(data)
    window = shown(qtbot, SettingUpWindow(tmp_path / "station", now, tmp_path / "1.p7m"))
    qtbot.waitUntil(lambda: window.page.step == "offered")
    window.page.agrees.click()
    window.page.found_button.click()
    qtbot.waitUntil(lambda: window.page.step == "waiting")
    window.page.send_button.click()
    qtbot.waitUntil(lambda: "PRO-17" in window.page.banner.text)
    assert window.page.send_button.isEnabled()


def test_everything_can_be_done_in_english(
    qtbot: QtBot, prepared: QApplication, package: Path, tmp_path: Path
) -> None:
    texts.use("en")
    try:
        window = shown(qtbot, SettingUpWindow(tmp_path / "station", now, package))
        qtbot.waitUntil(lambda: window.page.step == "offered")
        assert "sound" in window.page.title.text()
        assert "paper" in window.page.agrees.text()
    finally:
        texts.use("cs")


def test_the_desk_opens_by_itself_when_the_certificate_is_there(
    qtbot: QtBot, prepared: QApplication, house: House, package: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    folder, titles = tmp_path / "station", []

    def drive(opened: OpenDesk) -> None:
        titles.append(opened.window.windowTitle())
        opened.window.close()

    whole = SettingUpWindow.show

    def show_and_certify(window: SettingUpWindow) -> None:
        whole(window)
        qtbot.waitUntil(lambda: window.page.step == "offered")
        window.page.agrees.click()
        window.page.found_button.click()
        qtbot.waitUntil(lambda: window.page.step == "waiting")
        (tmp_path / "station.pem").write_bytes(certificate(house, folder))
        window.take_certificate(tmp_path / "station.pem")

    monkeypatch.setattr(SettingUpWindow, "show", show_and_certify)
    assert run_desk(folder, "", clock=now, drive=drive, package=package) == 0
    assert titles == ["Přebírka · Zkušební volby · ZKOUŠKA"]


def test_a_window_that_is_closed_before_opens_no_desk(
    prepared: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = SettingUpWindow.show

    def show_and_close(window: SettingUpWindow) -> None:
        whole(window)
        application.QTimer.singleShot(0, window.close)

    monkeypatch.setattr(SettingUpWindow, "show", show_and_close)
    assert run_desk(tmp_path / "station", "", clock=now) == 0
    assert not (tmp_path / "station").exists()


def test_an_older_package_is_told_before_the_desk_opens_as_it_was(
    qtbot: QtBot, prepared: QApplication, house: House, package: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from app.station.setting_up.opening import open_new
    from app.station.setting_up.waiting import begin, finish

    folder = tmp_path / "station"
    begin(folder, open_new(package.read_bytes(), now()), now())
    finish(folder, certificate(house, folder), now())
    package.write_bytes(house.package(1))
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *arguments: told.append(arguments[2]))
    assert run_desk(folder, "", clock=now, drive=lambda opened: opened.window.close(), package=package) == 0
    assert len(told) == 1
    assert "PRO-11" in told[0]
