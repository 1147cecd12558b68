"""From a dropped file to the centre's receipt, by keyboard alone."""

from dataclasses import replace

from PySide6.QtCore import Qt

from app.election.model import RegionalReading
from app.station.states import Role, User
from tests.desktop.conftest import Driver
from tests.support import mutations
from tests.support.invented_election import stated
from tests.support.station_world import one_more_envelope, protocols


def passable(driver: Driver) -> RegionalReading:
    """A regional protocol with the passable error LG-02."""
    key = driver.keys_of(550001, 1)[0]
    right = protocols(driver.reference)[key]
    reading = stated(driver.reference, one_more_envelope(right))
    assert isinstance(reading, RegionalReading)
    return reading


def blocked(driver: Driver) -> RegionalReading:
    """A regional protocol whose lists give more votes than there are."""
    reading = driver.readings[driver.keys_of(550001, 1)[0]]
    assert isinstance(reading, RegionalReading)
    counts = reading.counts._replace(valid_votes=(reading.counts.valid_votes or 0) - 1)
    return mutations.restated(replace(reading, counts=counts))


def test_a_joint_file_is_accepted_with_six_keys_and_confirmed_by_the_centre(driver: Driver) -> None:
    driver.drop(driver.joint_file())
    driver.wait_page("verdict")
    assert driver.window.verdict.tabs.count() == 2
    driver.accept()
    driver.wait(lambda: driver.window.verdict.tabs.currentIndex() == 1)
    driver.wait(driver.window.verdict.buttons["accept"].isEnabled)
    driver.accept()
    driver.wait_page("result")
    for key in driver.keys_of(550001, 1):
        driver.wait(lambda key=key: driver.shown_state(key) == "confirmed")
        assert driver.centre.counted[key, 1] == driver.station.intake.current(key)[0].content_hash
    assert driver.window.result.banner.title == "Potvrzeno ústředím"
    assert "8" not in driver.window.overview.accepted_words.text().split(" z ")[0]
    assert driver.window.overview.accepted_bar.value() == 2


def test_an_accepted_protocol_has_its_transcript_in_the_stations_folder(driver: Driver) -> None:
    driver.drop(driver.file(driver.readings[driver.keys_of(550002, 1)[0]]))
    driver.wait_page("verdict")
    with driver.qtbot.waitSignal(driver.window.documents.written) as written:
        driver.accept()
    path = written.args[0]
    assert path == driver.folder / "prints" / "opis-kz-550002-1-r1.pdf"
    assert path.read_bytes().startswith(b"%PDF-1.4")
    driver.wait_page("result")
    buttons = driver.window.result.paper_buttons[0]
    assert set(buttons) == {"open_transcript", "print_transcript", "save_transcript", "confirmation"}


def test_a_blocked_protocol_says_why_and_cannot_be_accepted(driver: Driver) -> None:
    reading = blocked(driver)
    driver.drop(driver.file(reading))
    driver.wait_page("verdict")
    page = driver.window.verdict
    assert page.banner.title == "1 chyba brání převzetí"
    assert not page.buttons["accept"].isEnabled()
    assert "LG-05" in page.why_not.text()
    driver.press(Qt.Key.Key_F9)
    driver.qtbot.wait(50)
    assert driver.window.page == "verdict"
    assert driver.state(reading.key) == "awaited"


def test_enter_on_a_message_leads_to_its_field(driver: Driver) -> None:
    driver.drop(driver.file(blocked(driver)))
    driver.wait_page("verdict")
    page = driver.window.verdict
    assert page.rules.hasFocus()
    driver.press(Qt.Key.Key_Return)
    assert page.form.hasFocus()
    place = page.form.currentIndex()
    line = page.form.form_model.form.blocks[place.parent().row()].lines[place.row()]
    assert line.field.name == "PL_HL_CELK"


def test_a_refusal_needs_a_reason_and_keeps_it(driver: Driver) -> None:
    reading = blocked(driver)
    driver.drop(driver.file(reading))
    driver.wait_page("verdict")
    driver.press(Qt.Key.Key_F8)
    dialog = driver.dialog()
    driver.press(Qt.Key.Key_Backspace, dialog.reason)
    assert not dialog.yes.isEnabled()
    driver.say("Součet nesouhlasí, komise počítá znovu.")
    driver.wait_page("result")
    driver.wait(lambda: driver.shown_state(reading.key) == "refused")
    row = driver.station.row(reading.key)
    assert row is not None
    assert row.note == "Součet nesouhlasí, komise počítá znovu."


def test_a_refused_protocol_is_accepted_when_the_mended_file_comes(driver: Driver) -> None:
    reading = blocked(driver)
    driver.drop(driver.file(reading))
    driver.wait_page("verdict")
    driver.window.act("refuse", "Nesouhlasí součet.")
    driver.wait_page("result")
    driver.drop(driver.joint_file(name="opraveny.xml"))
    driver.wait_page("verdict")
    driver.accept()
    driver.wait(lambda: driver.shown_state(reading.key) == "confirmed")


def test_a_passable_error_is_held_and_approved_by_somebody_else(driver: Driver) -> None:
    reading = passable(driver)
    driver.drop(driver.file(reading))
    driver.wait_page("verdict")
    assert not driver.window.verdict.buttons["accept"].isEnabled()
    driver.hold("Komise potvrdila, že obálka byla navíc.")
    driver.wait(lambda: driver.shown_state(reading.key) == "held")
    driver.window.open_protocol(reading.key)
    driver.wait(lambda: driver.window.page == "verdict" and driver.window.verdict.card.held is not None)
    assert driver.window.verdict.banner.title == "Čeká na schválení vedoucím"
    driver.press(Qt.Key.Key_F6)
    driver.say("Viděl jsem podepsaný zápis.", name="Věra Šťastná")
    driver.wait(lambda: driver.shown_state(reading.key) == "confirmed")
    current = driver.station.intake.current(reading.key)
    assert current is not None
    assert (current[0].accepted_by, current[0].approved_by) == ("Jana Nováková", "Věra Šťastná")
    assert current[1].passable_error


def test_nobody_approves_what_they_took_in(driver: Driver) -> None:
    reading = passable(driver)
    driver.drop(driver.file(reading))
    driver.wait_page("verdict")
    driver.window.act("hold", "Souhlasí s papírem.")
    driver.wait_page("result")
    driver.window.open_protocol(reading.key)
    driver.wait(lambda: driver.window.page == "verdict" and driver.window.verdict.card.held is not None)
    driver.press(Qt.Key.Key_F6)
    dialog = driver.dialog()
    driver.say("Souhlasí.", name="  jana   NOVÁKOVÁ ")
    assert not dialog.yes.isEnabled()
    assert "schválit nemůže" in dialog.hint.text()
    assert driver.state(reading.key) == "held"
    dialog.reject()


def test_a_file_of_a_protocol_that_waits_for_approval_is_not_offered_again(driver: Driver) -> None:
    reading = passable(driver)
    path = driver.file(reading)
    driver.drop(path)
    driver.wait_page("verdict")
    driver.window.act("hold", "Souhlasí s papírem.")
    driver.wait_page("result")
    driver.drop(path)
    driver.wait(lambda: len(driver.messages()) == 1)
    assert "už čeká na schválení" in driver.messages()[0]
    assert driver.window.page == "result"


def test_another_content_is_taken_as_an_explicit_correction(driver: Driver) -> None:
    key = driver.keys_of(550002, 1)[0]
    driver.drop(driver.file(driver.readings[key]))
    driver.wait_page("verdict")
    driver.accept()
    driver.wait_page("result")
    other = stated(driver.reference, protocols(driver.reference, seed=2)[key])
    driver.drop(driver.file(other, name="opraveny.xml"))
    driver.wait_page("verdict")
    assert "už je převzat jiný zápis" in driver.window.verdict.banner.title
    assert not driver.window.verdict.buttons["accept"].isEnabled()
    driver.press(Qt.Key.Key_F5)
    driver.say("Komise našla přehozené listiny.")
    driver.wait(driver.window.verdict.buttons["accept"].isEnabled)
    driver.accept()
    driver.wait(lambda: driver.centre.counted.get((key, 2)) is not None)
    current = driver.station.intake.current(key)
    assert current is not None
    assert (current[0].revision, current[1].corrected) == (2, True)


def test_files_dropped_together_wait_for_their_turn(driver: Driver) -> None:
    driver.drop(driver.joint_file(1, "a.xml"), driver.joint_file(2, "b.xml"))
    driver.wait_page("verdict")
    assert "čeká ještě 1 okrsek" in driver.window.verdict.source.text().replace("\u00a0", " ")
    for _ in range(2):
        driver.wait(driver.window.verdict.buttons["accept"].isEnabled)
        card = driver.window.verdict.card
        driver.accept()
        driver.wait(
            lambda card=card: driver.window.page == "result" or driver.window.verdict.card is not card
        )
    driver.wait_page("result")
    driver.press(Qt.Key.Key_F2)
    driver.wait_page("verdict")
    assert driver.window.verdict.card.offer.key.precinct.number == 2


def test_closing_the_page_stores_nothing(driver: Driver) -> None:
    driver.drop(driver.joint_file())
    driver.wait_page("verdict")
    driver.window.verdict.leave_button.click()
    driver.wait_page("welcome")
    assert {driver.state(key) for key in driver.readings} == {"awaited"}


def test_a_protocol_of_the_list_opens_read_only_with_enter(driver: Driver) -> None:
    driver.drop(driver.file(driver.readings[driver.keys_of(550002, 1)[0]]))
    driver.wait_page("verdict")
    driver.accept()
    driver.wait_page("result")
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    driver.type(driver.window.overview.search, "dolni lhota")
    driver.press(Qt.Key.Key_Return, driver.window.overview.search)
    driver.wait_page("protocol")
    assert driver.window.protocol.title.text().startswith("Dolní Lhota, okrsek 1")
    assert driver.window.protocol.transcript_button.isVisible()


def test_an_act_in_another_window_is_told_not_overwritten(driver: Driver) -> None:
    """What came between reading and accepting blocks the offer by ID-04 when it is judged again."""
    key = driver.keys_of(550002, 1)[0]
    path = driver.file(driver.readings[key])
    driver.drop(path)
    driver.wait_page("verdict")
    offer = driver.station.intake.read_file(path)[0]
    driver.station.intake.accept(offer, User("Petr Říha", Role.CLERK))
    driver.accept()
    driver.wait(lambda: driver.window.verdict.card.offer.verdict.failed_ids == ("ID-04",))
    assert not driver.window.verdict.card.offer.can_accept
    current = driver.station.intake.current(key)
    assert current is not None
    assert current[0].accepted_by == "Petr Říha"
