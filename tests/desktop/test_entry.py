"""Typing from paper by the number pad alone: twice, by two people, settled, accepted; saved at each field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication

from app.desktop.entry.person import PersonDialog
from app.desktop.forms import paper
from app.desktop.reasons import ReasonDialog
from app.election.model import Contest, PrecinctId, ProtocolKey, Reading
from app.election.reference import Reference
from app.election.verdict import FieldRef
from tests.desktop.conftest import CLERK, Driver
from tests.support import typing_desk
from tests.support.invented_election import regional_protocol, senate_protocol, stated
from tests.support.typing import floor_of, keys_of
from tests.support.typing_desk import press

SECOND = "Petr Říha"
T6 = ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL)  # a precinct without a Senate contest
T5 = ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1)


@pytest.fixture
def reference() -> Reference:
    return typing_desk.reference()


@pytest.fixture
def t6(reference: Reference) -> Reading:
    return stated(reference, regional_protocol(reference, T6.precinct, 4))


@pytest.fixture
def t5(reference: Reference) -> Reading:
    return stated(reference, senate_protocol(reference, T5.precinct, 1, 4))


def begin(driver: Driver, key: ProtocolKey) -> None:
    driver.window.overview.select(key)
    driver.press(Qt.Key.Key_F4)
    driver.wait_page("entry")
    driver.wait(lambda: driver.window.entry.page.box is not None)


def type_name(driver: Driver, name: str) -> None:
    """The second clerk sits down: the name on the page between the readings."""
    driver.wait_page("second")
    driver.type(driver.window.entry.second.name, name)
    driver.press(Qt.Key.Key_Return, driver.window.entry.second.name)
    driver.wait_page("entry")
    driver.wait(lambda: driver.window.entry.page.draft is not None
                and driver.window.entry.page.draft.number == 2)  # fmt: skip


def give_reason(driver: Driver, reason: str, name: str = "") -> None:
    """Fill the open dialog by keyboard and confirm it."""
    flow = driver.window.entry
    driver.wait(lambda: isinstance(flow.dialog, ReasonDialog) and flow.dialog.isActiveWindow())
    dialog = flow.dialog
    assert isinstance(dialog, ReasonDialog)
    driver.type(dialog.name, name)
    driver.type(dialog.reason, reason)
    driver.qtbot.keyClick(dialog.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    driver.window.activateWindow()  # what a window manager does when a dialog closes
    driver.wait(driver.window.isActiveWindow)


def at(driver: Driver) -> FieldRef:
    box = driver.window.entry.page.box
    assert box is not None
    assert box.line is not None
    return box.line.field


def stored(driver: Driver, key: ProtocolKey) -> dict[FieldRef, int | None]:
    """What the station has of the newest draft, when all that was left is there."""
    driver.wait(lambda: not driver.window.desk.entry.is_saving)
    return dict(driver.station.entries.drafts(key)[-1].values)


def saw(driver: Driver, key: ProtocolKey) -> bool:
    return driver.state(key) in ("accepted", "sent", "confirmed")


def test_a_whole_regional_protocol_is_typed_by_two_people_settled_and_accepted(
    driver: Driver, reference: Reference, t6: Reading
) -> None:
    keys = keys_of(t6, paper(T6, reference))
    assert len(t6.sheets) >= 12
    begin(driver, T6)
    press(keys)
    type_name(driver, SECOND)
    assert driver.window.entry.page.values == {}
    assert driver.window.header.user.text() == SECOND
    first = t6.counts.registered_voters
    wrong = str(first) + "\n"
    assert keys.startswith(wrong)
    press(str((first or 0) + 100) + "\n" + keys.removeprefix(wrong))

    driver.wait_page("settle")
    settle = driver.window.entry.settle
    assert settle.field == FieldRef("VOL_SEZNAM")
    shown = " ".join([settle.banner.title, settle.banner.text, settle.question.text(), settle.box.text()])
    assert str(first) not in shown
    assert str((first or 0) + 100) not in shown
    press(wrong)

    driver.wait_page("verdict")
    assert driver.window.verdict.card.offer.reading.counts == t6.counts
    assert {s.list_number: s.votes for s in driver.window.verdict.card.offer.reading.sheets} == {
        s.list_number: s.votes for s in t6.sheets
    }
    driver.accept()
    driver.wait(lambda: saw(driver, T6))


def test_a_senate_protocol_is_typed_twice_and_accepted(
    driver: Driver, reference: Reference, t5: Reading
) -> None:
    keys = keys_of(t5, paper(T5, reference))
    begin(driver, T5)
    press(keys)
    type_name(driver, SECOND)
    press(keys)
    driver.wait_page("verdict")
    assert driver.window.verdict.card.offer.hands == (CLERK, SECOND)


def test_the_keys_are_hardly_more_than_the_digits_and_the_typed_is_what_the_paper_says(
    driver: Driver, reference: Reference, t6: Reading
) -> None:
    keys = keys_of(t6, paper(T6, reference))
    assert len(keys) / floor_of(t6) < 1.8
    begin(driver, T6)
    press(keys[:-1])
    typed = stored(driver, T6)
    assert [typed[FieldRef(c)] for c in ("VOL_SEZNAM", "VYD_OBALKY", "ODEVZ_OBAL", "PL_HL_CELK")] == [
        *t6.counts
    ]
    for sheet in t6.sheets:
        boxes = {
            f.candidate: v for f, v in typed.items() if f.list_number == sheet.list_number and f.candidate
        }
        assert boxes == dict(sheet.preferences)
    assert QApplication.focusWidget() is driver.window.entry.page.finish_button


def test_own_reading_is_refused_and_the_supervisor_settles_with_a_reason(
    driver: Driver, reference: Reference, t5: Reading
) -> None:
    keys = keys_of(t5, paper(T5, reference))
    begin(driver, T5)
    press("9" + keys)
    type_name(driver, SECOND)
    press(keys)
    driver.wait_page("settle")
    settle = driver.window.entry.settle
    own = keys.partition("\n")[0] + "\n"
    press("\n")
    assert "prázdné" in settle.hint.text
    press(own)
    driver.wait(lambda: settle.hint.severity == "W")
    assert settle.box.text() == ""
    driver.press(Qt.Key.Key_F6)
    give_reason(driver, "Číslice na papíře je čitelná.", "Věra Šťastná")
    settle.box.setFocus()
    press(own)
    driver.wait_page("verdict")
    assert "Věra Šťastná" in driver.window.verdict.card.offer.hands


def test_somebody_else_may_read_a_differing_field(driver: Driver, reference: Reference, t5: Reading) -> None:
    keys = keys_of(t5, paper(T5, reference))
    begin(driver, T5)
    press("9" + keys)
    type_name(driver, SECOND)
    press(keys)
    driver.wait_page("settle")
    driver.press(Qt.Key.Key_F4)
    flow = driver.window.entry
    driver.wait(lambda: isinstance(flow.dialog, PersonDialog) and flow.dialog.isActiveWindow())
    dialog = flow.dialog
    assert isinstance(dialog, PersonDialog)
    driver.type(dialog.name, "petr  ŘÍHA")
    assert not dialog.yes.isEnabled()
    dialog.name.clear()
    driver.type(dialog.name, "Karel Novák")
    driver.press(Qt.Key.Key_Return, dialog.name)
    driver.window.activateWindow()
    driver.wait(driver.window.isActiveWindow)
    driver.window.entry.settle.box.setFocus()
    press(keys.partition("\n")[0] + "\n")
    driver.wait_page("verdict")


def test_the_second_entry_needs_another_name(driver: Driver, reference: Reference, t5: Reading) -> None:
    begin(driver, T5)
    press(keys_of(t5, paper(T5, reference)))
    driver.wait_page("second")
    second = driver.window.entry.second
    driver.type(second.name, "  jana NOVÁKOVÁ ")
    assert not second.begin_button.isEnabled()
    assert CLERK in second.hint.text()


def test_after_a_crash_the_draft_is_whole_and_enter_goes_on(
    open_desk: Callable[..., Driver], reference: Reference
) -> None:
    driver = open_desk(sending=False)
    begin(driver, T6)
    press("800\n400\n399\n395\n120\n7\n0\n.\n31")  # 31 stands under the cursor
    before = stored(driver, T6)
    driver.window.entry.page.draft = None  # as if the process were gone: nothing more is stored
    driver.window.close()

    driver = open_desk(sending=False)
    driver.wait(lambda: driver.window.welcome.resume_button.isVisible())
    assert QApplication.focusWidget() is driver.window.welcome.resume_button
    driver.press(Qt.Key.Key_Return)
    driver.wait_page("entry")
    page = driver.window.entry.page
    driver.wait(lambda: page.draft is not None)
    assert dict(page.values) == before
    assert before[FieldRef("HLASY", 2, 1)] == 7
    assert before[FieldRef("HLASY", 2, 2)] == 0
    assert page.counts.boxes[0].text() == "800"
    assert at(driver) == FieldRef("HLASY", 2, 2)


def test_a_colleague_takes_an_absent_ones_draft_over_with_a_reason(driver: Driver) -> None:
    begin(driver, T6)
    press("800\n400\n")
    driver.press(Qt.Key.Key_Return, driver.window.entry.page.leave_button)
    driver.wait_page("welcome")
    driver.window.entry.change_user(SECOND)
    driver.window.overview.select(T6)
    driver.press(Qt.Key.Key_F4)
    give_reason(driver, "Kolegyně odešla.")
    driver.wait_page("entry")
    draft = driver.window.entry.page.draft
    assert draft is not None
    assert draft.owner == SECOND
    assert draft.values[FieldRef("VYD_OBALKY")] == 400


def test_a_draft_is_put_away_with_a_reason_and_comes_back(driver: Driver) -> None:
    begin(driver, T6)
    press("800\n")
    driver.press(Qt.Key.Key_Return, driver.window.entry.page.discard_button)
    give_reason(driver, "Komise přinesla soubor.")
    driver.wait_page("drafts")
    drafts = driver.window.entry.drafts
    driver.wait(lambda: drafts.current is not None and drafts.current.state == "discarded")
    assert driver.station.entries.drafts(T6) == ()
    driver.press(Qt.Key.Key_Return, drafts.list)
    driver.wait_page("entry")
    assert driver.window.entry.page.values == {FieldRef("VOL_SEZNAM"): 800}


def test_a_blank_is_no_zero_and_looks_different(driver: Driver) -> None:
    begin(driver, T6)
    page = driver.window.entry.page
    press("0\n")
    zero = page.counts.boxes[0].grab().toImage()
    press("\n")
    blank = page.counts.boxes[1].grab().toImage()
    assert zero != blank
    assert stored(driver, T6) == {FieldRef("VOL_SEZNAM"): 0}
    page.go(FieldRef("VOL_SEZNAM"))
    press(".\n")
    assert stored(driver, T6) == {FieldRef("VOL_SEZNAM"): None}


@pytest.mark.parametrize(
    ("keys", "ends_at"),
    [
        ("800\n400\n399\n395\n", FieldRef("POC_HLASU", 2)),
        ("\n\n", FieldRef("POC_HLASU", 2)),  # a second Enter on a blank ends the block
        ("+120\n3\n", FieldRef("HLASY", 2, 2)),
        ("+120\n3\n\n", FieldRef("HLASY", 2, 3)),
        ("+120\n3\n\n\n", FieldRef("POC_HLASU", 5)),
        ("+120\n3\n\n4\n\n", FieldRef("HLASY", 2, 5)),  # a number in between: that Enter is a first one
        ("+\n\n", FieldRef("POC_HLASU", 7)),  # lists without votes have no sheet
        ("+0\n", FieldRef("POC_HLASU", 5)),
        ("++", FieldRef("POC_HLASU", 5)),
        ("++-", FieldRef("POC_HLASU", 2)),
        ("++120\n7-", FieldRef("POC_HLASU", 5)),  # from within a sheet to its own beginning
        ("+-", FieldRef("VOL_SEZNAM")),
        ("/12", FieldRef("POC_HLASU", 12)),
        ("/5\n", FieldRef("POC_HLASU", 5)),
        ("/03", FieldRef("VOL_SEZNAM")),  # no such list: stays
        ("+120*46", FieldRef("HLASY", 2, 46)),
        ("+120*7\n", FieldRef("HLASY", 2, 7)),
        ("+120*07-", FieldRef("POC_HLASU", 2)),
        ("+120*00", FieldRef("POC_HLASU", 2)),
        ("/3312\n*08\n", FieldRef("POC_HLASU", 41)),  # after the last candidate of a list of eight
        ("/12*4<<12\n", FieldRef("HLASY", 12, 1)),  # a jump taken back by Backspace
        ("*3", FieldRef("VOL_SEZNAM")),
    ],
)  # fmt: skip
def test_every_key_leads_where_the_handbook_says(driver: Driver, keys: str, ends_at: FieldRef) -> None:
    begin(driver, T6)
    press(keys)
    assert at(driver) == ends_at


def test_digits_replace_what_stood_there_and_stop_at_the_boxes_width(driver: Driver) -> None:
    begin(driver, T6)
    press("123456\n")
    driver.window.entry.page.go(FieldRef("VOL_SEZNAM"))
    assert driver.window.entry.page.values[FieldRef("VOL_SEZNAM")] == 12345
    press("7\n")
    assert stored(driver, T6)[FieldRef("VOL_SEZNAM")] == 7


def test_totals_grow_while_typing(driver: Driver) -> None:
    begin(driver, T6)
    totals = driver.window.entry.page.totals
    press("800\n400\n399\n395\n120\n")
    driver.wait(lambda: totals.votes.text() == "Hlasy listin 120 z 395")
    assert totals.rest.text() == "Zbývá 275"
    press("3\n4\n")
    driver.wait(lambda: totals.preferences.text() == "Přednostní hlasy 7 z nejvýše 480")
    press("+300\n")
    driver.wait(lambda: totals.rest.text() == "Přebývá 25")


def test_errors_stand_beside_the_field_and_nothing_moves(driver: Driver) -> None:
    begin(driver, T6)
    page = driver.window.entry.page
    boxes = [*page.counts.boxes, *page.sheet.boxes]
    seen: list[list[QRect]] = []

    def at_rest() -> bool:
        """The page opened as wide as it is going to be: thrice looked at, it was the same."""
        seen.append([box.geometry() for box in boxes])
        return len(seen) > 2 and seen[-1] == seen[-2] == seen[-3] and driver.window.overview.isHidden()

    driver.wait(at_rest)
    before = seen[-1]
    press("400\n800\n")
    driver.wait(lambda: page.counts.boxes[0].fault == "B")
    page.go(FieldRef("VOL_SEZNAM"))
    assert page.hint.text.startswith("LG-01")
    assert page.hint.severity == "B"
    assert [box.geometry() for box in boxes] == before
    press("900\n")
    driver.wait(lambda: page.counts.boxes[0].fault == "")


def test_a_half_typed_form_is_not_scolded_for_being_half(driver: Driver, reference: Reference) -> None:
    begin(driver, T6)
    page = driver.window.entry.page
    press("800\n400\n399\n395\n120\n")
    with driver.qtbot.waitSignal(driver.window.desk.entry.judged):
        pass
    assert [box.fault for box in (*page.counts.boxes, *page.sheet.boxes) if box.fault] == []


def test_finishing_too_early_leads_to_the_first_blank(driver: Driver) -> None:
    begin(driver, T6)
    press("800\n400\n")
    driver.press(Qt.Key.Key_F9)
    page = driver.window.entry.page
    driver.wait(lambda: page.hint.severity == "B")
    assert at(driver) == FieldRef("ODEVZ_OBAL")


def test_a_finished_sum_offers_the_end(driver: Driver) -> None:
    begin(driver, T6)
    press("800\n400\n399\n395\n395+\n")
    assert QApplication.focusWidget() is driver.window.entry.page.finish_button


def test_f4_without_a_chosen_protocol_leads_to_the_search(driver: Driver) -> None:
    driver.window.overview.view.clearSelection()
    driver.window.overview.view.setCurrentIndex(driver.window.overview.table.index(-1, 0))
    driver.press(Qt.Key.Key_F4)
    assert driver.messages() == ["Nejdřív vyberte zápis v seznamu: číslo okrsku nebo obec."]
    assert QApplication.focusWidget() is driver.window.overview.search


def test_the_list_hides_while_somebody_types_and_comes_back(driver: Driver) -> None:
    begin(driver, T6)
    assert not driver.window.overview.isVisible()
    driver.press(Qt.Key.Key_Return, driver.window.entry.page.leave_button)
    driver.wait_page("welcome")
    assert driver.window.overview.isVisible()
