"""Who a signer is, written into a certificate and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trust.identity import Expected, Identity, NotAnIdentity, Role


def test_an_identity_reads_well_for_programs_and_people() -> None:
    station = Identity(Role.STATION, "kz2024", 662, "662-1")
    assert station.uri == "urn:prebirka:kz2024:station:662:662-1"
    assert station.common_name == "kz2024 station 662-1"
    centre = Identity(Role.CENTRE, "kz2024")
    assert centre.uri == "urn:prebirka:kz2024:centre::"
    assert centre.common_name == "kz2024 centre"


elections = st.from_regex(r"\A[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\Z")
stations = st.builds(
    lambda election, point, number: Identity(Role.STATION, election, point, f"{point}-{number}"),
    elections,
    st.integers(1, 999_999),
    st.integers(1, 999),
)
others = st.builds(Identity, st.sampled_from([Role.CENTRE, Role.REFERENCE, Role.PUBLISHER]), elections)


@given(stations | others)
def test_every_identity_is_read_back_from_its_uri(identity: Identity) -> None:
    assert Identity.from_uri(identity.uri) == identity
    assert Expected.exactly(identity).station == identity.station


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "urn:prebirka:kz2024:station:662",
        "urn:prebirka:kz2024:station:662:662-1:",
        "URN:prebirka:kz2024:station:662:662-1",
        "urn:other:kz2024:station:662:662-1",
        "urn:prebirka:kz2024:clerk:662:662-1",
        "urn:prebirka:kz2024:Station:662:662-1",
        "urn:prebirka:KZ2024:station:662:662-1",
        "urn:prebirka::station:662:662-1",
        "urn:prebirka:kz2024:station::",
        "urn:prebirka:kz2024:station:662:",
        "urn:prebirka:kz2024:station:663:662-1",
        "urn:prebirka:kz2024:station:0662:662-1",
        "urn:prebirka:kz2024:station:662:662-01",
        "urn:prebirka:kz2024:station:662:662-1\n",
        "urn:prebirka:kz2024:station: 662:662-1",
        "urn:prebirka:kz2024:station:٦٦٢:662-1",
        "urn:prebirka:kz2024:station:-662:-662-1",
        "urn:prebirka:kz2024:centre:662:",
        "urn:prebirka:kz2024:centre::662-1",
    ],
)
def test_anything_else_is_no_identity(uri: str) -> None:
    with pytest.raises(NotAnIdentity) as caught:
        Identity.from_uri(uri)
    assert caught.value.code == "IDN-01"


@given(st.text())
def test_no_text_crashes_the_reader(text: str) -> None:
    with pytest.raises(NotAnIdentity):
        Identity.from_uri(text)


@given(stations | others, st.integers(0, 40), st.characters())
def test_a_changed_uri_is_another_identity_or_none(identity: Identity, index: int, character: str) -> None:
    uri = identity.uri
    index %= len(uri)
    changed = uri[:index] + character + uri[index + 1 :]
    try:
        read = Identity.from_uri(changed)
    except NotAnIdentity:
        return
    assert read.uri == changed
    assert (read == identity) is (changed == uri)


def test_a_station_needs_its_point_and_others_have_none() -> None:
    for fields in (
        (Role.STATION, "kz2024", None, None),
        (Role.STATION, "kz2024", 662, None),
        (Role.STATION, "kz2024", None, "662-1"),
        (Role.STATION, "kz2024", 66, "662-1"),
        (Role.CENTRE, "kz2024", 662, None),
        (Role.PUBLISHER, "kz2024", 662, "662-1"),
        (Role.CENTRE, "", None, None),
        (Role.CENTRE, "kz 2024", None, None),
        (Role.CENTRE, "k" * 33, None, None),
        (Role.CENTRE, "-kz2024", None, None),
    ):
        with pytest.raises(NotAnIdentity):
            Identity(*fields)
