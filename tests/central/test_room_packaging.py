"""What is shipped around the operations room: the process itself, nginx before it, the example alerts."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app.central.metrics import Counters
from app.central.room import gauges, run
from app.commands.central import app as command
from app.election.errors import KnownError
from app.election.model import Mode
from tests.support import nginx
from tests.support.invented_election import VOTING_ENDS
from tests.support.room_world import PASSWORD, house_in, night, populate, room_of

CHECKOUT = Path(__file__).resolve().parents[2]
ALERTS = (CHECKOUT / "packaging" / "prometheus" / "prebirka-alerts.yml").read_text("utf-8")


def test_the_process_serves_tells_its_address_and_ends_in_order(tmp_path: Path) -> None:
    house = house_in(tmp_path, Mode.REHEARSAL)
    night(house).close()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "central", "room", str(house.centre_folder), "--port", "0",
         "--centre", "", "--clock", f"{VOTING_ENDS:%Y-%m-%dT%H:%M:%S}"],
        cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    word, _, url = process.stdout.readline().strip().partition(" ")
    assert word == "READY"
    with httpx.Client(timeout=20) as client:
        assert "ZKOUŠKA" in client.get(f"{url}/login").text
        assert client.get(url).headers["location"] == "/login"
        assert "prebirka_protocols_missing 14" in client.get(f"{url}/metrics").text
    process.send_signal(signal.SIGTERM)
    _, words = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in words) == (0, False)


@pytest.mark.parametrize(
    ("host", "origin", "code"),
    [
        ("0.0.0.0", "", "ROM-23"),
        ("192.0.2.1", "", "ROM-23"),
        ("velin.example", "", "ROM-23"),
        ("127.0.0.1", "velin.example", "ROM-22"),
        ("127.0.0.1", "https://velin.example/", "ROM-22"),
        ("127.0.0.1", "ftp://velin.example", "ROM-22"),
    ],
)
def test_without_tls_it_listens_on_this_machine_alone(
    tmp_path: Path, host: str, origin: str, code: str
) -> None:
    with pytest.raises(KnownError, match=code):
        run.serve(tmp_path, host, 0, lambda: VOTING_ENDS, origin=origin)


def test_accounts_are_made_listed_closed_and_released_by_commands(tmp_path: Path) -> None:
    folder = str(house_in(tmp_path).centre_folder)

    def ask(*words: str) -> str:
        return CliRunner().invoke(command, ["operator", words[0], folder, *words[1:]]).output

    given = ask("add", "jnova", "--name", "Jana Nová", "--role", "administrator").split("\t")
    assert given[:3] == ["jnova", "Jana Nová", "administrator"]
    assert re.fullmatch(r"([a-z]{4}-){3}[a-z]{4}\n", given[3])
    assert "platí" in ask("list")
    assert ask("password", "jnova") != ask("password", "jnova")
    assert "released" in ask("release", "jnova")
    assert "closed" in ask("disable", "jnova")
    assert "zrušen" in ask("list")


@pytest.mark.skipif(nginx.PROGRAM is None, reason="nginx is not here")
def test_behind_the_shipped_nginx_people_sign_in_and_counters_stay_inside(tmp_path: Path) -> None:
    house = house_in(tmp_path)
    (tmp_path / "front").mkdir()
    origin = "http://velin.example"
    with room_of(house, origin=origin) as world, nginx.room_host(tmp_path / "front", world.url) as port:
        populate(world.place, house.clock)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"host": "velin.example"}) as client:
            told = {"login": "jana", "password": PASSWORD}
            answer = client.post("/login", data=told, headers={"origin": origin})
            assert (answer.status_code, answer.headers["location"]) == (303, "/")
            cookie = answer.headers["set-cookie"].partition(";")[0]
            assert client.get("/points", headers={"cookie": cookie}).status_code == 200
            assert client.get("/metrics").status_code == 404
            assert client.get("/login").headers.get_list("x-frame-options") == ["DENY"]
            assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 421


def test_every_metric_of_the_example_alerts_exists() -> None:
    named = set(re.findall(r"\bprebirka_[a-z_]+", ALERTS))
    server = (CHECKOUT / "app" / "central" / "server.py").read_text("utf-8")
    known = set(re.findall(r'"(prebirka_[a-z_]+)"', server))
    known |= set(re.findall(r"prebirka_[a-z_]+", Counters().text({})))
    house_words = Path(gauges.__file__).read_text("utf-8")
    known |= set(re.findall(r'"(prebirka_[a-z_]+)"', house_words))
    assert len(named) >= 10
    assert named - known == set()


def test_the_manual_says_what_to_do_about_every_alert() -> None:
    manual = (CHECKOUT / "resources" / "manual" / "operations-room.md").read_text("utf-8")
    alerts = re.findall(r"- alert: (\w+)", ALERTS)
    assert [each for each in alerts if each not in manual] == []
