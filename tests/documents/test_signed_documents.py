"""Batches and receipts: strict envelopes, plain UTF-8, nothing in them that a reader might overlook."""

from __future__ import annotations

import pytest

from app.documents import batch, receipt
from app.documents.batch import BatchItem
from app.election.model import Mode
from tests.support import readings as made
from tests.support.refusals import refused

BATCH = batch.write(made.batch_of(BatchItem(made.REGIONAL, made.acceptance())))


@pytest.mark.parametrize(
    "piece", ["<!-- x -->", "<?x y?>", "<![CDATA[ ]]>", "<![CDATA[12]]>", '<?xml-stylesheet href="a"?>']
)
@pytest.mark.parametrize("where", ["<ZAPIS ", "</DAVKA>", "<DAVKA ", "<STRANA "])
def test_a_signed_document_with_a_comment_an_instruction_or_cdata_is_refused(piece: str, where: str) -> None:
    data = BATCH.decode().replace(where, piece + where, 1)
    error = refused(data.encode(), batch.read)
    assert error.code == "DOC-13"
    assert data.split("\n")[error.line - 1][error.column - 1 :].startswith(piece)


def test_after_the_end_of_a_signed_document_nothing_follows_either() -> None:
    assert refused(BATCH + b"<!-- x -->", batch.read).code == "DOC-13"
    assert refused(receipt.write(RECEIPT) + b"<?x?>", receipt.read).code == "DOC-13"


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + BATCH,
        BATCH.decode().encode("utf-16"),
        BATCH.decode().replace("UTF-8", "windows-1250").encode("cp1250"),
    ],
)
def test_a_signed_document_is_plain_utf_8_and_nothing_else(data: bytes) -> None:
    assert refused(data, batch.read).code in {"DOC-08", "DOC-09"}


@pytest.mark.parametrize(
    "declaration",
    [
        '<?xml version="1.1" encoding="UTF-8"?>',
        '<?xml version="1.0" encoding="windows-1250"?>',
        f'<?xml version="1.0"{" " * 5000}encoding="windows-1250"?>',
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    ],
)
def test_no_declaration_may_let_another_reader_see_other_characters(declaration: str) -> None:
    text = BATCH.decode().partition("\n")[2]
    assert refused(f"{declaration}\n{text}".encode(), batch.read).code == "DOC-08"
    assert batch.read(text.encode()) == batch.read(BATCH)


RECEIPT = receipt.Receipt(
    made.ELECTION, Mode.LIVE, "662-1", 1, made.HASH, made.WHEN, receipt.Status.ACCEPTED, "", (), ()
)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('PORADI_DAVKY="1"', 'PORADI_DAVKY="0"', "DOC-23"),
        ('PORADI_DAVKY="1"', 'PORADI_DAVKY="01"', "DOC-23"),
        ('CPOU="662"', 'CPOU=""', "DOC-23"),
        ('STANICE="662-1"', 'STANICE="../1"', "DOC-23"),
        (f'DENIK="{made.HASH}"', 'DENIK="abc"', "DOC-23"),
        (f' DENIK="{made.HASH}"', "", "DOC-21"),
        (f'PREDCHOZI="{made.HASH}"', f'PREDCHOZI="{made.HASH.upper()}"', "DOC-23"),
        ("2024-09-21T14:31:05.123456+02:00", "2024-09-31T14:31:05+02:00", "DOC-23"),
        ("2024-09-21T14:31:05.123456+02:00", "2024-09-21T24:00:00+02:00", "DOC-23"),
        ("2024-09-21T14:31:05.123456+02:00", "2024-09-21T14:31:05", "DOC-23"),
        ("2024-09-21T14:31:05.123456+02:00", "2024-09-21T14:31:60+02:00", "DOC-23"),
        ('PREVZAL="Jana Nováková"', 'PREVZAL=""', "DOC-23"),
        ('ZDROJ="SOUBOR"', 'ZDROJ="HLAVA"', "DOC-23"),
        ("</ZAPIS>", "<T6 OBEC='1' OKRSEK='1'/></ZAPIS>", "DOC-20"),
        ('VOL_SEZNAM="400"', 'VOL_SEZNAM="x"', "DOC-23"),
    ],
)  # fmt: skip
def test_the_envelope_of_a_batch_is_strict(old: str, new: str, code: str) -> None:
    text = BATCH.decode()
    assert old in text
    assert refused(text.replace(old, new, 1).encode(), batch.read).code == code


def test_a_value_that_a_reader_would_normalise_comes_back_as_it_was_typed() -> None:
    sent = made.batch_of(BatchItem(made.REGIONAL, made.acceptance(reason="a\tb\nc\rd \"e\" <f> & 'g'  h")))
    assert batch.read(batch.write(sent)) == sent
