"""The PROXY protocol: a load balancer's first bytes on a connection, which say whose connection it is.

Versions 1 (a line of text) and 2 (binary) as HAProxy's specification has them. Read only from configured
front servers, and there always: a connection of theirs that begins otherwise is refused.
"""

from __future__ import annotations

import re
import socket
from typing import NamedTuple

from app.central.media.server.origin import NoOrigin, canonical

_SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
#: Bytes of the longest line of version 1, its end included; of the fixed part of version 2.
_LONGEST_LINE = 107
_FIXED = 16
#: Extensions of version 2 beyond this are not read.
_LONGEST = 1024
_LINE = re.compile(
    rb"PROXY (?:(UNKNOWN)(?: [ -~]*)?|(TCP[46]) ([0-9A-Fa-f.:]+) [0-9A-Fa-f.:]+ [0-9]{1,5} [0-9]{1,5})\r\n"
)
_SIZES = {0x1: (socket.AF_INET, 4, 12), 0x2: (socket.AF_INET6, 16, 36)}


class Preface(NamedTuple):
    """`address` is whom the connection is from, empty when the front server asks for itself; `length` how
    many bytes said so."""

    address: str
    length: int


def read(data: bytes) -> Preface | None:
    """What a connection's first bytes say; None while more of them are needed. Raises NoOrigin."""
    if data[: len(_SIGNATURE)] == _SIGNATURE[: len(data)]:
        return _binary(data)
    if data[:6] == b"PROXY "[: len(data)]:
        return _text(data)
    raise NoOrigin("no PROXY protocol")


def _text(data: bytes) -> Preface | None:
    end = data.find(b"\r\n", 0, _LONGEST_LINE)
    if end < 0:
        if len(data) >= _LONGEST_LINE:
            raise NoOrigin("the line is too long")
        return None
    match = _LINE.fullmatch(data[: end + 2])
    if match is None:
        raise NoOrigin("the line is malformed")
    unknown, family, address = match.groups()
    if unknown:
        return Preface("", end + 2)
    text = address.decode("ascii")
    if (family == b"TCP6") != (":" in text):
        raise NoOrigin("the family is another one")
    return Preface(canonical(text), end + 2)


def _binary(data: bytes) -> Preface | None:
    if len(data) < _FIXED:
        return None
    version, family = data[12], data[13]
    size = int.from_bytes(data[14:16], "big")
    if version >> 4 != 2 or version & 0xF > 1 or size > _LONGEST:
        raise NoOrigin("version or size")
    if len(data) < _FIXED + size:
        return None
    if not version & 0xF:  # LOCAL: a check of the front server's own
        return Preface("", _FIXED + size)
    kind = _SIZES.get(family >> 4)
    if kind is None or family & 0xF != 1 or size < kind[2]:
        raise NoOrigin("no TCP over IP")
    address = data[_FIXED : _FIXED + kind[1]]
    return Preface(canonical(socket.inet_ntop(kind[0], address)), _FIXED + size)
