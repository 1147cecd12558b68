"""An operations room under test: a centre with a small night in it, accounts, the server, its visitors."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx

from app.central import http_server
from app.central.centre import Centre, connected, prepare
from app.central.connections import Connections
from app.central.room.neighbours import Neighbours
from app.central.room.permissions import Role
from app.central.room.place import Place
from app.central.room.watch import Watch
from app.central.room.web import Room
from app.central.settings import CentreFolder
from app.election.model import Contest, Mode
from app.trust.passwords import Passwords
from tests.support.central_driver import of_point
from tests.support.house import Clock, House
from tests.support.invented_election import OTHER_POINT, POINT, VOTING_ENDS, reference
from tests.support.people import CHEAP

PASSWORD = "modrá tramvaj jede"
OTHER_PASSWORD = "zelený vlak stojí"
#: Login, name and role of everybody in the room.
PEOPLE = {
    "jana": ("Jana Nová", Role.OPERATOR),
    "petr": ("Petr Starý", Role.OPERATOR),
    "eva": ("Eva Malá", Role.MEDIA),
    "ivan": ("Ivan Správný", Role.ADMINISTRATOR),
    "olga": ("Olga Tichá", Role.OBSERVER),
}
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class RoomWorld:
    """The house, its clock, the room's place, and the address at which it is served."""

    house: House
    place: Place
    url: str = ""
    visitors: list[Visitor] = field(default_factory=list)

    def visitor(self, login: str = "", password: str = PASSWORD, **headers: str) -> Visitor:
        """Somebody with a browser of their own, signed in where a login is named."""
        one = Visitor(self.url, headers)
        self.visitors.append(one)
        if login:
            assert one.sign_in(login, password).status_code == 303
        return one


class Visitor:
    """A browser without scripts: cookies, the origin of its forms, and their tokens."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.url = url
        self.client = httpx.Client(
            base_url=url, headers={"user-agent": "test", **headers}, timeout=20, verify=False
        )

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)

    def token(self, path: str = "/password") -> str:
        """The token of the session, as it stands in a page."""
        found = _CSRF.search(self.get(path).text)
        assert found is not None
        return found[1]

    def sign_in(self, login: str, password: str) -> httpx.Response:
        return self.post("/login", {"login": login, "password": password}, csrf=None)

    def post(
        self, path: str, form: dict[str, str] | None = None, csrf: str | None = "", **headers: str
    ) -> httpx.Response:
        """Post a form with the session's token, another one, or none."""
        told = dict(form or {})
        if csrf is not None:
            told["csrf"] = csrf or self.token()
        return self.client.post(path, data=told, headers={"origin": self.url, **headers})


def night(house: House) -> Centre:
    """A centre that took the protocols of one transfer point and published them; the other's station is
    registered and silent."""
    one = house.station(f"{POINT}-1")
    house.station(f"{OTHER_POINT}-1")
    centre = house.open()
    made = of_point(house, POINT)
    assert centre.ingest.receive(one.batch(*one.items(made)), house.clock.now).code == ""
    centre.publisher.flush()
    return centre


def populate(place: Place, at: Clock) -> None:
    """Accounts of everybody, each with its own password."""
    for login, (name, role) in PEOPLE.items():
        place.operators.add(login, name, role, OTHER_PASSWORD, "test", at())
        place.operators.own_password(login, OTHER_PASSWORD, PASSWORD, at())


def house_in(folder: Path, mode: Mode = Mode.LIVE) -> House:
    known = reference(Contest.REGIONAL, Contest.SENATE_ROUND_1, mode=mode)
    return House(folder, known, Clock(VOTING_ENDS + timedelta(hours=1)), batch_grid_seconds=0)


@contextmanager
def room_of(house: House, origin: str = "", centre: str = "") -> Iterator[RoomWorld]:
    """The room of a house, served on a free port while the block runs."""
    parts = prepare(house.centre_folder, house.clock)
    database = connected(parts)
    paths = CentreFolder(house.centre_folder)
    watch = Watch(
        database, paths, parts.reference, house.clock, timedelta(minutes=5),
        Neighbours(centre, paths.media_statistics),
    )  # fmt: skip
    with http_server.listening("127.0.0.1", 0) as listener:
        url = http_server.url_of(listener)
        place = Place.of(parts, database, watch, origin or url, Passwords(CHEAP))
        room = Room(place, failure_seconds=0.05)
        server = http_server.server_of(room, Connections(100, 10.0, print), None, proxies=("127.0.0.1/32",))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        world = RoomWorld(house, place, url)
        try:
            yield world
        finally:
            for each in world.visitors:
                each.client.close()
            server.should_exit = True
            thread.join()
            room.close()
            database.close()
