"""From a key made on the station to a station in service: what is refused on the way, and by which code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.reference import app as reference_command
from app.commands.station import app as station_command
from app.commands.trust import app as trust_command
from app.documents import provisioning, reference
from app.documents.provisioning import Provisioning
from app.election.errors import KnownError
from app.election.model import Contest, Mode
from app.trust import cms
from app.trust.certificate import Certificate
from app.trust.keys import load_key
from tests.support import invented_election

PASSPHRASE = "modrá hora v listopadu"  # of throw-away keys
POINT = 41
COMMANDS = {"trust": trust_command, "reference": reference_command, "station": station_command}


def run(*arguments: object) -> str:
    family, *rest = (str(each) for each in arguments)
    result = CliRunner().invoke(COMMANDS[family], rest, env={"PREBIRKA_PASSPHRASE": PASSPHRASE})
    if isinstance(result.exception, KnownError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@dataclass(frozen=True)
class Office:
    """What the authority, the preparation and one station have after their commands."""

    base: Path
    code: str

    def request(self, name: str, *options: object) -> None:
        run("trust", "request", "--election", self.code, *options, "--out", self.base)
        out = ("--out", self.base / f"{name}.pem")
        run("trust", "issue", self.base / f"{name}.csr", "--ca", self.base, *options, *out)

    def provision(self, *names: str, out: str = "41.p7m", signer: str = "reference") -> Path:
        run(
            "reference", "provision", *(self.base / f"{name}.pem" for name in names),
            "--reference", self.base / "zk.sqlite", "--point", POINT, "--centre-url", "https://ustredi.example",
            "--key", self.base / f"{signer}.key", "--certificate", self.base / f"{signer}.pem",
            "--out", self.base / out,
        )  # fmt: skip
        return self.base / out

    def enrol(self, folder: Path, file: Path, name: str = "41-1", numbers: str = "zk.sqlite") -> str:
        return run(
            "station", "enrol", folder, file, "--ca", self.base / "ca.pem",
            "--key", self.base / f"{name}.key", "--reference", self.base / numbers,
        )  # fmt: skip

    def signed(self, content: bytes) -> Path:
        """A file signed by the right signer, whatever it says."""
        key = load_key(self.base / "reference.key", PASSPHRASE)
        signer = Certificate.from_pem((self.base / "reference.pem").read_bytes())
        path = self.base / f"{sha256(content).hexdigest()[:8]}.p7m"
        path.write_bytes(cms.sign(content, key, signer, datetime.now(UTC)))
        return path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    base = tmp_path_factory.mktemp("office")
    known = invented_election.reference(Contest.REGIONAL, mode=Mode.REHEARSAL)
    office = Office(base, known.election.code)
    run("trust", "ca", "--election", office.code, "--out", base)
    office.request("reference", "--role", "reference")
    for name in ("41-1", "41-2"):
        office.request(name, "--point", POINT, "--station", name)
    office.request("42-1", "--point", 42, "--station", "42-1")
    reference.build(known, base / "zk.sqlite")
    content = (base / "zk.sqlite").read_bytes()
    signer = Certificate.from_pem((base / "reference.pem").read_bytes())
    key = load_key(base / "reference.key", PASSPHRASE)
    (base / "zk.sqlite.p7s").write_bytes(cms.sign_detached(content, key, signer, datetime.now(UTC)))
    return office


def content(office: Office, **changes: object) -> bytes:
    names = ("41-1", "41-2")
    certificates = (Certificate.from_pem((office.base / f"{name}.pem").read_bytes()).der for name in names)
    made = {
        "election": office.code, "mode": Mode.REHEARSAL, "transfer_point": POINT,
        "made_at": datetime.now(UTC),
        "centre_url": "https://ustredi.example", "certificates": tuple(certificates),
        "reference_sha256": sha256((office.base / "zk.sqlite").read_bytes()).hexdigest(), **changes,
    }  # fmt: skip
    return provisioning.write(Provisioning(**made))  # type: ignore[arg-type]


def test_a_station_finds_its_own_certificate_and_is_in_service(office: Office, tmp_path: Path) -> None:
    file = office.provision("41-1", "41-2", out="both.p7m")
    for name in ("41-1", "41-2"):
        assert f"Station {name}" in office.enrol(tmp_path / name, file, name)
        folder = tmp_path / name
        assert (folder / "station.pem").read_bytes() == (office.base / f"{name}.pem").read_bytes()
        assert f"Station {name}" in run("station", "status", folder)
        assert b"ENCRYPTED" in (folder / "station.key").read_bytes(), "the key stays locked"


def test_the_provisioning_carries_no_key(office: Office) -> None:
    file = office.provision("41-1", out="one.p7m").read_bytes()
    scalar = load_key(office.base / "41-1.key", PASSPHRASE).private_numbers().private_value
    assert scalar.to_bytes(32, "big") not in file
    assert b"PRIVATE" not in file


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("another point's key", "STA-141"),
        ("a certificate of another point", "STA-142"),
        ("other reference data", "STA-143"),
        ("no provisioning at all", "STA-140"),
        ("signed by a station", "CMS-21"),
        ("another election", "CMS-20"),
        ("changed on the way", "CMS-11"),
        ("the folder is not empty", "STA-05"),
    ],
)
def test_what_does_not_belong_together_is_refused_and_leaves_nothing(
    office: Office, tmp_path: Path, case: str, code: str
) -> None:
    good = office.signed(content(office))
    name, file, numbers, folder = "41-1", good, "zk.sqlite", tmp_path / "station"
    if case == "another point's key":
        name = "42-1"
    elif case == "a certificate of another point":
        name = "42-1"
        other = Certificate.from_pem((office.base / "42-1.pem").read_bytes()).der
        file = office.signed(content(office, certificates=(other,)))
    elif case == "other reference data":
        numbers = "other.sqlite"
        if not (office.base / numbers).exists():
            known = invented_election.reference(Contest.SENATE_ROUND_1, mode=Mode.REHEARSAL)
            reference.build(known, office.base / numbers)
            (office.base / f"{numbers}.p7s").write_bytes(b"")
    elif case == "no provisioning at all":
        file = office.signed(b"<VYBAVENI/>")
    elif case == "signed by a station":
        file = tmp_path / "station.p7m"
        key = load_key(office.base / "41-1.key", PASSPHRASE)
        own = Certificate.from_pem((office.base / "41-1.pem").read_bytes())
        file.write_bytes(cms.sign(content(office), key, own, datetime.now(UTC)))
    elif case == "another election":
        file = foreign(tmp_path)
        code = "CMS-15"  # its signer's authority is not the pinned one; nothing further is looked at
    elif case == "changed on the way":
        file = tmp_path / "changed.p7m"
        file.write_bytes(good.read_bytes().replace(b"ustredi.example", b"ustredj.example"))
    elif case == "the folder is not empty":
        folder.mkdir()
        (folder / "note.txt").write_text("mine")
    before = sorted(folder.rglob("*"))
    with pytest.raises(KnownError) as caught:
        office.enrol(folder, file, name, numbers)
    assert caught.value.code == code
    assert sorted(folder.rglob("*")) == before


def foreign(base: Path) -> Path:
    """A provisioning of another election, signed by that election's own people."""
    other = Office(base / "other", "zk2028")
    run("trust", "ca", "--election", other.code, "--out", other.base)
    other.request("reference", "--role", "reference")
    made = Provisioning(
        other.code, Mode.REHEARSAL, POINT, datetime.now(UTC), "https://ustredi.example", "ab" * 32, (b"x",)
    )
    return other.signed(provisioning.write(made))


def test_a_certificate_of_another_point_is_not_put_into_a_provisioning(office: Office) -> None:
    with pytest.raises(KnownError, match="CRT-11"):
        office.provision("41-1", "42-1", out="mixed.p7m")
    assert not (office.base / "mixed.p7m").exists()


def test_a_document_is_read_back_as_written() -> None:
    made = Provisioning(
        "kz2024", Mode.LIVE, 662, datetime.now(UTC) - timedelta(days=1), "https://[2001:db8::1]:8443/x",
        "cd" * 32, (b"one", b"two"),
    )  # fmt: skip
    assert provisioning.read(provisioning.write(made)) == made
