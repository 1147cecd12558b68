"""Which address a request is from: the socket's, or what a front server that is configured says.

Only a configured front server is believed, and of its list only the right-most address that is not a front
server itself: whatever stands to the left of it was written by the client. Anything malformed on the way
there is an error and never an address, because an address opens the line. An IPv4 address in IPv6's clothes
(`::ffff:192.0.2.1`) is that IPv4 address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from app.election.errors import KnownError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
#: The front server on a socket of the file system, which has no address.
UNIX = "unix"
#: More hops than anybody has; a longer list is no list.
_MOST_HOPS = 20
_LONGEST = 2000
_PORT = r"(?::[0-9]{1,5})?"
_HOP = re.compile(rf"(?:([0-9.]{{7,15}}){_PORT}|\[([0-9A-Fa-f:.]{{2,45}})\]{_PORT}|([0-9A-Fa-f:.]{{2,45}}))")
#: One pair of RFC 7239, 4: a token, an equals sign, a token or a quoted string without escapes.
_PAIR = re.compile(r'([!#$%&\'*+.^_`|~0-9A-Za-z-]+)=(?:([!#$%&\'*+.^_`|~0-9A-Za-z-]+)|"([^"\\]*)")')


class Told(StrEnum):
    """How a front server says whom it speaks for."""

    X_FORWARDED_FOR = "x-forwarded-for"
    FORWARDED = "forwarded"
    PROXY_PROTOCOL = "proxy-protocol"


class NoOrigin(ValueError):
    """Nobody can say which address a request is from."""


class Origin:
    """Tells the address of requests by the front servers that are believed."""

    def __init__(self, proxies: Iterable[str] = (), told: Told = Told.X_FORWARDED_FOR) -> None:
        """`proxies` are networks, or `unix`. Raises KnownError MED-60 for anything else."""
        proxies = tuple(proxies)
        self.told = told
        self._unix = UNIX in proxies
        self._networks = tuple(_network(each) for each in proxies if each != UNIX)
        self._header = told.value.encode()

    def is_proxy(self, peer: str) -> bool:
        """Whether this peer speaks for others; an empty one came by a socket of the file system."""
        if not peer:
            return self._unix
        try:
            return self._is_believed(address_of(peer))
        except NoOrigin:
            return False

    def of(self, peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """The address, in the one form that the list uses. `peer` is the socket's, empty for one of the file
        system. Raises NoOrigin."""
        if not self._networks and not self._unix:
            return canonical(peer)
        if self.told is Told.PROXY_PROTOCOL or not self.is_proxy(peer):
            return canonical(peer)
        lines = [value for name, value in headers if name == self._header]
        return self._client(b",".join(lines), peer)

    @lru_cache(maxsize=4096)  # noqa: B019 (one for the life of the process)
    def _client(self, told: bytes, peer: str) -> str:
        if not told or len(told) > _LONGEST:
            raise NoOrigin("nothing")
        text = told.decode("latin-1")
        hops = _forwarded(text) if self.told is Told.FORWARDED else text.split(",")
        if len(hops) > _MOST_HOPS:
            raise NoOrigin("too many")
        for hop in reversed(hops):
            address = _of_hop(hop.strip(" \t"))
            if not self._is_believed(address):
                return str(address)
        return canonical(peer)  # front servers all the way: one of them asks for itself

    def _is_believed(self, address: Address) -> bool:
        return any(address.version == each.version and address in each for each in self._networks)


def address_of(text: str) -> Address:
    """An address from its text; raises NoOrigin for anything else, a zone included."""
    try:
        address = ip_address(text)
    except ValueError:
        raise NoOrigin(text[:45]) from None
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            raise NoOrigin(text[:45])
        return address.ipv4_mapped or address
    return address


@lru_cache(maxsize=8192)
def canonical(text: str) -> str:
    """The one form of an address. Raises NoOrigin."""
    return str(address_of(text))


def _of_hop(hop: str) -> Address:
    match = _HOP.fullmatch(hop)
    if match is None:
        raise NoOrigin(hop[:45])
    return address_of(next(filter(None, match.groups())))


def _forwarded(text: str) -> Sequence[str]:
    """The `for` of each element of a Forwarded header. Raises NoOrigin for what is not of its form."""
    hops = []
    for element in _split(text, ","):
        found = []
        for pair in _split(element, ";"):
            match = _PAIR.fullmatch(pair.strip(" \t"))
            if match is None:
                raise NoOrigin(text[:45])
            name, plain, quoted = match.groups()
            if name.lower() == "for":
                found.append(plain if quoted is None else quoted)
        if len(found) != 1:
            raise NoOrigin(text[:45])
        hops.append(found[0])
    return hops


def _split(text: str, by: str) -> list[str]:
    """Parts between separators that are outside of quotation marks."""
    parts, quoted, begun = [], False, 0
    for at, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character == by and not quoted:
            parts.append(text[begun:at])
            begun = at + 1
    return [*parts, text[begun:]]


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        raise KnownError(
            "MED-60",
            f"„{text}“ není síť předřazeného serveru. Zadejte ji jako 10.0.0.5/32, 2001:db8::/64 nebo unix.",
            f"“{text}” is no network of a front server. Give it as 10.0.0.5/32, 2001:db8::/64 or unix.",
        ) from None
