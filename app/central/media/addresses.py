"""Which addresses may stand in the list of media: single, public ones, each in one form.

An IPv4 address written as IPv6 (`::ffff:192.0.2.1`) is that IPv4 address. In a rehearsal addresses of
documentation (RFC 5737, RFC 3849) and of the machine itself may stand in for real ones.
"""

from __future__ import annotations

import ipaddress
from typing import Final

from app.central.media.outcomes import Outcome
from app.documents.media_list import MOST_ADDRESSES

_DOCUMENTATION: Final = tuple(
    ipaddress.ip_network(each)
    for each in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)
_OF_THE_MACHINE: Final = (ipaddress.ip_network("127.0.0.0/8"),)
#: Addresses that carry or stand for an IPv4 address inside: another way round would reach a private one.
_TRANSLATED: Final = tuple(
    ipaddress.ip_network(each)
    for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)

#: The only part of IPv6 that is given out for global unicast (RFC 4291, 2.4).
_GLOBAL_UNICAST: Final = ipaddress.ip_network("2000::/3")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def normalised(text: str) -> str | None:
    """An address in the one form that it is compared in; None for anything but a single address."""
    try:
        address: Address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return None
        address = address.ipv4_mapped or address
    return str(address)


def allowed(text: str, *, rehearsal: bool) -> bool:
    """Whether a normalised address may be listed."""
    address = ipaddress.ip_address(text)
    if rehearsal and _within(address, _DOCUMENTATION + _OF_THE_MACHINE):
        return True
    return (
        address.is_global
        and (address.version == 4 or address in _GLOBAL_UNICAST)
        and not address.is_multicast
        and not address.is_reserved
        and not _within(address, _DOCUMENTATION + _TRANSLATED)
    )


def judge(night: tuple[str, ...], test: tuple[str, ...], *, rehearsal: bool) -> list[Outcome]:
    """Everything that is wrong with the addresses of an application."""
    found = []
    if max(len(night), len(test)) > MOST_ADDRESSES:
        found.append(Outcome.TOO_MANY)
    known = [normalised(each) for each in night + test]
    if None in known:
        found.append(Outcome.NOT_AN_ADDRESS)
    if not all(allowed(each, rehearsal=rehearsal) for each in known if each is not None):
        found.append(Outcome.NOT_PUBLIC)
    return found


def repeated(night: tuple[str, ...], test: tuple[str, ...]) -> tuple[str, ...]:
    """Normalised addresses that stand in an application more than once, of the night or for testing."""
    known = [each for each in map(normalised, night + test) if each is not None]
    return tuple(dict.fromkeys(each for each in known if known.count(each) > 1))


def _within(address: Address, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    return any(address.version == each.version and address in each for each in networks)
