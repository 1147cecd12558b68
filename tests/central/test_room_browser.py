"""The operations room in a real browser: an evening of two operators, and every page as axe sees it.

Dark colours are tried on two pages that have most of them; with PREBIRKA_LONG=1 on every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from app.central.room import incidents
from app.election.model import Contest, Mode
from tests.support.browsing import chromium, too_wide, violations
from tests.support.central_driver import of_point
from tests.support.invented_election import OTHER_POINT, POINT
from tests.support.long import LONG
from tests.support.room_world import PASSWORD, RoomWorld, house_in, night, populate, room_of

PAGES = {
    "jana": (
        "/", "/points", f"/points/{OTHER_POINT}", "/missing?area=KZ-region-2", "/decisions", "/acts",
        "/propose/complete", "/proposals/1", "/refusals", "/incidents", "/media", "/readiness", "/journal",
        "/password", "/nothing-here",
    ),
    "ivan": ("/operators", f"/points/{POINT}"),
}  # fmt: skip
#: Pages whose colours are tried in the dark too.
DARK = [path for paths in PAGES.values() for path in paths] if LONG else ["/points", f"/points/{OTHER_POINT}"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoomWorld]:
    house = house_in(tmp_path_factory.mktemp("room"), Mode.REHEARSAL)
    night(house).close()
    with room_of(house) as made:
        populate(made.place, house.clock)
        yield made


class Person:
    """Somebody at a browser of their own; what the browser complains of is kept."""

    def __init__(self, browser: Browser, world: RoomWorld, login: str, **options: object) -> None:
        self.context: BrowserContext = browser.new_context(locale="cs-CZ", **options)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.world, self.login = world, login

    def _said(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    def sign_in(self) -> Page:
        page = self.page
        page.goto(f"{self.world.url}/login")
        page.get_by_label("Přihlašovací jméno").fill(self.login)
        page.get_by_label("Heslo", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Přehled")).to_be_visible()
        return page


def test_two_operators_see_a_silent_point_and_withdraw_a_result_together(
    browser: Browser, world: RoomWorld
) -> None:
    jana, petr = Person(browser, world, "jana"), Person(browser, world, "petr")
    page = jana.sign_in()
    expect(page.get_by_text("ZKOUŠKA – žádná data")).to_be_visible()
    page.get_by_role("link", name="Mlčící přebírací místa: 1").click()
    row = page.get_by_role("row", name=re.compile(f"^{OTHER_POINT} "))
    expect(row.get_by_text("mlčí")).to_be_visible()
    expect(row.get_by_text("nikdy")).to_be_visible()
    page.get_by_role("link", name="Úkony").click()
    page.get_by_role("link", name="Odvolat výsledek okrsku").click()
    page.get_by_label("Okrsek").fill(str(of_point(world.house, POINT)[0].key.precinct))
    page.get_by_label("Důvod").fill("zápis jiného okrsku")
    page.get_by_role("button", name="Podat návrh").click()
    expect(page.get_by_text("čeká na schválení jiným operátorem")).to_be_visible()
    assert page.get_by_role("button", name="Schválit").count() == 0

    other = petr.sign_in()
    other.get_by_role("link", name="Návrhy čekající na schválení: 1").click()
    other.get_by_role("link", name=re.compile("Návrh č. 1")).click()
    expect(other.get_by_text("zápis jiného okrsku")).to_be_visible()
    other.get_by_role("button", name="Schválit a provést").click()
    expect(other.get_by_text("Schváleno a provedeno.")).to_be_visible()
    other.get_by_role("link", name="Přehled").click()
    expect(other.get_by_text("3 / 10")).to_be_visible()

    for one in (page, other):
        one.get_by_role("button", name="Odhlásit").click()
        expect(one.get_by_role("heading", name="Přihlášení do velínu")).to_be_visible()
        one.go_back()
        expect(one.get_by_role("heading", name="Přihlášení do velínu")).to_be_visible()
    assert jana.complaints == petr.complaints == []


def test_a_page_takes_over_by_itself_what_changed(browser: Browser, world: RoomWorld) -> None:
    person = Person(browser, world, "jana")
    page = person.sign_in()
    page.clock.install()
    page.reload()
    expect(page.get_by_text("Návrhy čekající")).to_have_count(0)
    key = of_point(world.house, POINT)[0].key
    form = {"contest": Contest.REGIONAL.value, "precinct": str(key.precinct), "reason": "omyl v zápise"}
    assert world.visitor("petr").post("/propose/withdraw", form).status_code == 303
    page.clock.fast_forward(6000)
    expect(page.get_by_role("link", name="Návrhy čekající na schválení: 1")).to_be_visible()
    assert person.complaints == []


def test_every_page_is_accessible_light_and_dark_and_fits_a_telephone_and_a_wide_screen(
    browser: Browser, world: RoomWorld
) -> None:
    key = of_point(world.house, POINT)[0].key
    form = {"contest": "KZ", "precinct": str(key.precinct), "reason": "omyl v zápise"}
    world.visitor("petr").post("/propose/withdraw", form)
    serious = incidents.Severity.SERIOUS
    incidents.note(world.place.database, serious, OTHER_POINT, "Výpadek.", "jana", world.house.clock())
    found: list[object] = []
    for login, paths in PAGES.items():
        person = Person(browser, world, login)
        page = person.page
        page.emulate_media(color_scheme="light")
        page.goto(f"{world.url}/login")
        found += [("/login", each) for each in violations(page)]
        person.sign_in()
        for path in paths:
            page.goto(world.url + path)
            found += [(path, each) for each in violations(page)]
            for width in (360, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                found += [(path, width)] if too_wide(page) else []
            if path in DARK:
                page.emulate_media(color_scheme="dark")
                found += [(path, "dark", each) for each in violations(page)]
                page.emulate_media(color_scheme="light")
        assert [each for each in person.complaints if "404" not in each] == []
    assert found == []
