"""Which address a request to the media's line is from: the socket's, or what a believed front server says."""

from __future__ import annotations

import ipaddress
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.central.media.server import proxy_protocol
from app.central.media.server.origin import NoOrigin, Origin, Told, canonical
from app.election.errors import KnownError
from tests.support.media_line import INDEX, RADIO, STRANGER, Newsrooms, newsrooms, running

PROXY, CLIENT = "10.0.0.5", "192.0.2.7"
BELIEVED = ("10.0.0.0/24", "2001:db8:ff::/48", "unix")
Headers = list[tuple[bytes, bytes]]


def forwarded(*values: str, name: str = "x-forwarded-for") -> Headers:
    return [(name.encode(), value.encode("latin-1")) for value in values]


@pytest.mark.parametrize("headers", [[], forwarded(CLIENT), forwarded("nonsense"), forwarded("")])
def test_without_a_front_server_the_socket_alone_counts(headers: Headers) -> None:
    assert Origin().of(CLIENT, headers) == CLIENT
    assert Origin(BELIEVED).of(STRANGER, headers) == STRANGER


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (forwarded(CLIENT), CLIENT),
        (forwarded(f"198.51.100.1, {CLIENT}"), CLIENT),  # what the client wrote itself stands to the left
        (forwarded("nonsense", CLIENT), CLIENT),
        (forwarded(f"{CLIENT}, 10.0.0.9"), CLIENT),  # two front servers
        (forwarded(f"{CLIENT},10.0.0.9", "10.0.0.8"), CLIENT),
        (forwarded(f"10.0.0.9 , {CLIENT}\t, 2001:db8:ff::1"), CLIENT),
        (forwarded(f"::ffff:{CLIENT}"), CLIENT),
        (forwarded("2001:DB8:0::0:1"), "2001:db8::1"),
        (forwarded(f"{CLIENT}:4711"), CLIENT),
        (forwarded("[2001:db8::1]:4711"), "2001:db8::1"),
        (forwarded("10.0.0.9"), PROXY),  # a front server asks for itself
    ],
)
def test_of_a_front_server_the_rightmost_address_that_is_none_itself(headers: Headers, expected: str) -> None:
    assert Origin(BELIEVED).of(PROXY, headers) == expected


@pytest.mark.parametrize(
    "headers",
    [
        [],
        forwarded(""),
        forwarded(f"{CLIENT},"),
        forwarded(f"{CLIENT}, unknown"),
        forwarded("192.0.2.07"),
        forwarded("192.0.2.256"),
        forwarded("192.0.2"),
        forwarded("3221225991"),
        forwarded("0xC0000207"),
        forwarded("fe80::1%eth0"),
        forwarded(f"{CLIENT}\x00"),
        forwarded(f"{CLIENT} 10.0.0.9"),
        forwarded("192.0.2.\xb2"),
        forwarded("::ffff:300.1.1.1"),
        forwarded(", ".join(["10.0.0.9"] * 30)),
        forwarded("1" * 3000),
        forwarded(f"for={CLIENT}"),
        forwarded(CLIENT, name="forwarded"),  # another header than the one that is configured
    ],
)
def test_a_front_server_that_says_nothing_or_nonsense_opens_nothing(headers: Headers) -> None:
    with pytest.raises(NoOrigin):
        Origin(BELIEVED).of(PROXY, headers)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"for={CLIENT}", CLIENT),
        (f"for={CLIENT};proto=https;by=10.0.0.5", CLIENT),
        (f'For="{CLIENT}:4711"', CLIENT),
        ('for="[2001:db8::1]:4711"', "2001:db8::1"),
        (f'for="198.51.100.1, for=1", for={CLIENT} , for=10.0.0.9', CLIENT),
        (f"for={CLIENT};host=a, proto=http;for=10.0.0.9", CLIENT),
    ],
)
def test_the_header_of_rfc_7239_where_it_is_configured(value: str, expected: str) -> None:
    origin = Origin(BELIEVED, Told.FORWARDED)
    assert origin.of(PROXY, forwarded(value, name="forwarded")) == expected


@pytest.mark.parametrize(
    "value",
    [
        "for=unknown",
        "for=_hidden",
        "proto=http",
        f"for={CLIENT};for=10.0.0.9",
        f'for="{CLIENT}',
        "for",
        "=",
        CLIENT,
        f"for = {CLIENT}",
        "for=[2001:db8::1]",
    ],
)
def test_a_malformed_header_of_rfc_7239_opens_nothing(value: str) -> None:
    with pytest.raises(NoOrigin):
        Origin(BELIEVED, Told.FORWARDED).of(PROXY, forwarded(value, name="forwarded"))


def test_a_socket_of_the_file_system_is_believed_only_where_it_is_configured() -> None:
    assert Origin(("unix",)).of("", forwarded(CLIENT)) == CLIENT
    with pytest.raises(NoOrigin):
        Origin(("10.0.0.0/24",)).of("", forwarded(CLIENT))
    with pytest.raises(NoOrigin):
        Origin().of("", forwarded(CLIENT))


@pytest.mark.parametrize("wrong", ["10.0.0.5/24", "everybody", "", "10.0.0.0/33"])
def test_a_network_that_is_none_is_refused_at_the_start(wrong: str) -> None:
    with pytest.raises(KnownError, match="MED-60"):
        Origin((wrong,))


@given(st.ip_addresses())
def test_an_address_has_one_form(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    mapped = address.ipv4_mapped if address.version == 6 else None
    expected = str(mapped or address)
    assert canonical(str(address)) == canonical(address.exploded) == expected
    if address.version == 4:
        assert canonical(f"::ffff:{address}") == canonical(f"::FFFF:{address}") == expected


@given(st.text(max_size=40))
def test_no_text_of_a_front_server_is_anything_but_an_address_or_an_error(text: str) -> None:
    try:
        found = Origin(BELIEVED).of(PROXY, [(b"x-forwarded-for", text.encode("utf-8", "ignore"))])
    except NoOrigin:
        return
    assert str(ipaddress.ip_address(found)) == found


def v2(command: int, family: int, addresses: bytes) -> bytes:
    head = b"\r\n\r\n\x00\r\nQUIT\n" + bytes([0x20 | command, family])
    return head + struct.pack("!H", len(addresses)) + addresses


FOUR = v2(1, 0x11, socket.inet_aton(CLIENT) + socket.inet_aton(PROXY) + b"\x12\x34\x00\x50")
SIX = v2(1, 0x21, socket.inet_pton(socket.AF_INET6, "2001:db8::1") * 2 + b"\x12\x34\x00\x50")
MAPPED = v2(
    1, 0x21, socket.inet_pton(socket.AF_INET6, f"::ffff:{CLIENT}") * 2 + b"\x12\x34\x00\x50\x04\x00\x00"
)
PREFACES = {
    f"PROXY TCP4 {CLIENT} {PROXY} 4711 80\r\n".encode(): CLIENT,
    b"PROXY TCP6 2001:DB8::1 2001:db8::2 4711 80\r\n": "2001:db8::1",
    b"PROXY UNKNOWN\r\n": "",
    b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n": "",
    FOUR: CLIENT,
    SIX: "2001:db8::1",
    MAPPED: CLIENT,
    v2(0, 0, b""): "",
}


@pytest.mark.parametrize("data", PREFACES)
def test_a_load_balancers_preface_in_any_pieces(data: bytes) -> None:
    rest = b"GET / HTTP/1.1\r\n"
    assert proxy_protocol.read(data + rest) == (PREFACES[data], len(data))
    assert [proxy_protocol.read(data[:size]) for size in range(len(data))] == [None] * len(data)


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n",
        b"PROXY TCP4 192.0.2.7 10.0.0.5 4711\r\n",
        b"PROXY TCP4 2001:db8::1 10.0.0.5 1 2\r\n",
        b"PROXY TCP6 192.0.2.7 10.0.0.5 1 2\r\n",
        b"PROXY TCP4 192.0.2.777 10.0.0.5 1 2\r\n",
        b"PROXY TCP4 192.0.2.7 10.0.0.5 1 2" + b" " * 100,
        b"proxy tcp4 192.0.2.7 10.0.0.5 1 2\r\n",
        FOUR[:12] + b"\x11" + FOUR[13:],
        v2(1, 0x31, b"a" * 216),
        v2(1, 0x12, FOUR[16:]),
        v2(1, 0x11, b"\x01\x02\x03"),
        v2(1, 0x11, b"a" * 2000),
        v2(3, 0x11, FOUR[16:]),
    ],
)
def test_a_malformed_preface_opens_nothing(data: bytes) -> None:
    with pytest.raises(NoOrigin):
        proxy_protocol.read(data)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader_of_prefaces(data: bytes) -> None:
    try:
        found = proxy_protocol.read(data)
    except NoOrigin:
        return
    assert found is None or len(data) >= found.length


# --- at the real server ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsrooms]:
    with newsrooms(tmp_path_factory.mktemp("origin")) as place:
        yield place


@pytest.fixture
def place(published: Newsrooms, tmp_path: Path) -> Newsrooms:
    place = replace(published, media=tmp_path / "media")
    place.publish()
    return place


def test_behind_a_front_server_each_reader_is_who_it_says(
    place: Newsrooms, expect_log: Callable[[int | str, str], None]
) -> None:
    expect_log("WARNING", "refused: MED-40 - 127.9.9.9")
    expect_log("WARNING", "refused: MED-42 - -")
    with running(place, proxies=("127.5.0.0/16",)) as line:
        said = {"X-Forwarded-For": f"{STRANGER}, {RADIO.night[0]}"}
        assert line.ask("127.5.0.1", headers=said).status == 200
        said = {"X-Forwarded-For": f"{RADIO.night[0]}, {STRANGER}"}
        assert line.ask("127.5.0.1", headers=said).code == "MED-40"
        assert (line.ask("127.5.0.1").status, line.ask("127.5.0.1").code) == (400, "MED-42")
        assert line.ask(RADIO.night[0], headers={"X-Forwarded-For": STRANGER}).status == 200


def test_behind_a_load_balancer_a_connection_is_whose_it_says(
    place: Newsrooms, expect_log: Callable[[int | str, str], None]
) -> None:
    expect_log("WARNING", "refused: MED-42 - -")
    expect_log("WARNING", "refused: MED-40 - 127.9.9.9")
    request = f"GET {INDEX} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()

    def told(address: str) -> bytes:
        return f"PROXY TCP4 {address} 127.0.0.1 4711 80\r\n".encode()

    with running(place, proxies=("127.5.0.0/16",), told=Told.PROXY_PROTOCOL) as line:
        assert line.raw("127.5.0.1", told(RADIO.night[0]) + request).startswith(b"HTTP/1.1 200")
        assert line.raw("127.5.0.1", told(STRANGER) + request).startswith(b"HTTP/1.1 403")
        assert line.raw("127.5.0.1", request) == b""
        assert line.raw(RADIO.night[0], request).startswith(b"HTTP/1.1 200")
