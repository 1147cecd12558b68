"""The register of stations, changed beside a running centre: the next batch is judged by it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app.central import stations
from app.central.centre import Centre
from app.central.review import as_csv, review
from app.central.stations import Registration
from app.commands.central import app as command
from app.documents.receipt import Status
from app.election.errors import KnownError
from app.election.model import Contest, Mode
from app.trust.chain import batch_hash
from app.trust.identity import Identity, Role
from tests.support.central_driver import corrected, of_point, receipt, receive, rows
from tests.support.centre_process import running
from tests.support.house import Clock, House, SendingStation
from tests.support.invented_election import POINT, VOTING_ENDS, reference

Announce = Callable[[str, str], None]
NOW = VOTING_ENDS + timedelta(hours=1)
CLIENT = httpx.Client(timeout=10)


@pytest.fixture
def rehearsal(tmp_path: Path) -> House:
    known = reference(Contest.REGIONAL, Contest.SENATE_ROUND_1, mode=Mode.REHEARSAL)
    return House(tmp_path, known, Clock(NOW), publish_interval_seconds=0.0, batch_grid_seconds=0)


def run(*arguments: object, status: int = 0) -> str:
    result = CliRunner().invoke(command, [str(each) for each in arguments])
    if isinstance(result.exception, KnownError):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.output


def sent(url: str, data: bytes) -> tuple[int, str]:
    headers = {"content-type": "application/pkcs7-mime"}
    answer = CLIENT.post(f"{url}/v1/batches", content=data, headers=headers)
    problem = answer.headers["content-type"].startswith("application/problem")
    return answer.status_code, answer.json()["code"] if problem else ""


def renewed(house: House, old: SendingStation, folder: Path) -> tuple[SendingStation, Path]:
    """The same station with a new key, its chain going on, and the certificate as a file."""
    new = house.station(old.name, register=False)
    new.number, new.previous = old.number, old.previous
    path = folder / "new.pem"
    path.write_bytes(new.certificate.to_pem())
    return new, path


def test_revoking_and_replacing_hold_at_once_in_a_running_centre(rehearsal: House, tmp_path: Path) -> None:
    made = of_point(rehearsal, POINT)
    folder, lost = rehearsal.centre_folder, rehearsal.station(f"{POINT}-1")
    new, certificate = renewed(rehearsal, lost, tmp_path)
    with running(folder, NOW) as process:
        first = lost.batch(lost.item(made[0]))
        assert sent(process.url, first)[0] == 200
        run("station", "revoke", folder, lost.name, "--reason", "odcizen")
        assert sent(process.url, lost.batch(lost.item(made[1]))) == (403, "ING-05")
        assert sent(process.url, first)[0] == 200, "what was taken keeps its receipt"
        new.number, new.previous = 1, batch_hash(first)
        assert sent(process.url, new.batch(new.item(made[1]))) == (403, "ING-05")
        run("station", "replace", folder, lost.name, "--certificate", certificate, "--reason", "nový počítač")
        assert sent(process.url, new.sent[0])[0] == 200
        assert sent(process.url, lost.sent[1]) == (403, "ING-05")
        told = httpx.get(f"{process.url}/v1/status").json()
        assert (told["received"]["batches"], told["received"]["revisions"]) == (2, 2)
        assert process.stop() == 0
    assert "nový počítač" not in run("station", "list", folder)
    assert new.certificate.fingerprint in run("station", "list", folder)


def test_a_quarantine_is_settled_in_a_running_centre(rehearsal: House) -> None:
    made = of_point(rehearsal, POINT)
    folder, one = rehearsal.centre_folder, rehearsal.station(f"{POINT}-1")
    with running(folder, NOW) as process:
        assert "nic není" in run("quarantine", "list", folder)
        sent(process.url, one.batch(one.item(made[0])))
        one.number, one.previous = 0, "0" * 64
        fork = one.batch(one.item(made[1]))
        assert sent(process.url, fork)[0] == 409
        assert f"{one.name}\tV KARANTÉNĚ" in run("quarantine", "list", folder, status=1)
        assert f"V KARANTÉNĚ · IN QUARANTINE: {one.name}" in run("status", process.url)
        shown = run("quarantine", "show", folder, one.name)
        assert one.previous[:12] in shown
        assert "nemá · lacks it" in shown
        reason = ("--reason", "obnova ze zálohy")
        assert "41-1/2" in run("quarantine", "settle", folder, one.name, "--goes-on", "branch", *reason)
        assert sent(process.url, fork)[0] == 200
        assert "rozhodnuto" in run("quarantine", "list", folder)
        assert "KARANTÉN" not in run("status", process.url)
        assert process.stop() == 0


def test_a_certificate_whose_life_has_not_begun_does_not_speak(
    house: House, centre: Centre, station: SendingStation, expect_log: Announce
) -> None:
    data = station.batch()
    house.clock.move(days=-3)
    expect_log("WARNING", "ING-04 CMS-17")
    assert receive(centre, house, data).code == "ING-04"


class TestReplacing:
    def test_is_journaled_with_its_reason(
        self, house: House, centre: Centre, station: SendingStation, tmp_path: Path
    ) -> None:
        _, path = renewed(house, station, tmp_path)
        run(
            "station",
            "replace",
            house.centre_folder,
            station.name,
            "--certificate",
            path,
            "--reason",
            "ukraden",
        )
        ended, begun = rows(centre, "journal")[-2:]
        assert [ended.act, begun.act] == ["station revoked", "station added"]  # type: ignore[attr-defined]
        told = [json.loads(each.detail) for each in (ended, begun)]  # type: ignore[attr-defined]
        assert [each["reason"] for each in told] == ["ukraden", "ukraden"]
        assert told[0]["certificate"] == station.certificate.fingerprint

    @pytest.mark.parametrize(("case", "code"), [
        ("unknown", "CEN-21"), ("another's", "CEN-23"), ("the same", "CEN-24"), ("a role", "CEN-20"),
    ])  # fmt: skip
    def test_needs_a_new_certificate_of_that_station(
        self, house: House, centre: Centre, station: SendingStation, case: str, code: str
    ) -> None:
        new = house.station(station.name, register=False).certificate
        offered = {
            "unknown": ("41-9", new),
            "another's": ("41-1", house.station("41-2", register=False).certificate),
            "the same": ("41-1", station.certificate),
            "a role": ("41-1", house.participant(Identity(Role.CENTRE, house.code))[1]),
        }
        before = stations.listed(centre.database)
        with pytest.raises(KnownError) as caught:
            stations.replace(centre.database, *offered[case], house.code, "ztracena", house.clock.now)
        assert caught.value.code == code
        assert stations.listed(centre.database) == before

    def test_a_revoked_certificate_never_speaks_again(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        stations.revoke(centre.database, station.name, "odcizen", house.clock.now)
        for again in (
            lambda: stations.add(centre.database, [station.certificate], house.code, house.clock.now),
            lambda: stations.replace(
                centre.database,
                station.name,
                station.certificate,
                house.code,
                "spletli jsme se",
                house.clock.now,
            ),
        ):
            with pytest.raises(KnownError, match="CEN-22"):
                again()
        (only,) = stations.listed(centre.database)
        assert isinstance(only, Registration)
        assert not only.active


class TestAKeyThatSomebodyElseHas:
    def test_everything_it_signed_since_is_listed_with_what_stands_over_it(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce, tmp_path: Path
    ) -> None:
        made = of_point(house, POINT)
        receive(centre, house, station.batch(station.item(made[0])))
        house.clock.move(minutes=10)
        since = house.clock.now
        receive(centre, house, station.batch(station.item(made[1]), station.item(made[2])))
        other = house.station("41-2")
        fixed = corrected(made[1], 1)
        receive(centre, house, other.batch(other.item(fixed, 2)))
        expect_log("ERROR", "ING-07")
        receive(centre, house, station.batch(station.item(made[3]), station="41-2"))
        expect_log("WARNING", "ING-06")
        receive(centre, house, station.sign(b"nothing"))
        before = rows(centre, "revision")
        found = review(centre.database, station.name, since, house.clock.now)
        assert [(each.key, each.outcome, each.stands) for each in found] == [
            (made[1].key, "PRIJATO", "other"),
            (made[2].key, "PRIJATO", "this"),
            (made[3].key, "ING-07", ""),
            (None, "ING-06", ""),
        ]
        assert found[0].standing == "2 (41-2)"
        assert {each.certificate for each in found} == {station.certificate.fingerprint}
        assert rows(centre, "revision") == before
        act = rows(centre, "journal")[-1]
        assert act.act == "station listed for review"  # type: ignore[attr-defined]
        marked = json.loads(act.detail)  # type: ignore[attr-defined]
        assert len(marked["batches"]) == 3
        assert [item[3] for item in marked["items"]] == [each.content_hash for each in found[:3]]
        read = list(csv.DictReader(io.StringIO(as_csv(found).lstrip("\ufeff")), delimiter=";"))
        assert [row["plati"] for row in read] == ["jiná", "tato", "žádná", ""]
        assert [row["otisk_obsahu"] for row in read] == [each.content_hash for each in found]

    def test_published_results_do_not_change_by_it(
        self, house: House, centre: Centre, station: SendingStation, tmp_path: Path
    ) -> None:
        assert receipt(
            centre, house, station.batch(*station.items(of_point(house, POINT)))
        ).status is Status.ACCEPTED  # fmt: skip
        centre.publisher.flush()
        public = house.centre_folder / "public" / "current"
        before = {path: path.read_bytes() for path in public.resolve().rglob("*") if path.is_file()}
        day = f"{house.clock.now - timedelta(days=1):%Y-%m-%d %H:%M}"
        table = tmp_path / "review.csv"
        out = run("station", "review", house.centre_folder, station.name, "--since", day, "--csv", table)
        assert f"zápisů · protocols: {len(of_point(house, POINT))}" in out
        centre.publisher.flush()
        assert {path: path.read_bytes() for path in public.resolve().rglob("*") if path.is_file()} == before
        assert table.read_bytes().startswith(b"\xef\xbb\xbf")
        with pytest.raises(KnownError, match="CEN-25"):
            run("station", "review", house.centre_folder, station.name, "--since", day, "--csv", table)

    def test_a_station_that_was_never_registered_is_told(self, house: House, centre: Centre) -> None:
        with pytest.raises(KnownError, match="CEN-21"):
            review(centre.database, "41-9", house.clock.now, house.clock.now)
