"""Addresses and conditional requests of the published documents, asked as HTTP clients ask."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from xml.etree import ElementTree

import httpx
import pytest

from app.central.addresses import Layout
from app.central.caching import CacheControl
from app.central.centre import Centre
from app.central.conditional import Answering
from app.central.front import Front
from app.election.model import Contest
from tests.support.house import Clock, House, SendingStation, serving
from tests.support.invented_election import POINT, VOTING_ENDS, protocols, reference

Announce = Callable[[str, str], None]
STATIC = "/appdata/zk2024/odata"
OLDER = "/pls/zk2024"


@pytest.fixture
def batch(house: House, station: SendingStation) -> bytes:
    places = house.reference.precincts
    made = protocols(house.reference, Contest.REGIONAL)
    return station.batch(*station.items([p for p in made if places[p.precinct].transfer_point == POINT]))


@pytest.fixture
def client(centre: Centre) -> Iterator[httpx.Client]:
    centre.publisher.flush()
    with (
        serving(centre) as url,
        httpx.Client(base_url=url, headers={"accept-encoding": "identity"}) as asking,
    ):
        yield asking


@pytest.fixture(scope="module")
def zeros(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A centre that has received nothing, for tests that only read."""
    clock = Clock(VOTING_ENDS + timedelta(hours=1))
    quiet = House(tmp_path_factory.mktemp("quiet"), reference(Contest.REGIONAL), clock).open()
    quiet.publisher.flush()
    with serving(quiet) as url, httpx.Client(base_url=url, headers={"accept-encoding": "identity"}) as asking:
        yield asking
    quiet.database.close()


def post(client: httpx.Client, data: bytes, **headers: str) -> httpx.Response:
    return client.post(
        "/v1/batches", content=data, headers={"content-type": "application/pkcs7-mime", **headers}
    )


def error(answer: httpx.Response) -> ElementTree.Element:
    root = ElementTree.fromstring(answer.content)
    return next(each for each in root if each.tag.endswith("CHYBA"))


class TestAddresses:
    @pytest.mark.parametrize(
        ("older", "static"),
        [
            ("vysledky", "vysledky.xml"),
            ("vysledky_kandid", "vysledky_kandid.xml"),
            ("vysledky_okres?nuts=CZ0411", "okresy/vysledky_okres_CZ0411.xml"),
            ("vysledky_okres?nuts=cz0411", "okresy/vysledky_okres_CZ0411.xml"),
            ("vysledky_okrsky", "okrsky/vysledky_okrsky.xml"),
            ("vysledky_okrsky?davka=", "okrsky/vysledky_okrsky.xml"),
            ("vysledky_okrsky?davka=1", "okrsky/vysledky_okrsky_00001.xml"),
            ("vysledky_okrsky?davka=00001", "okrsky/vysledky_okrsky_00001.xml"),
            ("vysledky_okrsky?kolo=1&davka=1", "okrsky/vysledky_okrsky_00001.xml"),
        ],
    )
    def test_both_layouts_give_the_same_document(
        self, centre: Centre, house: House, client: httpx.Client, batch: bytes, older: str, static: str
    ) -> None:
        assert post(client, batch).status_code == 200
        centre.publisher.flush()
        one, other = client.get(f"{OLDER}/{older}"), client.get(f"{STATIC}/{static}")
        assert one.status_code == other.status_code == 200
        assert one.content == other.content
        assert one.headers["content-type"] == "text/xml; charset=utf-8"
        assert b"CHYBA" not in one.content

    @pytest.mark.parametrize("davka", ["1", "2", "999999", "x", "-1", "1e3", "²"])
    def test_a_batch_that_is_not_there_yet_is_answered_by_an_error_document(
        self, zeros: httpx.Client, davka: str
    ) -> None:
        answer = zeros.get(f"{OLDER}/vysledky_okrsky", params={"davka": davka})
        assert answer.status_code == 200
        assert error(answer).attrib == {"KOD_CHYBY": "10"}

    def test_so_is_the_latest_batch_before_the_first(self, zeros: httpx.Client) -> None:
        assert error(zeros.get(f"{OLDER}/vysledky_okrsky")).attrib == {"KOD_CHYBY": "10"}
        assert error(zeros.get(f"{STATIC}/okrsky/vysledky_okrsky.xml")).attrib == {"KOD_CHYBY": "10"}

    @pytest.mark.parametrize("nuts", ["CZ0100", "CZ9999", "", "../vysledky"])
    def test_a_district_that_does_not_vote_or_exist_is_answered_by_an_error_document(
        self, zeros: httpx.Client, nuts: str
    ) -> None:
        answer = zeros.get(f"{OLDER}/vysledky_okres", params={"nuts": nuts})
        assert error(answer).text == "Chybná hodnota v parametru NUTS"

    @pytest.mark.parametrize(
        "path",
        [
            f"{STATIC}/okrsky/vysledky_okrsky_00001.xml",
            f"{STATIC}/okresy/vysledky_okres_CZ0100.xml",
            f"{STATIC}/",
            f"{STATIC}/../../../centre.toml",
            "/appdata/kz2016/odata/vysledky.xml",
            "/pls/kz2016/vysledky",
            "/pls/zk2024/jine",
            "/centre.toml",
            "/versions/1/index.html",
        ],
    )
    def test_what_is_not_there_is_not_found(self, zeros: httpx.Client, path: str) -> None:
        assert zeros.get(path).status_code == 404

    def test_the_page_of_progress_is_plain_html_that_loads_nothing_from_elsewhere(
        self, zeros: httpx.Client
    ) -> None:
        answer = zeros.get("/")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "<script" not in answer.text
        assert "Severní" in answer.text
        assert zeros.get("/style.css").headers["content-type"] == "text/css; charset=utf-8"

    def test_every_link_of_the_page_leads_somewhere(self, zeros: httpx.Client) -> None:
        links = [part.split('"')[0] for part in zeros.get("/").text.split('href="')[1:]]
        assert len(links) == 7
        assert {zeros.get(link).status_code for link in links} == {200}


def test_every_address_of_the_night_has_its_document_before_voting_ends(
    house: House, station: SendingStation, batch: bytes
) -> None:
    """But for what is numbered: batches and the tables beside them."""
    house.clock.now = VOTING_ENDS - timedelta(hours=2)
    centre = house.open()
    centre.publisher.flush()
    edition = centre.site.edition
    answering = Answering(CacheControl(centre.reference, house.clock))
    early = Front(centre.site, Layout.of(centre.reference), house.folder, answering, nobody)
    house.clock.now = VOTING_ENDS + timedelta(hours=1)
    assert centre.ingest.receive(batch, house.clock()).http_status == 200
    centre.publisher.flush()
    later, centre.site.edition = centre.site.edition, edition
    addresses = {f"/{path}" for path in later.pages if not re.search(r"_\d{5}\.", path)}
    addresses |= {f"/pls/zk2024/{name}" for name in ("vysledky", "vysledky_kandid", "vysledky_okrsky")}
    addresses |= {"/pls/zk2024/vysledky_okres?nuts=CZ0411", "/pls/zk2024/vysledky_okrsky?davka=1", "/"}
    for address in addresses - {f"/{STATIC[1:]}/okrsky/vysledky_okrsky.xml.p7s"}:
        path, _, query = address.partition("?")
        answer = early.respond("GET", path, query.encode(), [])
        assert answer is not None
        assert answer.status == 200, address
    assert b'HLASY="1' not in b"".join(page.body for page in edition.pages.values())
    centre.database.close()


async def nobody(*_: object) -> None:
    raise AssertionError("handed on")


class TestTheDoor:
    def test_a_batch_gets_its_receipt(self, house: House, client: httpx.Client, batch: bytes) -> None:
        answer = post(client, batch)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pkcs7-mime")
        assert len(house.receipt(answer.content).items) == 4
        assert post(client, batch).content == answer.content

    def test_another_type_is_refused(self, client: httpx.Client, batch: bytes, expect_log: Announce) -> None:
        expect_log("WARNING", "ING-02")
        answer = client.post("/v1/batches", content=batch, headers={"content-type": "text/xml"})
        assert (answer.status_code, answer.json()["code"]) == (415, "ING-02")

    def test_too_much_is_refused_before_it_is_read(self, house: House, expect_log: Announce) -> None:
        house.set(max_batch_bytes=1000)
        centre = house.open()
        expect_log("WARNING", "ING-01")
        with serving(centre) as url:
            headers = {"content-type": "application/pkcs7-mime"}
            answer = httpx.post(f"{url}/v1/batches", content=b"0" * 10_000, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "ING-01")
        centre.database.close()

    def test_a_busy_centre_says_when_to_come_again(self, house: House, expect_log: Announce) -> None:
        house.set(max_waiting_batches=0)
        centre = house.open()
        expect_log("WARNING", "ING-12")
        with serving(centre) as url, httpx.Client(base_url=url) as client:
            answer = post(client, b"anything")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
        centre.database.close()

    def test_a_sender_that_is_too_slow_is_cut_off(self, house: House, expect_log: Announce) -> None:
        house.set(receive_seconds=0.05)
        centre = house.open()
        expect_log("WARNING", "ING-13")
        with (
            serving(centre) as url,
            socket.create_connection(("127.0.0.1", httpx.URL(url).port or 0)) as line,
        ):
            line.sendall(
                b"POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
                b"Content-Type: application/pkcs7-mime\r\n\r\nhalf"
            )
            assert line.recv(1000).startswith(b"HTTP/1.1 408")
        centre.database.close()

    def test_a_sender_that_hangs_up_in_the_middle_leaves_nothing_behind(
        self, centre: Centre, house: House, client: httpx.Client, batch: bytes
    ) -> None:
        with socket.create_connection((client.base_url.host, client.base_url.port or 0)) as line:
            head = f"Content-Length: {len(batch)}\r\nContent-Type: application/pkcs7-mime\r\n\r\n"
            line.sendall(b"POST /v1/batches HTTP/1.1\r\nHost: x\r\n" + head.encode() + batch[:-1])
        assert client.get("/v1/status").json()["received"]["batches"] == 0
        assert post(client, batch).status_code == 200

    def test_other_methods_and_addresses_are_refused(self, zeros: httpx.Client) -> None:
        assert zeros.get("/v1/batches").status_code == 405
        assert zeros.post("/v1/status").status_code == 405
        assert zeros.post(f"{STATIC}/vysledky.xml").status_code == 404
        assert zeros.get("/v2/batches").status_code == 404

    def test_the_status_tells_counts_and_no_results(
        self, centre: Centre, house: House, client: httpx.Client, batch: bytes
    ) -> None:
        post(client, batch)
        centre.publisher.flush()
        told = json.loads(client.get("/v1/status").content)
        assert told["received"] == {"batches": 1, "set_aside": 0, "revisions": 4}
        assert told["contests"]["KZ"] == {
            "expected": 10,
            "processed": 4,
            "never": 0,
            "declared": 0,
            "batches": 1,
        }
        assert told["published"]["version"] == 2
        assert told["published"]["last_revision"] == 4
        assert (told["election"], told["mode"], told["embargo"]) == ("zk2024", "OSTRY", False)
