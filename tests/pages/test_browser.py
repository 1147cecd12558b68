"""The pages in a real Chromium: accessible, of any width, in light and dark, by keyboard, without scripts.

Axe judges every kind of page by all rules in the dark, and the colours of some kinds in the light; with
PREBIRKA_LONG=1 those of all kinds and states. Widths are the narrowest and the widest, or all four.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.long import LONG
from tests.support.public_pages import KINDS, serving

WIDTHS = (360, 768, 1280, 1920) if LONG else (360, 1920)
#: All rules; how a page is coloured changes only what one of them finds.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Pages that look otherwise than in the state `full`, whose pages are all tried.
ONLY_THERE = {
    "half": ["municipality"],
    "embargo": ["country", "list"],
    "second": ["country", "senate district"],
}
#: Pages of the state `full` that have every colour between them.
COLOURFUL = list(KINDS) if LONG else ["country", "region", "precinct", "progress"]
#: Tag, name and whether the focus can be seen of what has it; null for the page itself.
FOCUSED = """(() => {
    const e = document.activeElement;
    if (e === document.body) return null;
    const name = e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent;
    const seen = getComputedStyle(e).outlineStyle !== "none" || Boolean(e.ownerSVGElement);
    return [e.tagName.toLowerCase(), name, seen];
})()"""


@pytest.fixture(scope="module")
def sites(states: Path) -> Iterator[Callable[[str], str]]:
    """The address of a public server for each state, started when asked for."""
    running: dict[str, object] = {}
    addresses: dict[str, str] = {}

    def address(state: str) -> str:
        if state not in running:
            running[state] = opened = serving(states / state)
            addresses[state] = opened.__enter__()
        return addresses[state]

    yield address
    for each in running.values():
        each.__exit__(None, None, None)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def light(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(color_scheme="light", viewport={"width": 1280, "height": 900}) as context:
        yield context


@pytest.fixture(scope="module")
def dark(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(color_scheme="dark", viewport={"width": 360, "height": 800}) as context:
        yield context


def opened(context: BrowserContext, address: str) -> Page:
    """A page whose console has said nothing."""
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    status = page.goto(address, wait_until="load")
    assert status is not None
    expected = [] if status.ok else [f"status of {status.status}"]
    assert [each for each in said if not any(known in each for known in expected)] == []
    return page


@pytest.mark.parametrize("state", ["full", *ONLY_THERE])
def test_axe_finds_nothing_on_any_kind_of_page(
    sites: Callable[[str], str], dark: BrowserContext, state: str
) -> None:
    assert faults(dark, sites(state), list(KINDS) if state == "full" else ONLY_THERE[state], RULES) == {}


@pytest.mark.parametrize("state", ["full", *ONLY_THERE] if LONG else ["full"])
def test_the_light_colours_have_contrast_enough(
    sites: Callable[[str], str], light: BrowserContext, state: str
) -> None:
    kinds = COLOURFUL if state == "full" else ONLY_THERE[state]
    assert faults(light, sites(state), kinds, {"type": "rule", "values": ["color-contrast"]}) == {}


def faults(context: BrowserContext, site: str, kinds: list[str], rules: object) -> dict[str, object]:
    """What axe finds by these rules, under the kind of page."""
    found: dict[str, object] = {}
    axe, page = Axe(), opened(context, f"{site}/")
    for kind in kinds:
        page.goto(f"{site}{KINDS[kind]}")
        result = axe.run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
        if result.violations_count:
            found[kind] = [
                (each["id"], [node["html"][:200] for node in each["nodes"][:3]])
                for each in result.response["violations"]
            ]
    page.close()
    return found


def test_no_page_is_wider_than_the_window(sites: Callable[[str], str], light: BrowserContext) -> None:
    page, wide = light.new_page(), []
    for kind, path in KINDS.items():
        page.goto(f"{sites('full')}{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append((kind, width))
    page.close()
    assert wide == []


def test_the_page_is_light_or_dark_as_the_reader_likes(
    sites: Callable[[str], str], light: BrowserContext, dark: BrowserContext
) -> None:
    colours = []
    for context in (light, dark):
        page = opened(context, f"{sites('half')}/")
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert colours == ["rgb(255, 255, 255)", "rgb(18, 23, 29)"]


def test_everything_is_reached_by_keyboard_and_has_a_name(
    sites: Callable[[str], str], light: BrowserContext
) -> None:
    page = opened(light, f"{sites('half')}/")
    walked = []
    for _ in range(200):
        page.keyboard.press("Tab")
        name = page.evaluate(FOCUSED)
        if name is None:
            break
        walked.append(name)
    page.keyboard.press("Home")
    names = [name.strip() for _, name, _ in walked]
    assert names[0] == "Přejít na výsledky"
    assert all(names)
    assert all(visible for _, _, visible in walked)
    assert [n for n in ("Hledat", "Obec", "English") if n not in names] == []
    regions = [name for tag, name, _ in walked if tag == "a" and "kraj: zpracováno" in name.lower()]
    assert len(regions) == 2  # the tiles
    page.close()


def test_a_screen_reader_hears_landmarks_headings_tables_and_progress(
    sites: Callable[[str], str], light: BrowserContext
) -> None:
    page = opened(light, f"{sites('half')}/")
    told = page.locator("body").aria_snapshot()
    for part in (
        "- banner:", "- main:", "- contentinfo:", 'navigation "Hlavní nabídka"', "search:",
        'heading "Výsledky voleb" [level=1]', 'heading "Kraje" [level=2]',
        'progressbar "Zastupitelstva krajů: zpracované okrsky"',
        'table "Zpracované okrsky, účast a nejsilnější listiny v krajích"',
        'columnheader "Účast"', 'rowheader "Severní kraj', 'group "Mapa krajů: kolik okrsků je zpracováno"',
        'img "Graf: podíl zpracovaných okrsků v čase',
    ):  # fmt: skip
        assert part in told, told
    page.close()


def test_the_skip_link_leads_past_the_menu(sites: Callable[[str], str], light: BrowserContext) -> None:
    page = opened(light, f"{sites('half')}/kraj/1/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_without_scripts_the_page_asks_for_itself_and_the_search_works(
    sites: Callable[[str], str], browser: Browser
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{sites('half')}/")
        assert '<noscript><meta http-equiv="refresh"' in page.content()
        page.get_by_label("Obec", exact=True).fill("dolni lhota")
        page.get_by_role("button", name="Hledat").click()
        page.get_by_role("link", name="Dolní Lhota").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Dolní Lhota"
        page.get_by_role("link", name="English").click()
        assert page.get_by_role("heading", name="Precincts").is_visible()


def test_a_print_has_the_numbers_and_not_the_menu(sites: Callable[[str], str], light: BrowserContext) -> None:
    page = opened(light, f"{sites('full')}/kraj/2/")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").first.is_visible()
    assert page.get_by_role("table").first.is_visible()
    assert page.get_by_text("nejsou skutečné výsledky").first.is_visible()
    page.close()
