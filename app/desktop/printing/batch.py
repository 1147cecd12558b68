"""Printing many papers to files without a window: the sheets of a rehearsal round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from app.desktop import texts
from app.desktop.printing import task_sheet
from app.desktop.printing.documents import write
from app.desktop.qt_without_a_window import start
from app.documents.tasks import Sheet
from app.election.reference import Reference


def print_sheets(
    sheets: Iterable[Sheet], reference: Reference, folder: Path, language: str
) -> Iterator[Path]:
    """Write each sheet into `folder`; their paths as they are done."""
    start()
    texts.use(language)
    for sheet in sheets:
        yield write(task_sheet.made(sheet, reference), folder)
