"""What is written is read back the same, validates against its schema, and has one form only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import batch, protocol_file, receipt
from app.documents.batch import BatchItem
from app.documents.document_errors import DocumentError
from app.election.model import (
    CountsStated,
    Mode,
    PrecinctId,
    RegionalReading,
    SheetStated,
)
from tests.support import readings as made

files = st.tuples(
    st.lists(made.readings, min_size=1, max_size=3, unique_by=lambda reading: reading.key), made.modes
)


@given(files)
def test_a_protocol_file_is_read_back_as_it_was_stated_and_written_again_byte_for_byte(
    file: tuple[list[protocol_file.Reading], Mode],
) -> None:
    stated, mode = file
    data = protocol_file.write(stated, made.ELECTION, mode)
    back = protocol_file.read(data)
    assert (back.readings, back.mode, back.election, back.format) == (
        tuple(stated),
        mode,
        "kz2024",
        "zapisy-1",
    )
    assert protocol_file.write(back.readings, back.election, mode) == data


@given(made.batches)
def test_a_batch_is_read_back_as_it_was_and_written_again_byte_for_byte(sent: batch.Batch) -> None:
    data = batch.write(sent)
    back = batch.read(data)
    assert back == sent
    assert batch.write(back) == data


@given(made.receipts)
def test_a_receipt_is_read_back_as_it_was_and_written_again_byte_for_byte(sent: receipt.Receipt) -> None:
    data = receipt.write(sent)
    back = receipt.read(data)
    assert back == sent
    assert receipt.write(back) == data


def test_a_blank_a_zero_and_an_absent_box_stay_three_different_things() -> None:
    sheet = made.REGIONAL.sheets[0]._replace(votes=None, preferences=((1, None), (2, 0), (4, 7)))
    stated = replace(made.REGIONAL, sheets=(sheet,), counts=CountsStated(None, 0, 5, None))
    data = protocol_file.write([stated], made.ELECTION, Mode.LIVE)
    assert b'HLASY_01="" HLASY_02="0" HLASY_04="7"' in data
    assert protocol_file.read(data).readings == (stated,)


def test_an_empty_attribute_is_a_blank() -> None:
    data = protocol_file.write([made.REGIONAL], made.ELECTION, Mode.LIVE)
    data = data.replace(b'VOL_SEZNAM="400"', b'VOL_SEZNAM=""')
    (stated,) = protocol_file.read(data).readings
    assert stated.counts.registered_voters is None


def test_wrong_numbers_are_read_as_stated_and_left_to_the_checks() -> None:
    data = protocol_file.write([made.REGIONAL], made.ELECTION, Mode.LIVE)
    data = data.replace(b'VOL_SEZNAM="400"', b'VOL_SEZNAM="-999999999"').replace(b'KC_1="1"', b'KC_1="007"')
    (stated,) = protocol_file.read(data).readings
    assert stated.counts.registered_voters == -999_999_999
    assert stated.kc_1 == 7


def test_boxes_are_read_in_order_whatever_the_order_of_attributes() -> None:
    data = protocol_file.write([made.REGIONAL], made.ELECTION, Mode.LIVE)
    data = data.replace(b'HLASY_01="2" HLASY_43="1"', b'HLASY_43="1" HLASY_01="2"')
    assert protocol_file.read(data).readings == (made.REGIONAL,)


def test_a_hint_where_the_schema_lies_is_no_number_of_a_sheet() -> None:
    hint = b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:a file.xsd"'
    data = protocol_file.write([made.REGIONAL], made.ELECTION, Mode.LIVE).replace(
        b"<STRANA", b"<STRANA" + hint
    )
    assert protocol_file.read(data).readings == (made.REGIONAL,)


def test_the_bytes_of_a_protocol_file_are_those_of_the_documented_format() -> None:
    assert protocol_file.write([made.SENATE], made.ELECTION, Mode.REHEARSAL).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ZAPISY xmlns="urn:prebirka:zapisy:1" VERZE="1" VOLBY="kz2024" REZIM="ZKOUSKA">\n'
        '<T5 VZOR="1" TYP_FORM="1" OPRAVA="0" CHYBA="0" OKRES="7201" OBEC="506737" OKRSEK="1" KC_1="1"'
        ' OBVOD="80" KOLO="1" VOL_SEZNAM="400" VYD_OBALKY="200" ODEVZ_OBAL="199" PL_HL_CELK="195" KC_2="995"'
        ' HLASY_01="100" HLASY_02="95" KC_3="290" KC_4="1285" POSL_KAND="2" KC_SUM="510000"/>\n'
        "</ZAPISY>\n"
    )


def test_a_batch_at_the_limit_of_sheets_boxes_and_precincts_is_read() -> None:
    boxes = tuple((box, 9999) for box in range(1, 71))
    sheets = tuple(SheetStated(n, 9999, boxes, 1, 1, 1, 1, 70, 999_999_999) for n in range(1, 100))
    full = [
        BatchItem(replace(made.REGIONAL, precinct=PrecinctId(506737, n), sheets=sheets), made.acceptance())
        for n in range(1, 31)
    ]
    sent = made.batch_of(*full)
    data = batch.write(sent)
    assert 3_000_000 < len(data) < batch.MAX_BYTES
    assert batch.read(data) == sent


def test_a_batch_without_protocols_is_a_batch() -> None:
    assert batch.read(batch.write(made.batch_of())) == made.batch_of()


@pytest.mark.parametrize("name", ["", "x" * 101, "a\0b", "bell\a", "\ud800", "\ufffe"])
def test_a_text_that_the_schema_would_refuse_is_never_written(name: str) -> None:
    with pytest.raises(DocumentError) as caught:
        batch.write(made.batch_of(BatchItem(made.REGIONAL, made.acceptance(accepted_by=name))))
    assert caught.value.code == "DOC-40"
    assert "PREVZAL" in caught.value.cs


def test_a_reason_may_be_long_but_not_endless() -> None:
    sent = made.batch_of(BatchItem(made.REGIONAL, made.acceptance(reason="ž" * 2000)))
    assert batch.read(batch.write(sent)) == sent
    with pytest.raises(DocumentError):
        batch.write(made.batch_of(BatchItem(made.REGIONAL, made.acceptance(reason="ž" * 2001))))


def test_the_same_protocol_twice_in_a_file_is_refused_when_written_and_when_read() -> None:
    data = protocol_file.write([made.REGIONAL], made.ELECTION, Mode.LIVE)
    start, end = data.index(b"<T6"), data.index(b"</ZAPISY>")
    with pytest.raises(DocumentError) as caught:
        protocol_file.read(data[:end] + data[start:end] + data[end:])
    assert caught.value.code == "DOC-30"
    assert caught.value.cs.startswith("Soubor obsahuje dvakrát zápis T/6 okrsku 506737/1.")
    with pytest.raises(DocumentError):
        protocol_file.write([made.REGIONAL, made.REGIONAL], made.ELECTION, Mode.LIVE)


def test_both_protocols_of_a_joint_election_and_both_rounds_may_share_a_file() -> None:
    stated = (made.REGIONAL, made.SENATE, replace(made.SENATE, round=2))
    assert protocol_file.read(protocol_file.write(stated, made.ELECTION, Mode.LIVE)).readings == stated


def test_two_revisions_of_a_protocol_may_share_a_batch_but_the_same_one_may_not_come_twice() -> None:
    first, second = (BatchItem(made.REGIONAL, made.acceptance(revision=n)) for n in (1, 2))
    assert batch.read(batch.write(made.batch_of(first, second))).items == (first, second)
    with pytest.raises(DocumentError):
        batch.write(made.batch_of(first, first))


def test_a_protocol_of_another_election_in_a_document_is_a_bug_of_the_caller() -> None:
    other: RegionalReading = replace(made.REGIONAL, election="kz2020")
    with pytest.raises(ValueError, match="another election"):
        protocol_file.write([other], made.ELECTION, Mode.LIVE)
    with pytest.raises(ValueError, match="another election"):
        batch.write(made.batch_of(BatchItem(other, made.acceptance())))


@pytest.mark.parametrize("boxes", [((0, 1),), ((71, 1),), ((2, 1), (1, 1)), ((1, 1), (1, 2))])
def test_boxes_that_are_not_on_the_form_are_a_bug_of_the_caller(boxes: tuple[tuple[int, int], ...]) -> None:
    sheet = made.REGIONAL.sheets[0]._replace(preferences=boxes)
    with pytest.raises(ValueError, match="box"):
        protocol_file.write([replace(made.REGIONAL, sheets=(sheet,))], made.ELECTION, Mode.LIVE)


def test_a_moment_without_its_offset_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="offset"):
        batch.write(replace(made.batch_of(), created_at=made.WHEN.replace(tzinfo=None)))
