"""A real nginx with our configuration, in front of a real centre and its published folder."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import brotli
import httpx
import pytest

from app.central import refusals
from app.central.centre import Centre
from app.central.versions import Versions
from app.election.model import Contest
from app.election.reference import Calendar, Reference
from app.trust.identity import Role
from app.trust.keys import make_key, save_key
from app.trust.server_certificate import issue_server, make_server_request
from tests.support import nginx
from tests.support.house import HOUR, Clock, House, SendingStation, serving
from tests.support.invented_election import POINT, protocols, reference
from tests.support.tls import usable_now

Announce = Callable[[str, str], None]
STATIC = "/appdata/zk2024/odata"
DOCUMENT = f"{STATIC}/vysledky.xml"
LIVE = 'default "public, max-age=1"; => default "public, max-age=31536000, immutable";'
COMPARED = (
    "cache-control", "content-type", "vary", "access-control-allow-origin",
    "access-control-expose-headers", "x-content-type-options", "content-security-policy",
)  # fmt: skip


def tonight() -> Reference:
    """The invented election with its end of voting an hour ago: TLS goes by the machine's clock."""
    known = reference(Contest.REGIONAL)
    ends = datetime.now(UTC).replace(microsecond=0) - HOUR
    calendar = Calendar(ends - 24 * HOUR, ends, ends + 24 * HOUR)
    return replace(known, election=replace(known.election, date=ends.date(), calendar=calendar))


@dataclass
class World:
    """A centre behind nginx, with clients for both."""

    house: House
    centre: Centre
    front: nginx.Front
    inside: httpx.Client  # asks the centre itself
    results: httpx.Client
    site: nginx.Site
    station: SendingStation

    def stations(
        self, certificate: tuple[Path, Path] | None = None, source: str = "127.0.0.1"
    ) -> httpx.Client:
        context = trusting(self.house)
        if certificate:
            context.load_cert_chain(*certificate)
        transport = httpx.HTTPTransport(verify=context, local_address=source)
        return httpx.Client(base_url=f"https://127.0.0.1:{self.front.stations}", transport=transport)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("front")
    known = tonight()
    house = House(folder, known, Clock(datetime.now(UTC).replace(microsecond=0)), batch_grid_seconds=0)
    station = house.station(f"{POINT}-1")
    centre = house.open()
    made = [
        p for p in protocols(known, Contest.REGIONAL) if known.precincts[p.precinct].transfer_point == POINT
    ]
    assert centre.ingest.receive(station.batch(*station.items(made)), house.clock()).http_status == 200
    centre.publisher.flush()
    tls = tls_files(folder, house)
    with serving(centre) as url:
        site = nginx.Site(url, house.centre_folder / "public", tls)
        with (
            nginx.running(folder / "nginx", site, http=LIVE) as front,
            httpx.Client(base_url=url, headers={"accept-encoding": "identity"}) as inside,
            results_of(house, front) as results,
        ):
            yield World(house, centre, front, inside, results, site, station)
    centre.database.close()


def tls_files(folder: Path, house: House) -> dict[str, Path]:
    """Keys and certificates of both hosts, by the authority of the election."""
    hosts, key = ("127.0.0.1", "ustredi.example", "vysledky.example"), make_key()
    save_key(key, folder / "server.key", None)
    life = house.authority.not_before, house.authority.not_after
    certificate = issue_server(make_server_request(key, hosts), hosts, house.authority, house._key, *life)
    (folder / "server.pem").write_bytes(certificate.to_pem())
    (folder / "ca.pem").write_bytes(house.authority.to_pem())
    pem, secret, ca = folder / "server.pem", folder / "server.key", folder / "ca.pem"
    return {"server.pem": pem, "server.key": secret, "results.pem": pem, "results.key": secret, "ca.pem": ca}


def trusting(house: House) -> ssl.SSLContext:
    """A client that trusts the election's authority alone."""
    return ssl.create_default_context(cadata=house.authority.to_pem().decode())


def results_of(house: House, front: nginx.Front) -> httpx.Client:
    return httpx.Client(
        base_url=f"https://127.0.0.1:{front.results}",
        verify=trusting(house),
        headers={"accept-encoding": "identity"},
    )


def raw(client: httpx.Client, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.stream("GET", path, headers=named) as answer:
        return answer, b"".join(answer.iter_raw())


def same(world: World, path: str) -> httpx.Response:
    """Both answer alike; returns nginx's answer."""
    one, other = world.results.get(path), world.inside.get(path)
    assert (one.status_code, one.content) == (other.status_code, other.content), path
    for name in COMPARED:
        assert one.headers.get(name) == other.headers.get(name), (path, name)
    return one


class TestDocuments:
    def test_every_published_file_is_the_same_at_each_of_its_addresses(self, world: World) -> None:
        edition = world.centre.site.edition
        assert len(edition.pages) > 5
        paths = sorted(edition.pages)
        for path in [each for each in paths if not each.endswith(".p7s")]:
            same(world, f"/{path}")
        for path in paths[::5]:  # signatures too
            same(world, f"/{path}")
            same(world, f"/feed/zk2024/versions/{edition.version}/{path}")

    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/pls/zk2024/vysledky",
            "/pls/zk2024/vysledky_kandid",
            "/pls/zk2024/vysledky_okres?nuts=CZ0411",
            "/pls/zk2024/vysledky_okrsky",
            "/pls/zk2024/vysledky_okrsky?davka=",
        ],
    )
    def test_older_addresses_are_files(self, world: World, path: str) -> None:
        assert from_file(same(world, path))

    @pytest.mark.parametrize(
        "path",
        [
            "/pls/zk2024/vysledky_okres?nuts=cz0411",
            "/pls/zk2024/vysledky_okres?NUTS=CZ0411",
            "/pls/zk2024/vysledky_okrsky?kolo=1&davka=1",
            "/pls/zk2024/vysledky_okrsky?davka=1",
            "/pls/zk2024/vysledky_okrsky?davka=99",
            "/pls/zk2024/vysledky_okres?nuts=CZ0100",
            "/pls/zk2024/vysledky_okres?nuts=CZ0411&nuts=CZ0412",
            "/pls/zk2024/jine",
            "/pls/kz1999/vysledky",
            f"{STATIC}/okrsky/vysledky_okrsky_00099.xml",
            f"{STATIC}/okresy/vysledky_okres_CZ0100.xml",
            "/feed/zk2024/versions/999/index.html",
            "/feed/zk2024/nic.xml",
        ],
    )
    def test_what_is_no_file_is_the_centre_s_answer(self, world: World, path: str) -> None:
        assert not from_file(same(world, path))

    def test_events_go_on_at_once_and_changes_are_asked_of_the_centre(self, world: World) -> None:
        with world.results.stream("GET", "/feed/zk2024/events") as told:
            assert told.headers["content-type"].startswith("text/event-stream")
            heard = ""
            for piece in told.iter_text():
                heard += piece
                if "event: version" in heard:
                    break
        assert f'"version": {world.centre.site.edition.version}' in heard
        assert b"</ZMENA>" in same(world, "/feed/zk2024/changes?after=0").content

    @pytest.mark.parametrize(
        "path",
        [
            "/v1/status", "/v1/batches", "/metrics", "/centre.toml", "/../centre.toml", "/versions/1/a.xml",
            "/appdata/../../../centre.toml", f"{DOCUMENT}.gz", f"{DOCUMENT}.br", "/appdata/", "/feed/zk2024/",
            "/feed/zk2024/versions/1/../../../centre.key", "/feed/zk2024/versions/1/%2e%2e/%2e%2e/centre.key",
        ],
    )  # fmt: skip
    def test_nothing_else_is_there(self, world: World, path: str) -> None:
        request = world.results.build_request("GET", "/")
        request.url = request.url.copy_with(raw_path=path.encode())
        assert world.results.send(request).status_code in (400, 404)

    def test_other_methods_are_refused(self, world: World) -> None:
        assert world.results.post(DOCUMENT, content=b"x").status_code == 405


class TestCaching:
    """The rules by their numbers in the manual; what differs is said there."""

    def test_1_each_form_has_a_strong_tag_of_its_own(self, world: World) -> None:
        codings = ["identity", "gzip", *(["br"] if nginx.BROTLI else [])]
        tags = []
        for coding in codings:
            answer, body = raw(world.results, DOCUMENT, accept_encoding=coding)
            unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(coding, bytes)
            assert unpack(body) == world.inside.get(DOCUMENT).content
            assert answer.headers.get("content-encoding", "identity") == coding
            tags.append(answer.headers["etag"])
        assert len(set(tags)) == len(codings)
        assert not any(tag.startswith("W/") for tag in tags)

    @pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
    def test_3_a_known_document_is_not_sent_again(self, world: World, form: str) -> None:
        tag = world.results.get(DOCUMENT).headers["etag"]
        answer = world.results.get(DOCUMENT, headers={"if-none-match": form.format(tag)})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert answer.headers["cache-control"] == "public, max-age=1"

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"if-modified-since": "Sun, 01 Jan 2090 00:00:00 GMT"}, 304),
            ({"if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT"}, 200),
            ({"if-none-match": '"other"', "if-modified-since": "Sun, 01 Jan 2090 00:00:00 GMT"}, 200),
        ],
    )
    def test_4_time_counts_only_without_tags(
        self, world: World, headers: dict[str, str], status: int
    ) -> None:
        assert world.results.get(DOCUMENT, headers=headers).status_code == status

    def test_5_who_refuses_a_form_gets_another(self, world: World) -> None:
        answer, _ = raw(world.results, DOCUMENT, accept_encoding="gzip;q=0")
        assert "content-encoding" not in answer.headers

    def test_6_versions_last_in_a_live_election_and_errors_do_not(self, world: World) -> None:
        number = world.centre.site.edition.version
        version = world.results.get(f"/feed/zk2024/versions/{number}{DOCUMENT}")
        assert version.headers["cache-control"] == "public, max-age=31536000, immutable"
        batch = world.results.get(f"{STATIC}/okrsky/vysledky_okrsky_00001.xml")
        assert batch.headers["cache-control"] == "public, max-age=31536000, immutable"
        missing = world.results.get(f"/feed/zk2024/versions/999{DOCUMENT}")
        assert (missing.status_code, missing.headers["cache-control"]) == (404, "public, max-age=1")

    def test_7_head_tells_the_same(self, world: World) -> None:
        told, asked = world.results.get(DOCUMENT), world.results.head(DOCUMENT)
        for each in (told.headers, asked.headers):
            each.pop("date")
        assert (asked.content, asked.headers) == (b"", told.headers)

    def test_8_any_page_may_read_and_a_part_is_answered_by_the_whole(self, world: World) -> None:
        answer = world.results.get(DOCUMENT, headers={"range": "bytes=0-9", "user-agent": ""})
        assert (answer.status_code, answer.content) == (200, world.inside.get(DOCUMENT).content)
        asked = world.results.options(DOCUMENT, headers={"access-control-request-headers": "if-none-match"})
        assert asked.status_code == 204
        assert "if-none-match" in asked.headers["access-control-allow-headers"]

    def test_a_new_content_of_the_same_size_within_a_second_has_another_tag(self, tmp_path: Path) -> None:
        versions, times = Versions(tmp_path, 3), []
        for number in (1, 2, 3):
            files = {"a/changed.xml": b"%d" % number, "a/same.xml": b"0"}
            versions.write(number, files, ["a/changed.xml"], number - 1 or None)
            changed, same = (tmp_path / "current" / name for name in files)
            times.append((int(changed.stat().st_mtime), same.stat().st_mtime_ns))
        assert times[0][0] < times[1][0] < times[2][0]
        assert len({time for _, time in times}) == 1


class TestTls:
    def test_the_election_s_authority_is_enough_to_trust(self, world: World) -> None:
        assert world.results.get("/").status_code == 200
        with world.stations() as client:
            assert client.get("/v1/status").json()["election"] == "zk2024"

    def test_who_trusts_another_authority_does_not_connect(self, world: World) -> None:
        other = usable_now("zk2024").certificate.to_pem().decode()
        with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            httpx.get(str(world.results.base_url), verify=ssl.create_default_context(cadata=other))

    def test_old_protocols_are_refused_and_readers_get_http_2(self, world: World) -> None:
        context = trusting(world.house)
        context.set_alpn_protocols(["h2", "http/1.1"])
        assert handshake(context, world.front.results) == ("TLSv1.3", "h2")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        assert handshake(context, world.front.results) == ("TLSv1.2", "h2")
        assert handshake(context, world.front.stations)[1] != "h2"
        context.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises(ssl.SSLError):
            handshake(context, world.front.results)


class TestStations:
    def test_a_batch_arrives_and_its_receipt_comes_back(self, world: World) -> None:
        data = world.station.sent[0]
        with world.stations() as client:
            answer = push(client, data)
        assert answer.status_code == 200
        assert answer.content == push(world.inside, data).content
        assert world.house.receipt(answer.content).items

    def test_a_station_may_show_its_certificate(self, world: World, tmp_path: Path) -> None:
        with world.stations(shown(tmp_path, world.station)) as client:
            assert client.get("/v1/status").status_code == 200

    def test_one_of_another_authority_is_refused(self, world: World, tmp_path: Path) -> None:
        stranger = usable_now("zk2024").of_role(Role.CENTRE)
        save_key(stranger.key, tmp_path / "key.pem", None)
        (tmp_path / "pem").write_bytes(stranger.certificate.to_pem())
        with world.stations((tmp_path / "pem", tmp_path / "key.pem")) as client:
            answer = client.get("/v1/status")
        assert (answer.status_code, answer.json()["code"]) == (403, "ING-04")

    def test_a_server_s_certificate_is_no_station_s(self, world: World) -> None:
        with world.stations((world.site.tls["server.pem"], world.site.tls["server.key"])) as client:
            assert client.get("/v1/status").status_code == 403

    def test_where_it_is_demanded_nobody_gets_further_without(self, world: World, tmp_path: Path) -> None:
        demanded = "ssl_verify_client optional; => ssl_verify_client on;"
        with nginx.running(tmp_path / "nginx", world.site, stations=demanded) as front:
            strict = replace(world, front=front)
            with strict.stations() as client:
                assert client.get("/v1/status").json()["code"] == "ING-04"
            with strict.stations(shown(tmp_path, world.station)) as client:
                assert client.get("/v1/status").status_code == 200

    def test_too_much_is_refused_before_it_is_read(self, world: World) -> None:
        with world.stations() as client:
            answer = push(client, b"0" * (8 * 1024 * 1024 + 1))
        assert (answer.status_code, answer.json()["code"]) == (413, "ING-01")

    def test_every_refusal_of_nginx_is_one_of_the_centre_s(self) -> None:
        text = (nginx.SHIPPED / "prebirka" / "stations.conf").read_text()
        said = re.findall(r"return (\d+) \'(\{.*\})\';", text)
        assert len(said) == 4
        for status, body in said:
            problem = json.loads(body)
            assert problem["type"] == f"urn:prebirka:odmitnuti:{problem['code']}"
            assert int(status) == problem["status"] == refusals.REFUSALS[problem["code"]].http_status

    def test_who_asks_too_often_is_told_when_to_come_again(self, world: World, tmp_path: Path) -> None:
        hasty = "limit_req zone=prebirka_door burst=1000 nodelay; => limit_req zone=prebirka_door;"
        with (
            nginx.running(
                tmp_path / "nginx", world.site, http="rate=100r/s => rate=1r/m", stations=hasty
            ) as front,
            replace(world, front=front).stations() as client,
        ):
            assert client.get("/v1/status").status_code == 200
            answer = client.get("/v1/status")
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (
            429,
            "ING-40",
            "5",
        )

    def test_a_sender_that_is_too_slow_never_reaches_the_centre(self, world: World, tmp_path: Path) -> None:
        impatient = "client_body_timeout 10s; => client_body_timeout 100ms;"
        before = world.inside.get("/v1/status").json()["received"]
        with (
            nginx.running(tmp_path / "nginx", world.site, http=impatient) as front,
            socket.create_connection(("127.0.0.1", front.stations)) as line,
            trusting(world.house).wrap_socket(line, server_hostname="127.0.0.1") as tls,
        ):
            tls.sendall(
                b"POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
                b"Content-Type: application/pkcs7-mime\r\n\r\nhalf"
            )
            assert tls.recv(1000) == b""  # cut, without an answer and without a word to the centre
        metrics = world.inside.get("/metrics").text
        assert 'prebirka_answers_total{path="/v1/batches",status="408"}' not in metrics
        assert world.inside.get("/v1/status").json()["received"] == before

    def test_the_host_of_the_stations_has_nothing_else(self, world: World) -> None:
        with world.stations() as client:
            for path in ("/", "/metrics", DOCUMENT, "/v1/", "/v1/other"):
                assert client.get(path).status_code == 404

    def test_the_centre_hears_where_a_request_came_from_whatever_its_headers_say(
        self, world: World, expect_log: Announce
    ) -> None:
        expect_log("WARNING", r"ING-02 .* from 127\.0\.0\.2$")
        forged = {
            "x-forwarded-for": "203.0.113.9",
            "forwarded": "for=203.0.113.9",
            "x-real-ip": "203.0.113.9",
        }
        with world.stations(source="127.0.0.2") as client:
            assert client.post("/v1/batches", content=b"x", headers=forged).status_code == 415

    def test_from_others_than_the_proxies_the_header_is_not_believed(
        self, world: World, expect_log: Announce
    ) -> None:
        expect_log("WARNING", r"ING-02 .* from 127\.0\.0\.3$")
        transport = httpx.HTTPTransport(local_address="127.0.0.3")
        forged = {"x-forwarded-for": "127.0.0.1"}
        with httpx.Client(base_url=world.inside.base_url, transport=transport) as client:
            assert client.post("/v1/batches", content=b"x", headers=forged).status_code == 415


class TestWithoutTheCentre:
    @pytest.fixture
    def alone(self, world: World, tmp_path: Path) -> Iterator[World]:
        nowhere = replace(world.site, centre="http://127.0.0.1:1")
        with (
            nginx.running(tmp_path / "nginx", nowhere, http=LIVE) as front,
            results_of(world.house, front) as results,
        ):
            yield replace(world, front=front, results=results)

    def test_results_are_there_still(self, alone: World) -> None:
        assert alone.results.get(DOCUMENT).content == alone.inside.get(DOCUMENT).content
        assert alone.results.get("/pls/zk2024/vysledky").status_code == 200

    def test_stations_are_told_to_come_again(self, alone: World) -> None:
        with alone.stations() as client:
            answer = push(client, alone.station.sent[0])
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_a_copy_at_a_second_provider_serves_the_same_under_the_same_tags(
    world: World, tmp_path: Path
) -> None:
    copied = tmp_path / "public"
    copied.mkdir()
    mirror_once(world.site.public, copied)
    site = replace(world.site, public=copied)
    with (
        nginx.running(tmp_path / "nginx", site, mirror=True, http=LIVE) as front,
        results_of(world.house, front) as mirror,
    ):
        for path in world.centre.site.edition.pages:
            one, other = mirror.get(f"/{path}"), world.results.get(f"/{path}")
            assert (one.content, one.headers["etag"]) == (other.content, other.headers["etag"])
        missing = mirror.get("/pls/zk2024/vysledky_okres?nuts=cz0411")
        assert (missing.status_code, missing.headers["cache-control"]) == (404, "public, max-age=1")


def test_the_copy_follows_and_keeps_its_links(tmp_path: Path) -> None:
    public, copied = tmp_path / "public", tmp_path / "copied"
    copied.mkdir()
    versions = Versions(public, 2)
    for number in (1, 2, 3):
        files = {"a/changed.xml": b"%d" % number, "a/same.xml": b"0"}
        versions.write(number, files, ["a/changed.xml"], number - 1 or None)
        versions.prune()
        (public / "versions" / "9.part").mkdir(exist_ok=True)  # half-made
        mirror_once(public, copied)
        assert (copied / "current" / "a" / "changed.xml").read_bytes() == b"%d" % number
    assert sorted(each.name for each in (copied / "versions").iterdir()) == ["2", "3"]
    same = [copied / "versions" / number / "a" / "same.xml" for number in "23"]
    assert same[0].samefile(same[1])


def mirror_once(public: Path, target: Path) -> None:
    assert shutil.which("rsync"), "rsync is missing: python3 packaging/bootstrap.py test installs or names it"
    script = nginx.SHIPPED.parent / "systemd" / "mirror"
    subprocess.run([script, public, target, "once"], check=True)


VERSIONS = 60


def test_whoever_follows_the_pointer_never_sees_two_versions(world: World, tmp_path: Path) -> None:
    """While versions follow each other as fast as the disk takes them, a reader resolves the pointer once and
    reads three documents below what it named."""
    versions = Versions(tmp_path / "public", VERSIONS)
    pointer, names = "feed/zk2024/index.xml", [f"appdata/zk2024/odata/{n}.xml" for n in "abc"]

    def publish(number: int) -> None:
        body = b"%d" % number
        versions.write(number, dict.fromkeys([pointer, *names], body), [pointer, *names], number - 1 or None)

    publish(1)
    site = replace(world.site, public=tmp_path / "public")
    seen: set[bytes] = set()
    with (
        nginx.running(tmp_path / "nginx", site, mirror=True) as front,
        results_of(world.house, front) as client,
    ):
        writer = threading.Thread(target=lambda: [publish(number) for number in range(2, VERSIONS + 1)])
        writer.start()
        while True:
            last = not writer.is_alive()
            named = client.get(f"/{pointer}").content
            addresses = [f"/feed/zk2024/versions/{named.decode()}/{name}" for name in names]
            assert [client.get(address).content for address in addresses] == [named] * 3
            seen.add(named)
            if last:
                break
        writer.join()
    assert named == b"%d" % VERSIONS
    assert len(seen) > 2


def from_file(answer: httpx.Response) -> bool:
    """Whether nginx served it from a file: its tags are time and size."""
    tag = answer.headers.get("etag", "").strip('"')
    return tag.count("-") == 1 and not tag.endswith(("-gz", "-br"))


def push(client: httpx.Client, data: bytes) -> httpx.Response:
    return client.post("/v1/batches", content=data, headers={"content-type": "application/pkcs7-mime"})


def shown(folder: Path, station: SendingStation) -> tuple[Path, Path]:
    save_key(station.key, folder / "station.key", None)
    (folder / "station.pem").write_bytes(station.certificate.to_pem())
    return folder / "station.pem", folder / "station.key"


def handshake(context: ssl.SSLContext, port: int) -> tuple[str | None, str | None]:
    with (
        socket.create_connection(("127.0.0.1", port)) as line,
        context.wrap_socket(line, server_hostname="127.0.0.1") as tls,
    ):
        return tls.version(), tls.selected_alpn_protocol()
