"""A PDF with one signature (PAdES, or PKCS #7 detached): the bytes it covers, and the file attached inside.

What a signature covers is found in the bytes themselves, before any parser looks into the file: one
/ByteRange from the first byte to the last, and between its two parts exactly the signature's own string. So
nothing was added after signing and no reader can take other bytes for the signed ones. Only when the
signature was verified, `attached` opens the document, and then the field must be the same one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

from pypdf import PdfReader

_NUMBER = rb"\s{0,50}(\d{1,10})"
_BYTE_RANGE = re.compile(rb"/ByteRange\s{0,5}\[" + rb"\s".join([_NUMBER] * 4) + rb"\s{0,50}\]")
_HEX = re.compile(rb"<[0-9A-Fa-f]+>")
_DATE = re.compile(r"D:(\d{14})(?:Z|([+-])(\d\d)'?(\d\d)'?)?")
_FORMATS = ("/ETSI.CAdES.detached", "/adbe.pkcs7.detached")
_DEEPEST = 20

logging.getLogger("pypdf").setLevel(
    logging.ERROR
)  # its remarks about others' files are none of a centre's log


class NotSigned(ValueError):
    """The file is no PDF with exactly one signature over all of it; the text says why, for a technician."""


@dataclass(frozen=True, slots=True)
class SignedPdf:
    """`covered` are the signed bytes, `signature` the CMS message (zeros may follow it)."""

    data: bytes
    byte_range: tuple[int, int, int, int]
    covered: bytes
    signature: bytes


def split(data: bytes) -> SignedPdf:
    """The signature of a PDF and what it covers. Raises `NotSigned`."""
    if not data.startswith(b"%PDF-"):
        raise NotSigned("no PDF")
    if data.count(b"/ByteRange") != 1:
        raise NotSigned("not exactly one signature")
    found = _BYTE_RANGE.search(data)
    if found is None:
        raise NotSigned("byte range")
    start, before, after, rest = (int(number) for number in found.groups())
    if start != 0 or not before < after or after + rest != len(data):
        raise NotSigned("the signature does not cover the whole file")
    gap = data[before:after]
    if not _HEX.fullmatch(gap) or len(gap) % 2:
        raise NotSigned("the gap is not the signature alone")
    covered = data[:before] + data[after:]
    return SignedPdf(data, (start, before, after, rest), covered, bytes.fromhex(gap[1:-1].decode("ascii")))


def attached(pdf: SignedPdf, name: str, max_bytes: int) -> tuple[bytes, datetime | None]:
    """The one file attached under `name` inside a verified PDF, and the signing time that the PDF claims.
    Raises `NotSigned`."""
    try:
        return _attached(pdf, name, max_bytes)
    except NotSigned:
        raise
    except Exception as error:  # the library raises whatever a damaged file led it into
        raise NotSigned(f"{type(error).__name__}: {error}"[:300]) from error


def _attached(pdf: SignedPdf, name: str, max_bytes: int) -> tuple[bytes, datetime | None]:
    reader = PdfReader(BytesIO(pdf.data))
    if reader.is_encrypted:
        raise NotSigned("encrypted")
    signatures = list(_signatures(reader))
    if len(signatures) != 1:
        raise NotSigned("not exactly one signature field")
    [value] = signatures
    if tuple(int(number) for number in value["/ByteRange"]) != pdf.byte_range:
        raise NotSigned("another byte range")
    if _bytes(value["/Contents"]) != pdf.signature:
        raise NotSigned("another signature")
    if value.get("/SubFilter") not in _FORMATS:
        raise NotSigned(f"signature format {value.get('/SubFilter')}")
    files = [each for each in reader.attachment_list if each.name == name]
    if len(files) != 1:
        raise NotSigned(f"not exactly one attachment {name}")
    content = files[0].content
    if len(content) > max_bytes:
        raise NotSigned("attachment too large")
    return content, _time(str(value.get("/M", "")))


def _signatures(reader: PdfReader) -> Iterator[Any]:
    """The values of the signature fields."""
    root: Any = reader.root_object
    form = root.get("/AcroForm")
    if form is None:
        return
    waiting = [(field, "", 0) for field in form.get_object().get("/Fields", [])]
    while waiting:
        reference, inherited, depth = waiting.pop()
        if depth > _DEEPEST:
            raise NotSigned("form too deep")
        field = reference.get_object()
        kind = field.get("/FT", inherited)
        if kind == "/Sig" and "/V" in field:
            yield field["/V"].get_object()
        waiting += [(child, kind, depth + 1) for child in field.get("/Kids", [])]


def _bytes(value: Any) -> bytes:
    """A string of PDF as its bytes: the library takes some for text."""
    return bytes(value) if isinstance(value, bytes) else bytes(value.original_bytes)


def _time(text: str) -> datetime | None:
    """A date of PDF (ISO 32000, 7.9.4); None for one without a time zone or in another form."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        moment = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        if found[2]:
            offset = timedelta(hours=int(found[3]), minutes=int(found[4]))
            moment = moment.replace(tzinfo=timezone(offset if found[2] == "+" else -offset))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
