"""Centre, media's line and public page, killed in turn: the others do not notice, who comes back goes on."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from app.central.versions import current_of
from app.election.model import Contest
from tests.support.centre_process import CHECKOUT, CentreProcess, running
from tests.support.house import SendingStation
from tests.support.invented_election import OTHER_POINT, protocols
from tests.support.media_line import EVENTS, INDEX, RADIO, Newsrooms, newsrooms

NIGHT = RADIO.night[0]


class Reading:
    """A reading process: it prints READY and serves what is published."""

    def __init__(self, log: Path, source: str, *command: str) -> None:
        self._source = source
        with log.open("a") as words:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "central", *command],
                cwd=CHECKOUT,
                stdout=subprocess.PIPE,
                stderr=words,
                text=True,
            )
        assert self.process.stdout is not None
        word, _, url = self.process.stdout.readline().strip().partition(" ")
        assert word == "READY", log.read_text()
        self._port = urlsplit(url).port

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(
            "127.0.0.1", self._port, timeout=20, source_address=(self._source, 0)
        )

    def answers(self) -> bool:
        with closing(self._connection()) as connection:
            connection.request("GET", INDEX)
            return connection.getresponse().status == 200

    def hear(self, version: int) -> int:
        """Wait until it tells of this version or a later one."""
        with closing(self._connection()) as connection:
            return _heard(connection, version)


def _heard(connection: http.client.HTTPConnection, version: int) -> int:
    connection.request("GET", EVENTS)
    stream = connection.getresponse()
    assert stream.status == 200
    for line in stream:
        if line.startswith(b"data: ") and (told := int(json.loads(line[6:])["version"])) >= version:
            return told
    raise AssertionError(f"version {version} was not heard of")


class House:
    """The three processes of one published election."""

    def __init__(self, place: Newsrooms, stack: ExitStack) -> None:
        self._place = place
        self._stack = stack
        self._version = current_of(place.house.centre_folder / "public") or 0
        self._station: SendingStation = place.house.station(f"{OTHER_POINT}-1")
        points = place.house.reference.precincts
        self._waiting = iter(
            each
            for each in protocols(place.house.reference, Contest.REGIONAL)
            if points[each.precinct].transfer_point == OTHER_POINT
        )
        self._offset = round((place.clock() - datetime.now(UTC)).total_seconds())
        self.log = place.house.folder / "words.log"

    def centre(self) -> CentreProcess:
        prague = datetime.now(UTC) + timedelta(seconds=self._offset) + timedelta(hours=2)  # summer time
        return self._stack.enter_context(running(self._place.house.centre_folder, prague))

    def media(self) -> Reading:
        settings = self._place.settings
        command = ["media", "serve", str(self._place.house.centre_folder), "--port", "0", "--operator", ""]
        command += ["--list", str(settings.listed), "--statistics", str(settings.statistics)]
        command += ["--clock-offset", str(self._offset)]
        return self._reading(NIGHT, *command)

    def public(self) -> Reading:
        folder = self._place.house.centre_folder / "public"
        return self._reading("127.0.0.1", "public", str(folder), "--port", "0")

    def _reading(self, source: str, *command: str) -> Reading:
        process = Reading(self.log, source, *command)
        self._stack.callback(process.kill)
        return process

    def published(self, centre: CentreProcess) -> int:
        """Let one more protocol come in; the version that holds it."""
        batch = self._station.batch(self._station.item(next(self._waiting)))
        with closing(http.client.HTTPConnection("127.0.0.1", urlsplit(centre.url).port, timeout=30)) as line:
            line.request("POST", "/v1/batches", batch, {"content-type": "application/pkcs7-mime"})
            answer = line.getresponse()
            assert (answer.status, bool(answer.read())) == (200, True)
            self._version = _heard(line, self._version + 1)
        return self._version


@contextmanager
def house(folder: Path) -> Iterator[House]:
    with newsrooms(folder) as place, ExitStack() as stack:
        live = replace(place, live_from=place.clock() - timedelta(minutes=1))
        live.publish()
        yield House(live, stack)


def test_whoever_of_the_three_is_killed_the_others_go_on(tmp_path: Path) -> None:
    with house(tmp_path) as night:
        centre, media, public = night.centre(), night.media(), night.public()
        version = night.published(centre)
        for each in (media, public):
            each.hear(version)

        media.kill()
        version = night.published(centre)
        public.hear(version)
        media = night.media()
        media.hear(version)

        public.kill()
        media.hear(night.published(centre))

        centre.kill()
        assert media.answers()
        media.hear(night.published(night.centre()))
