"""Addresses of the media: single, public, in one form, in whatever notation; and names."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.central.media import addresses, names
from app.central.media.outcomes import BY_CODE, Outcome
from app.documents.media_list import MediaList, Organisation, decode, encode
from app.election.model import Mode
from tests.support.newsroom import IN_TIME

IPV4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
IPV6 = st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address)
#: Half of the random ones would hardly ever meet a special range.
SPECIAL = st.sampled_from(
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10",
     "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32", "198.18.0.0/15", "fc00::/7",
     "fe80::/10", "ff00::/8", "::1/128", "::/128", "64:ff9b::/96", "2002::/16", "2001::/32",
     "100::/64", "fec0::/10"]
).map(ipaddress.ip_network)  # fmt: skip
DOCUMENTATION = st.sampled_from(["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"]).map(
    ipaddress.ip_network
)


@st.composite
def within(draw: st.DrawFn, networks: st.SearchStrategy) -> str:
    network = draw(networks)
    return str(network[draw(st.integers(0, network.num_addresses - 1))])


@given(IPV4 | IPV6)
def test_every_notation_of_an_address_is_one_address(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    one = addresses.normalised(str(address))
    assert one is not None
    notations = [address.exploded, address.exploded.upper(), f" {address} ", one]
    if isinstance(address, ipaddress.IPv4Address):
        notations += [f"::ffff:{address}", ipaddress.IPv6Address(f"::ffff:{address}").exploded]
    assert {addresses.normalised(each) for each in notations} == {one}


@given(IPV4 | IPV6)
def test_what_is_allowed_can_stand_in_the_list(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    one = addresses.normalised(str(address))
    assert one is not None
    if addresses.allowed(one, rehearsal=False):
        assert addresses.allowed(one, rehearsal=True)
        media = MediaList("kz2024", Mode.LIVE, 1, IN_TIME, IN_TIME, (Organisation("1", "A", (one,)),))
        assert decode(encode(media)) == media


@given(within(SPECIAL))
def test_no_special_address_is_allowed_live(address: str) -> None:
    assert not addresses.allowed(address, rehearsal=False)
    assert Outcome.NOT_PUBLIC in addresses.judge((address,), (), rehearsal=False)


@given(within(SPECIAL))
def test_a_rehearsal_allows_only_its_own_machine_among_them(address: str) -> None:
    assert addresses.allowed(address, rehearsal=True) == address.startswith("127.")


@given(within(DOCUMENTATION))
def test_addresses_of_documentation_are_a_rehearsals(address: str) -> None:
    assert addresses.allowed(address, rehearsal=True)
    assert not addresses.allowed(address, rehearsal=False)


@given(st.text(max_size=60) | within(SPECIAL).map(lambda text: f"{text}/24"))
def test_anything_else_is_no_address(text: str) -> None:
    try:
        ipaddress.ip_address(text.strip())
    except ValueError:
        assert addresses.normalised(text) is None
        assert addresses.judge((text,), (), rehearsal=True) == [Outcome.NOT_AN_ADDRESS]


@given(st.lists(IPV4.map(str), max_size=8), st.lists(IPV4.map(str), max_size=8))
def test_the_sixth_of_either_kind_is_one_too_many(night: list[str], test: list[str]) -> None:
    found = addresses.judge(tuple(night), tuple(test), rehearsal=True)
    assert (Outcome.TOO_MANY in found) == (len(night) > 5 or len(test) > 5)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Jana Nová", "Ing. Jana Nová, Ph.D.", True),
        ("Jana Nová", "Nová Jana", True),
        ("Jana Nová", "JANA NOVÁ", True),
        ("Bc. et Bc. Petr Žluťoučký", "Petr Žluťoučký MBA", True),
        ("Jana Nová", "Jana Nova", False),
        ("Jana Nová", "Jana Stará", False),
        ("", "", False),
        ("Ing.", "Mgr.", False),
    ],
)
def test_a_person_is_the_same_without_degrees_and_in_either_order(one: str, other: str, same: bool) -> None:
    assert names.same_person(one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Televize Lhota, a.s.", ""), ("TELEVIZE LHOTA a. s.", ""), True),
        (("Televize Lhota", "12345678"), ("Jiné jméno", "12345678"), True),
        (("Televize Lhota", "12345678"), ("Televize Lhota", "87654321"), False),
        (("Televize Lhota", "12345678"), ("Televize Lhota", ""), True),
        (("Televize Lhota", ""), ("Televize Lhotka", ""), False),
        (("", ""), ("", ""), False),
    ],
)
def test_an_organisation_is_the_same_by_number_else_by_name(
    one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    assert names.same_organisation(one, other) is same


def test_each_outcome_has_its_own_code() -> None:
    assert len(BY_CODE) == len(Outcome)
    assert sorted(BY_CODE) == [f"MED-{number:02}" for number in range(1, len(Outcome) + 1)]
