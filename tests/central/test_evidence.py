"""The evidence pack: whole, checked by others' programs, and without a secret."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.central import schema
from app.central.centre import connected, prepare
from app.central.evidence import pack
from app.commands.central import app as command
from app.election.errors import KnownError
from app.trust import keys
from tests.support import room_rows
from tests.support.house import House
from tests.support.room_world import house_in, night

OPENSSL = [
    "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "SHA256SUMS.p7s",
    "-content", "SHA256SUMS", "-CAfile", "certificates/ca.pem", "-purpose", "any", "-no_check_time",
    "-out", "/dev/null",
]  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = house_in(tmp_path_factory.mktemp("evidence"))
    centre = night(made)
    room_rows.put_into(centre.database, made.clock())
    centre.close()
    return made


@pytest.fixture
def packed(house: House, tmp_path: Path) -> Path:
    log = tmp_path / "centre.log"
    log.write_text("a line of the log\n", "utf-8")
    parts = prepare(house.centre_folder, house.clock)
    database = connected(parts)
    try:
        pack(database, parts, tmp_path / "pack", house.clock(), [log])
    finally:
        database.close()
    return tmp_path / "pack"


def checks(folder: Path) -> tuple[int, int]:
    signature = subprocess.run(OPENSSL, cwd=folder, capture_output=True, check=False)
    sums = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True)
    return signature.returncode, sums.returncode


def test_is_verified_by_openssl_and_sha256sum_and_every_change_is_noticed(packed: Path) -> None:
    assert checks(packed) == (0, 0)
    words = (packed / "README.txt").read_text("utf-8")
    assert all(part in words for part in OPENSSL), "the commands are these"
    told = set((packed / "SHA256SUMS").read_text().split()[1::2])
    there = {path.relative_to(packed).as_posix() for path in packed.rglob("*") if path.is_file()}
    assert there - told == {"SHA256SUMS", "SHA256SUMS.p7s"}
    (packed / "tables" / "verdict.jsonl").write_text("{}\n")
    assert checks(packed)[1] != 0
    sums = packed / "SHA256SUMS"
    sums.write_bytes(sums.read_bytes().replace(b"0", b"1", 1))
    assert checks(packed)[0] != 0


def test_holds_everything_that_an_inquiry_asks_for(packed: Path, house: House) -> None:
    for table in schema.metadata.tables:
        assert (packed / "tables" / f"{table}.jsonl").is_file()
    revisions = (packed / "tables" / "revision.jsonl").read_text("utf-8").splitlines()
    assert len(revisions) == 4
    assert all(len(json.loads(line)["protocol"]) > 100 for line in revisions)
    assert (packed / "files" / "batch" / "000001.p7m").is_file()
    assert house.receipt((packed / "files" / "batch" / "000001.receipt.p7m").read_bytes()).batch_number == 1
    assert [path.name for path in (packed / "certificates" / "stations").iterdir()]
    names = {path.name for path in (packed / "published").rglob("*")}
    assert {"checkpoint.xml", "checkpoint.xml.p7s", "000001.xml", "000001.xml.p7s"} <= names
    assert (packed / "logs" / "centre.log").read_text("utf-8") == "a line of the log\n"
    assert 'database = ""' in (packed / "config" / "centre.toml").read_text("utf-8")
    journal = [json.loads(line) for line in (packed / "tables" / "journal.jsonl").read_text().splitlines()]
    manifest = json.loads((packed / "manifest.json").read_text("utf-8"))
    assert manifest["journal"] == {"rows": len(journal), "head": journal[-1]["hash"]}


def test_holds_no_private_key_and_no_hash_of_a_password(packed: Path, house: House) -> None:
    key = keys.load_key(house.centre_folder / "centre.key", None)
    number = key.private_numbers().private_value.to_bytes(32, "big")
    for path in packed.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"PRIVATE" + b" KEY" not in data, path
            assert number not in data, path
            assert b"argon2" not in data, path
    assert "jana" in (packed / "tables" / "operator_act.jsonl").read_text("utf-8")


def test_a_log_that_holds_a_key_stops_it_and_nothing_is_left(house: House, tmp_path: Path) -> None:
    parts = prepare(house.centre_folder, house.clock)
    database = connected(parts)
    try:
        with pytest.raises(KnownError, match="ROM-25"):
            pack(database, parts, tmp_path / "pack", house.clock(), [house.centre_folder / "centre.key"])
        (tmp_path / "there").mkdir()
        with pytest.raises(KnownError, match="ROM-24"):
            pack(database, parts, tmp_path / "there", house.clock())
    finally:
        database.close()
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_one_command_makes_one_file(house: House, tmp_path: Path) -> None:
    target = tmp_path / "evidence.tar.gz"
    told = CliRunner().invoke(command, ["evidence", str(house.centre_folder), str(target)])
    assert re.search(r"\d+ souborů · files", told.output), told.output
    with tarfile.open(target) as archive:
        archive.extractall(tmp_path, filter="data")
    assert checks(tmp_path / "evidence") == (0, 0)
    shutil.rmtree(tmp_path / "evidence")
    assert [path.name for path in tmp_path.iterdir()] == ["evidence.tar.gz"]
