"""Scenes of the very first window of a new workstation: no package, a sound one, waiting, refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from app.desktop.setting_up.window import SettingUpWindow
from tests.support.provisioned import POINT, House
from tests.support.scenes import story
from tests.support.stage import Stage


@story()
def setting_up(stage: Stage) -> Iterator[str]:
    """From an empty computer to a workstation that waits for its certificate."""
    desk = stage.window
    desk.hide()
    house = House.build(stage.files / "office")
    sound, broken = stage.stick / f"{POINT}-1.p7m", stage.stick / "broken.p7m"
    sound.write_bytes(house.office(2, url="http://127.0.0.1:9").package(POINT, 1, None))
    broken.write_bytes(sound.read_bytes()[:4000])
    window = SettingUpWindow(stage.files / "station", lambda: datetime.now(UTC))
    stage.window = window  # type: ignore[assignment]  # what the scenes look at
    window.show()
    window.activateWindow()
    yield "new-workstation"
    window.take_file(broken)
    stage.wait(lambda: "PRO-02" in window.page.banner.text)
    yield "new-workstation-refused"
    window.take_file(sound)
    stage.wait(lambda: window.page.step == "offered")
    yield "new-workstation-offered"
    window.page.agrees.click()
    window.page.found_button.click()
    stage.wait(lambda: window.page.step == "waiting")
    yield "new-workstation-waits"
    window.page.send_button.click()
    stage.wait(lambda: "PRO-17" in window.page.banner.text)
    yield "new-workstation-unanswered"
    window.close()
    window.deleteLater()
    stage.window = desk
