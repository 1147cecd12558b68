"""Inquiries and their answers come back as they were written, and nothing else is taken for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import inquiry, own_batches, point_state
from app.documents.inquiry import Inquiry, Kind
from app.documents.own_batches import OwnBatches
from app.documents.point_state import PointState
from app.documents.receipt import Outcome
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey
from tests.support import inquiries as made
from tests.support.readings import ELECTION, HASH, WHEN
from tests.support.refusals import refused

INQUIRY = Inquiry(ELECTION, Mode.LIVE, "662-1", 662, Kind.STATE, 0, "662-1", 3, WHEN)
STATE = PointState(ELECTION, Mode.LIVE, "662-1", 662, HASH, WHEN, 0, 7, False, (), ())
BATCHES = OwnBatches(
    ELECTION, Mode.LIVE, "662-1", 662, "662-1", HASH, WHEN, 0, False, None,
    (own_batches.KeptBatch(1, b"batch", b"receipt"),),
)  # fmt: skip


@given(made.inquiries)
def test_an_inquiry_is_read_back_as_it_was_and_written_again_byte_for_byte(sent: Inquiry) -> None:
    data = inquiry.write(sent)
    assert inquiry.read(data) == sent
    assert inquiry.write(inquiry.read(data)) == data


@given(made.point_states)
def test_a_state_is_read_back_as_it_was_and_written_again_byte_for_byte(sent: PointState) -> None:
    data = point_state.write(sent)
    assert point_state.read(data) == sent
    assert point_state.write(point_state.read(data)) == data


@given(made.own_batches)
def test_batches_are_read_back_as_they_were_and_written_again_byte_for_byte(sent: OwnBatches) -> None:
    data = own_batches.write(sent)
    assert own_batches.read(data) == sent
    assert own_batches.write(own_batches.read(data)) == data


@given(st.binary(max_size=300))
def test_no_bytes_make_a_reader_fail_otherwise_than_by_refusal(data: bytes) -> None:
    for read in (inquiry.read, point_state.read, own_batches.read):
        refused(data, read)


@pytest.mark.parametrize(
    ("data", "read", "old", "new", "code"),
    [
        (inquiry.write(INQUIRY), inquiry.read, 'DRUH="STAV"', 'DRUH="VSE"', "DOC-23"),
        (inquiry.write(INQUIRY), inquiry.read, ' PO="0"', ' PO="-1"', "DOC-23"),
        (inquiry.write(INQUIRY), inquiry.read, ' CEKA="3"', "", "DOC-21"),
        (inquiry.write(INQUIRY), inquiry.read, "/>", "><X/></DOTAZ>", "DOC-24"),
        (point_state.write(STATE), point_state.read, ' DO="7"', ' DO="07"', "DOC-23"),
        (point_state.write(STATE), point_state.read, 'DALSI="0"', 'DALSI="ne"', "DOC-23"),
        (own_batches.write(BATCHES), own_batches.read, "<SOUBOR>", "<SOUBOR>*", "DOC-25"),
        (own_batches.write(BATCHES), own_batches.read, "<SOUBOR>", "<SOUBOR><!-- -->", "DOC-13"),
        (own_batches.write(BATCHES), own_batches.read, "YmF0Y2g=", "", "DOC-25"),
    ],
)
def test_the_envelopes_are_strict(
    data: bytes, read: Callable[[bytes], object], old: str, new: str, code: str
) -> None:
    text = data.decode()
    assert old in text
    assert refused(text.replace(old, new, 1).encode(), read).code == code


def test_one_document_is_not_taken_for_another() -> None:
    error = refused(point_state.write(STATE), inquiry.read)
    assert error.code == "DOC-15"
    assert "stav přebíracího místa" in error.cs


def test_the_largest_answers_fit_their_limits() -> None:
    one = point_state.Decision(
        key=ProtocolKey(PrecinctId(999_999, 99_999), Contest.SENATE_ROUND_1),
        revision=99, station="999999-999", batch_number=999_999_999, outcome=Outcome.CONFLICT,
        code="ING-20", content_hash=HASH, processing_order=999_999_999, received_at=WHEN,
    )  # fmt: skip
    many = PointState(
        ELECTION, Mode.LIVE, "662-1", 662, HASH, WHEN + timedelta(1), 0, 9, True,
        (one,) * point_state.MOST_DECISIONS, (),
    )  # fmt: skip
    data = point_state.write(many)
    assert len(data) < point_state.MAX_BYTES
    assert len(point_state.read(data).decisions) == point_state.MOST_DECISIONS
    large = OwnBatches(
        ELECTION, Mode.LIVE, "662-1", 662, "662-1", HASH, WHEN, 0, True, None,
        (own_batches.KeptBatch(1, b"\xff" * own_batches.ENOUGH_BYTES * 2, b"x" * 80_000),),
    )  # fmt: skip
    assert own_batches.read(own_batches.write(large)) == large
