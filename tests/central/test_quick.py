"""The quick way answers what is usual exactly as the library does, and leaves everything else to it."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.server import ServerState

from app.central import run
from app.central.centre import Centre
from app.central.quick import LARGEST, Quick
from app.central.server import Door, application
from app.election.model import Contest
from tests.support.house import Clock, House, serving
from tests.support.invented_election import VOTING_ENDS, reference

DOCUMENT = "/appdata/zk2024/odata/vysledky.xml"
USUAL = [
    f"GET {DOCUMENT}",
    f"HEAD {DOCUMENT}",
    "GET /",
    "GET /style.css",
    "GET /appdata/nic.xml",
    "GET /pls/zk2024/vysledky_okres?nuts=cz0411",
    "GET /pls/zk2024/vysledky_okres?nuts=%C5%BE",
    "GET /pls/zk2024/vysledky_okrsky?davka=",
    "GET /pls/zk2024/vysledky_okrsky?kolo=1&davka=9",
    "GET /feed/zk2024/index.xml",
    f"GET /feed/zk2024/versions/1{DOCUMENT}",
    "GET /feed/zk2024/versions/1/../../../centre.key",
]
HEADERS = [
    "",
    "Accept-Encoding: gzip, br\r\n",
    "accept-encoding: identity;q=0\r\n",
    "If-None-Match: *\r\n",
    'If-None-Match: "a"\r\nIf-None-Match:   W/"b"  \r\n',
    "If-Modified-Since: Sun, 01 Jan 2090 00:00:00 GMT\r\nConnection: keep-alive\r\n",
    "User-Agent: \xe9\xff\r\nX-Empty:\r\nRange: bytes=0-9\r\n",
]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    clock = Clock(VOTING_ENDS + timedelta(hours=1))
    opened = House(tmp_path_factory.mktemp("quick"), reference(Contest.REGIONAL), clock).open()
    opened.publisher.flush()
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def quick(centre: Centre) -> Iterator[Quick]:
    door = Door(centre)
    yield Quick(application(centre, door))
    door.close()


@pytest.fixture(scope="module")
def ports(centre: Centre) -> Iterator[tuple[int, int]]:
    """A server with the quick way and one without."""
    with ExitStack() as running:
        one = running.enter_context(serving(centre))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(run, "Quick", lambda _: None)
            other = running.enter_context(serving(centre))
        yield int(one.rpartition(":")[2]), int(other.rpartition(":")[2])


def request(line: str, headers: str = "") -> bytes:
    return f"{line} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode("latin-1")


def exchanged(port: int, *pieces: bytes) -> bytes:
    """What comes back for bytes after which nothing more is sent, without the date."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(20)
        for piece in pieces:
            line.sendall(piece)
        line.shutdown(socket.SHUT_WR)
        told = b"".join(iter(lambda: line.recv(65536), b""))
    return re.sub(rb"date: [^\r]*\r\n|x-request-id: [^\r]*\r\n", b"", told)


@pytest.mark.parametrize("line", USUAL)
def test_usual_requests_are_answered_alike(ports: tuple[int, int], quick: Quick, line: str) -> None:
    for headers in HEADERS:
        asked = request(line, headers)
        assert quick.answer(asked, []) is not None
        last = request("GET /appdata/last", "Connection: close\r\n")
        told = [exchanged(port, asked, last) for port in ports]
        assert told[0] == told[1]
        assert told[0].startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize(
    "asked",
    [
        b"GET / HTTP/1.0\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n folded: line\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nName : value\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: \0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /%2e HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"get / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /feed/zk2024/events HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /feed/zk2024/changes?after=0 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * LARGEST + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"",
    ],
)
def test_the_least_bit_unusual_is_left_to_the_library(quick: Quick, asked: bytes) -> None:
    assert quick.answer(asked, []) is None


@given(st.binary(max_size=200))
def test_no_bytes_break_it(quick: Quick, asked: bytes) -> None:
    quick.answer(asked, [])
    quick.answer(request(f"GET {DOCUMENT}", "X: ")[:-2] + asked + b"\r\n\r\n", [])


def test_a_request_in_pieces_and_one_after_it_are_both_answered(ports: tuple[int, int]) -> None:
    """What began slowly ends slowly; the next one is quick again."""
    asked = request(f"GET {DOCUMENT}")
    with socket.create_connection(("127.0.0.1", ports[0])) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = line.makefile("rb")
        for pieces in ((asked[:20], asked[20:]), (asked,), (asked + asked[:5], asked[5:]), (asked,)):
            for piece in pieces:
                line.sendall(piece)
            answers = 2 if sum(map(len, pieces)) > len(asked) else 1
            for _ in range(answers):
                assert reader.readline() == b"HTTP/1.1 200 OK\r\n"
                length = 0
                while (header := reader.readline()) != b"\r\n":
                    name, _, value = header.partition(b": ")
                    length = int(value) if name == b"content-length" else length
                assert reader.read(length).endswith(b"</VYSLEDKY>\n")
        reader.close()


class Line(asyncio.Transport):
    """The transport of a reader, as far as a connection uses it."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        """Nothing comes by itself."""

    resume_reading = close = pause_reading


def test_who_does_not_take_what_was_sent_fills_no_memory(centre: Centre) -> None:
    """While an earlier answer waits for its reader, nothing is written beside it."""

    async def asked_while_full() -> tuple[int, int]:
        door = Door(centre)
        config = run.server_of(centre, door).config
        config.load()
        connection = config.http_protocol_class(config, ServerState(), {})
        line = Line()
        connection.connection_made(line)
        connection.data_received(request(f"GET {DOCUMENT}"))
        first = len(line.written)
        connection.pause_writing()
        connection.data_received(request(f"GET {DOCUMENT}"))
        for _ in range(20):
            await asyncio.sleep(0)
        door.close()
        connection.connection_lost(None)
        return first, len(line.written)

    assert asyncio.run(asked_while_full()) == (1, 1)
