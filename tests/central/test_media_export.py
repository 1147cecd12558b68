"""The list for those who stand in front of the media's line: a real nginx, the grammar of nftables."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app.central.http_server import listening
from app.central.media.server import export
from app.central.media.server.allowed import Allowed
from app.central.media.server.export import Form
from app.central.media.server.phase import Phase
from app.central.pages.run import server_of
from app.commands.central import app as central
from app.documents.media_list import MediaList, Organisation
from app.election.errors import KnownError
from app.election.model import Mode
from tests.support import nginx
from tests.support.invented_election import VOTING_ENDS
from tests.support.media_line import EVENTS, INDEX, PAPER, RADIO, STRANGER, Newsrooms, newsrooms, running

NIGHT, TEST = RADIO.night[0], RADIO.test[0]
SIX = Organisation("sest", "Šest\n;}", ("2001:db8::6", "192.0.2.6"), ("2001:db8::7",))
#: What `nft -f` reads of it: the commands of nft(8), one to a line.
NFTABLES = re.compile(
    r"(?:# [ -~]*\n"
    r"|add table inet [a-z]+\n"
    r"|add set inet [a-z]+ [a-z0-9]+ \{ type (?:ipv4|ipv6)_addr; \}\n"
    r"|flush set inet [a-z]+ [a-z0-9]+\n"
    r"|add element inet [a-z]+ [a-z0-9]+ \{ [0-9a-f.:]+(?:, [0-9a-f.:]+)* \}\n)+"
)


def allowed(*organisations: Organisation) -> Allowed:
    return Allowed.of(MediaList("kz2024", Mode.LIVE, 7, VOTING_ENDS, VOTING_ENDS, organisations))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsrooms]:
    with newsrooms(tmp_path_factory.mktemp("export")) as place:
        yield place


@pytest.fixture
def place(published: Newsrooms, tmp_path: Path) -> Newsrooms:
    live_from = published.house.clock.now + timedelta(hours=1)
    place = replace(published, media=tmp_path / "media", live_from=live_from)
    place.publish()
    return place


class TestNginx:
    def test_the_test_phase_lets_everybody_of_the_list_in(self) -> None:
        assert export.text(Form.NGINX, allowed(SIX), Phase.TEST) == (
            "# kz2024 OSTRY, list 7, phase TEST\n"
            "allow 2001:db8::6;  # sest\n"
            "allow 192.0.2.6;  # sest\n"
            "allow 2001:db8::7;  # sest\n"
            "deny all;\n"
        )

    def test_live_the_night_alone(self) -> None:
        text = export.text(Form.NGINX, allowed(SIX, PAPER), Phase.LIVE)
        assert re.findall("allow (.*?);", text) == [*SIX.night, *PAPER.night]

    def test_no_name_of_an_organisation_gets_into_a_file(self) -> None:
        for form in Form:
            assert "Šest" not in export.text(form, allowed(SIX), Phase.TEST)


class TestNftables:
    @pytest.mark.parametrize("organisations", [(), (SIX,), (PAPER,), (SIX, RADIO, PAPER)])
    @pytest.mark.parametrize("phase", Phase)
    def test_the_file_is_made_of_commands_of_nft(
        self, organisations: tuple[Organisation, ...], phase: Phase, tmp_path: Path
    ) -> None:
        text = export.text(Form.NFTABLES, allowed(*organisations), phase)
        assert NFTABLES.fullmatch(text), text
        program = shutil.which("nft", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if program is not None:
            (tmp_path / "set.nft").write_text(text)
            done = subprocess.run([program, "-c", "-f", tmp_path / "set.nft"], capture_output=True, text=True)
            # without the right to ask the kernel nothing beyond the grammar can be checked
            assert done.returncode == 0 or "Operation not permitted" in done.stderr, done.stderr

    def test_each_address_is_in_the_set_of_its_family(self) -> None:
        text = export.text(Form.NFTABLES, allowed(SIX, PAPER), Phase.LIVE)
        assert "add element inet prebirka media4 { 192.0.2.6, 127.2.0.1 }\n" in text
        assert "add element inet prebirka media6 { 2001:db8::6 }\n" in text


class TestKeeping:
    def test_the_files_are_rewritten_when_the_list_or_the_phase_changes(
        self, place: Newsrooms, tmp_path: Path
    ) -> None:
        files = {Form.NGINX: tmp_path / "allow.conf", Form.NFTABLES: tmp_path / "set.nft"}
        with running(place, exports=files) as line:
            assert TEST in files[Form.NGINX].read_text()
            written = files[Form.NGINX].stat().st_ino
            line.media.look()
            assert files[Form.NGINX].stat().st_ino == written
            place.publish((RADIO,))
            line.media.look()
            assert PAPER.night[0] not in files[Form.NFTABLES].read_text()
            place.go_live()
            line.media.look()
            assert all(TEST not in path.read_text() for path in files.values())
            assert all(NIGHT in path.read_text() for path in files.values())
        assert not list(tmp_path.glob("*.part"))

    def test_a_file_that_cannot_be_written_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(KnownError, match="MED-54"):
            export.write(tmp_path / "nowhere" / "allow.conf", "deny all;\n")

    def test_the_command_writes_what_the_line_would_say(self, place: Newsrooms, tmp_path: Path) -> None:
        settings, out = place.settings, tmp_path / "allow.conf"
        shift = round((place.clock() - datetime.now(UTC)).total_seconds())
        where = ["--list", str(settings.listed), "--ca", str(settings.authority)]
        where += ["--statistics", str(settings.statistics), str(tmp_path), "--clock-offset", str(shift)]
        done = CliRunner().invoke(central, ["media", "export", *where, "--nginx", str(out)])
        assert done.exit_code == 0, done.output
        assert all(f"allow {each};" in out.read_text() for each in (NIGHT, TEST))
        shown = CliRunner().invoke(central, ["media", "export", *where])
        assert "deny all;" in shown.output
        assert "add set inet prebirka media4" in shown.output


@pytest.mark.skipif(nginx.PROGRAM is None, reason="nginx is not here")
class TestARealNginx:
    def test_the_line_behind_it_knows_everybody_by_the_address_that_nginx_saw(
        self, place: Newsrooms, tmp_path: Path, expect_log: Callable[[int | str, str], None]
    ) -> None:
        expect_log("WARNING", "refused: MED-40 - 127.9.9.9")
        path = str(tmp_path / "media.sock")
        with (
            running(place, path, proxies=("unix",)) as line,
            nginx.host_alone(tmp_path / "front", "media", path) as port,
        ):
            assert _asked(port, NIGHT).status_code == 200
            stranger = _asked(port, STRANGER, {"X-Forwarded-For": NIGHT, "X-Real-IP": NIGHT})
            assert (stranger.status_code, stranger.text[:6]) == (403, "MED-40")
            told = line.media.told()
            assert (told["strangers"]["requests"], told["addresses"][NIGHT]["requests"]) == (1, 1)
            assert _asked(port, NIGHT, content=b"GET /").status_code == 200  # no body goes through
            with _client(NIGHT) as client, client.stream("GET", f"http://127.0.0.1:{port}{EVENTS}") as events:
                assert next(events.iter_text()).startswith("retry: 2000")

    def test_the_exported_file_alone_keeps_strangers_out(self, place: Newsrooms, tmp_path: Path) -> None:
        folder = tmp_path / "front"
        path = str(tmp_path / "media.sock")
        fence = tmp_path / "fence.conf"
        with running(place, path, proxies=("unix",), exports={Form.NGINX: fence}) as line:
            with nginx.host_alone(folder, "media", path, fence) as port:
                stranger = _asked(port, STRANGER)
                assert (stranger.status_code, stranger.text[:6]) == (403, "MED-40")
                assert [_asked(port, each).status_code for each in (NIGHT, TEST)] == [200, 200]
                assert line.media.told()["strangers"]["requests"] == 0
            place.go_live()
            line.media.look()
            with nginx.host_alone(tmp_path / "live", "media", path, fence) as port:
                assert [_asked(port, each).status_code for each in (NIGHT, TEST)] == [200, 403]
                assert "radio" not in line.media.told()["addresses"].get(TEST, {}).get("refused", {})

    def test_the_public_page_stands_behind_its_own_host(self, place: Newsrooms, tmp_path: Path) -> None:
        path = str(tmp_path / "public.sock")
        with server_of(place.settings.public) as server, listening(path, 0) as listener:
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                with nginx.host_alone(tmp_path / "front", "public", path) as port:
                    told = [_client_get(port, each) for each in ("/", INDEX, "/v1/status")]
            finally:
                server.should_exit = True
                thread.join()
        assert [each.status_code for each in told] == [200, 200, 404]
        assert told[0].headers["content-type"].startswith("text/html")


def _client_get(port: int, path: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=20)


def _asked(
    port: int, source: str, headers: dict[str, str] | None = None, content: bytes | None = None
) -> httpx.Response:
    with _client(source) as client:
        return client.request("GET", f"http://127.0.0.1:{port}{INDEX}", headers=headers, content=content)


def _client(source: str) -> httpx.Client:
    return httpx.Client(transport=httpx.HTTPTransport(local_address=source))
