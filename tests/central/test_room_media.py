"""The media officer's page: applications decided by him alone, and the line's own figures."""

from __future__ import annotations

import json
from pathlib import Path

from app.central.media.state import Status
from tests.support.media_house import MediaHouse
from tests.support.room_world import RoomWorld, populate, room_of

SEEN = {
    "requests": 12, "answered": 9, "unchanged": 2, "bytes": 4096, "last_seen": "2024-09-09T08:00:00+00:00",
    "version": 7, "refused": {"MED-41": 1},
}  # fmt: skip


def test_an_application_is_approved_and_refused_by_the_media_officer(tmp_path: Path) -> None:
    house = MediaHouse(tmp_path)
    with house.register() as register:
        number = house.received(register).number
        with room_of(house) as world:
            populate(world.place, house.clock)
            eva, jana = world.visitor("eva"), world.visitor("jana")
            assert f"/media/{number}/approve" not in jana.get("/media").text
            assert jana.post(f"/media/{number}/approve", {}).status_code == 403
            assert f"/media/{number}/approve" in eva.get("/media").text
            assert eva.post(f"/media/{number}/approve", {"reason": ""}).status_code == 303
            entry = register.state().entries[number]
            assert (entry.status, entry.events[-1].officer) == (Status.APPROVED, "Eva Malá")
            assert "MED-34" in eva.post("/media/99/refuse", {}).text
            assert eva.post(f"/media/{number}/refuse", {"reason": "vzato zpět"}).status_code == 303
            assert register.state().entries[number].status is Status.REFUSED
            assert eva.post(f"/media/{number}/refuse", {}).status_code == 422


def test_the_line_tells_what_happens_on_it(tmp_path: Path) -> None:
    house = MediaHouse(tmp_path)
    told = {"election": house.code, "phase": "TEST", "list": {"serial": 3, "refused": ""}, "version": 7,
            "organisations": {"dennik": SEEN}, "addresses": {}, "strangers": SEEN | {"requests": 1},
            "stranger_addresses": {}}  # fmt: skip
    statistics = house.media.root / "statistics.json"
    statistics.write_text(json.dumps(told), "utf-8")
    with room_of(house) as world:
        populate(world.place, house.clock)
        page = world.visitor("olga").get("/media").text
        assert "dennik" in page
        assert "MED-41: 1" in page
        assert "TEST" in world.visitor("olga").get("/").text


def test_a_broken_file_of_statistics_stops_nothing(tmp_path: Path) -> None:
    house = MediaHouse(tmp_path)
    for broken in ("{", "[]", '{"organisations": 3, "strangers": []}', '{"organisations": {"x": {}}}'):
        (house.media.root / "statistics.json").write_text(broken, "utf-8")
        with room_of(house) as world:
            populate_once(world)
            assert world.visitor("olga").get("/media").status_code == 200, broken


def populate_once(world: RoomWorld) -> None:
    if not world.place.operators.all():
        populate(world.place, world.house.clock)
