"""The declarative form: every official column once, in order, and every field to be found on it."""

import pytest

from app.desktop import forms
from app.desktop.forms import Form, find, laid_out
from app.desktop.texts import use
from app.election.model import Contest, Mode
from app.election.verdict import FieldRef
from tests.support.invented_election import protocols, reference, stated


@pytest.fixture(autouse=True)
def czech() -> None:
    use("cs")


REFERENCE = reference(mode=Mode.REHEARSAL)


def form(contest: Contest) -> Form:
    return laid_out(stated(REFERENCE, protocols(REFERENCE, contest)[0]), REFERENCE)


def test_the_regional_form_begins_with_the_four_counts_in_the_papers_order() -> None:
    head = form(Contest.REGIONAL).blocks[0]
    assert [line.field.name for line in head.lines[:4]] == [
        "VOL_SEZNAM",
        "VYD_OBALKY",
        "ODEVZ_OBAL",
        "PL_HL_CELK",
    ]
    assert [line.code for line in head.lines[:4]] == ["1", "2", "3", "4"]


def test_each_sheet_is_a_block_with_votes_preferences_and_control_numbers() -> None:
    protocol = protocols(REFERENCE, Contest.REGIONAL)[0]
    blocks = form(Contest.REGIONAL).blocks[1:]
    assert [block.number for block in blocks] == [sheet.list_number for sheet in protocol.sheets]
    kinds = [line.kind for line in blocks[0].lines]
    assert kinds == ["votes", "preference", "preference", "preference", *["control"] * 6]


def test_lists_without_votes_are_named() -> None:
    assert form(Contest.REGIONAL).lists_without_votes == (99,)


def test_the_senate_form_shows_every_candidate_of_the_district() -> None:
    block = form(Contest.SENATE_ROUND_1).blocks[1]
    assert [line.code for line in block.lines] == [str(number) for number in range(1, 8)]
    assert block.lines[-1].value is None


def test_a_protocol_is_laid_out_without_control_numbers() -> None:
    shown = laid_out(protocols(REFERENCE, Contest.REGIONAL)[0], REFERENCE)
    assert not [line for block in shown.blocks for line in block.lines if line.kind == "control"]


@pytest.mark.parametrize("contest", [Contest.REGIONAL, Contest.SENATE_ROUND_1])
def test_every_row_is_found_by_its_field(contest: Contest) -> None:
    shown = form(contest)
    for b, block in enumerate(shown.blocks):
        for i, line in enumerate(block.lines):
            assert find(shown, line.field) == (b, i)


def test_a_field_without_a_row_leads_to_its_list() -> None:
    shown = form(Contest.REGIONAL)
    assert find(shown, FieldRef("HLASY", 5, 49)) == (2, 0)
    assert find(shown, FieldRef("NIC")) is None


def test_names_of_people_have_their_titles_behind() -> None:
    candidate = REFERENCE.regions[1].lists[2].candidates[1]
    assert forms.person(candidate) == f"{candidate.last_name} {candidate.first_name}"
