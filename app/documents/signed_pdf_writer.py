"""A PDF ready to be signed, for rehearsals: the attachment, a signature field, and room for the signature.

What applicants send is made by their own programs; a rehearsal needs the same kind of file (PAdES, ISO 32000
12.8). `prepared` leaves room and tells what has to be signed, `filled` puts the signature there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Final, NamedTuple

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

#: Bytes of room for a signature.
_ROOM: Final = 16_000
_MARK: Final = b"/ByteRange [ 0 1111111111 2222222222 3333333333 ]"
_NUMBERS: Final = (1111111111, 2222222222, 3333333333)


class Prepared(NamedTuple):
    """`data` has zeros between `before` and `after`, where the signature goes; `covered` is to be signed."""

    data: bytes
    before: int
    after: int

    @property
    def covered(self) -> bytes:
        return self.data[: self.before] + self.data[self.after :]


def prepared(attachment: bytes, name: str, at: datetime, page: bytes | None = None) -> Prepared:
    """A PDF with one file inside, to be signed at `at`; `page` is a PDF for people, else a blank page."""
    writer = PdfWriter()
    if page is None:
        writer.add_blank_page(595, 842)
    else:
        writer.append(PdfReader(BytesIO(page)))
    writer.add_attachment(name, attachment)
    value = writer._add_object(_value(at))
    field = writer._add_object(_field(value, writer.pages[0].indirect_reference))
    writer.pages[0][NameObject("/Annots")] = ArrayObject([field])
    form = {"/Fields": ArrayObject([field]), "/SigFlags": NumberObject(3)}
    writer.root_object[NameObject("/AcroForm")] = _dictionary(form)
    stream = BytesIO()
    writer.write(stream)
    return _ranged(stream.getvalue())


def filled(pdf: Prepared, signature: bytes) -> bytes:
    """The PDF with its signature (CMS in DER)."""
    room = pdf.after - pdf.before - 2
    written = signature.hex().encode("ascii")
    if len(written) > room:
        raise ValueError("no room for the signature")
    return pdf.data[: pdf.before + 1] + written.ljust(room, b"0") + pdf.data[pdf.after - 1 :]


def _value(at: datetime) -> DictionaryObject:
    return _dictionary(
        {
            "/Type": NameObject("/Sig"),
            "/Filter": NameObject("/Adobe.PPKLite"),
            "/SubFilter": NameObject("/ETSI.CAdES.detached"),
            "/M": TextStringObject(at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")),
            "/ByteRange": ArrayObject([NumberObject(0), *map(NumberObject, _NUMBERS)]),
            "/Contents": ByteStringObject(b"\0" * _ROOM),
        }
    )


def _field(value: object, page: object) -> DictionaryObject:
    return _dictionary(
        {
            "/Type": NameObject("/Annot"),
            "/Subtype": NameObject("/Widget"),
            "/FT": NameObject("/Sig"),
            "/T": TextStringObject("Podpis"),
            "/F": NumberObject(132),
            "/Rect": ArrayObject([NumberObject(0)] * 4),
            "/V": value,
            "/P": page,
        }
    )


def _dictionary(values: Mapping[str, object]) -> DictionaryObject:
    return DictionaryObject({NameObject(name): value for name, value in values.items()})


def _ranged(data: bytes) -> Prepared:
    """The same file with the true byte range, of the same length as the one that held its place."""
    before = data.index(b"<" + b"00" * _ROOM + b">")
    after = before + 2 * _ROOM + 2
    told = f"/ByteRange [ 0 {before} {after} {len(data) - after}".encode("ascii")
    data = data.replace(_MARK, told.ljust(len(_MARK) - 1) + b"]", 1)
    return Prepared(data, before, after)
