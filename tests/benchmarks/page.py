"""The public page with the whole nation published: the first paint, sizes, and what a version costs.

A real public server, a real Chromium without anything in its cache. The floor of the first paint is that of
the search's page, which has no results; the floor of a version is reading the country's document. Sizes are
bytes on the wire of a first visit, everything together.

`--share 20` takes a twentieth of the precincts, to see that it works. `--pictures FOLDER` takes the manual's
pictures instead: the country with a part of the night in, a region with its seats.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from app.central.pages.serving import PublicPages
from app.documents.published.regional import read_results
from app.election.model import Contest, Mode
from app.rehearsal.generator import Plan, invent
from tests.benchmarks._page_world import publish
from tests.benchmarks._report import best_of, line
from tests.support.centre_process import public_running

PRECINCTS = 13_591
#: Milliseconds, bytes, seconds.
PAINTED_AT_MOST, LOADED_AT_MOST, SEEN_AT_MOST = 1000.0, 50_000.0, 1.0
CHROMIUM = "/usr/bin/chromium"
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
_BYTES = "performance.getEntries().reduce((sum, each) => sum + (each.transferSize || 0), 0)"


def main() -> None:
    """Print a line for each figure; exit with 1 above a budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=int, default=1)
    parser.add_argument("--pictures", type=Path)
    asked = parser.parse_args()
    mode = Mode.LIVE if asked.pictures is None else Mode.REHEARSAL  # its parties are invented
    plan = Plan(precincts=PRECINCTS // asked.share, mode=mode)
    with tempfile.TemporaryDirectory() as folder:
        if asked.pictures is not None:
            take_pictures(Path(folder), plan, asked.pictures)
            return
        public = Path(folder) / "public"
        publish(public, invent(plan), 1.0)
        kept = [_version(public), *_first_visit(public)]
    if not all(kept):
        sys.exit(1)


def _version(public: Path) -> bool:
    """Reading everything as at a start, and the pages that are made with each version."""
    began = time.perf_counter()
    pages = PublicPages(public)
    pages.site.look()
    started = time.perf_counter() - began
    view = pages._view
    assert view is not None
    changed = [view.results_path, view.preferred_path, f"{view.senate}vysledky.xml"]

    def next_version() -> None:
        """A version in which the country's documents are other ones, as in a rush."""
        files = {**view.files, **{path: bytes(bytearray(view.files[path])) for path in changed}}
        pages._made(1, files, view.head.generated_at)

    again = best_of(next_version, repeats=3)
    floor = best_of(lambda: read_results(view.files[view.results_path]), repeats=3)
    print(f"page-start: {started:.2f} s to read the nation and its {len(view.history.entries)} protocols")
    text, good = line("page-version", again, "s", floor=floor, at_most=SEEN_AT_MOST)
    print(text, flush=True)
    return good


def _first_visit(public: Path) -> list[bool]:
    with public_running(public) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        _visit(browser, "about:blank")
        floor = min(_visit(browser, f"{server.url}/hledat/")[0] for _ in range(3))
        kept = []
        for name, path in (("country", "/"), ("region", "/kraj/1/"), ("progress", "/prubeh/")):
            seen = [_visit(browser, f"{server.url}{path}") for _ in range(3)]
            paint, loaded = min(each[0] for each in seen), max(each[1] for each in seen)
            text, good = line(
                f"page-{name}", paint, "ms", floor=floor, at_most=PAINTED_AT_MOST,
                also=f"{loaded / 1000:.1f} kB in all",
            )  # fmt: skip
            print(text, flush=True)
            kept.append(good and loaded <= LOADED_AT_MOST)
        browser.close()
    return kept


def _visit(browser: Browser, address: str) -> tuple[float, float]:
    """Milliseconds to the first paint and bytes of a first visit."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(address, wait_until="load")
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
        return page.evaluate(_PAINT), page.evaluate(_BYTES)


def take_pictures(work: Path, plan: Plan, folder: Path) -> None:
    """The two pictures of the manual."""
    from PySide6.QtGui import QImage

    from tests.desktop.test_pictures import save

    shown = (("public_country.png", 0.6, "/", 1080), ("public_region.png", 1.0, "/kraj/2/", 1080))
    reference = invent(plan)
    assert Contest.REGIONAL in reference.election.contests
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, share, path, height in shown:
            publish(work / name / "public", reference, share)
            with (
                public_running(work / name) as server,
                browser.new_context(viewport={"width": 1280, "height": height}) as context,
            ):
                page = context.new_page()
                page.goto(f"{server.url}{path}", wait_until="load")
                page.screenshot(path=folder / name)
            save(QImage(str(folder / name)).convertToFormat(QImage.Format.Format_RGB32), folder / name)
        browser.close()


if __name__ == "__main__":
    main()
