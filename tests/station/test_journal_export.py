"""Exports: the chain is proved from the file alone, offices open it safely, the journal says who did it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import resources
from app.election.model import PrecinctId
from app.station import journal
from app.station.errors import RoleRefused, StationError
from app.station.journal_export import Format, harmless
from app.station.journal_search import Search
from app.station.journal_words import act_name
from app.station.states import Role, User
from app.station.station import Station
from tests.support import busy_journal
from tests.support.station_world import CLERK, NIGHT, SUPERVISOR, all_rows

ROWS = 90
MANUAL = resources.path("manual", "journal-export.md").read_text("utf-8")
CHECKER = re.findall(r"```python\n(.*?)```", MANUAL, re.DOTALL)[0]


@pytest.fixture
def busy(station: Station) -> Station:
    busy_journal.fill(station, ROWS)
    return station


def check(path: Path) -> tuple[bool, str]:
    """Run the manual's own program, which knows nothing of this one."""
    run = subprocess.run(
        [sys.executable, "-I", "-c", CHECKER, str(path)], capture_output=True, text=True, encoding="utf-8"
    )
    return run.returncode == 0, (run.stdout + run.stderr).strip()


def export(
    station: Station, path: Path, search: Search | None = None, format_: Format = Format.JSON_LINES
) -> None:
    station.journal_export.write(path, search or Search(), format_, SUPERVISOR)


def test_the_manual_s_program_needs_nothing_but_hashes() -> None:
    assert re.findall(r"^import (.*)$", CHECKER, re.MULTILINE) == ["hashlib, json, sys"]


def test_the_chain_of_an_export_is_proved_from_the_file_alone(busy: Station, tmp_path: Path) -> None:
    path = tmp_path / "denik.jsonl"
    export(busy, path)
    head = busy.journal.entries(ROWS - 1, 1)[0]
    assert check(path) == (True, f"{ROWS} rows are whole; the last one is {ROWS}: {head.hash}")
    first, *rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert (first["format"], first["filter"], first["journal_last"]) == ("prebirka-journal-1", "", ROWS)
    db = busy._store.connection
    assert [list(row.values()) for row in rows] == [
        list(row) for row in db.execute("SELECT * FROM journal WHERE seq <= ? ORDER BY seq", (ROWS,))
    ]


def changed(lines: list[str]) -> None:
    lines[5] = lines[5].replace('"user":"', '"user":"X')


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        (changed, "row 5 was changed"),
        (lambda lines: lines.pop(7), "row 8 does not follow|row 7 is missing"),
        (lambda lines: lines.insert(3, lines.pop(9)), "row 3 is missing"),
        (lambda lines: lines.pop(), "missing at the end"),
        (lambda lines: lines.pop(1), "row 1 is missing"),
    ],
)
def test_a_changed_removed_or_moved_line_shows_itself(
    busy: Station, tmp_path: Path, tampering: Callable[[list[str]], object], told: str
) -> None:
    path = tmp_path / "denik.jsonl"
    export(busy, path)
    lines = path.read_text("utf-8").splitlines()
    tampering(lines)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    whole, said = check(path)
    assert not whole
    assert re.search(told, said)


def test_filtered_rows_are_exported_with_the_words_of_the_filter(busy: Station, tmp_path: Path) -> None:
    path = tmp_path / "denik.jsonl"
    search = Search(PrecinctId(550001, 1), "jana nováková", frozenset({"accept", "hold"}))
    export(busy, path, search)
    first, *rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert (
        [row["seq"] for row in rows] == [entry.seq for entry in busy.journal_search.page(search)][::-1] != []
    )
    assert first["filter"] == "precinct=550001/1 user=jana nováková acts=accept,hold"
    assert check(path)[0]


def test_csv_opens_in_offices_and_says_words(busy: Station, tmp_path: Path) -> None:
    path = tmp_path / "denik.csv"
    export(busy, path, format_=Format.CSV)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == ROWS
    for row, entry in zip(rows, busy.journal.entries(limit=ROWS), strict=True):
        assert (row["číslo"], row["kód úkonu"], row["otisk řádku"]) == (str(entry.seq), entry.act, entry.hash)
        assert row["úkon"] == act_name(entry.act, "cs")
    assert rows[0]["čas"] == "2024-09-21 14:40:00"
    assert rows[0]["název obce"] == "Horní Lhota"


@given(st.text())
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    cell = harmless(text)
    assert cell.endswith(text)
    assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert cell[:1] not in ("\t", "\r", "\n")


def test_a_user_s_name_that_is_a_formula_is_a_text(station: Station, tmp_path: Path) -> None:
    with station._store.transaction() as db:
        journal.write(db, NIGHT, '=HYPERLINK("http://x";"y")', "signed-in")
    path = tmp_path / "d.csv"
    export(station, path, format_=Format.CSV)
    cells = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))
    assert cells[1][2] == '\'=HYPERLINK("http://x";"y")'


@pytest.mark.parametrize("format_", list(Format))
def test_an_export_is_an_act_in_the_journal(busy: Station, tmp_path: Path, format_: Format) -> None:
    path = tmp_path / "vystup"
    steps: list[tuple[int, int]] = []
    search = Search(user="Petr Říha")
    done = busy.journal_export.write(
        path, search, format_, SUPERVISOR, "en", lambda *progress: steps.append(progress)
    )
    found = busy.journal_search.extent(search).found
    assert (done.rows, steps[-1]) == (found, (found, found))
    entry = busy.journal.entries(ROWS)[0]
    assert (entry.seq, entry.act, entry.user) == (done.seq, "journal-exported", SUPERVISOR.name)
    assert entry.details == {
        "name": "vystup", "format": format_.value, "filter": "user=Petr Říha", "rows": found, "last": ROWS,
        "sha256": sha256(path.read_bytes()).hexdigest(),
    }  # fmt: skip
    assert busy.journal.first_broken() is None
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["vystup"]


@pytest.mark.parametrize("who", [CLERK, User("", Role.SUPERVISOR), User("x", Role.PROGRAM)])
def test_only_who_may_exports(busy: Station, tmp_path: Path, who: User) -> None:
    before = all_rows(busy)
    with pytest.raises(RoleRefused):
        busy.journal_export.write(tmp_path / "d.csv", Search(), Format.CSV, who)
    assert not (tmp_path / "d.csv").exists()
    assert all_rows(busy) == before


def test_a_place_that_cannot_be_written_to_leaves_nothing(busy: Station, tmp_path: Path) -> None:
    before = all_rows(busy)
    with pytest.raises(StationError) as refused:
        export(busy, tmp_path / "neni" / "d.jsonl")
    assert refused.value.code == "STA-87"
    assert all_rows(busy) == before
