"""The centre's door under attack: each trick gets its stable code, and a station beside it its receipt."""

from __future__ import annotations

import gzip
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.central.connections import make_room
from app.central.limits import Buckets
from app.central.settings import CentreSettings
from app.election.model import Contest, Mode
from tests.support.centre_process import CentreProcess, running
from tests.support.house import Clock, House
from tests.support.invented_election import POINT, VOTING_ENDS, protocols, reference

SIGNED = "application/pkcs7-mime"
NOW = VOTING_ENDS + timedelta(hours=1)
LIMITS = {
    "head_seconds": 0.6, "pause_seconds": 0.6, "receive_seconds": 2.0, "max_connections": 300,
    "max_batch_bytes": 200_000, "max_received_bytes": 300_000, "station_rate": 1.0, "station_burst": 12,
    "address_rate": 200.0, "address_burst": 400,
}  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    known = reference(Contest.REGIONAL, mode=Mode.REHEARSAL)
    return House(tmp_path_factory.mktemp("door"), known, Clock(NOW), publish_interval_seconds=0.0, **LIMITS)


@pytest.fixture(scope="module")
def process(house: House) -> Iterator[CentreProcess]:
    with running(house.centre_folder, NOW) as started:
        yield started
        assert "Traceback" not in started.words()


@pytest.fixture
def port(process: CentreProcess) -> int:
    return httpx.URL(process.url).port or 0


def raw(port: int, *pieces: bytes) -> bytes:
    """Everything that comes back for these bytes until the other side hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        for piece in pieces:
            line.sendall(piece)
        return rest_of(line)


def rest_of(line: socket.socket) -> bytes:
    told = b""
    try:
        while piece := line.recv(65_536):
            told += piece
    except ConnectionResetError:
        pass
    return told


def codes(told: bytes) -> list[str]:
    return re.findall(r'"code": "(ING-\d\d)"', told.decode())


def head(*lines: str, target: str = "/v1/batches", method: str = "POST") -> bytes:
    whole = [f"{method} {target} HTTP/1.1", "Host: x", "Connection: close", *lines, "", ""]
    return "\r\n".join(whole).encode()


TYPE = f"Content-Type: {SIGNED}"
TRICKS = {
    "two lengths": (head(TYPE, "Content-Length: 3", "Content-Length: 30") + b"abc", "ING-44"),
    "length and chunks": (
        head(TYPE, "Content-Length: 3", "Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n",
        "ING-46",
    ),
    "chunks": (head(TYPE, "Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n", "ING-46"),
    "a broken length": (head(TYPE, "Content-Length: -3"), "ING-44"),
    "an oversize length": (head(TYPE, "Content-Length: 200001"), "ING-01"),
    "an endless length": (head(TYPE, "Content-Length: " + "9" * 18), "ING-01"),
    "compressed": (
        head(TYPE, "Content-Encoding: gzip", "Content-Length: 23") + gzip.compress(b"abc"),
        "ING-45",
    ),
    "another type": (head("Content-Type: text/xml", "Content-Length: 3") + b"abc", "ING-02"),
    "an absolute address": (head(TYPE, "Content-Length: 0", target="http://x/v1/batches"), "ING-44"),
    "dots": (head(TYPE, "Content-Length: 0", target="/v1/../v1/batches"), "ING-47"),
    "coded dots": (head(TYPE, "Content-Length: 0", target="/v1/%2e%2e/centre.key"), "ING-47"),
    "two slashes": (head(TYPE, "Content-Length: 0", target="//v1/batches"), "ING-47"),
    "a slash at the end": (head(TYPE, "Content-Length: 0", target="/v1/batches/"), "ING-47"),
    "a zero byte": (head(TYPE, "Content-Length: 0", target="/v1/batches%00"), "ING-47"),
    "another method": (head(method="DELETE"), "ING-48"),
    "a body by GET": (head(TYPE, "Content-Length: 3", method="GET") + b"abc", "ING-48"),
    "no host": (b"POST /v1/batches HTTP/1.1\r\n\r\n", "ING-44"),
    "two hosts": (head("Host: y"), "ING-44"),
    "a folded header": (b"POST / HTTP/1.1\r\nHost: x\r\n \xff\x00y\r\n\r\n", "ING-44"),
    "a bare line feed in a header": (head("X: a\x00b"), "ING-44"),
    "TLS to a plain port": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64), "ING-44"),
    "an endless header": (b"POST / HTTP/1.1\r\nX: " + b"a" * 70_000, "ING-44"),
    "not a batch": (head(TYPE, "Content-Length: 3") + b"abc", "ING-03"),
    "nothing": (head(TYPE, "Content-Length: 0"), "ING-03"),
}


@pytest.mark.parametrize(("sent", "code"), TRICKS.values(), ids=TRICKS)
def test_a_trick_gets_its_code_and_a_number_that_stands_in_the_log(
    process: CentreProcess, port: int, sent: bytes, code: str
) -> None:
    told = raw(port, sent)
    assert codes(told) == [code]
    (number,) = re.findall(rb"(?i)x-request-id: ([0-9a-f]{16})\r\n", told)
    (line,) = [line for line in process.words().splitlines() if number.decode() in line]
    assert code in line


def test_a_head_that_drips_is_cut(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        begun = time.monotonic()
        told = b""
        line.settimeout(0.1)
        try:
            while not told:
                line.sendall(b"P" if time.monotonic() - begun < 0.1 else b"O")
                try:
                    told = line.recv(65_536)
                except TimeoutError:
                    continue
            line.settimeout(10)
            told += rest_of(line)
        except OSError:
            pass
        assert codes(told) == ["ING-43"]
        assert time.monotonic() - begun < 20


@pytest.mark.parametrize("drip", [False, True], ids=["a pause", "a drip"])
def test_a_body_that_does_not_come_is_cut(port: int, drip: bool) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(head(TYPE, "Content-Length: 100000"))
        line.settimeout(0.2)
        told, begun = b"", time.monotonic()
        while not codes(told) and time.monotonic() - begun < 30:  # head and body may come one after another
            if drip and not told:
                line.sendall(b"x")
            try:
                told += line.recv(65_536)
            except TimeoutError:
                continue
        assert codes(told) == ["ING-13"]


def test_a_thousand_connections_do_not_keep_a_station_out(house: House, port: int) -> None:
    station = house.station(f"{POINT}-1")
    batch = station.batch(station.item(protocols(house.reference, Contest.REGIONAL)[0]))
    with ExitStack() as opened:
        for _ in range(1000):
            line = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            line.sendall(b"POST /v1/batches HTTP/1.1\r\nX: ")
        answer = httpx.post(
            f"http://127.0.0.1:{port}/v1/batches", content=batch, headers={"content-type": SIGNED}, timeout=10
        )
        assert answer.status_code == 200
        assert house.receipt(answer.content).batch_number == 1


def test_all_bodies_together_have_their_limit(port: int) -> None:
    with ExitStack() as opened:
        lines = []
        for _ in range(3):
            line = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            line.sendall(head(TYPE, "Content-Length: 150000") + bytes(149_999))
            lines.append(line)
        told = [code for line in lines for code in codes(rest_of(line))]
    assert told.count("ING-12") == 1
    assert told.count("ING-13") == 2


def test_a_station_that_asks_too_often_is_told_to_wait_and_another_is_not(house: House, port: int) -> None:
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"content-type": SIGNED}, timeout=10)
    eager, calm = house.station(f"{POINT}-2"), house.station(f"{POINT}-3")
    with client:
        answers = [client.post("/v1/batches", content=eager.batch()) for _ in range(16)]
        other = client.post("/v1/batches", content=calm.batch())
    late = [answer for answer in answers if answer.status_code == 429]
    assert late
    assert {answer.json()["code"] for answer in late} == {"ING-41"}
    assert {answer.headers["retry-after"] for answer in late} == {"5"}
    assert other.status_code != 429


def test_refusals_are_counted_for_those_who_may_read_it(process: CentreProcess, port: int) -> None:
    raw(port, head(TYPE, "Content-Length: 3") + b"abc")
    told = httpx.get(f"{process.url}/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert re.search(r'^prebirka_refusals_total\{code="ING-03"\} [1-9]', told.text, re.MULTILINE)
    assert re.search(r'^prebirka_answers_total\{path="/v1/batches",status="400"\} [1-9]', told.text, re.M)
    assert re.search(r"^prebirka_connections [1-9]", told.text, re.MULTILINE)
    assert f"{POINT}-" not in told.text
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        through = httpx.get(f"{process.url}/metrics", headers={header: "127.0.0.1"})
        assert (through.status_code, through.json()["code"]) == (404, "ING-47")


def test_the_log_has_no_values(house: House, process: CentreProcess, port: int) -> None:
    raw(
        port,
        head(TYPE, "X-Request-Id: podvrh", "Cookie: tajné".encode().decode("latin-1"), "Content-Length: 7")
        + b"Novotny",
    )
    words = process.words()
    for value in ("podvrh", "Cookie", "Novotny", "PRIVATE KEY"):
        assert value not in words


def test_an_address_that_asks_too_often_is_told_to_wait_until_its_bucket_fills(house: House) -> None:
    now = [100.0]
    bucket = Buckets(10, 5, lambda: now[0])
    assert [bucket.take("a") for _ in range(7)] == [True] * 5 + [False] * 2
    assert bucket.take("b"), "another's bucket is its own"
    now[0] += 0.2
    assert [bucket.take("a") for _ in range(3)] == [True, True, False]
    now[0] += 100
    assert [bucket.take("a") for _ in range(6)] == [True] * 5 + [False]
    assert all(Buckets(0, 0).take("a") for _ in range(1000))


def test_names_are_not_remembered_without_end() -> None:
    bucket = Buckets(1, 1, lambda: 0.0)
    for number in range(20_100):
        bucket.take(str(number))
    assert len(bucket) == 20_000


def test_a_flood_from_one_address_is_told_to_wait(house: House, process: CentreProcess, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        one = b"GET /nothing HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n"
        # So many that they are more than the bucket holds and gains, on however slow a machine.
        flood = one * 3000 + one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        with ThreadPoolExecutor(1) as sender:
            sender.submit(line.sendall, flood)
            told = codes(rest_of(line))
    assert "ING-40" in told
    assert told[:100] == ["ING-47"] * 100
    assert httpx.get(f"{process.url}/v1/status").status_code == 200, "another address asks on"


def test_a_process_takes_no_more_connections_than_the_system_gives_it_files() -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        assert make_room(10) == 10
        resource.setrlimit(resource.RLIMIT_NOFILE, (400, before[1]))
        assert make_room(300) == 300
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 500
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_manual_names_every_limit_with_its_default() -> None:
    manual = (Path(__file__).parents[2] / "resources" / "manual" / "network.md").read_text("utf-8")
    rows = {}
    for names, values in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (.+?) \|", manual, re.MULTILINE):
        rows.update(zip(re.findall(r"\w+", names), values.split(", "), strict=False))
    for each in fields(CentreSettings):
        if each.name in rows:
            told, unit = rows[each.name].strip("`"), 1
            if told.endswith(" MiB"):
                told, unit = told.removesuffix(" MiB"), 1024 * 1024
            default = each.default if isinstance(each.default, str) else each.default / unit
            assert default == (told if isinstance(each.default, str) else float(told)), each.name
    assert set(LIMITS) <= set(rows)
