"""Scenes of a visit: the idle desk, files and verdicts, the paper's totals, mending, refusal, two files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.election.verdict import FieldRef
from tests.support.scenes import story
from tests.support.stage import Stage


@story()
def idle(stage: Stage) -> Iterator[str]:
    """What the desk shows while nobody is at it."""
    yield "welcome"
    bad = stage.files / "jiny_soubor.xml"
    bad.write_bytes(b"<jine/>")
    stage.window.open_files([bad])
    stage.wait(lambda: bool(stage.window.messages.shown))
    yield "messages"
    stage.window.messages.clear()
    joint = stage.key(550001, 1), stage.key(550001, 1, 1)
    stage.file(*map(stage.reading, joint), folder=stage.stick)
    stage.wait(stage.window.visiting.strip.isVisible)
    yield "stick"
    stage.window.visiting.choose(joint[0].precinct)
    stage.wait(lambda: stage.window.page == "precinct")
    yield "precinct"
    stage.leave()
    stage.window.help.show("rule:LG-02")
    opened = stage.window.help.window
    assert opened is not None
    opened.search.setText("obálky")
    yield "help"


@story()
def clean(stage: Stage) -> Iterator[str]:
    """A joint precinct without a fault, to its confirmation; then another file of it."""
    keys = stage.key(550001, 2), stage.key(550001, 2, 1)
    stage.open(*keys)
    yield "verdict-joint"
    stage.window.verdict.buttons["accept"].click()
    stage.dialog()
    yield "dialog-signatures"
    stage.put_away()
    for _ in keys:
        stage.act("accept")
    stage.wait(lambda: stage.window.result.banner.title == "Potvrzeno ústředím")
    yield "result-confirmed"
    stage.leave()
    stage.window.open_protocol(keys[0])
    stage.wait(lambda: stage.window.page == "protocol")
    yield "protocol-accepted"
    stage.leave()
    stage.open(keys[0], faults="other")
    yield "side-by-side"


@story()
def blocked(stage: Stage) -> Iterator[str]:
    """An error that blocks: mended on the spot, or refused and its time running out."""
    key = stage.key(550002, 1)
    stage.open(key, faults="blocking")
    yield "verdict-blocked"
    stage.window.verdict.buttons["mend"].click()
    mending = stage.window.visiting.mending
    mending.view.mend_model.type(mending.view.currentIndex(), "9")
    yield "mending"
    mending.left.emit()
    stage.window.verdict.buttons["refuse"].click()
    stage.dialog()
    yield "dialog-refuse"
    stage.put_away()
    stage.act("refuse", "Součet hlasů nesouhlasí, komise počítá znovu.")
    yield "result-refused"
    stage.leave()
    stage.clock.advance(95 * 60)
    stage.wait(lambda: any((row.minutes_left or 99) < 30 for row in stage.window.overview.table.rows))
    stage.window.open_protocol(key)
    stage.wait(lambda: stage.window.page == "protocol")
    yield "protocol-refused"


@story()
def passable(stage: Stage) -> Iterator[str]:
    """An error that may pass: held for the supervisor, then approved."""
    key = stage.key(550002, 1)
    stage.open(key, faults="passable")
    yield "verdict-passable"
    stage.window.verdict.buttons["hold"].click()
    stage.dialog()
    yield "dialog-hold"
    stage.put_away()
    stage.act("hold", "Komise potvrdila, že čísla souhlasí s podepsaným zápisem.")
    yield "result-held"
    stage.leave()
    stage.window.open_protocol(key)
    stage.wait(lambda: stage.window.page == "verdict")
    yield "verdict-held"
    stage.window.verdict.buttons["approve"].click()
    stage.dialog()
    yield "dialog-approve"


@story()
def totals(stage: Stage) -> Iterator[str]:
    """The paper's totals typed against the file (rule KC-05) until they differ twice."""
    window, flow = stage.window, stage.window.visiting
    window.desk.station.retype.required = True
    stage.open(stage.key(550001, 1), stage.key(550001, 1, 1))
    yield "verdict-to-retype"
    window.verdict.buttons["retype"].click()
    stage.wait(lambda: window.page == "retype")
    told = stage.told(VYD_OBALKY=7, POC_HLASU=3)
    _type(stage, told)
    yield "retype"
    next(iter(flow.retype.signatures.choices.values())).setChecked(True)
    flow.retype.done_button.click()
    stage.wait(lambda: flow.retype.asking_again)
    yield "retype-again"
    _type(stage, told)
    flow.retype.done_button.click()
    stage.wait(lambda: window.page == "settlement")
    yield "settlement"
    flow.settlement.sides[0][1].setChecked(True)
    QTest.keyClick(flow.settlement.sides[0][1], Qt.Key.Key_Return)
    flow.settlement.reason.setPlainText("Na papíru je přepsaná číslice, komise ji potvrdila podpisem.")
    yield "settlement-reason"


def _type(stage: Stage, told: Mapping[FieldRef, int]) -> None:
    for field, box in stage.window.visiting.retype.boxes.items():
        if not box.isReadOnly():
            box.setText(str(told[field]))
