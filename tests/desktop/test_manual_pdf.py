"""The manual on paper: the clerk's on two sheets, every sheet with its title, number and source."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication

from app.desktop.printing.manual import write
from app.station.manual.pages import page


@pytest.mark.parametrize(
    ("name", "sheets"), [("obsluha", 2), ("clerk", 2), ("vedouci", 2), ("kdyz-to-spadne", 2)]
)
def test_a_page_fits_on_its_sheets(prepared: QApplication, tmp_path: Path, name: str, sheets: int) -> None:
    read = page(name)
    made = PdfReader(write(read, tmp_path))
    assert len(made.pages) <= sheets
    assert made.metadata is not None
    assert made.metadata.title == read.title
    for number, sheet in enumerate(made.pages, 1):
        text = " ".join(sheet.extract_text().split())
        assert f"{number} / {len(made.pages)}" in text
        assert "volby.cz" in text
    first = "".join(made.pages[0].extract_text().split())
    assert read.title.split(":")[0].replace(" ", "") in first


def test_writing_again_replaces_the_file(prepared: QApplication, tmp_path: Path) -> None:
    read = page("index")
    assert write(read, tmp_path) == write(read, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["index.pdf"]
