"""Scenes of the readiness check: nothing tried yet, under way, something failed, all of it well."""

from __future__ import annotations

from collections.abc import Iterator

from app.desktop.readiness.page import ReadinessPage
from app.station.line.findings import Diagnosis
from app.station.line.findings import found as line_found
from app.station.readiness import centre
from app.station.readiness.outcomes import Outcome, found
from app.station.states import Role, User
from tests.support.scenes import story
from tests.support.stage import Stage
from tests.support.station_world import NIGHT

TECHNICIAN = User("Igor Kábrt", Role.TECHNICIAN)
AT = "6. 10. 2024 14:00:00"
_DIAGNOSIS = Diagnosis(
    NIGHT,
    (
        line_found("LIN-01", url="https://ustredi.example", proxy="bez proxy", proxy_en="no proxy"),
        line_found("LIN-10", host="ustredi.example", addresses="192.0.2.1"),
        line_found("LIN-20", host="ustredi.example", port=443, address="192.0.2.1", ms=12),
        line_found(
            "LIN-30", subject="ustredi.example", issuer="Volební autorita kz2024", until=AT,
            trusted="jen volební autoritě", trusted_en="the election authority alone",
        ),
        line_found("LIN-40", election="kz2024", mode="ZKOUSKA", software="prebirka 1.0"),
        line_found("LIN-51", seconds=93),
    ),
)  # fmt: skip


def page_of(stage: Stage, user: User = TECHNICIAN) -> ReadinessPage:
    stage.window.desk.user = user
    stage.window.sections.user_changed()
    stage.window.sections.turn("readiness")
    page = stage.window.sections.page("readiness")
    assert isinstance(page, ReadinessPage)
    return page


def good() -> tuple[Outcome, ...]:
    """What a point that is ready finds."""
    return (
        found("screen", "RDY-01", width=1920, height=1080, scale=125),
        found("printer", "RDY-05", name="HP LaserJet P2055"),
        found("stick", "RDY-10", place="/media/technik/KINGSTON", size=256),
        found("scanner", "RDY-16"),
        found("power", "RDY-50"),
        found("disk", "RDY-20", free="148230", ms="2,4"),
        found("backup", "RDY-45", place="/media/technik/ZALOHA"),
        found("store", "RDY-55"),
        found("program", "RDY-60", software="prebirka 1.0"),
        found("certificate", "RDY-30", until=AT),
        found(
            "reference", "RDY-35", election="Volby do zastupitelstev krajů a Senátu (zkouška)",
            mode="ZKOUSKA", precincts=21, protocols=42,
        ),
        centre.line(_DIAGNOSIS),
        centre.clock(_DIAGNOSIS),
        found("there_and_back", "RDY-40", ms=84),
    )  # fmt: skip


@story()
def readiness(stage: Stage) -> Iterator[str]:
    page = page_of(stage)
    yield "readiness-not-yet"
    page.check_all()
    stage.wait(lambda: not page.under_way)
    yield "readiness-failed"
    for outcome in good():
        page._pending = []
        page._tried(outcome)
    yield "readiness-mended"
