"""Over HTTP: what was not sent and what is not known are told apart."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.election.reference import Reference
from app.station import transport as transport_module
from app.station.sending import CMS_TYPE, Answer, NoAnswer, Unreachable
from app.station.station import Station
from app.station.transport import HttpTransport
from tests.support.station_world import CLERK, FakeCentre, file_of, readings

Respond = Callable[[BaseHTTPRequestHandler, bytes], None]


class Server:
    """A server on this machine whose answer the test chooses."""

    def __init__(self) -> None:
        self.respond: Respond = lambda handler, body: None
        self.seen: list[tuple[str, str, bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.seen.append((self.path, self.headers["Content-Type"], body))
                outer.respond(self, body)

            def do_GET(self) -> None:
                answer(200, b"{}")(self, b"")

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """A client that hangs up is what these tests are about."""

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def answer(status: int, body: bytes, **headers: str) -> Respond:
    def respond(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def cut(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def test_a_push_posts_the_exact_bytes_and_hands_back_the_answer(server: Server, folder: Path) -> None:
    server.respond = answer(200, b"receipt", Content_Type=CMS_TYPE, Retry_After="7")
    with HttpTransport(server.url, folder) as transport:
        assert transport.push(b"\x00batch\xff") == Answer(200, b"receipt", CMS_TYPE, 7.0)
        assert transport.ping()
    assert server.seen == [("/v1/batches", CMS_TYPE, b"\x00batch\xff")]


def test_one_connection_serves_many_pushes(server: Server, folder: Path) -> None:
    ports = set()

    def respond(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        ports.add(handler.client_address[1])
        answer(200, body)(handler, body)

    server.respond = respond
    with HttpTransport(server.url, folder) as transport:
        assert [transport.push(body).body for body in (b"1", b"2", b"3")] == [b"1", b"2", b"3"]
    assert len(ports) == 1


def test_a_connection_that_the_centre_ended_meanwhile_is_made_anew(server: Server, folder: Path) -> None:
    ended = threading.Event()

    def respond(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        answer(200, body)(handler, body)
        cut(handler, body)
        ended.set()

    server.respond = respond
    with HttpTransport(server.url, folder) as transport:
        assert transport.push(b"1").body == b"1"
        assert ended.wait(10)
        assert transport.push(b"2").body == b"2"


def test_after_no_answer_the_next_push_begins_anew(server: Server, folder: Path) -> None:
    with HttpTransport(server.url, folder) as transport:
        server.respond = cut
        with pytest.raises(NoAnswer):
            transport.push(b"1")
        server.respond = answer(200, b"receipt")
        assert transport.push(b"1").body == b"receipt"


def test_an_answer_cut_short_is_none(server: Server, folder: Path) -> None:
    def half(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "10")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    server.respond = half
    with HttpTransport(server.url, folder) as transport, pytest.raises(NoAnswer):
        transport.push(b"x")


def test_the_address_may_have_a_path(server: Server, folder: Path) -> None:
    server.respond = answer(200, b"")
    with HttpTransport(f"{server.url}/centre/", folder) as transport:
        transport.push(b"x")
    assert [path for path, _, _ in server.seen] == ["/centre/v1/batches"]


def test_where_nobody_listens_nothing_was_sent(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with HttpTransport(f"http://127.0.0.1:{taken.getsockname()[1]}", folder) as transport:
            with pytest.raises(Unreachable):
                transport.push(b"x")
            assert not transport.ping()


def test_a_line_cut_after_the_request_leaves_it_unknown(server: Server, folder: Path) -> None:
    server.respond = cut
    with HttpTransport(server.url, folder) as transport, pytest.raises(NoAnswer):
        transport.push(b"x")
    assert len(server.seen) == 1


def test_an_answer_that_does_not_come_leaves_it_unknown(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    server.respond = lambda handler, body: (gate.wait(10), None)[1]
    monkeypatch.setattr(transport_module, "ANSWER_SECONDS", 0.1)
    try:
        with HttpTransport(server.url, folder) as transport, pytest.raises(NoAnswer):
            transport.push(b"x")
    finally:
        gate.set()


def test_an_endless_answer_is_cut(server: Server, folder: Path) -> None:
    server.respond = answer(200, bytes(3_000_000))
    with HttpTransport(server.url, folder) as transport, pytest.raises(NoAnswer):
        transport.push(b"x")


@pytest.mark.parametrize(
    "url", ["http://", "ftp://127.0.0.1/", "http://127.0.0.1:port/", "http://[::1", "127.0.0.1", ""]
)
def test_an_impossible_address_sends_nothing(folder: Path, url: str) -> None:
    with pytest.raises(Unreachable), HttpTransport(url, folder) as transport:
        transport.push(b"x")


def test_a_station_sends_over_http(
    station: Station, centre: FakeCentre, server: Server, reference: Reference
) -> None:
    def respond(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        if handler.path == "/v1/inquiries":  # an older centre
            answer(404, b"")(handler, body)
        else:
            answer(200, centre.receive(body), Content_Type=CMS_TYPE)(handler, body)

    server.respond = respond
    for reading in readings(reference).values():
        (offer,) = station.intake.read_bytes("zapis.xml", file_of(reading))
        station.intake.accept(offer, CLERK)
    with HttpTransport(server.url, station.folder) as transport:
        station.sender(transport).step(station.clock())
    assert station.progress().confirmed == 7
