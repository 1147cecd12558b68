"""The page about the line says what the program does: its tables, the tests that it names, its commands."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import httpx
import pytest

from app.central import refusals
from app.commands import line_protocol
from app.documents import batch as batch_document
from app.documents import receipt as receipt_document
from app.trust import chain
from tests.support.central_driver import of_point
from tests.support.house import Clock, House, SendingStation, serving
from tests.support.invented_election import POINT, VOTING_ENDS, reference

CHECKOUT = Path(__file__).resolve().parents[2]
TEXT = line_protocol.page().read_text("utf-8")
#: Paragraphs and list items, without tables and blocks of code.
PARTS = re.split(r"\n\n|\n(?=- )", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL))
NAMED = re.compile(r"`(tests/[a-z0-9_/]+\.py)::(test_[a-z0-9_]+)`")
COMMANDS = re.findall(r"```sh\n(.*?)\n```", TEXT, re.DOTALL)


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((CHECKOUT / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


class TestThePage:
    def test_its_tables_are_those_of_the_program(self) -> None:
        fresh = line_protocol.filled(TEXT) == TEXT
        assert fresh, "run: python -m app.commands.line_protocol"

    def test_it_shows_every_table_once(self) -> None:
        shown = re.findall(r"<!-- table: ([a-z-]+) -->", TEXT)
        assert sorted(shown) == sorted(line_protocol.TABLES)

    def test_each_demand_names_a_test(self) -> None:
        demands = [part for part in PARTS if re.search(r"\bMUST\b", part) and part.startswith("- **")]
        assert len(demands) > 40
        assert [part for part in demands if not NAMED.search(part)] == []
        loose = [part for part in PARTS if re.search(r"\bMUST\b", part) and not part.startswith("- **")]
        assert [part for part in loose if "RFC 2119" not in part and "Beside each MUST" not in part] == []

    def test_each_demand_has_its_own_number(self) -> None:
        numbers = re.findall(r"^- \*\*([A-Z]\d+)\*\*", TEXT, re.MULTILINE)
        assert len(numbers) == len(set(numbers))

    @pytest.mark.parametrize(("path", "name"), sorted(set(NAMED.findall(TEXT))))
    def test_a_test_that_it_names_exists(self, path: str, name: str) -> None:
        assert name in functions_of(path)

    def test_a_file_that_it_names_exists(self) -> None:
        named = set(re.findall(r"`((?:app|tests|resources)/[\w/.-]+)(?:::\w+)?`", TEXT))
        assert len(named) > 30
        assert [path for path in sorted(named) if not (CHECKOUT / path).exists()] == []

    def test_each_threat_says_what_stands_against_it_and_what_remains(self) -> None:
        headings = re.findall(r"^### (.+)$", TEXT.split("## 13. Threats")[1].split("\n## ")[0], re.MULTILINE)
        assert headings == [
            "A result changed unnoticed",
            "A calculation wrong",
            "Tampering on the way or in the published document",
            "Results not delivered in time",
        ]
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in TEXT.split("## 13. Threats")[1].split("\n## ")[0].splitlines()
            if line.startswith("| ") and not line.startswith("| threat")
        ]
        assert len(rows) > 20
        for threat, against, remains in rows:
            assert threat
            assert remains
            assert "`app/" in against, threat
            assert NAMED.search(against), threat

    def test_the_readme_leads_to_it(self) -> None:
        assert "resources/manual/line-protocol.md" in (CHECKOUT / "README.md").read_text("utf-8")


class LastingHouse(House):
    """`openssl` goes by the machine's clock."""

    LIFE = timedelta(days=36_500)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return LastingHouse(tmp_path, reference(), Clock(VOTING_ENDS + timedelta(hours=1)), batch_grid_seconds=0)


@pytest.fixture
def station(house: House) -> SendingStation:
    return house.station(f"{POINT}-1")


@pytest.fixture
def carried(house: House, station: SendingStation, tmp_path: Path) -> Path:
    """A folder with the files that the page's commands name."""
    folder = tmp_path / "files"
    folder.mkdir()
    data = station.batch(*station.items(of_point(house, POINT)))
    centre = house.open()
    try:
        answer = centre.ingest.receive(data, house.clock.now)
    finally:
        centre.database.close()
    (folder / "ca.pem").write_bytes(house.authority.to_pem())
    (folder / "davka-00001.p7m").write_bytes(data)
    (folder / "potvrzeni-00001.p7m").write_bytes(answer.body)
    for name in ("reference.sqlite", "reference.sqlite.p7s"):
        (folder / name).write_bytes((house.folder / name).read_bytes())
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Exactly as the page shows it."""
    return subprocess.run(command.split(), cwd=folder, capture_output=True, text=True, check=False)


class TestOpenssl:
    def test_alone_verifies_a_batch_a_receipt_and_a_detached_signature(self, carried: Path) -> None:
        verifying = [command for command in COMMANDS if command.startswith("openssl cms")]
        assert len(verifying) == 3
        for command in verifying:
            done = run(command, carried)
            assert (done.returncode, "successful" in done.stderr) == (0, True), done.stderr
        batch = batch_document.read((carried / "davka.xml").read_bytes())
        receipt = receipt_document.read((carried / "potvrzeni.xml").read_bytes())
        assert (batch.station, batch.number, len(batch.items)) == ("41-1", 1, len(receipt.items))
        assert receipt.batch_hash == chain.batch_hash((carried / "davka-00001.p7m").read_bytes())

    @pytest.mark.parametrize("index", range(3))
    def test_refuses_a_file_in_which_one_byte_was_changed(self, carried: Path, index: int) -> None:
        command = [command for command in COMMANDS if command.startswith("openssl cms")][index]
        name = command.split("-in ")[1].split()[0]
        data = bytearray((carried / name).read_bytes())
        data[-3] ^= 1
        (carried / name).write_bytes(data)
        assert run(command, carried).returncode != 0

    def test_shows_who_signed_and_sha256sum_what_a_receipt_names(self, carried: Path) -> None:
        batch, receipt, _, who, digest = COMMANDS
        run(batch, carried)
        assert "urn:prebirka:zk2024:station:41:41-1" in run(who, carried).stdout
        run(receipt, carried)
        assert "urn:prebirka:zk2024:centre::" in run(who, carried).stdout
        told = run(digest, carried).stdout.split()[0]
        assert receipt_document.read((carried / "potvrzeni.xml").read_bytes()).batch_hash == told


@pytest.fixture
def url(house: House) -> Iterator[str]:
    centre = house.open()
    try:
        with serving(centre) as address:
            yield address
    finally:
        centre.database.close()


def test_answers_of_the_door_are_never_kept_by_anybody_between(
    url: str, station: SendingStation, expect_log: object
) -> None:
    assert callable(expect_log)
    expect_log("WARNING", "ING-03")
    with httpx.Client(timeout=10) as client:
        for data, status in ((station.batch(), 200), (b"x", refusals.NOT_SIGNED.http_status)):
            answer = client.post(
                f"{url}/v1/batches", content=data, headers={"content-type": "application/pkcs7-mime"}
            )
            assert answer.status_code == status
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
