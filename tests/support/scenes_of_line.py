"""Scenes of the line: a fault at a step, and all of it well."""

from __future__ import annotations

from collections.abc import Iterator

from app.desktop.line.page import LinePage
from app.station.line.findings import Diagnosis, found
from app.station.line.steps import Step
from app.station.states import Role, User
from tests.support.scenes import story
from tests.support.stage import Stage

TECHNICIAN = User("Igor Kábrt", Role.TECHNICIAN)


def page_of(stage: Stage, user: User = TECHNICIAN) -> LinePage:
    stage.window.desk.user = user
    stage.window.sections.user_changed()
    stage.window.sections.turn("connection")
    page = stage.window.sections.page("connection")
    assert isinstance(page, LinePage)
    stage.wait(lambda: page.found is not None and not page.under_way)
    return page


@story()
def line(stage: Stage) -> Iterator[str]:
    page = page_of(stage)
    yield "line-fault"
    at = "6. 10. 2024 14:00:00"
    told = {
        Step.ADDRESS: found("LIN-01", url="https://ustredi.example", proxy="bez proxy", proxy_en="no proxy"),
        Step.NAME: found("LIN-10", host="ustredi.example", addresses="2001:db8::1, 192.0.2.1"),
        Step.ROUTE: found("LIN-20", host="ustredi.example", port=443, address="2001:db8::1", ms=12),
        Step.TLS: found(
            "LIN-30", subject="ustredi.example", issuer="Volební autorita kz2024", until=at,
            trusted="jen volební autoritě", trusted_en="the election authority alone",
        ),
        Step.CENTRE: found("LIN-40", election="kz2024", mode="ZKOUSKA", software="prebirka 1.0"),
        Step.CLOCK: found("LIN-51", seconds=93),
        Step.CERTIFICATE: found("LIN-60", station="41-1", until=at),
        Step.REGISTER: found("LIN-70"),
        Step.PROGRAM: found("LIN-90", version="1.0.0", build="0123456789ab", serial=3, frozen=at),
        Step.QUEUE: found(
            "LIN-81", queue=3, receipt=at, receipt_en=at, attempt="hned", attempt_en="at once"
        ),
    }  # fmt: skip
    page._examined(Diagnosis(stage.clock(), tuple(told[step] for step in Step)))
    yield "line-warning"
