"""The readiness check: each probe finds what is wrong, and a report reaches the real centre and its list."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import resources
from app.central import audit
from app.central.centre import listed_readiness
from app.central.readiness import PointStanding, why
from app.commands.central import app as central_command
from app.commands.readiness import app as command
from app.documents import readiness as documents
from app.documents.builds import Builds
from app.documents.builds import Standing as Allowance
from app.documents.readiness import LARGEST_PDF, Standing
from app.election.model import Mode
from app.election.reference import Reference
from app.station.approved import Approval
from app.station.config import read_config, write_config
from app.station.readiness import machine, papers
from app.station.readiness.checking import NAMES, PROBES, ReadinessCheck
from app.station.readiness.hardware import SCANNER_CODE, Hardware, Printers, Screen
from app.station.readiness.machine import Power
from app.station.readiness.outcomes import Outcome, State, Whole, found, whole
from app.station.readiness.words import TABLE
from app.station.station import Station
from tests.support.centre_beside import centre_beside
from tests.support.house import serving
from tests.support.station_world import NIGHT, Clock

ExpectLog = Callable[..., None]
WELL = Printers(("HP", "Zásobník"), "HP", True)
AT = NIGHT.astimezone(UTC).isoformat()[:19]
_MACHINE = frozenset({"screen", "printer", "stick", "scanner", "power", "disk"})


@contextmanager
def beside(tmp_path: Path, folder: Path, reference: Reference, clock: Clock) -> Iterator[Path]:
    """A real centre on a real port for the station in `folder`; gives the centre's folder."""
    with centre_beside(tmp_path, folder, reference, clock) as line, serving(line.centre) as url:
        write_config(folder, replace(read_config(folder), centre_url=url))
        yield tmp_path / "centre"


def codes(outcomes: list[Outcome]) -> dict[str, str]:
    return {each.probe: each.code for each in outcomes}


@pytest.mark.parametrize(
    ("hardware", "probe", "code"),
    [
        (Hardware(screen=Screen(1920, 1080, 100)), machine.screen, "RDY-01"),
        (Hardware(screen=Screen(1366, 768, 150)), machine.screen, "RDY-01"),
        (Hardware(screen=Screen(1366, 768, 200)), machine.screen, "RDY-02"),
        (Hardware(screen=Screen(800, 600, 100)), machine.screen, "RDY-02"),
        (Hardware(), machine.screen, "RDY-03"),
        (Hardware(printers=WELL), machine.printer, "RDY-05"),
        (Hardware(printers=Printers((), "", False)), machine.printer, "RDY-06"),
        (Hardware(printers=replace(WELL, default="")), machine.printer, "RDY-07"),
        (Hardware(printers=replace(WELL, has_a4=False)), machine.printer, "RDY-08"),
        (Hardware(), machine.printer, "RDY-09"),
        (Hardware(), machine.stick, "RDY-11"),
        (Hardware(sticks=(Path("/no/such/medium"),)), machine.stick, "RDY-12"),
        (Hardware(scanned=SCANNER_CODE), machine.scanner, "RDY-15"),
        (Hardware(), machine.scanner, "RDY-16"),
        (Hardware(scanned="PREBIRKAů+ůCTECKA"), machine.scanner, "RDY-17"),
    ],
)  # fmt: skip
def test_what_stands_on_the_table_is_judged(
    hardware: Hardware, probe: Callable[[Hardware], Outcome], code: str
) -> None:
    assert probe(hardware).code == code


def test_a_stick_is_written_read_back_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "zapis.xml").write_text("komise")
    assert machine.stick(Hardware(sticks=(tmp_path,))).code == "RDY-10"
    assert [each.name for each in tmp_path.iterdir()] == ["zapis.xml"]


@pytest.mark.parametrize(
    ("free", "milliseconds", "code"),
    [(148_000, 2.0, "RDY-20"), (4_999, 2.0, "RDY-21"), (999, 2.0, "RDY-22"), (148_000, 80.0, "RDY-23")],
)
def test_a_full_or_a_slow_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, milliseconds: float, code: str
) -> None:
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage(0, 0, free * 1_000_000))
    monkeypatch.setattr(machine, "_safe_write", lambda _: milliseconds)
    assert machine.disk(tmp_path).code == code


def test_the_real_disk_is_measured_and_keeps_nothing_of_it(tmp_path: Path) -> None:
    assert machine.disk(tmp_path).state in (State.OK, State.WARNING)
    assert list(tmp_path.iterdir()) == []
    assert machine.disk(tmp_path / "none").code == "RDY-24"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (None, "RDY-53"),
        (Power(True, None), "RDY-50"),
        (Power(True, 12), "RDY-50"),
        (Power(False, 80), "RDY-51"),
        (Power(False, 29), "RDY-52"),
    ],
)
def test_a_battery_that_will_not_last_the_night_is_told(told: Power | None, code: str) -> None:
    assert machine.power(told).code == code


@pytest.mark.parametrize(
    ("supplies", "power"),
    [
        ({}, None),
        ({"AC": {"type": "Mains", "online": "1"}}, Power(True, None)),
        (
            {"AC": {"type": "Mains", "online": "0"},
             "BAT0": {"type": "Battery", "capacity": "61", "status": "Discharging"}},
            Power(False, 61),
        ),
        (
            {"AC": {"type": "Mains", "online": "1"},
             "BAT0": {"type": "Battery", "capacity": "97", "status": "Charging"}},
            Power(True, 97),
        ),
        ({"mouse": {"type": "Battery", "scope": "Device", "capacity": "5"}}, None),
    ],
)  # fmt: skip
def test_what_linux_says_of_its_power_is_understood(
    tmp_path: Path, supplies: dict[str, dict[str, str]], power: Power | None
) -> None:
    for name, values in supplies.items():
        (tmp_path / name).mkdir()
        for key, value in values.items():
            (tmp_path / name / key).write_text(f"{value}\n")
    assert machine.power_of_linux(tmp_path) == power
    assert machine.power_of_linux(tmp_path / "none") is None


def test_a_place_for_backups_has_to_be_there_and_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    assert papers.backup(tmp_path, "").code == "RDY-46"
    assert papers.backup(tmp_path, str(tmp_path / "none")).code == "RDY-48"
    assert papers.backup(tmp_path, str(tmp_path / "place")).code == "RDY-47"
    assert list((tmp_path / "place").iterdir()) == []
    assert not (tmp_path / "none").exists(), "a trial never makes the place"


@pytest.mark.parametrize(
    ("standing", "expired", "code"),
    [
        (None, False, "RDY-60"),
        (Allowance.ALLOWED, False, "RDY-63"),
        (Allowance.ALLOWED, True, "RDY-61"),
        (Allowance.WARNED, False, "RDY-61"),
        (Allowance.REFUSED, False, "RDY-62"),
    ],
)
def test_a_program_that_is_not_approved_is_told(standing: Allowance | None, expired: bool, code: str) -> None:
    listed = None
    if standing is not None:
        listed = Builds("kz2024", Mode.REHEARSAL, 1, NIGHT, NIGHT, NIGHT, standing, ())
    approval = Approval(listed, standing or Allowance.ALLOWED, expired)
    assert papers.program("prebirka 1", approval).code == code


def test_one_failure_is_not_ready_and_what_was_not_tried_cannot_be_said() -> None:
    ok, failed = found("power", "RDY-50"), found("printer", "RDY-06")
    not_tried, excused = found("stick", "RDY-11"), found("scanner", "RDY-16")
    warning = found("backup", "RDY-46")
    assert whole([ok, warning, excused]) is Whole.READY
    assert whole([ok, not_tried]) is Whole.CANNOT_SAY
    assert whole([ok, not_tried, failed]) is Whole.NOT_READY


def test_every_sentence_that_is_not_good_says_what_to_do() -> None:
    for code, words in TABLE.items():
        assert (words.state == "ok" or code == "RDY-90") is not bool(words.do_cs), code
        assert bool(words.do_cs) is bool(words.do_en), code


def test_with_a_real_centre_everything_of_the_station_and_the_way_is_good(
    tmp_path: Path, folder: Path, reference: Reference, clock: Clock
) -> None:
    with beside(tmp_path, folder, reference, clock), Station.open(folder, clock) as station:
        outcomes = list(station.readiness(skipped=_MACHINE).run())
    assert [each.probe for each in outcomes] == [probe.name for probe in PROBES]
    said = codes(outcomes)
    trial = "RDY-40" if reference.election.mode is Mode.REHEARSAL else "RDY-41"
    assert {name: said[name] for name in ("certificate", "reference", "there_and_back", "store")} == {
        "certificate": "RDY-30", "reference": "RDY-35", "there_and_back": trial, "store": "RDY-55",
    }  # fmt: skip
    assert said["clock"] == "LIN-50"
    assert said["line"] == "LIN-36", "the address is not of https, which is worth a warning"
    assert whole(outcomes) is Whole.READY


def test_a_trial_protocol_leaves_no_trace_at_the_centre(
    tmp_path: Path, folder: Path, reference: Reference, clock: Clock
) -> None:
    with centre_beside(tmp_path, folder, reference, clock) as line, serving(line.centre) as url:
        write_config(folder, replace(read_config(folder), centre_url=url))
        with line.centre.database.reading() as connection:
            from app.central import journal, store

            before = store.counts(connection), journal.head(connection)
        with Station.open(folder, clock) as station:
            assert station.readiness().one("there_and_back").state is State.OK
        with line.centre.database.reading() as connection:
            assert (store.counts(connection), journal.head(connection)) == before


def test_without_a_centre_the_station_is_not_ready_and_says_where_it_stops(station: Station) -> None:
    outcomes = list(station.readiness(skipped=_MACHINE).run())
    assert codes(outcomes)["there_and_back"] == "RDY-42"
    assert {each.probe for each in outcomes if each.state is State.FAILED} == {"line", "there_and_back"}
    assert whole(outcomes) is Whole.NOT_READY


def test_a_probe_that_breaks_is_told_and_hides_no_other(
    station: Station, monkeypatch: pytest.MonkeyPatch, expect_log: ExpectLog
) -> None:
    def broken(_: object) -> Outcome:
        raise RuntimeError("a driver")

    expect_log("ERROR", "readiness probe power broke")
    monkeypatch.setattr(machine, "power", broken)
    outcomes = list(station.readiness(skipped=NAMES - {"power", "disk"}).run())
    assert codes(outcomes)["power"] == "RDY-91"
    assert codes(outcomes)["disk"].startswith("RDY-2")


def reported(check: ReadinessCheck, outcomes: list[Outcome], pdf: bytes | None = None) -> documents.Report:
    return check.report(outcomes, "Igor Kábrt", NIGHT, pdf)


def test_a_report_is_stored_once_listed_and_covered_by_the_audit(
    tmp_path: Path, folder: Path, reference: Reference, clock: Clock
) -> None:
    pdf = b"%PDF-1.4 zkouska"
    with beside(tmp_path, folder, reference, clock) as centre, Station.open(folder, clock) as station:
        point = station.config.transfer_point
        listed = {each.transfer_point: each for each in listed_readiness(centre, clock)}
        assert {each.standing for each in listed.values()} == {PointStanding.SILENT}
        check = station.readiness()
        answer = check.send(reported(check, [found("printer", "RDY-06"), found("power", "RDY-50")], pdf))
        assert answer.received_at == NIGHT
        [mine] = [each for each in listed_readiness(centre, clock) if each.transfer_point == point]
        assert mine.standing is PointStanding.NOT_READY
        assert why(mine) == [f"{station.config.station}: printer"]
        check.send(reported(check, [found("power", "RDY-50")], pdf))
        [mine] = [each for each in listed_readiness(centre, clock) if each.transfer_point == point]
        assert mine.standing is PointStanding.READY
        assert mine.stations[0].report is not None
        assert mine.stations[0].report.pdf == pdf
    from app.central.centre import prepare, proved

    proved(prepare(centre, clock)).close()


def test_a_report_that_somebody_changed_in_the_store_is_found(
    tmp_path: Path, folder: Path, reference: Reference, clock: Clock
) -> None:
    import sqlite3

    from app.central.centre import prepare, proved

    with beside(tmp_path, folder, reference, clock) as centre, Station.open(folder, clock) as station:
        check = station.readiness()
        check.send(reported(check, [found("printer", "RDY-06")]))
    db = sqlite3.connect(centre / "centre.sqlite")
    db.execute("DROP TRIGGER readiness_no_update")
    db.execute("UPDATE readiness SET standing = 'PRIPRAVENO'")
    db.execute(
        "CREATE TRIGGER readiness_no_update BEFORE UPDATE ON readiness\n"
        "BEGIN SELECT RAISE(ABORT, 'readiness: append-only'); END"
    )
    db.commit()
    db.close()
    with pytest.raises(audit.StoreDamaged, match="readiness 1"):
        proved(prepare(centre, clock))


def test_a_large_pdf_is_told_by_its_hash_alone(station: Station) -> None:
    check = station.readiness()
    report = reported(check, [found("power", "RDY-50")], b"%PDF-" + bytes(LARGEST_PDF))
    assert report.pdf is None
    assert len(report.pdf_sha256) == 64
    assert documents.read(documents.write(report)) == report
    assert report.standing is Standing.READY


class TestCommand:
    def run(self, *arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(command, list(arguments))
        return result.exit_code, result.output

    def test_it_tells_reports_and_sends(
        self, tmp_path: Path, folder: Path, reference: Reference, clock: Clock
    ) -> None:
        left_out = [f"--skip={name}" for name in ("screen", "printer", "stick")]
        with beside(tmp_path, folder, reference, clock) as centre:
            pdf = tmp_path / "zprava.pdf"
            code, told = self.run(str(folder), "--now", AT, "--send", "--report", str(pdf), *left_out)
            assert code == 0, told
            assert "PŘIPRAVENO" in told
            assert pdf.read_bytes().startswith(b"%PDF-")
            listed = CliRunner().invoke(
                central_command, ["readiness", str(centre), "--json", "--pdf", str(tmp_path / "out")]
            )
            ready = [each["standing"] for each in json.loads(listed.stdout)]
            assert ready.count("ready") == 1
            [kept] = (tmp_path / "out").iterdir()
            assert kept.read_bytes() == pdf.read_bytes()

    def test_its_exit_code_says_not_ready_or_cannot_say(self, folder: Path, clock: Clock) -> None:
        at = ("--now", AT)
        code, told = self.run(str(folder), *at, "--json", *[f"--skip={name}" for name in NAMES - {"line"}])
        assert (code, json.loads(told)["standing"]) == (1, "not ready")
        code, told = self.run(str(folder), *at, *[f"--skip={name}" for name in NAMES - {"stick"}])
        assert code == 2
        assert "RDY-11" in told
        code, _ = self.run(str(folder), *at, "--skip=coffee")
        assert code == 2


def test_the_manual_tells_of_every_probe_by_both_its_names() -> None:
    text = resources.path("manual", "readiness.md").read_text("utf-8")
    for probe in PROBES:
        assert f"| `{probe.name}` {probe.cs} |" in text
