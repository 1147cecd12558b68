"""Pictures of the window at 1366×768, for people to look at and for the manual.

They go to the folder that PREBIRKA_SCREENSHOTS names, else to a temporary one: run with
`PREBIRKA_SCREENSHOTS=resources/manual/pictures` to make the manual's pictures anew. What is checked
here is only that each page shows what it should and that its picture stays small.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop import application, theme
from app.desktop.application import OpenDesk
from app.documents import protocol_file
from app.election.model import RegionalReading
from app.election.reference import Reference
from app.rehearsal import files, generator
from app.station.states import Role, User
from tests.support import station_world
from tests.support.mutations import restated
from tests.support.station_world import Clock, FakeCentre

#: Bytes that a picture in the manual may have.
LARGEST = 150_000
SEED, _ZLIN = 7, 7204


class Night:
    """A transfer point of thirty precincts on its night, driven by acts."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        plan = generator.Plan(seed=SEED, precincts=30, stations=1, home_district=_ZLIN)
        self.reference: Reference = generator.invent(plan)
        self.point = next(iter(self.reference.precincts.values())).transfer_point
        self.clock = Clock()
        self.stick = folder / "stick"
        files.write_invented(self.stick, self.reference, self.reference.of_transfer_point(self.point), SEED)
        centre = FakeCentre(self.reference, self.clock)
        station = station_world.make_station(folder, self.reference, point=self.point)
        self.desk: OpenDesk = application.open_desk(station, "Jana Nováková", self.stick, self.clock, centre)
        self.window = self.desk.window
        self.qtbot = qtbot
        qtbot.addWidget(self.window)
        self.window.resize(1366, 768)
        self.window.show()

    def open(self, path: Path) -> None:
        self.window.open_files([path])
        self.qtbot.waitUntil(lambda: self.window.page == "verdict")

    def act(self, name: str, reason: str = "") -> None:
        """Take an act and wait until the next card or the result is shown."""
        card = self.window.verdict.card
        self.window.act(name, reason)
        self.qtbot.waitUntil(lambda: self.window.page == "result" or self.window.verdict.card is not card)

    def take_in(self, path: Path) -> bool:
        """Accept every protocol of a file; a file with any other verdict is put away."""
        self.open(path)
        if not all(card.offer.can_accept for card in self.window.verdict.cards):
            self.window.verdict.leave_button.click()
            return False
        while self.window.page == "verdict":
            self.act("accept")
        self.clock.advance(140)
        return True

    def spoilt(self, path: Path, **changes: int) -> tuple[Path, RegionalReading]:
        """A copy of a file whose regional counts differ by `changes`, control numbers made right again."""
        read = protocol_file.read(path.read_bytes())
        first, *others = read.readings
        assert isinstance(first, RegionalReading)
        counts = first.counts._asdict()
        counts.update({name: (counts[name] or 0) + by for name, by in changes.items()})
        worse = restated(replace(first, counts=type(first.counts)(**counts)))
        copy = self.stick / f"kopie_{path.name}"
        assert read.mode is not None
        copy.write_bytes(protocol_file.write([worse, *others], read.election, read.mode))
        return copy, worse


@pytest.fixture
def night(prepared: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Night]:
    made = Night(tmp_path, qtbot)
    yield made
    made.desk.close()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("PREBIRKA_SCREENSHOTS") or tmp_path / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def picture(night: Night, path: Path) -> None:
    """Paint the window into a PNG with our colours and the most used others, a third of the size."""
    night.window.messages.clear()
    night.qtbot.wait(50)
    image = night.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert (image.width(), image.height()) == (1366, 768)
    save(image, path)


def save(image: QImage, path: Path) -> None:
    """Save with 256 colours, small enough for the manual."""
    used = Counter(memoryview(image.constBits()).cast("I"))
    ours = {QColor(value).rgb() for value in theme.tokens().values()}
    others = (colour for colour, _ in used.most_common() if colour not in ours)
    palette = [*ours, *islice(others, 256 - len(ours))]
    small = image.convertToFormat(
        QImage.Format.Format_Indexed8, palette, Qt.ImageConversionFlag.ThresholdDither
    )
    assert small.save(str(path), "PNG", 0)  # 0: the smallest
    assert path.stat().st_size < LARGEST


def test_pictures_of_the_list_the_verdicts_and_the_result(night: Night, pictures: Path) -> None:
    window = night.window
    visits = [visit.first for visit in files.visits(night.stick)]
    picture(night, pictures / "welcome.png")

    blocked, _ = night.spoilt(visits[0], valid_votes=10, envelopes_issued=200)
    night.open(blocked)
    assert window.verdict.banner.title == "2 chyby brání převzetí"
    picture(night, pictures / "blocked.png")
    window.verdict.leave_button.click()

    passable, reading = night.spoilt(visits[1], envelopes_returned=8)
    night.open(passable)
    picture(night, pictures / "passable.png")
    night.act("hold", "Komise potvrdila, že čísla souhlasí s podepsaným zápisem.")
    window.verdict.leave_button.click()

    blocked, _ = night.spoilt(visits[2], valid_votes=10)
    night.open(blocked)
    night.act("refuse", "Součet hlasů nesouhlasí, komise přepočítá.")
    window.verdict.leave_button.click()

    for path in visits[3:19]:
        night.take_in(path)
    bars = window.overview.accepted_bar, window.overview.confirmed_bar
    night.qtbot.waitUntil(lambda: bars[0].value() == bars[1].value())
    assert bars[1].value() > 25
    window.open_protocol(reading.key)
    night.qtbot.waitUntil(lambda: window.page == "verdict")
    picture(night, pictures / "list.png")
    window.verdict.leave_button.click()

    while not night.take_in(visits.pop()):
        pass
    night.qtbot.waitUntil(lambda: window.result.banner.title == "Potvrzeno ústředím")
    picture(night, pictures / "accepted.png")


def test_pictures_of_the_supervisors_places(night: Night, pictures: Path) -> None:
    window, sections = night.window, night.window.sections
    visits = [visit.first for visit in files.visits(night.stick)]
    for path in visits[:14]:
        night.take_in(path)
    passable, _ = night.spoilt(visits[14], envelopes_returned=8)
    night.open(passable)
    night.act("hold", "Komise potvrdila, že čísla souhlasí s podepsaným zápisem.")
    window.verdict.leave_button.click()

    window.desk.user = User("Věra Šťastná", Role.SUPERVISOR)
    window.header.show_user(window.desk.user.name)
    sections.user_changed()
    for name in ("completeness", "approvals", "closing"):
        sections.turn(name)
        night.qtbot.waitUntil(lambda: not sections.busy)
        assert sections.current == name
        picture(night, pictures / f"{name}.png")


def test_pictures_in_the_dark(
    night: Night, prepared: QApplication, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: theme.apply(prepared, False))
    night.window.change_scheme(Qt.ColorScheme.Dark)
    night.open(next(files.visits(night.stick)).first)
    picture(night, tmp_path / "dark.png")
