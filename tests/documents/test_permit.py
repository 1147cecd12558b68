"""The permit: read back as it was written, one form only, and nothing in it that its schema refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import permit
from app.documents.document_errors import DocumentError
from app.documents.permit import Permit
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey
from tests.support import readings as made
from tests.support.refusals import refused

PERMIT = Permit(
    made.ELECTION,
    Mode.LIVE,
    7,
    662,
    ProtocolKey(PrecinctId(550001, 3), Contest.SENATE_ROUND_1),
    made.WHEN + timedelta(hours=3),
    "Sněhová kalamita & zavřená silnice",
    made.WHEN,
)


@given(
    st.integers(1, 999_999_999),
    st.sampled_from(Contest),
    st.text("aáčž &<>\"'\U0001f642", min_size=1, max_size=500),
)
def test_a_permit_is_read_back_as_it_was_and_written_again_byte_for_byte(
    number: int, contest: Contest, reason: str
) -> None:
    given_ = replace(PERMIT, number=number, key=ProtocolKey(PERMIT.key.precinct, contest), reason=reason)
    data = permit.write(given_)
    assert permit.read(data) == given_
    assert permit.write(permit.read(data)) == data


@pytest.mark.parametrize("reason", ["", "x" * 501, "a\x00b"])
def test_a_reason_that_no_document_carries_makes_no_permit(reason: str) -> None:
    with pytest.raises(DocumentError) as caught:
        permit.write(replace(PERMIT, reason=reason))
    assert caught.value.code == "DOC-40"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('CISLO="7"', 'CISLO="0"'),
        ('DRUH="SE1"', 'DRUH="PREZ"'),
        (' DUVOD="', ' NAVIC="1" DUVOD="'),
        ('CPOU="662"', 'CPOU="x"'),
        ('VERZE="1"', 'VERZE="2"'),
        ("PLATI_DO", "PLATI_OD"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused(before: str, after: str) -> None:
    data = permit.write(PERMIT).decode()
    assert before in data
    assert refused(data.replace(before, after).encode(), permit.read).code.startswith("DOC-")


def test_a_comment_in_a_permit_is_refused() -> None:
    data = permit.write(PERMIT).replace(b"<POVOLENI", b"<!-- x --><POVOLENI")
    assert refused(data, permit.read).code == "DOC-13"


def test_another_document_in_the_place_of_a_permit_is_named() -> None:
    error = refused(b'<?xml version="1.0" encoding="UTF-8"?>\n<x/>\n', permit.read)
    assert error.code == "DOC-15"
    assert "povolení" in error.cs
