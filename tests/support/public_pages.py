"""Published folders of a small night in its three states, their views, and a public server in a thread."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from app.central.http_server import listening, url_of
from app.central.pages.export import view_of
from app.central.pages.rendering import Pages
from app.central.pages.routes import route_of
from app.central.pages.run import server_of
from app.central.pages.view import View
from app.election.model import Contest, Mode
from tests.support.house import Clock, House
from tests.support.invented_election import CALENDAR, protocols, reference
from tests.support.published_night import corrected, divided, open_night
from tests.support.senate_rounds import published, round_2

#: A page of every kind, in the small election; the city is `published_night.CITY`.
KINDS = {
    "country": "/",
    "region": "/kraj/1/",
    "list": "/kraj/1/listina/5/",
    "district": "/okres/CZ0411/",
    "district of the Senate alone": "/okres/CZ0100/",
    "municipality": "/obec/550003/",
    "city": "/obec/999901/",
    "precinct": "/okrsek/550003/1/",
    "senate": "/senat/",
    "senate district": "/senat/2/",
    "progress": "/prubeh/",
    "search": "/hledat/?q=lhota",
    "places": "/obce/",
    "letter": "/obce/H/",
    "reduced": "/souhrn/",
    "missing": "/kraj/99/",
}


def publish_night(folder: Path, states: Path) -> None:
    """Three copies of a published folder below `states`: `zero` before anything came, `half`, `full`."""
    election = divided(reference(Contest.REGIONAL, Contest.SENATE_ROUND_1, mode=Mode.REHEARSAL))
    with open_night(folder, election, keep_versions=2) as night:
        waiting = [each for contest in election.election.contests for each in protocols(election, contest)]
        waiting.sort(key=lambda each: (each.precinct.number, each.precinct))
        night.centre.publisher.flush()
        _keep(night.public, states / "zero")
        night.take(waiting[: len(waiting) // 2])
        night.publish()
        night.take([corrected(found, 7) for found in waiting[:2]], 2)
        night.publish()
        _keep(night.public, states / "half")
        night.take(waiting[len(waiting) // 2 :])
        night.publish(40)
        _keep(night.public, states / "full")


def publish_embargo(folder: Path, states: Path) -> None:
    """`embargo`: an hour before voting ends."""
    election = divided(reference(Contest.REGIONAL, Contest.SENATE_ROUND_1))
    house = House(folder, election, Clock(CALENDAR.voting_ends - timedelta(hours=1)))
    centre = house.open()
    centre.publisher.flush()
    centre.close()
    _keep(house.centre_folder / "public", states / "embargo")


def publish_round_2(folder: Path, states: Path) -> None:
    """`second`: the Senate's second round, everything received."""
    clock = Clock(CALENDAR.voting_ends + timedelta(hours=1))
    for name in ("one", "two"):
        (folder / name).mkdir(parents=True)
    known = reference(Contest.SENATE_ROUND_1)
    first = published(House(folder / "one", known, clock), Contest.SENATE_ROUND_1)
    clock.move(days=7)
    house = House(folder / "two", round_2(first), clock)
    published(house, Contest.SENATE_ROUND_2)
    _keep(house.centre_folder / "public", states / "second")


def _keep(public: Path, copy: Path) -> None:
    shutil.copytree(public, copy, symlinks=True)


def view(folder: Path) -> View:
    """The view of a published folder."""
    return view_of(folder)


def page(of: View, address: str, *, static: bool = False) -> str:
    """The page at an address without a query. Raises NoSuchPage."""
    found = route_of(address)
    assert found is not None, address
    return Pages(static=static).page(of, *found).decode()


@contextmanager
def serving(public: Path) -> Iterator[str]:
    """The public server's address, while the block runs."""
    with server_of(public) as server, listening("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield url_of(listener)
        finally:
            server.should_exit = True
            thread.join()
