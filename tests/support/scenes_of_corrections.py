"""Scenes of correcting what was accepted: the question, the standing figures, side by side, the history."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtTest import QTest

from app.election.verdict import FieldRef
from tests.support.scenes import story
from tests.support.stage import Stage


@story()
def corrections(stage: Stage) -> Iterator[str]:
    """A protocol that was accepted gets two corrections by typing what changed."""
    window, flow = stage.window, stage.window.correcting
    key = stage.key(550002, 1)
    stage.open(key)
    stage.act("accept")
    stage.leave()
    for voters in ("999", "998"):
        window.open_protocol(key)
        stage.wait(lambda: window.page == "protocol" and window.protocol.correct_button.isVisible())
        if voters == "999":
            yield "protocol-to-correct"
        window.protocol.correct_button.click()
        dialog = stage.dialog()
        if voters == "999":
            yield "dialog-correct"
        dialog.chosen.emit("changes")  # type: ignore[attr-defined]
        stage.put_away()
        stage.wait(lambda: window.page == "correcting")
        flow.page.view.lead_to(FieldRef("VOL_SEZNAM"))
        QTest.keyClicks(flow.page.view, voters)
        flow.page.authorised.setChecked(True)
        flow.page.reason.setPlainText("Komise opravila počet voličů podle výpisu ze seznamu.")
        if voters == "999":
            yield "correcting"
        flow.page.mend_button.click()
        stage.wait(lambda: window.page == "verdict")
        if voters == "999":
            yield "verdict-correction"
        stage.act("accept")
        stage.leave()
    window.open_protocol(key)
    stage.wait(lambda: window.page == "protocol" and window.protocol.history.isVisible())
    yield "protocol-history"
    window.protocol.history.setCurrentIndex(window.protocol.history.history.index(2, 0))
    yield "protocol-history-first"
