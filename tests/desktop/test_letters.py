"""Letters to the media and lists of crews: what stands on the paper, in both languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication

from app.central.media.register import Register
from app.commands import media_letters
from app.desktop import texts
from tests.support.media_house import OFFICER, MediaHouse


@pytest.fixture
def house(tmp_path: Path, prepared: QApplication) -> MediaHouse:
    return MediaHouse(tmp_path)


@pytest.fixture
def register(house: MediaHouse) -> Iterator[Register]:
    with house.register() as opened:
        yield opened


def words(path: Path) -> str:
    reader = PdfReader(BytesIO(path.read_bytes()))
    text = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(unicodedata.normalize("NFKC", text).split())  # spaces and ligatures of print


def test_an_approval_tells_addresses_phases_meeting_and_filming(
    house: MediaHouse, register: Register
) -> None:
    number = house.received(register).number
    register.approve(number, OFFICER)
    register.film(number, 1, OFFICER, permit=True)
    register.meet(datetime.fromisoformat("2024-09-12T10:00:00+02:00"), "Na padesátém 81", OFFICER)
    czech = words(media_letters.letter(register, number, house.folder / "dopisy", english=False))
    for told in (
        "byla schválena", "192.0.2.1", "2001:db8::1", "192.0.2.2", "20. 9. 2024 14:00", "12. 9. 2024 10:00",
        "Na padesátém 81", "Zdroj: Český statistický úřad, volby.cz", "Eva Zvuk", "povoleno", "ZKOUŠKA",
        "ZKOUSKA: autorita podpisu",
    ):  # fmt: skip
        assert told in czech, told
    assert OFFICER.reason not in czech
    english = words(media_letters.letter(register, number, house.folder / "dopisy", english=True))
    assert "was approved" in english
    assert "Source: Czech Statistical Office, volby.cz" in english
    assert texts.language() == "cs"


def test_a_refusal_gives_no_reason(house: MediaHouse, register: Register) -> None:
    number = house.received(register).number
    register.refuse(number, OFFICER)
    told = words(media_letters.letter(register, number, house.folder, english=False))
    assert "nebylo vyhověno" in told
    assert OFFICER.reason not in told
    assert "192.0.2.1" not in told


def test_what_was_not_accepted_tells_every_reason(house: MediaHouse, register: Register) -> None:
    number = house.received(register, night=("10.0.0.1",) * 6).number
    told = words(media_letters.letter(register, number, house.folder, english=False))
    assert "nebyla přijata" in told
    assert "více než pět adres" in told
    assert "není veřejná" in told


def test_the_list_of_a_point_has_its_permitted_crews_only(house: MediaHouse, register: Register) -> None:
    number = house.received(register).number
    empty = words(media_letters.crews(register, 42, house.folder, english=False))
    assert "není povoleno žádné natáčení" in empty
    register.film(number, 1, OFFICER, permit=True)
    told = words(media_letters.crews(register, 41, house.folder, english=False))
    for each in ("Povolená natáčení na přebíracím místě", "Televize Lhota", "Petr Kamera", "14:00–18:00"):
        assert each in told, each
