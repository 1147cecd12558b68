"""Server-sent events: who listens hears each version, slow ones the last, nobody for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.central.centre import Centre
from app.central.events import Events
from app.central.site import Site
from app.election.model import Contest
from tests.support.house import House, SendingStation, serving
from tests.support.invented_election import POINT, protocols

NOW = datetime(2024, 9, 21, 12, tzinfo=UTC)


class Listener:
    """One reader of an ASGI application: what it was sent, and a way to leave."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.left = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()

    async def send(self, message: Any) -> None:
        await self.reads.wait()
        await self.sent.put(message)

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def text(self) -> str:
        async with asyncio.timeout(10):
            return str((await self.sent.get())["body"].decode())

    def begin(self, events: Events, method: str = "GET") -> asyncio.Task[None]:
        scope = {"type": "http", "method": method}
        return asyncio.create_task(events(scope, self.receive, self.send))  # type: ignore[arg-type]


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 20))  # type: ignore[arg-type]


def publish(site: Site, version: int) -> None:
    site.publish(version, {}, {}, NOW)


def test_a_listener_hears_the_current_version_first_and_then_each_new_one() -> None:
    async def story() -> None:
        site = Site()
        publish(site, 6)
        events, listener = Events(site, 5), Listener()
        task = listener.begin(events)
        assert (await listener.sent.get())["status"] == 200
        assert await listener.text() == 'retry: 2000\n\nevent: version\nid: 6\ndata: {"version": 6}\n\n'
        await asyncio.to_thread(publish, site, 7)
        assert await listener.text() == 'event: version\nid: 7\ndata: {"version": 7}\n\n'
        listener.left.set()
        await task
        assert len(events) == 0

    run(story)


def test_a_slow_listener_hears_the_last_versions_and_none_twice() -> None:
    async def story() -> None:
        site = Site()
        events, listener = Events(site, 5), Listener()
        task = listener.begin(events)
        await listener.sent.get()
        await listener.text()
        listener.reads.clear()
        for version in range(1, 30):
            publish(site, version)
        await asyncio.sleep(0)  # the loop hands on what was published
        listener.reads.set()
        heard = [int((await listener.text()).split("id: ")[1].split("\n")[0])]
        while heard[-1] != 29:
            heard.append(int((await listener.text()).split("id: ")[1].split("\n")[0]))
        assert len(heard) < 10
        assert heard == sorted(set(heard))
        listener.left.set()
        await task

    run(story)


def test_a_quiet_line_has_a_heartbeat() -> None:
    async def story() -> None:
        events, listener = Events(Site(), 5, heartbeat=0.01), Listener()
        task = listener.begin(events)
        await listener.sent.get()
        await listener.text()
        assert await listener.text() == ": heartbeat\n\n"
        listener.left.set()
        await task

    run(story)


def test_one_listener_too_many_is_told_to_ask_and_all_end_with_the_server() -> None:
    async def story() -> None:
        events, first, second, third = Events(Site(), 1), Listener(), Listener(), Listener()
        task = first.begin(events)
        await first.sent.get()
        await first.text()
        await second.begin(events)
        assert (await second.sent.get())["status"] == 503
        await third.begin(events, "POST")
        assert (await third.sent.get())["status"] == 405
        events.close()
        await task
        assert (await first.sent.get()).get("more_body", False) is False

    run(story)


@pytest.fixture
def url(centre: Centre) -> Iterator[str]:
    centre.publisher.flush()
    with serving(centre) as address:
        yield address


def test_over_http_a_publication_is_heard(
    house: House, centre: Centre, station: SendingStation, url: str
) -> None:
    places = house.reference.precincts
    [mine, *_] = [
        each
        for each in protocols(house.reference, Contest.REGIONAL)
        if places[each.precinct].transfer_point == POINT
    ]
    with httpx.stream("GET", f"{url}/feed/zk2024/events", timeout=10) as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        lines = answer.iter_lines()
        assert next(line for line in lines if line.startswith("id:")) == "id: 1"
        assert centre.ingest.receive(station.batch(station.item(mine)), house.clock.now).code == ""
        assert centre.publisher.flush() == 2
        assert next(line for line in lines if line.startswith("data:")) == 'data: {"version": 1}'
        assert next(line for line in lines if line.startswith("data:")) == 'data: {"version": 2}'


def test_the_server_ends_although_somebody_listens(centre: Centre) -> None:
    centre.publisher.flush()
    with httpx.Client(timeout=10) as asking:
        with serving(centre) as url:
            answer = asking.send(asking.build_request("GET", f"{url}/feed/zk2024/events"), stream=True)
            lines = answer.iter_lines()
            assert next(lines) == "retry: 2000"
        assert [line for line in lines if line.startswith("id:")] == ["id: 1"]
        answer.close()
