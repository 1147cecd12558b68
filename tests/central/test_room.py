"""The door of the operations room: who may do what, and everybody who tries otherwise, over real HTTP."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from app.central.room.permissions import PERMISSIONS, Role, may
from app.central.room.routes import PUBLIC, TABLE, Route
from app.trust.lockout import FREE, LOCK_AFTER
from tests.support.invented_election import POINT
from tests.support.people import Counting
from tests.support.room_world import (
    OTHER_PASSWORD,
    PASSWORD,
    PEOPLE,
    RoomWorld,
    house_in,
    night,
    populate,
    room_of,
)

ExpectLog = Callable[[int | str, str], None]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoomWorld]:
    """One room for everything that leaves it as it was."""
    house = house_in(tmp_path_factory.mktemp("room"))
    night(house).close()
    with room_of(house) as world:
        populate(world.place, house.clock)
        yield world


@pytest.fixture
def world(shared: RoomWorld) -> RoomWorld:
    shared.house.clock.move(minutes=15)  # what somebody failed at before is over
    return shared


TABLE_OF_PERMISSIONS = """
approve            operator
decide-media       media
manage-operators   administrator
note-incident      operator media administrator
own-session        operator media administrator observer
propose            operator
revoke-station     administrator
see                operator media administrator observer
see-contacts       operator administrator
see-journal        operator administrator observer
"""


def test_the_table_of_permissions_is_this_one() -> None:
    lines = [
        f"{permission.value:<18} {' '.join(role.value for role in Role if may(role, permission))}"
        for permission in sorted(PERMISSIONS, key=lambda each: each.value)
    ]
    assert "\n".join(lines) == TABLE_OF_PERMISSIONS.strip()


def test_every_address_has_its_permission_and_only_these_are_open() -> None:
    assert {(route.method, route.pattern) for route in TABLE if route.permission is PUBLIC} == {
        ("GET", "/login"), ("POST", "/login"), ("GET", "/room.css"), ("GET", "/room.js"),
        ("GET", "/icon.svg"), ("GET", "/metrics"),
    }  # fmt: skip
    assert all(route.permission in PERMISSIONS for route in TABLE if route.permission is not PUBLIC)
    assert len({(route.method, route.pattern) for route in TABLE}) == len(TABLE)


def path_of(route: Route) -> str:
    words = {"/propose/{word}": "/propose/withdraw", "/operators/{word}": "/operators/nobody"}
    path = route.pattern
    for pattern, filled in words.items():
        path = path.replace(pattern, filled)
    return path.replace("{word}", f"{POINT}-9").replace("{n}", "999999")


@pytest.mark.parametrize("login", PEOPLE)
def test_every_address_refuses_every_role_that_lacks_its_permission(world: RoomWorld, login: str) -> None:
    """Whoever has it gets further: to a page, or to a refusal of an act that names nothing there is."""
    role = PEOPLE[login][1]
    visitor = world.visitor(login)
    token = visitor.token()
    for route in TABLE:
        if route.permission is PUBLIC or route.pattern == "/logout":
            continue
        path = path_of(route)
        answer = visitor.get(path) if route.method == "GET" else visitor.post(path, {}, csrf=token)
        refused = answer.status_code == 403 and "ROM-05" in answer.text
        assert refused is not may(role, route.permission), (login, route, answer.status_code)


@pytest.mark.parametrize("route", [each for each in TABLE if each.permission is not PUBLIC], ids=str)
def test_nobody_gets_anywhere_without_signing_in(world: RoomWorld, route: Route) -> None:
    visitor = world.visitor()
    if route.method == "GET":
        answer = visitor.get(path_of(route))
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    else:
        assert visitor.post(path_of(route), {}, csrf="x").status_code == 401


ACTS = [route for route in TABLE if route.method == "POST" and route.permission is not PUBLIC]


@pytest.mark.parametrize("route", ACTS, ids=lambda each: each.pattern)
def test_an_act_without_the_sessions_own_token_or_from_another_site_is_refused(
    world: RoomWorld, route: Route
) -> None:
    login = next(name for name, (_, role) in PEOPLE.items() if may(role, route.permission))
    visitor, other = world.visitor(login), world.visitor(login)
    path, token = path_of(route), visitor.token()
    for answer in (
        visitor.post(path, {"csrf": ""}, csrf=None),
        visitor.post(path, {}, csrf=other.token()),
        visitor.post(path, {}, csrf=token, origin="https://elsewhere.example"),
        visitor.post(path, {}, csrf=token, origin="null"),
        visitor.client.post(path, data={"csrf": token}),
    ):
        assert answer.status_code == 403
        assert "ROM-06" in answer.text
    assert visitor.get("/").status_code == 200, "nobody was signed out by it"


def test_a_login_from_another_site_is_refused(world: RoomWorld) -> None:
    visitor = world.visitor()
    told = {"login": "jana", "password": PASSWORD}
    answer = visitor.post("/login", told, csrf=None, origin="https://elsewhere.example")
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_no_act_is_reached_by_get(world: RoomWorld) -> None:
    visitor = world.visitor("ivan")
    for route in TABLE:
        if route.method == "POST" and not any(
            each.method == "GET" and each.pattern == route.pattern for each in TABLE
        ):
            assert visitor.get(path_of(route)).status_code == 404, route


class TestASession:
    def test_that_is_stolen_ends_for_the_thief_and_for_its_owner(
        self, world: RoomWorld, expect_log: ExpectLog
    ) -> None:
        expect_log("WARNING", r"ROM-21 the session of jana came from elsewhere")
        owner = world.visitor("jana")
        thief = world.visitor(**{"user-agent": "another browser"})
        thief.client.cookies = owner.client.cookies
        assert thief.get("/").headers["location"] == "/login"
        assert owner.get("/").headers["location"] == "/login"
        journal = world.visitor("petr").get("/journal?q=STOLEN").text
        assert "jana STOLEN" in journal

    def test_from_another_address_is_stolen_too(self, world: RoomWorld, expect_log: ExpectLog) -> None:
        expect_log("WARNING", r"ROM-21 .* \(192\.0\.2\.7\)")
        owner = world.visitor("jana")
        assert owner.get("/", **{"x-forwarded-for": "192.0.2.7"}).headers["location"] == "/login"

    def test_is_a_new_one_at_each_signing_in_and_the_old_one_is_over(self, world: RoomWorld) -> None:
        visitor = world.visitor("jana")
        before = visitor.client.cookies["prebirka"]
        assert visitor.sign_in("jana", PASSWORD).status_code == 303
        assert visitor.client.cookies["prebirka"] != before
        visitor.client.cookies.set("prebirka", before)
        assert visitor.get("/").headers["location"] == "/login"

    def test_cannot_be_chosen_by_somebody_else(self, world: RoomWorld) -> None:
        visitor = world.visitor()
        visitor.client.cookies.set("prebirka", "chosen")
        visitor.client.headers["cookie"] = "prebirka=chosen"
        answer = visitor.sign_in("jana", PASSWORD)
        assert "prebirka=chosen" not in answer.headers["set-cookie"]

    def test_ends_after_half_an_hour_without_a_look_and_a_page_that_refreshes_is_none(
        self, world: RoomWorld
    ) -> None:
        visitor = world.visitor("jana")
        world.house.clock.move(minutes=29)
        assert visitor.get("/").status_code == 200
        world.house.clock.move(minutes=29)
        assert visitor.get("/", **{"x-refresh": "1"}).status_code == 200
        world.house.clock.move(minutes=2)
        assert visitor.get("/").headers["location"] == "/login"

    def test_ends_after_twelve_hours_however_busy(self, world: RoomWorld) -> None:
        visitor = world.visitor("jana")
        for _ in range(12 * 3 - 1):
            world.house.clock.move(minutes=20)
            assert visitor.get("/room.css").status_code == visitor.get("/password").status_code == 200
        world.house.clock.move(minutes=20)
        assert visitor.get("/").headers["location"] == "/login"

    def test_ends_by_signing_out_also_for_who_kept_the_cookie(self, world: RoomWorld) -> None:
        visitor = world.visitor("jana")
        token = visitor.client.cookies["prebirka"]
        answer = visitor.post("/logout")
        assert "Max-Age=0" in answer.headers["set-cookie"]
        visitor.client.cookies.set("prebirka", token)
        assert visitor.get("/").headers["location"] == "/login"

    def test_ends_with_the_account_at_once(self, world: RoomWorld) -> None:
        administrator, observer = world.visitor("ivan"), world.visitor("olga")
        assert administrator.post("/operators/olga/disable").status_code == 303
        assert observer.get("/").headers["location"] == "/login"
        assert world.visitor().sign_in("olga", PASSWORD).status_code == 403
        administrator.post("/operators/olga/enable")

    def test_has_a_cookie_that_no_script_reads_and_no_other_site_sends(self, world: RoomWorld) -> None:
        cookie = world.visitor().sign_in("jana", PASSWORD).headers["set-cookie"]
        assert "; HttpOnly; SameSite=Strict" in cookie
        assert re.fullmatch(r"prebirka=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict", cookie)


def test_behind_tls_the_cookie_is_bound_to_the_host_and_never_sent_in_the_clear(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    house = house_in(tmp_path_factory.mktemp("tls"))
    with room_of(house, origin="https://velin.example") as world:
        populate(world.place, house.clock)
        visitor = world.visitor()
        told = {"host": "velin.example", "origin": "https://velin.example"}
        answer = visitor.client.post("/login", data={"login": "jana", "password": PASSWORD}, headers=told)
        assert answer.headers["set-cookie"].startswith("__Host-prebirka=")
        assert answer.headers["set-cookie"].endswith("; SameSite=Strict; Secure")
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert visitor.get("/login").status_code == 421, (
            "the address behind the front server is no name of it"
        )


class TestBruteForce:
    def test_waits_longer_and_longer_and_locks_the_account_until_it_is_released(
        self, world: RoomWorld
    ) -> None:
        visitor, clock = world.visitor(), world.house.clock
        codes = []
        for _ in range(LOCK_AFTER):
            codes.append(visitor.sign_in("eva", "wrong password").text.count("ROM-01"))
            codes.append(
                visitor.sign_in("eva", PASSWORD).text.count("ROM-02") if len(codes) > 2 * FREE else 0
            )
            clock.move(minutes=2)
        assert codes[::2] == [1] * LOCK_AFTER
        assert sum(codes[1::2]) > LOCK_AFTER - FREE - 2, "even the right password waits"
        clock.move(hours=2)
        assert "ROM-03" in visitor.sign_in("eva", PASSWORD).text
        administrator = world.visitor("ivan")
        assert "zablokován" in administrator.get("/operators").text
        assert administrator.post("/operators/eva/release").status_code == 303
        assert visitor.sign_in("eva", PASSWORD).status_code == 303

    def test_of_a_name_that_nobody_has_is_answered_in_the_same_way(self, world: RoomWorld) -> None:
        said = {}
        for login in ("nobody-here", "eva"):
            visitor, answers = world.visitor(), []
            for _ in range(LOCK_AFTER + 1):
                answer = visitor.sign_in(login, "wrong password")
                page = re.sub(r"\d+\. \d+\. \d+:\d+:\d+", "", answer.text)
                answers.append((answer.status_code, page, sorted(answer.headers.keys())))
                world.house.clock.move(minutes=2)
            said[login] = answers
        assert said["nobody-here"] == said["eva"]
        world.place.operators.release("eva", "test", world.house.clock())

    def test_of_a_name_that_nobody_has_costs_the_same_hash(self, world: RoomWorld) -> None:
        counting = Counting()
        signing = type(world.place.signing)(world.place.database, counting, world.house.clock)
        for login in ("petr", "nobody-else"):
            with pytest.raises(Exception, match="ROM-01"):
                signing.sign_in(login, "wrong password")
        assert len(counting.checked) == 2
        world.place.operators.release("petr", "test", world.house.clock())

    def test_of_many_names_slows_the_whole_room_down(self, world: RoomWorld) -> None:
        visitor = world.visitor()
        answers = [visitor.sign_in(f"name-{number}", "wrong password").text for number in range(20)]
        assert "ROM-02" in answers[-1]
        assert "ROM-01" in answers[0]


HEADERS_OF_ATTACKS = (
    "x\r\nset-cookie: a=b",
    "x\nlocation: https://elsewhere.example",
    "x%0d%0aset-cookie:a=b",
)


@pytest.mark.parametrize("text", HEADERS_OF_ATTACKS)
def test_no_header_comes_out_of_what_somebody_typed(world: RoomWorld, text: str) -> None:
    visitor = world.visitor("ivan")
    answers = [
        visitor.client.get("/", params={"lang": text, "done": text}),
        visitor.client.get("/points", params={"q": text, "show": text}),
        visitor.client.get("/journal", params={"q": text, "act": text, "before": text}),
        visitor.post("/operators", {"login": text, "name": text, "role": text}),
        visitor.post("/incidents", {"severity": "note", "words": text, "point": text}),
        world.visitor().sign_in(text, text),
    ]
    for answer in answers:
        assert answer.status_code < 500
        assert "a=b" not in answer.headers.get("set-cookie", "")
        assert answer.headers.get("location", "/").startswith("/")
        assert "\n" not in "".join(answer.headers.values())


TRICKS = (
    "/../centre.key", "/room.css/../../centre.key", "/%2e%2e/centre.key", "/..%2fcentre.key", "//etc/passwd",
    "/points/..%2f..%2f", "/room.css%00.html", "/points/41%20", "/POINTS", "/points/", "/points/41/",
    "/./points", "/points;x", "/login/..", "/%70oints", "/points/41'", "/.git/config", "/static/room.css",
)  # fmt: skip


def test_no_trick_with_a_path_leads_anywhere(world: RoomWorld) -> None:
    visitor = world.visitor("ivan")
    cookie = f"prebirka={visitor.client.cookies['prebirka']}"
    for path in TRICKS:
        status, body = raw(world, f"GET {path} HTTP/1.1", f"cookie: {cookie}", "user-agent: test")
        assert status == 404, path
        assert b"PRIVATE" not in body
        assert b"root:" not in body


@pytest.mark.parametrize(
    ("line", "headers"),
    [
        ("GET / HTTP/1.1", ("host: elsewhere.example",)),
        ("GET / HTTP/1.1", ("host: 127.0.0.1",)),
        ("GET http://elsewhere.example/ HTTP/1.1", ()),
        ("DELETE / HTTP/1.1", ()),
        ("TRACE / HTTP/1.1", ()),
        ("PUT /room.css HTTP/1.1", ("content-length: 0",)),
    ],
)
def test_another_host_or_method_is_refused(world: RoomWorld, line: str, headers: tuple[str, ...]) -> None:
    status, _ = raw(world, line, *headers)
    assert status in (400, 404, 421)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("application/x-www-form-urlencoded", b"csrf=1&csrf=2"),
        ("application/x-www-form-urlencoded", b"a=%ff%fe"),
        ("application/x-www-form-urlencoded", b"\xff"),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(100))),
        ("application/x-www-form-urlencoded", b"words=" + b"x" * 70_000),
    ],
)
def test_a_body_that_is_no_form_is_refused(world: RoomWorld, content_type: str, body: bytes) -> None:
    visitor = world.visitor("jana")
    headers = {"content-type": content_type, "origin": world.url}
    answer = visitor.client.post("/incidents", content=body, headers=headers)
    assert (answer.status_code, "ROM-08" in answer.text) == (400, True)


def test_every_answer_forbids_frames_foreign_content_and_copies(world: RoomWorld) -> None:
    visitor = world.visitor("jana")
    for path in ("/", "/login", "/room.css", "/nothing", "/incidents.csv"):
        headers = visitor.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
    pages = "".join(visitor.get(path).text for path in ("/", "/points", "/acts", "/password", "/incidents"))
    assert not re.search(r"<style|style=|<script>|\son[a-z]+=|javascript:", pages), "nothing stands inline"


def test_what_somebody_typed_is_shown_as_text(world: RoomWorld) -> None:
    visitor = world.visitor("jana")
    visitor.post("/incidents", {"severity": "note", "words": "<script>alert(1)</script>", "point": ""})
    visitor.post("/incidents", {"severity": "note", "words": "=HYPERLINK(1)", "point": ""})
    page = visitor.get("/incidents").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert ";'=HYPERLINK(1);" in visitor.get("/incidents.csv").text, "no spreadsheet runs it"
    found = visitor.get("/points?q=%22%3E%3Cimg%20src=x%3E").text
    assert "<img" not in found


def test_counters_are_for_the_operators_machines_and_not_through_a_front_server(world: RoomWorld) -> None:
    visitor = world.visitor()
    assert "prebirka_points_silent" in visitor.get("/metrics").text
    assert visitor.get("/metrics", **{"x-forwarded-for": "127.0.0.1"}).status_code == 404


def test_a_password_that_somebody_else_set_opens_nothing_but_its_replacement(world: RoomWorld) -> None:
    administrator = world.visitor("ivan")
    page = administrator.post("/operators", {"login": "nova", "name": "Dana Zelená", "role": "operator"}).text
    given = re.search(r'<code class="big">([^<]+)</code>', page)
    assert given is not None
    assert given[1] not in administrator.get("/operators").text, "it is shown once"
    visitor = world.visitor("nova", given[1])
    assert visitor.get("/").headers["location"] == "/password"
    assert visitor.post("/incidents", {"severity": "note", "words": "x"}).headers["location"] == "/password"
    told = {"old": given[1], "new": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    assert visitor.post("/password", {**told, "new": given[1], "again": given[1]}).status_code == 422
    assert visitor.post("/password", told).status_code == 303
    assert visitor.get("/").status_code == 200


def test_the_page_changes_its_language_by_a_link(world: RoomWorld) -> None:
    visitor = world.visitor("jana")
    assert "<h1>Přehled</h1>" in visitor.get("/").text
    assert visitor.get("/?lang=en").headers["location"] == "/"
    page = visitor.get("/").text
    assert '<html lang="en">' in page
    assert "<h1>Overview</h1>" in page


def test_contacts_of_commissions_are_for_those_who_call(world: RoomWorld) -> None:
    path = "/missing?area=KZ-region-2"
    assert "Spojení" in world.visitor("jana").get(path).text
    assert "Spojení" not in world.visitor("olga").get(path).text


def raw(world: RoomWorld, line: str, *headers: str) -> tuple[int, bytes]:
    """A request as it stands, which no library would send."""
    address = urlsplit(world.url)
    told = [line, *headers, "connection: close"]
    if not any(each.startswith("host:") for each in headers):
        told.insert(1, f"host: {address.netloc}")
    with closing(socket.create_connection((address.hostname, address.port), 10)) as line_:
        line_.sendall("\r\n".join([*told, "", ""]).encode("latin-1"))
        answer = b""
        while more := line_.recv(65536):
            answer += more
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body
