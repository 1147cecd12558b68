#!/usr/bin/env python3
"""Try the Debian package on a clean system: from nothing to a confirmed protocol, an upgrade, a removal.

    trial.py PACKAGE.deb [--newer PACKAGE.deb] [--root FOLDER] [--mirror URL]

As root on Debian, with debootstrap. In a fresh chroot of Debian 12 the package is installed as people install
it; there, by the installed program alone: a centre is founded, a workstation's package is made, the station
is enrolled over the line, its readiness is tried, a commission's protocol is taken in, sent, confirmed and
published. Then the newer package is installed over it: the data are there and the next protocol is confirmed.
Removed and purged, the program is gone and the data are there. Each step is told with its seconds.

Exit codes: 0 all went well; 1 a step failed; 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as daytime
from pathlib import Path
from zoneinfo import ZoneInfo

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

DATA = "/srv/trial"
PORT = 8765
#: What a chroot has no way to show: a screen, a printer, a stick, a scanner, a battery, a second disk.
NOT_HERE = ("screen", "printer", "stick", "scanner", "power", "backup")


def office(folder: Path) -> tuple[int, list[Path], list[str]]:
    """What an election office has before the night, made from an invented election that begins tomorrow:
    authority, certificates, reference data, and the files of two commissions. Returns the point, the
    files and, by file, the totals of the signed paper, one a line."""
    from app.documents import reference as reference_file
    from app.election.model import Contest
    from app.rehearsal import files, generator
    from app.trust import authority, cms, keys
    from app.trust.identity import Identity, Role

    now = datetime.now(UTC).replace(microsecond=0)
    plan = generator.Plan(
        seed=7, precincts=2, stations=1, contests=(Contest.REGIONAL,), first_day=first_day()
    )
    reference = generator.invent(plan)
    code, life = reference.election.code, (now - timedelta(days=1), now + timedelta(days=30))
    ca_key = keys.make_key()
    ca = authority.make_authority(code, ca_key, *life)
    folder.mkdir(parents=True)
    (folder / "ca.pem").write_bytes(ca.to_pem())
    keys.save_key(ca_key, folder / "ca.key", None)
    made = {}
    for role in (Role.REFERENCE, Role.CENTRE):
        key, identity = keys.make_key(), Identity(role, code)
        certificate = authority.issue(authority.make_request(key, identity), identity, ca, ca_key, *life)
        (folder / f"{role.value}.pem").write_bytes(certificate.to_pem())
        keys.save_key(key, folder / f"{role.value}.key", None)
        made[role] = key, certificate
    reference_file.build(reference, folder / "reference.sqlite")
    signature = cms.sign_detached((folder / "reference.sqlite").read_bytes(), *made[Role.REFERENCE], now)
    (folder / "reference.sqlite.p7s").write_bytes(signature)
    precincts = list(reference.precincts.values())
    papers = files.write_invented(folder / "stick", reference, precincts, plan.seed)
    brought = sorted((folder / "stick").glob("zapis_*_?????.xml"))
    return precincts[0].transfer_point, brought, [_typed(paper) for paper in papers.values()]


def _typed(paper: object) -> str:
    """The totals of a paper, as a clerk types them when the program asks."""
    from app.station.figures import figures

    told = figures(paper.truth)  # type: ignore[attr-defined]
    return "".join(f"{value}\n" for field, value in told.items() if field.name != "HLASY")


def first_day() -> date:
    return datetime.now(ZoneInfo("Europe/Prague")).date() + timedelta(days=1)


class NightClock:
    """The time of the night: half an hour after voting has ended when the trial's night begins."""

    def __init__(self) -> None:
        ends = datetime.combine(first_day() + timedelta(days=1), daytime(14, 30), ZoneInfo("Europe/Prague"))
        self._ahead = ends - datetime.now(UTC)

    def local(self) -> str:
        return f"{self._now():%Y-%m-%dT%H:%M:%S}"

    def utc(self) -> str:
        return f"{self._now().astimezone(UTC):%Y-%m-%dT%H:%M:%S}"

    def _now(self) -> datetime:
        return (datetime.now(UTC) + self._ahead).astimezone(ZoneInfo("Europe/Prague"))


class Clean:
    """A clean Debian in a folder; commands run inside it."""

    def __init__(self, root: Path, mirror: str | None) -> None:
        self.root, self._mirror = root, mirror
        self.failed = False

    def make(self) -> None:
        if not (self.root / "etc" / "debian_version").is_file():
            command = ["debootstrap", "--variant=minbase", "bookworm", str(self.root)]
            subprocess.run(
                [*command, self._mirror] if self._mirror else command, check=True, stdout=subprocess.DEVNULL
            )
        (self.root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n", "ascii")
        (self.root / "usr/sbin/policy-rc.d").chmod(0o755)

    @contextmanager
    def mounted(self) -> Iterator[None]:
        places = ("proc", "dev")
        for place in places:
            subprocess.run(["mount", "--bind", f"/{place}", str(self.root / place)], check=True)
        try:
            yield
        finally:
            for place in places:
                subprocess.run(["umount", "-l", str(self.root / place)], check=False)

    def command(self, *words: str) -> list[str]:
        return ["chroot", str(self.root), *words]

    def run(self, *words: str, typed: str = "", good: tuple[int, ...] = (0,)) -> str:
        """Run a command inside; SystemExit with what it said unless its exit code is `good`."""
        environ = {"PATH": os.defpath + ":/usr/sbin:/sbin", "LANG": "C.UTF-8", "HOME": "/root",
                   "DEBIAN_FRONTEND": "noninteractive", "QT_QPA_PLATFORM": "offscreen"}  # fmt: skip
        done = subprocess.run(self.command(*words), input=typed, capture_output=True, text=True, env=environ)
        if done.returncode not in good:
            raise SystemExit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def program(self, *words: object, typed: str = "", good: tuple[int, ...] = (0,)) -> str:
        return self.run("prebirka", *(str(word) for word in words), typed=typed, good=good)


@contextmanager
def centre_runs(clean: Clean, *clock: str) -> Iterator[None]:
    """The installed centre, answering, for as long as this lasts."""
    words = clean.command("prebirka", "central", "run", f"{DATA}/centre", "--port", str(PORT), *clock)
    with tempfile.TemporaryFile() as log, subprocess.Popen(words, stdout=log, stderr=log) as process:
        try:
            while not _answers():
                if process.poll() is not None:
                    log.seek(0)
                    raise SystemExit(f"the centre ended: {log.read().decode()[-2000:]}")
                time.sleep(0.2)
            yield
        finally:
            process.terminate()
            process.wait(30)


def _answers() -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", PORT)) == 0


class Steps:
    """Takes the steps and tells each with its seconds."""

    def __init__(self) -> None:
        self.begun = time.monotonic()

    def __call__(self, name: str, act: Callable[[], object]) -> object:
        begun = time.monotonic()
        try:
            result = act()
        except (SystemExit, subprocess.CalledProcessError, AssertionError) as error:
            print(f"FAILED {time.monotonic() - begun:6.1f} s  {name}\n{error}", flush=True)
            raise SystemExit(1) from None
        print(f"OK     {time.monotonic() - begun:6.1f} s  {name}", flush=True)
        return result


class Night:
    """What is done with the installed program, in order."""

    def __init__(self, clean: Clean, point: int, files: list[Path], typed: list[str]) -> None:
        self._clean, self._point = clean, point
        self._files = [f"{DATA}/office/stick/{file.name}" for file in files]
        self._typed = typed
        self._station = f"{DATA}/station"
        self.clock = NightClock()

    def found_centre(self) -> None:
        office = f"{DATA}/office"
        self._clean.program(
            "central",
            "init",
            f"{DATA}/centre",
            "--ca",
            f"{office}/ca.pem",
            "--key",
            f"{office}/centre.key",
            "--certificate",
            f"{office}/centre.pem",
            "--reference",
            f"{office}/reference.sqlite",
        )

    def provision(self) -> None:
        office = f"{DATA}/office"
        self._clean.program(
            "provision",
            "point",
            self._point,
            "--reference",
            f"{office}/reference.sqlite",
            "--ca",
            f"{office}/ca.pem",
            "--centre",
            f"{office}/centre.pem",
            "--centre-url",
            f"http://127.0.0.1:{PORT}",
            "--key",
            f"{office}/reference.key",
            "--certificate",
            f"{office}/reference.pem",
            "--out",
            f"{DATA}/packages",
        )
        centre = f"{DATA}/packages/centre-{self._point}.p7m"
        self._clean.program("central", "enrolment", "expect", f"{DATA}/centre", centre)

    def _enrol(self, *good: int) -> None:
        self._clean.program(
            "station",
            "enrol",
            self._station,
            "--provision",
            f"{DATA}/packages/{self._point}-1.p7m",
            "--send",
            "--json",
            "--fingerprint",
            self.fingerprint,
            good=good,
        )

    def enrol(self) -> None:
        from app.trust.authority import AuthorityCertificate

        ca = (self._clean.root / DATA[1:] / "office/ca.pem").read_bytes()
        self.fingerprint = AuthorityCertificate.from_pem(ca).fingerprint
        self._enrol(3)
        self._clean.program("central", "enrolment", "export", f"{DATA}/centre", "--out", f"{DATA}/requests")
        self._clean.program("trust", "issue-all", f"{DATA}/requests", "--ca", f"{DATA}/office", "--out",
                            f"{DATA}/issued")  # fmt: skip
        issued = f"{DATA}/issued/{self._point}-1.pem"
        self._clean.program("central", "enrolment", "take", f"{DATA}/centre", issued)
        self._enrol(0)

    def ready(self) -> None:
        skipped = [word for name in NOT_HERE for word in ("--skip", name)]
        told = self._clean.program("readiness", self._station, "--json", *skipped, good=(0, 1, 2))
        trials = json.loads(told)["trials"]
        wrong = [one for one in trials if one["state"] == "failed"]
        assert not wrong, [one["en"] for one in wrong]
        print("                 ok: " + ", ".join(one["name"] for one in trials if one["state"] == "ok"))

    def take_in(self, number: int) -> None:
        self._clean.program("station", "take-in", self._station, self._files[number], "--accept", "--user",
                            "Jana", "--now", self.clock.utc(), typed=self._typed[number])  # fmt: skip
        self._clean.program("station", "send", self._station, "--once", "--now", self.clock.utc())
        told = self._clean.program("station", "status", self._station, "--now", self.clock.utc())
        assert f"confirmed: {number + 1}" in told, told

    def data_are_there(self) -> None:
        place = self._clean.root / DATA[1:]
        assert any((place / "station").glob("*.sqlite")), "the station's data are gone"
        assert any((place / "centre").rglob("*.sqlite*")), "the centre's data are gone"


def install(clean: Clean, package: Path) -> None:
    shutil.copyfile(package, clean.root / "tmp" / package.name)
    clean.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", f"/tmp/{package.name}")


def trial(given: argparse.Namespace, root: Path) -> None:
    step, clean = Steps(), Clean(root, given.mirror)
    step("a clean Debian 12", clean.make)
    shutil.rmtree(root / DATA[1:], ignore_errors=True)
    point, files, typed = office(root / DATA[1:] / "office")
    night = Night(clean, point, files, typed)
    with clean.mounted():
        step("lists of packages", lambda: clean.run("apt-get", "update", "-qq"))
        step("install, with what it depends on", lambda: install(clean, given.package))
        step("it starts", lambda: clean.program("version"))
        step("found a centre", night.found_centre)
        step("provision a point", night.provision)
        with centre_runs(clean):
            step("enrol the station over the line", night.enrol)
            step("readiness", night.ready)
        with centre_runs(clean, "--clock", night.clock.local()):
            step("take in a protocol, send, confirmed", lambda: night.take_in(0))
        if given.newer:
            step("upgrade", lambda: install(clean, given.newer))
        with centre_runs(clean, "--clock", night.clock.local()):
            step("the data are there; the next protocol, confirmed", lambda: night.take_in(1))
        step("remove", lambda: clean.run("apt-get", "remove", "-y", "-qq", "prebirka"))
        step("the data are there", night.data_are_there)
        step("purge", lambda: clean.run("apt-get", "purge", "-y", "-qq", "prebirka"))
        assert not (root / "usr/lib/prebirka").exists()
        step("the data are there", night.data_are_there)
    print(f"together {time.monotonic() - step.begun:.0f} s")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", type=Path)
    parser.add_argument("--newer", type=Path, help="a package of a higher version, to upgrade to")
    parser.add_argument("--root", type=Path, help="a folder for the chroot; one that is there is used again")
    parser.add_argument("--mirror", help="where debootstrap takes Debian from; else where it usually does")
    parser.add_argument("--python", type=Path, default=CHECKOUT / ".venv" / "bin" / "python")
    given = parser.parse_args()
    if Path(sys.executable) != given.python and given.python.is_file():  # the office is made by the checkout
        return subprocess.run([given.python, *sys.argv], check=False).returncode
    if given.root:
        trial(given, given.root)
    else:
        with tempfile.TemporaryDirectory(prefix="prebirka-trial-") as folder:
            trial(given, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
