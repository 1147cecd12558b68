"""The media's line by the real server: phases, the list in force, limits, counts, streams, attackers."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.central.http_server import listening, url_of
from app.central.media.server.gate import Limits
from tests.support.media_line import (
    EVENTS,
    INDEX,
    PAPER,
    RADIO,
    RESULTS,
    STRANGER,
    Line,
    Newsrooms,
    asked,
    newsrooms,
    running,
)

NIGHT, OTHER_NIGHT, TEST = RADIO.night[0], RADIO.night[1], RADIO.test[0]
Expect = Callable[[int | str, str], None]
REFUSED = r"refused: {} {} {}"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsrooms]:
    with newsrooms(tmp_path_factory.mktemp("line")) as place:
        yield place


@pytest.fixture
def place(published: Newsrooms, tmp_path: Path) -> Newsrooms:
    """In the test phase, with a list of two organisations and no statistics yet."""
    live_from = published.house.clock.now + timedelta(hours=1)
    place = replace(published, media=tmp_path / "media", live_from=live_from)
    place.publish()
    return place


@pytest.fixture
def line(place: Newsrooms) -> Iterator[Line]:
    with running(place) as line:
        yield line


@pytest.fixture(scope="module")
def shared(published: Newsrooms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A line in the test phase for those who only ask, and ask for nothing that is theirs."""
    live_from = published.house.clock.now + timedelta(hours=1)
    place = replace(published, media=tmp_path_factory.mktemp("shared") / "media", live_from=live_from)
    place.publish()
    with running(place) as line:
        yield line


def version(body: bytes) -> int:
    found = re.search(rb' VERZE="(\d+)"', body)
    assert found is not None
    return int(found[1])


class TestPhases:
    @pytest.mark.parametrize("address", [NIGHT, TEST])
    def test_before_the_live_moment_both_kinds_read_the_rehearsals_feed(
        self, line: Line, address: str
    ) -> None:
        answer = line.ask(address)
        assert (answer.status, version(answer.body)) == (200, 1)

    def test_from_the_live_moment_on_only_the_night_reads_and_the_live_feed(
        self, place: Newsrooms, line: Line, expect_log: Expect
    ) -> None:
        expect_log("WARNING", REFUSED.format("MED-41", "radio", TEST))
        place.clock.now = place.live_from - timedelta(microseconds=1)
        assert line.ask(TEST).status == 200
        place.go_live()
        assert (line.ask(TEST).status, line.ask(TEST).code) == (403, "MED-41")
        answer = line.ask(NIGHT)
        assert (answer.status, version(answer.body)) == (200, 2)

    def test_a_connection_that_was_open_before_is_cut_off_too(
        self, place: Newsrooms, line: Line, expect_log: Expect
    ) -> None:
        expect_log("WARNING", REFUSED.format("MED-41", "radio", TEST))
        with closing(line.connection(TEST)) as connection:
            assert asked(connection).status == 200
            place.go_live()
            assert asked(connection).code == "MED-41"

    def test_a_clock_that_goes_back_a_restart_and_a_later_list_do_not_bring_the_test_back(
        self, place: Newsrooms, line: Line, expect_log: Expect
    ) -> None:
        expect_log("WARNING", REFUSED.format("MED-41", "radio", TEST))
        place.go_live()
        assert line.ask(NIGHT).status == 200
        place.clock.move(hours=-2)
        assert line.ask(TEST).code == "MED-41"
        line.media.write()
        place.publish(live_from=place.live_from + timedelta(days=1))
        with running(place) as again:
            assert again.ask(TEST).code == "MED-41"

    def test_the_streams_of_the_test_phase_end_at_the_live_moment(
        self, place: Newsrooms, line: Line, expect_log: Expect
    ) -> None:
        expect_log("WARNING", REFUSED.format("MED-41", "radio", TEST))
        with closing(line.connection(TEST)) as test, closing(line.connection(NIGHT)) as night:
            for each in (test, night):
                each.request("GET", EVENTS)
            streams = [each.getresponse() for each in (test, night)]
            assert [each.status for each in streams] == [200, 200]
            assert b'data: {"version": 1}' in streams[0].read1()
            place.go_live()
            assert b"data" not in streams[0].read()  # to its end
            streams[1].read()
        assert line.ask(TEST, EVENTS).code == "MED-41"
        with closing(line.connection(NIGHT)) as night:
            night.request("GET", EVENTS)
            assert b'data: {"version": 2}' in night.getresponse().read1()

    def test_a_folder_of_another_election_or_mode_is_not_served(
        self, place: Newsrooms, tmp_path: Path, expect_log: Expect
    ) -> None:
        expect_log("WARNING", REFUSED.format("MED-46", "radio", NIGHT))
        expect_log("ERROR", "the folder for TEST holds .*kz2020")
        folder = tmp_path / "public" / "versions" / "1" / "feed" / "kz2020"
        folder.mkdir(parents=True)
        (tmp_path / "public" / "current").symlink_to("versions/1")
        pointer = (place.rehearsal / "current" / INDEX[1:]).read_text("utf-8")
        (folder / "index.xml").write_text(pointer.replace("zk2024", "kz2020"), "utf-8")
        with running(place, rehearsal=tmp_path / "public") as line:
            answer = line.ask(NIGHT)
            assert (answer.status, answer.code, answer.headers["retry-after"]) == (503, "MED-46", "5")


class TestTheListInForce:
    def test_a_stranger_is_refused_whatever_it_asks_for(self, line: Line, expect_log: Expect) -> None:
        expect_log("WARNING", REFUSED.format("MED-40", "-", STRANGER))
        for path in (INDEX, RESULTS, EVENTS, "/", "/stav", "/status.json", "/metrics", "/nothing"):
            answer = line.ask(STRANGER, path)
            assert (answer.status, answer.code) == (403, "MED-40"), path
        assert "text/plain" in answer.headers["content-type"]
        assert len(answer.body.decode().splitlines()) == 2

    def test_a_change_is_in_force_within_a_second_for_connections_and_streams_too(
        self, place: Newsrooms, line: Line, expect_log: Expect
    ) -> None:
        expect_log("WARNING", REFUSED.format("MED-40", "-", NIGHT))
        with closing(line.connection(NIGHT)) as stream:
            stream.request("GET", EVENTS)
            events = stream.getresponse()
            assert events.status == 200
            place.publish((replace(RADIO, night=(STRANGER,)), PAPER))
            events.read()  # it ends by itself
        assert line.ask(NIGHT).code == "MED-40"
        assert line.ask(STRANGER).status == 200

    def test_a_forged_an_older_and_a_broken_list_are_refused_loudly_and_the_good_one_stays(
        self, place: Newsrooms, line: Line, tmp_path: Path, expect_log: Expect
    ) -> None:
        expect_log("ERROR", "the list of media is refused, the one before stays: CMS-")
        expect_log("ERROR", "the list of media is refused, the one before stays: MED-53")
        expect_log("ERROR", "the list of media is refused, the one before stays: MED-52")
        expect_log("ERROR", "the list of media is refused, the one before stays: DOC-01")
        listed = line.media.listed
        good = place.signed(PAPER)
        older = place.signed(PAPER, serial=1)
        other = place.signed(PAPER, election="kz2020")
        twin = place.signed(PAPER, serial=listed.lowest)
        for data in (b"<MEDIA/>", good[:-1] + bytes([good[-1] ^ 1]), older, other, twin):
            refused = listed.refused
            place.put(data)
            line.media.look()
            assert listed.refused == refused + 1
            assert line.ask(NIGHT).status == 200
        place.settings.listed.unlink()
        line.media.look()
        assert (listed.trouble, line.ask(NIGHT).status) == ("DOC-01", 200)

    def test_an_old_list_does_not_come_back_by_a_restart(self, place: Newsrooms, expect_log: Expect) -> None:
        expect_log("ERROR", "MED-53")
        expect_log("WARNING", REFUSED.format("MED-45", "-", NIGHT))
        old = place.settings.listed.read_bytes()
        place.publish((PAPER,))
        with running(place):
            pass
        place.put(old)
        with running(place) as line:
            assert (line.ask(NIGHT).status, line.ask(NIGHT).code) == (503, "MED-45")


class TestLimits:
    def test_an_address_and_an_organisation_that_ask_too_often_are_told_when_to_come_back(
        self, place: Newsrooms, expect_log: Expect
    ) -> None:
        expect_log("WARNING", REFUSED.format("MED-44", "radio", NIGHT))
        expect_log("WARNING", REFUSED.format("MED-43", "radio", OTHER_NIGHT))
        with running(place, limits=Limits(0.001, 5, 0.001, 3)) as line:
            assert [line.ask(NIGHT).code for _ in range(4)] == ["", "", "", "MED-44"]
            answers = [line.ask(OTHER_NIGHT) for _ in range(3)]
            assert [each.code for each in answers] == ["", "", "MED-43"]
            assert (answers[2].status, answers[2].headers["retry-after"]) == (429, "2")
            assert line.ask(PAPER.night[0]).status == 200


class TestCounts:
    def test_everything_is_counted_by_organisation_address_and_reason_and_survives_a_restart(
        self, place: Newsrooms, expect_log: Expect
    ) -> None:
        expect_log("WARNING", REFUSED.format("MED-40", "-", STRANGER))
        with running(place) as line:
            first = line.ask(NIGHT)
            again = line.ask(NIGHT, headers={"If-None-Match": first.headers["etag"]})
            line.ask(TEST, RESULTS, "HEAD")
            line.ask(STRANGER)
            assert again.status == 304
        with running(place) as line:
            second = line.ask(OTHER_NIGHT)
        told = json.loads(place.settings.statistics.read_bytes())
        radio = told["organisations"]["radio"]
        assert {name: radio[name] for name in ("requests", "answered", "unchanged", "bytes")} == {
            "requests": 4,
            "answered": 3,
            "unchanged": 1,
            "bytes": len(first.body) + len(second.body),
        }
        assert told["addresses"][NIGHT]["requests"] == 2
        assert told["strangers"]["refused"] == {"MED-40": 1}
        assert told["stranger_addresses"][STRANGER]["requests"] == 1
        assert (told["phase"], told["list"]["names"]["radio"]) == ("TEST", "Rádio & spol.")

    def test_a_flood_of_refusals_fills_no_log(
        self, line: Line, expect_log: Expect, log_watch: object
    ) -> None:
        expect_log("WARNING", "refused: MED-40")
        with closing(line.connection(STRANGER)) as connection:
            for _ in range(50):
                assert asked(connection).code == "MED-40"
        records = [each for each in log_watch.records if "MED-40" in each.getMessage()]  # type: ignore[attr-defined]
        assert len(records) <= 4
        assert line.media.told()["strangers"]["refused"]["MED-40"] == 50


class TestStatusPage:
    @pytest.mark.parametrize(("path", "language"), [("/stav", "cs"), ("/status", "en")])
    def test_an_organisation_sees_its_own_line_and_nobody_elses(
        self, line: Line, path: str, language: str
    ) -> None:
        line.ask(PAPER.night[0])
        answer = line.ask(NIGHT, path)
        text = answer.body.decode()
        assert (answer.status, f'lang="{language}"' in text) == (200, True)
        assert "Rádio &amp; spol." in text
        assert all(address in text for address in RADIO.night + RADIO.test)
        assert "noviny" not in text.lower()
        assert not any(address in text for address in PAPER.night + PAPER.test)
        assert "volby.cz" in text
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers

    def test_a_name_cannot_write_into_the_page(self, line: Line) -> None:
        text = line.ask(PAPER.night[0], "/stav").body.decode()
        assert "<b>dne</b>" not in text
        assert "Noviny &lt;b&gt;dne&lt;/b&gt;" in text

    def test_programs_read_the_same_as_json_with_the_lag(self, line: Line) -> None:
        line.ask(NIGHT)
        told = json.loads(line.ask(NIGHT, "/stav.json").body)
        assert (told["organisation"], told["phase"], told["lag"]) == ("Rádio & spol.", "TEST", 0)
        assert told["addresses"][0]["requests"] == 1
        assert line.ask(NIGHT, "/stav.css").headers["content-type"] == "text/css; charset=utf-8"


class TestAttackers:
    @pytest.mark.parametrize(
        "headers",
        [
            {"X-Forwarded-For": NIGHT},
            {"Forwarded": f"for={NIGHT}"},
            {"X-Real-IP": NIGHT},
            {"X-Forwarded-For": f"{NIGHT}, {NIGHT}", "Via": "1.1 proxy", "True-Client-IP": NIGHT},
            {"Host": NIGHT},
        ],
    )
    def test_nobody_passes_for_another_by_a_header(
        self, line: Line, headers: dict[str, str], expect_log: Expect
    ) -> None:
        expect_log("WARNING", REFUSED.format("MED-40", "-", STRANGER))
        assert line.ask(STRANGER, headers=headers).code == "MED-40"

    @pytest.mark.parametrize(
        "path",
        [
            "/feed/zk2024/versions/1/../../../../centre.key",
            "/feed/zk2024/changes/../../centre.toml",
            "/..%2f..%2fcentre.toml",
            "/%2e%2e/centre.toml",
            "//etc/passwd",
            "/feed/zk2024/changes/..%5c..%5ccentre.toml",
            "/feed/zk2024/changes/%00",
            "/appdata/zk2024/odata/vysledky.xml/",
            "/appdata/zk2024/odata/vysledky.xml.gz",
        ],
    )
    def test_no_path_leads_out_of_what_is_published(self, shared: Line, path: str) -> None:
        assert shared.ask(NIGHT, path).status == 404

    @pytest.mark.parametrize(
        "rest",
        [
            b"Content-Length: 5\r\n\r\nGET /",
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ],
    )
    def test_a_request_with_a_body_is_refused_and_ends_its_connection(
        self, line: Line, rest: bytes, expect_log: Expect
    ) -> None:
        """So nothing that is smuggled behind it is ever read as a request."""
        expect_log("WARNING", REFUSED.format("MED-49", "radio", NIGHT))
        smuggled = b"GET /stav HTTP/1.1\r\nHost: a\r\n\r\n"
        back = line.raw(NIGHT, f"GET {INDEX} HTTP/1.1\r\nHost: a\r\n".encode() + rest + smuggled)
        assert back.startswith(b"HTTP/1.1 400")
        assert back.count(b"HTTP/1.1 ") == 1

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "PROPFIND"])
    def test_the_line_can_only_be_read(self, shared: Line, method: str) -> None:
        answer = shared.ask(NIGHT, method=method)
        assert (answer.status, answer.code, answer.headers["connection"]) == (405, "MED-48", "close")

    @pytest.mark.parametrize(
        "data",
        [
            b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000,
            b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"PROXY TCP4 127.1.0.1 127.0.0.1 1 80\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        ],
    )
    def test_what_is_no_request_is_refused_in_plain_text(
        self, line: Line, data: bytes, expect_log: Expect
    ) -> None:
        expect_log("WARNING", REFUSED.format("MED-49", "-", NIGHT))
        back = line.raw(NIGHT, data)
        assert back.startswith(b"HTTP/1.1 400")
        assert b"\r\n\r\nMED-49 " in back

    def test_a_slow_head_is_cut_off(self, place: Newsrooms, expect_log: Expect) -> None:
        expect_log("WARNING", REFUSED.format("MED-50", "-", NIGHT))
        with running(place, head_seconds=0.1) as line:
            assert line.raw(NIGHT, b"GET / HTTP/1.1\r\n").startswith(b"HTTP/1.1 408")

    def test_many_idle_connections_keep_nobody_out(self, place: Newsrooms) -> None:
        with running(place, max_connections=3) as line:
            idle = [line.connection(NIGHT) for _ in range(6)]
            for each in idle:
                each.connect()
            assert line.ask(OTHER_NIGHT).status == 200
            for each in idle:
                each.close()


class TestTheOperator:
    def test_counters_are_at_an_address_of_their_own_by_organisation_and_never_by_address(
        self, line: Line, expect_log: Expect
    ) -> None:
        expect_log("WARNING", REFUSED.format("MED-40", "-", STRANGER))
        line.ask(NIGHT)
        line.ask(STRANGER)
        assert line.ask(NIGHT, "/metrics").status == 404
        server = line.media.operator()
        with listening("127.0.0.1", 0) as listener:
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                with httpx.Client(base_url=url_of(listener)) as client:
                    text, told = client.get("/metrics").text, client.get("/statistics.json").json()
                    assert client.get("/").status_code == 404
            finally:
                server.should_exit = True
                thread.join()
        assert 'prebirka_media_answered_total{organisation="radio"} 1\n' in text
        assert 'prebirka_media_refused_total{organisation="",code="MED-40"} 1\n' in text
        assert 'prebirka_media_lag_versions{organisation="radio"} 0\n' in text
        assert "prebirka_media_live 0\n" in text
        assert not re.search(r"\d+\.\d+\.\d+\.\d+", text)
        assert told["addresses"][NIGHT]["requests"] == 2
