"""Whatever happens to the line, the processes, the disks, the clocks and the files: nothing is lost, counted
twice, forged or stuck. The long form is `prebirka rehearse --faults --runs 1000`.

    PREBIRKA_FAULTS=200 PREBIRKA_FAULTS_SEED=7 python -m pytest tests/rehearsal/test_faults.py
"""

from __future__ import annotations

import os
import random
import secrets
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from app.election.errors import KnownError
from app.rehearsal.faults import bits, mischief
from app.rehearsal.faults.campaign import Campaign, Table
from app.rehearsal.faults.disks import Disk
from app.rehearsal.faults.ends import Ends
from app.rehearsal.faults.killing import kill_run
from app.rehearsal.faults.kinds import CZECH, IN_THE_HANDSHAKE, KILLS, ON_THE_LINE, ROUND, Fault, Sort
from app.rehearsal.faults.runs import Run
from app.rehearsal.faults.scene import seeded
from app.rehearsal.faults.victims import Death, Point
from app.station.line.way import Way
from app.station.transport import HttpTransport
from app.station.wire import NoAnswer, Unreachable
from tests.support.nights import prebirka

RUNS = int(os.environ.get("PREBIRKA_FAULTS", "5"))
SEED = os.environ.get("PREBIRKA_FAULTS_SEED") or str(secrets.randbelow(1_000_000))


@pytest.fixture(scope="module")
def campaign() -> Iterator[Campaign]:
    with Campaign() as runner:
        yield runner


def test_random_runs_of_every_sort_come_to_zeros(campaign: Campaign) -> None:
    for number in range(RUNS):
        verdict = campaign.numbered(f"{SEED}/{number}")
        told = "\n".join([f"to repeat: prebirka rehearse --faults --seed {verdict.seed}", *verdict.lines])
        assert verdict.is_right, told


@pytest.mark.parametrize("fault", ON_THE_LINE)
def test_each_fault_of_the_line_by_itself_does_no_harm(
    campaign: Campaign, tmp_path: Path, fault: Fault
) -> None:
    with Run(campaign.nights[0], tmp_path / "run", campaign.server, f"{fault}", [fault], 0.7) as run:
        run.work(14)
        verdict = run.end()
    assert verdict.events[fault] > 0
    assert verdict.lines == []


def test_over_tls_handshakes_fail_and_nothing_is_said_to_a_wrong_server(
    campaign: Campaign, tmp_path: Path
) -> None:
    with Run(campaign.nights[0], tmp_path / "run", campaign.server, "tls", rate=0.6, tls=True) as run:
        run.work()
        verdict = run.end()
    assert sum(verdict.events[fault] for fault in IN_THE_HANDSHAKE) > 1
    assert verdict.lines == []


@pytest.mark.parametrize("fault", [*IN_THE_HANDSHAKE, None])
def test_a_station_says_nothing_to_a_wrong_end(tmp_path: Path, fault: Fault | None) -> None:
    ends, heard = Ends(tmp_path / "tls"), []

    def serve() -> None:
        client, _ = listener.accept()
        with client, suppress(OSError), ends.secured(client, fault, random.Random(1)) as secured:
            heard.append(secured.recv(4))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        way = Way(url, ends.authority)
        expected = pytest.raises(Unreachable if fault else NoAnswer)
        with HttpTransport(url, tmp_path, way) as transport, expected:
            transport.push(b"a batch")
        thread.join()
    assert heard == ([] if fault else [b"POST"])


def test_every_point_of_the_code_can_be_a_life_s_end(campaign: Campaign, tmp_path: Path) -> None:
    """One of each kind, before and after, at the centre and at the stations."""
    ends = [Death(point, after, 2, 0.1) for point in Point for after in (False, True)]
    verdict = kill_run(campaign.nights[0], tmp_path / "run", campaign.server, "points", lambda _: list(ends))
    assert verdict.lines == []
    assert set(KILLS) <= {fault for fault, count in verdict.events.items() if count}


def test_a_full_disk_refuses_acts_and_frees_itself(campaign: Campaign, tmp_path: Path) -> None:
    with Disk(tmp_path / "run") as disk:
        with Run(campaign.nights[0], tmp_path / "run", campaign.server, "full", rate=0.0) as run:
            (station,) = run.stations
            with disk.full(seeded("nothing left")):
                for _ in range(40):
                    station.take_in()
            verdict = run.end()
        assert verdict.lines == []
        assert "STA-10" in station.troubles


@pytest.mark.parametrize("sort", [Sort.DISK, Sort.CLOCK])
def test_disks_and_clocks_do_no_harm(campaign: Campaign, sort: Sort) -> None:
    verdict = campaign.run(sort, f"short/{sort}")
    assert verdict.lines == []
    assert verdict.events[Fault.DISK_FULL if sort is Sort.DISK else Fault.CLOCK] > 0


def test_flipped_bits_are_noticed_at_both_ends(campaign: Campaign) -> None:
    events = set()
    for number in range(4):
        verdict = campaign.run(Sort.BITS, f"bits/{number}")
        assert verdict.lines == []
        events |= {fault for fault, count in verdict.events.items() if count}
    assert {Fault.BITS_STATION, Fault.BITS_CENTRE} <= events


def test_the_verdict_sees_what_is_wrong(campaign: Campaign, tmp_path: Path) -> None:
    """The harness itself: what is lost, doubled, forged or stuck is told."""
    with Run(campaign.nights[0], tmp_path / "run", campaign.server, "seen", rate=0.0) as run:
        run.work(10)
        assert run.end().is_right
        store = run.night.sandbox.centre / "centre.sqlite"
        with closing(sqlite3.connect(store)) as connection, connection:
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute("DELETE FROM revision WHERE id = 1")
            connection.execute("UPDATE revision SET content_hash = 'x' WHERE id = 2")
            connection.execute("UPDATE batch SET raw = cast('x' AS BLOB) WHERE id = 1")
        found = run.judged_again()
    assert found.lost
    assert found.doubled
    assert found.forged


def test_the_same_seed_gives_the_same_faults(campaign: Campaign) -> None:
    first, second = (campaign.run(Sort.LINE, "again/1") for _ in range(2))
    of_the_driver = (Fault.RESTART, Fault.OUT_OF_ORDER)  # the rest may depend on who was quicker
    assert [first.events[fault] for fault in of_the_driver] == [
        second.events[fault] for fault in of_the_driver
    ]
    assert sum(first.events.values()) > 5


def test_a_forged_batch_differs_only_in_a_number(campaign: Campaign) -> None:
    raw = mischief.answer(b"200 OK", b"no signed content")
    night = campaign.nights[0]
    assert mischief.forged(raw, night.forger, False, night.begins, seeded("none")) is None
    assert mischief.split(mischief.with_body(raw, b"other"))[1] == b"other"


def test_a_flip_in_unused_bytes_changes_nothing_that_is_said(tmp_path: Path) -> None:
    database = tmp_path / "some.sqlite"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE t (a)")
    before = bits.contents(database)
    data = bytearray(database.read_bytes())
    data[5000] ^= 1  # in the middle of an empty page
    database.write_bytes(data)
    assert bits.contents(database) == before != ""
    database.write_bytes(bytes(100))
    assert bits.contents(database) == ""


def test_every_fault_has_its_row_and_every_sort_its_turn() -> None:
    assert set(CZECH) == set(Fault) == set(Table().rows)
    assert set(ROUND) == set(Sort)


def test_a_seed_of_no_run_is_refused(campaign: Campaign) -> None:
    with pytest.raises(KnownError) as refused:
        campaign.numbered("3/x")
    assert refused.value.code == "REH-11"


def test_the_command_prints_its_table() -> None:
    run = prebirka("rehearse", "--faults", "--seed", "3/4")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Zeros everywhere" in run.stdout
