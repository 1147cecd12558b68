"""The list of media: read back as it was written, each address once and in one form."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import media_list
from app.documents.document_errors import DocumentError
from app.documents.media_list import MOST_ORGANISATIONS, MediaList, Organisation
from app.election.model import Mode
from tests.support.refusals import refused

TELEVISION = Organisation("1", "Televize & spol.", ("192.0.2.1", "2001:db8::1"), ("192.0.2.2",))
RADIO = Organisation("2", "Rádio „Žluťák“", ("198.51.100.7",))
LIST = MediaList(
    "kz2024",
    Mode.LIVE,
    3,
    datetime(2024, 9, 9, 8, 0, tzinfo=UTC),
    datetime(2024, 9, 20, 12, 0, tzinfo=UTC),
    (TELEVISION, RADIO),
)
DATA = media_list.encode(LIST)

ADDRESS = st.one_of(
    st.integers(0, 2**32 - 1).map(IPv4Address),
    st.integers(2**33, 2**128 - 1).map(IPv6Address).filter(lambda each: each.ipv4_mapped is None),
).map(str)


@st.composite
def lists(draw: st.DrawFn) -> MediaList:
    addresses = draw(st.lists(ADDRESS, unique=True, max_size=30))
    shares = [addresses[start : start + 10] for start in range(0, len(addresses), 10)]
    name = st.text("aáčž &<>\"'\U0001f642", min_size=1, max_size=100)
    return replace(
        LIST,
        serial=draw(st.integers(1, 999_999_999)),
        organisations=tuple(
            Organisation(f"m-{number}", draw(name), tuple(share[:5]), tuple(share[5:]))
            for number, share in enumerate(shares)
        ),
    )


@given(lists())
def test_a_list_is_read_back_as_it_was_and_written_again_byte_for_byte(media: MediaList) -> None:
    data = media_list.encode(media)
    assert media_list.decode(data) == media
    assert media_list.encode(media_list.decode(data)) == data


def test_the_largest_list_is_read_back() -> None:
    organisations = tuple(
        Organisation(
            str(number),
            "Ž" * 100,
            tuple(f"2001:db8:{number:x}:1::{each:x}" for each in range(1, 6)),
            tuple(f"2001:db8:{number:x}:2::{each:x}" for each in range(1, 6)),
        )
        for number in range(1, MOST_ORGANISATIONS + 1)
    )
    data = media_list.encode(replace(LIST, organisations=organisations))
    assert media_list.decode(data).organisations == organisations
    with pytest.raises(DocumentError):
        media_list.encode(replace(LIST, organisations=(*organisations, RADIO)))


@pytest.mark.parametrize(
    ("night", "code"),
    [
        (("192.0.2.01",), "DOC-23"),
        (("192.0.2.0/24",), "DOC-23"),
        (("2001:DB8::1",), "DOC-23"),
        (("2001:db8:0::1",), "DOC-23"),
        (("::ffff:192.0.2.9",), "DOC-23"),
        (("fe80::1%eth0",), "DOC-23"),
        (("example.org",), "DOC-23"),
        (("",), "DOC-23"),
        (("192.0.2.9", "192.0.2.9"), "DOC-25"),
        (("198.51.100.7",), "DOC-25"),
        (tuple(f"192.0.2.{n}" for n in range(10, 16)), "DOC-25"),
    ],
)
def test_an_address_in_another_form_or_twice_makes_no_list(night: tuple[str, ...], code: str) -> None:
    media = replace(LIST, organisations=(replace(TELEVISION, night=night, test=()), RADIO))
    with pytest.raises(DocumentError) as caught:
        media_list.encode(media)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("198.51.100.7", "192.0.2.1", "DOC-25"),
        ("198.51.100.7", "198.51.100.07", "DOC-23"),
        ("198.51.100.7", "::ffff:198.51.100.7", "DOC-23"),
        ('ID="2"', 'ID="1"', "DOC-25"),
        ('ID="2"', 'ID="../2"', "DOC-23"),
        ('DRUH="TEST"', 'DRUH="VZDY"', "DOC-23"),
        ('CISLO="3"', 'CISLO="0"', "DOC-23"),
        (' OSTRY_OD="', ' NAVIC="1" OSTRY_OD="', "DOC-22"),
        ("<ADRESA", "<!-- x --><ADRESA", "DOC-13"),
        ('VERZE="1"', 'VERZE="2"', "DOC-16"),
    ],
)
def test_a_changed_list_is_refused(before: str, after: str, code: str) -> None:
    text = DATA.decode()
    assert before in text
    assert refused(text.replace(before, after, 1).encode(), media_list.decode).code == code
