"""A page that is open follows the night: the centre, the public server and the browser are real."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from app.election.model import Contest, Mode
from tests.support.centre_process import Process, public_running, running
from tests.support.house import Clock, House, SendingStation
from tests.support.invented_election import VOTING_ENDS, protocols, reference

#: Seconds from a receipt to what a reader sees.
AT_MOST = 2.0
NOW = VOTING_ENDS + timedelta(hours=1)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    known = reference(Contest.REGIONAL, Contest.SENATE_ROUND_1, mode=Mode.REHEARSAL)
    return House(tmp_path_factory.mktemp("house"), known, Clock(NOW))


@pytest.fixture(scope="module")
def stations(house: House) -> dict[int, SendingStation]:
    return {point: house.station(f"{point}-1") for point in (41, 42)}


@pytest.fixture(scope="module")
def centre(house: House, stations: dict[int, SendingStation]) -> Iterator[str]:
    with running(house.centre_folder, NOW) as process:
        yield process.url


@pytest.fixture(scope="module")
def public(house: House, centre: str) -> Iterator[Process]:
    with public_running(house.centre_folder) as process:
        yield process


@pytest.fixture
def page(public: Process, browser: Browser) -> Iterator[Page]:
    said: list[str] = []
    with browser.new_context(viewport={"width": 1280, "height": 500}) as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{public.url}/")
        yield page
    assert said == []


def send(house: House, stations: dict[int, SendingStation], centre: str, place: int) -> None:
    """The regional protocol number `place`; returns when its receipt is here."""
    protocol = protocols(house.reference, Contest.REGIONAL)[place]
    station = stations[house.reference.precincts[protocol.precinct].transfer_point]
    body, kind = station.batch(station.item(protocol)), {"content-type": "application/pkcs7-mime"}
    answer = httpx.post(f"{centre}/v1/batches", content=body, headers=kind, timeout=10)
    assert answer.status_code == 200, answer.text


def processed(page: Page) -> str:
    return page.locator("progress").first.get_attribute("value") or ""


def test_a_receipt_is_seen_on_an_open_page_within_two_seconds(
    house: House, stations: dict[int, SendingStation], centre: str, page: Page
) -> None:
    link = page.get_by_role("link", name="Severní kraj", exact=True)
    link.focus()
    page.evaluate("window.scrollTo(0, 120)")
    before, scrolled = processed(page), page.evaluate("scrollY")
    page.evaluate("window.stays = true")
    send(house, stations, centre, 0)
    began = time.monotonic()
    expect(page.locator("progress").first).not_to_have_attribute("value", before, timeout=5000)
    assert time.monotonic() - began < AT_MOST
    assert float(processed(page)) > float(before)
    assert page.evaluate("window.stays") is True  # the page was not loaded anew
    assert page.evaluate("document.activeElement.textContent") == "Severní kraj"
    assert page.evaluate("scrollY") == scrolled
    expect(page.locator("#live")).not_to_be_empty()
    assert "Zastupitelstva krajů: zpracováno" in page.locator("#live").inner_text()


def test_a_page_goes_on_after_the_public_server_was_killed_and_the_centre_does_not_notice(
    house: House, stations: dict[int, SendingStation], centre: str, browser: Browser
) -> None:
    with public_running(house.centre_folder) as first:
        first.kill()
    send(house, stations, centre, 1)
    with public_running(house.centre_folder) as second:
        told = httpx.get(f"{second.url}/souhrn/").text
        assert "Zastupitelstva krajů" in told
    assert httpx.get(f"{centre}/v1/status").status_code == 200
