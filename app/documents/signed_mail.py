"""A signed message (S/MIME, RFC 8551): the bytes that its signature covers, and the file inside them.

Both kinds are read: `multipart/signed`, where the signature is a part of its own and covers the part before
it byte by byte, and `application/pkcs7-mime`, where the signed part lies within the signature. Of the
message's own head only what says how it is wrapped is looked at; sender and subject prove nothing.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

_HEAD_LIMIT = 64 * 1024
_LINE_END = re.compile(rb"\r\n|\r|\n")
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_WRAPPED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_MOST_PARTS = 50


class NotSigned(ValueError):
    """No signed message in one of the two forms; the text says why, for a technician."""


@dataclass(frozen=True, slots=True)
class SignedMail:
    """`contents` are the ways in which the signed part may have been written (line ends of the network, and
    as it came); none when the signature holds the part itself."""

    contents: tuple[bytes, ...]
    signature: bytes


def split(data: bytes) -> SignedMail:
    """The signature of a message and what it covers. Raises `NotSigned`."""
    head, body = _head_and_body(data)
    kind = head.get_content_type()
    if kind in _WRAPPED:
        return SignedMail((), _decoded(head, body))
    if kind != "multipart/signed":
        raise NotSigned(f"content type {kind}")
    boundary = head.get_boundary()
    if not boundary:
        raise NotSigned("boundary")
    signed, signature = _two_parts(body, boundary.encode("ascii", "replace"))
    of_signature, encoded = _head_and_body(signature)
    if of_signature.get_content_type() not in _SIGNATURES:
        raise NotSigned(f"signature part {of_signature.get_content_type()}")
    canonical = _LINE_END.sub(b"\r\n", signed)
    return SignedMail((canonical, signed), _decoded(of_signature, encoded))


def attached(part: bytes, name: str, max_bytes: int) -> bytes:
    """The one file `name` in a verified part of a message, or the part itself where it is XML. Raises
    `NotSigned`."""
    try:
        message = BytesParser(EmailMessage, policy=policy.default).parsebytes(part)
        parts = [each for each in list(message.walk())[: _MOST_PARTS + 1] if not each.is_multipart()]
        if len(parts) > _MOST_PARTS:
            raise NotSigned("too many parts")
        named = [each for each in parts if _is_it(each, name)]
        if len(named) != 1:
            raise NotSigned(f"not exactly one attachment {name}")
        content = named[0].get_payload(decode=True)
    except NotSigned:
        raise
    except Exception as error:  # the library raises whatever a damaged message led it into
        raise NotSigned(f"{type(error).__name__}: {error}"[:300]) from error
    if not isinstance(content, bytes) or len(content) > max_bytes:
        raise NotSigned("attachment too large")
    return content


def _is_it(part: EmailMessage, name: str) -> bool:
    return part.get_filename() == name or (
        part.get_filename() is None and part.get_content_type() in ("application/xml", "text/xml")
    )


def _head_and_body(data: bytes) -> tuple[EmailMessage, bytes]:
    """The head as the library reads it, and the body's own bytes."""
    end = re.search(rb"(?:\r\n|\n)(?:\r\n|\n)", data[:_HEAD_LIMIT])
    if end is None:
        raise NotSigned("no head")
    try:
        head = BytesParser(EmailMessage, policy=policy.default).parsebytes(
            data[: end.end()], headersonly=True
        )
        head.get_content_type()
    except Exception as error:  # the library raises whatever a damaged head led it into
        raise NotSigned(f"{type(error).__name__}: {error}"[:300]) from error
    return head, data[end.end() :]


def _two_parts(body: bytes, boundary: bytes) -> tuple[bytes, bytes]:
    """The bytes between the three boundary lines (RFC 2046, 5.1.1): a line end before one belongs to it."""
    lines = re.compile(rb"(?:^|\r\n|\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r\n|\n|$)")
    found = []
    at = 0
    while (line := lines.search(body, at)) is not None:
        found.append(line)
        if len(found) > 3:
            raise NotSigned("more than two parts")
        at = line.end() - (1 if body[line.end() - 1 : line.end()] == b"\n" else 0)
    if len(found) != 3 or [bool(line[1]) for line in found] != [False, False, True]:
        raise NotSigned("not two parts")
    first, second, last = found
    return body[first.end() : second.start()], body[second.end() : last.start()]


def _decoded(head: EmailMessage, body: bytes) -> bytes:
    encoding = str(head.get("Content-Transfer-Encoding", "7bit")).strip().lower()
    if encoding in ("binary", "8bit"):
        return body
    if encoding != "base64":
        raise NotSigned(f"encoding {encoding}")
    try:
        return b64decode(b"".join(body.split()), validate=True)
    except binascii.Error as error:
        raise NotSigned("base64") from error
