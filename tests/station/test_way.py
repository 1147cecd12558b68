"""The way to the centre: TLS that trusts the election alone, proxies, addresses, and the time a line gets."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from email.message import Message
from pathlib import Path

import pytest

from app.election.reference import Reference
from app.station import transport as transport_module
from app.station.backoff import Portion
from app.station.config import CA_FILE, CONFIG_FILE, Trust, read_config
from app.station.errors import FolderRefused
from app.station.line.way import Way, chosen_proxy, parse_proxy
from app.station.outbox import Signer
from app.station.sending import CMS_TYPE, Answer, NoAnswer, Unreachable
from app.station.station import Station
from app.station.transport import HttpTransport, retry_after
from app.trust.identity import Identity, Role
from tests.support.station_world import (
    CLERK,
    SUPERVISOR,
    Clock,
    FakeCentre,
    file_of,
    fixed_chance,
    make_station,
    protocols,
    readings,
)
from tests.support.tls import DAY, NOW, BlackHole, context_of, say, server_certificate, serving, usable_now
from tests.support.waiting import held

OURS = usable_now("kz2024")
FOREIGN = usable_now("kz2024")
SYSTEM = usable_now("ps2025")
RECEIPT = say(200, b"receipt", Content_Type=CMS_TYPE)


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    (tmp_path / CA_FILE).write_bytes(OURS.certificate.to_pem())
    return tmp_path


def push(way: Way) -> Answer:
    with HttpTransport("", way.authority.parent, way) as transport:
        return transport.push(b"batch")


def test_a_server_of_the_election_s_authority_is_trusted(pinned: Path) -> None:
    context = context_of(*server_certificate(pinned, OURS, "localhost", "127.0.0.1"))
    with serving(RECEIPT, context) as line:
        for host in ("localhost", "127.0.0.1"):
            assert push(Way(f"https://{host}:{line.port}", pinned / CA_FILE)).body == b"receipt"


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": FOREIGN},
        {"names": ("elsewhere.example",)},
        {"begins": NOW - 3 * DAY, "ends": NOW - DAY},
        {"begins": NOW + DAY, "ends": NOW + 3 * DAY},
    ],
    ids=["foreign authority", "other name", "expired", "not yet valid"],
)
@pytest.mark.parametrize("trust", Trust)
def test_to_any_other_server_nothing_is_sent(pinned: Path, wrong: dict[str, object], trust: Trust) -> None:
    told: dict[str, object] = {"issuer": OURS, "names": ("127.0.0.1",), **wrong}
    names = told.pop("names")
    context = context_of(*server_certificate(pinned, told.pop("issuer"), *names, **told))  # type: ignore[arg-type, misc]
    with serving(RECEIPT, context) as line, pytest.raises(Unreachable):
        push(Way(f"https://127.0.0.1:{line.port}", pinned / CA_FILE, trust))
    assert line.seen == []


def test_the_system_s_trust_counts_only_where_told_and_beside_the_election_s(
    pinned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = pinned / "system.pem"
    system.write_bytes(SYSTEM.certificate.to_pem())
    monkeypatch.setenv("SSL_CERT_FILE", str(system))
    foreign = context_of(*server_certificate(pinned, SYSTEM, "127.0.0.1"))
    with serving(RECEIPT, foreign) as line:
        url = f"https://127.0.0.1:{line.port}"
        with pytest.raises(Unreachable):
            push(Way(url, pinned / CA_FILE))
        assert push(Way(url, pinned / CA_FILE, Trust.SYSTEM)).status == 200
    ours = context_of(*server_certificate(pinned, OURS, "127.0.0.1"))
    with serving(RECEIPT, ours) as line:
        assert push(Way(f"https://127.0.0.1:{line.port}", pinned / CA_FILE, Trust.SYSTEM)).status == 200


def test_a_front_proxy_may_demand_the_station_s_own_certificate(pinned: Path) -> None:
    from app.trust.authority import issue, make_request
    from app.trust.keys import make_key

    identity, key = Identity(Role.STATION, "kz2024", 41, "41-1"), make_key()
    life = NOW - DAY, NOW + DAY
    certificate = issue(make_request(key, identity), identity, OURS.certificate, OURS.key, *life)
    context = context_of(*server_certificate(pinned, OURS, "127.0.0.1"), OURS)
    with serving(RECEIPT, context) as line:
        url = f"https://127.0.0.1:{line.port}"
        with pytest.raises((NoAnswer, Unreachable)):
            push(Way(url, pinned / CA_FILE))
        assert push(Way(url, pinned / CA_FILE, signer=Signer(key, certificate))).status == 200
    assert line.shown == [identity.common_name]


def test_https_goes_through_a_proxy_as_a_tunnel_and_http_by_whole_addresses(pinned: Path) -> None:
    context = context_of(*server_certificate(pinned, OURS, "127.0.0.1"))
    with serving(RECEIPT) as proxy, serving(RECEIPT, context) as line:
        told = parse_proxy(f"http://jméno:heslo@127.0.0.1:{proxy.port}")
        assert push(Way(f"https://127.0.0.1:{line.port}", pinned / CA_FILE, proxy=told)).status == 200
        assert push(Way("http://ustredi.example/sub", pinned / CA_FILE, proxy=told)).status == 200
    assert line.seen == ["POST /v1/batches"]
    assert proxy.seen == [
        f"CONNECT 127.0.0.1:{line.port}",
        "POST http://ustredi.example/sub/v1/batches",
    ]
    assert "heslo" not in repr(told)


def test_a_proxy_that_refuses_means_that_nothing_was_sent(pinned: Path) -> None:
    with serving(RECEIPT, host="127.0.0.1") as gone:
        port = gone.port
    with pytest.raises(Unreachable):
        push(Way("https://127.0.0.1:1", pinned / CA_FILE, proxy=parse_proxy(f"http://127.0.0.1:{port}")))


def test_the_environment_s_proxy_counts_only_where_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("https_proxy", "socks5://proxy.example:1080")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert chosen_proxy("", "http://ustredi.example") is None
    found = chosen_proxy("system", "http://ustredi.example")
    assert found is not None
    assert (found.host, found.port) == ("proxy.example", 3128)
    assert chosen_proxy("system", "http://inside.example") is None
    assert chosen_proxy("system", "https://ustredi.example") is None


def test_an_address_may_be_of_ipv6(pinned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = context_of(*server_certificate(pinned, OURS, "::1", "both.example"))
    ask = socket.getaddrinfo

    def both(host: str, *rest: object, **more: object) -> list[object]:
        hosts = ("127.0.0.1", "::1") if host == "both.example" else (host,)
        return [found for each in hosts for found in ask(each, *rest, **more)]  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with serving(RECEIPT, context, host="::1") as line:
        for host in ("[::1]", "both.example"):  # nobody listens at the name's first address
            assert push(Way(f"https://{host}:{line.port}", pinned / CA_FILE)).status == 200


@pytest.mark.parametrize(
    "line",
    ['proxy = "socks5://proxy:1080"', 'proxy = "proxy"', 'trust = "everybody"', 'proxy = "http://:80"'],
)
def test_an_impossible_way_in_the_configuration_is_refused(folder: Path, line: str) -> None:
    name = line.split()[0]
    path = folder / CONFIG_FILE
    kept = [each for each in path.read_text("utf-8").splitlines() if not each.startswith(name)]
    path.write_text("\n".join([*kept, line]), "utf-8")
    with pytest.raises(FolderRefused, match="STA-04"):
        read_config(folder)


def test_the_way_is_read_back_as_written(folder: Path) -> None:
    told = replace(
        read_config(folder), proxy="http://p.example:3128", trust=Trust.SYSTEM, show_certificate=True
    )
    (folder / CONFIG_FILE).write_text(told.to_toml(), "utf-8")
    assert read_config(folder) == told


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7.0),
        ("Sat, 21 Sep 2024 13:00:30 GMT", 30.0),
        ("Sat, 21 Sep 2024 12:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_in_both_of_its_forms(told: str, seconds: float | None) -> None:
    headers = Message()
    headers["Retry-After"] = told
    headers["Date"] = "Sat, 21 Sep 2024 13:00:00 GMT"
    assert retry_after(headers) == seconds


def test_a_date_to_wait_for_means_nothing_without_the_answer_s_own() -> None:
    headers = Message()
    headers["Retry-After"] = "Sat, 21 Sep 2024 13:00:30 GMT"
    assert retry_after(headers) is None


def test_time_grows_with_the_size_and_with_each_time_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport_module, "ANSWER_SECONDS", 0.05)
    gate, times = threading.Event(), []
    with serving(lambda handler, body: (gate.wait(10), None)[1]) as line:
        transport = HttpTransport(f"http://127.0.0.1:{line.port}", folder)
        assert transport._patience(1_600_000) == pytest.approx(100.05)
        for _ in range(5):
            times.append(transport._patience(0))
            with pytest.raises(NoAnswer):
                transport.push(b"")
        gate.set()
    assert times == pytest.approx([0.05, 0.1, 0.2, 0.4, 0.4])
    with serving(RECEIPT) as line, HttpTransport(f"http://127.0.0.1:{line.port}", folder) as other:
        other._doublings = 3
        other.push(b"")
        assert other._patience(0) == pytest.approx(0.05)


def test_an_answer_that_trickles_does_not_hold_the_sender(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport_module, "ANSWER_SECONDS", 0.1)
    stop = threading.Event()

    def trickle(handler: object, _: bytes) -> None:
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.send_header("Content-Length", "1000")  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        while not stop.wait(0.02):
            handler.wfile.write(b"x")  # type: ignore[attr-defined]

    with serving(trickle) as line, HttpTransport(f"http://127.0.0.1:{line.port}", folder) as transport:
        with pytest.raises(NoAnswer):
            transport.push(b"x")
        stop.set()


def test_portions_shrink_over_a_bad_line_and_grow_again() -> None:
    portion, sizes = Portion(30), []
    for _ in range(12):
        portion.failed()
        sizes.append(portion.now)
    assert sizes == [30, 15, 15, 7, 7, 3, 3, 1, 1, 1, 1, 1]
    for _ in range(6):
        portion.succeeded()
    assert portion.now == 30


def test_after_unanswered_pushes_the_next_batch_is_smaller_and_the_stored_one_the_same(
    station: Station, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    sender = station.sender(centre, fixed_chance())
    first, *rest = readings(reference).values()
    take(station, first)
    centre.faults = ["lost"] * 8
    for _ in range(8):
        sender.step(clock())
        clock.advance(100)
    for reading in rest:
        take(station, reading)
    for _ in range(20):
        sender.step(clock())
        clock.advance(100)
    assert len(set(centre.pushes[:9])) == 1, "a stored batch keeps its bytes"
    assert station.progress().confirmed == 7
    assert len(centre.batches) > 2


@pytest.mark.parametrize(("status", "smaller"), [(408, True), (413, True), (502, True), (429, False)])
def test_what_is_too_much_for_a_server_on_the_way_makes_the_next_batch_smaller(
    station: Station, reference: Reference, clock: Clock, status: int, smaller: bool
) -> None:
    class Middle:
        def push(self, data: bytes) -> Answer:
            return Answer(status, b"", "text/html")

    sender = station.sender(Middle(), fixed_chance())
    take(station, next(iter(readings(reference).values())))
    for _ in range(2):
        sender.step(clock())
        clock.advance(100)
    assert (sender._portion.now < sender._portion.whole) is smaller


def take(station: Station, reading: object) -> None:
    (offer,) = station.intake.read_bytes("zapis.xml", file_of(reading))  # type: ignore[arg-type]
    station.intake.accept(offer, CLERK)


def test_nothing_at_the_desk_waits_for_a_line_that_swallows_everything(
    tmp_path: Path, reference: Reference, clock: Clock
) -> None:
    hole, stop = BlackHole(), threading.Event()
    folder = make_station(tmp_path, reference, config=lambda config: replace(config, centre_url=hole.url))
    with Station.open(folder, clock) as station:
        sender = station.sender()
        thread = threading.Thread(target=sender.run_forever, args=(stop,))
        thread.start()
        try:
            assert hole.reached.wait(10)
            one, two, *rest = protocols(reference)
            for key in rest:
                take(station, readings(reference)[key])
            held(station, one)
            waiting = station.intake.held(one)[0]
            station.intake.approve(one, SUPERVISOR, waiting.content_hash)
            (offer,) = station.intake.read_bytes("zapis.xml", file_of(readings(reference)[two]))
            station.intake.refuse(offer, CLERK, "Chybí podpisy.")
            assert (station.progress().accepted, station.connection().queue) == (6, 6)
            assert station.completeness().rows
            assert station.closing.checks().open_items
            assert station.journal.first_broken() is None
            (tmp_path / "kopie").mkdir()
            station.backups.choose(tmp_path / "kopie", SUPERVISOR)
            station.backups.make()
            assert thread.is_alive(), "the line still swallows; all of the above went on beside it"
        finally:
            stop.set()
            hole.close()
            thread.join(30)
    assert not thread.is_alive()


def test_without_the_pinned_authority_nothing_is_sent(tmp_path: Path) -> None:
    with pytest.raises(Unreachable):
        push(Way("https://127.0.0.1:1", tmp_path / CA_FILE))
