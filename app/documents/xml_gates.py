"""What is looked at before the XML library sees a document: size, kind of file, encoding, constructs.

A clerk's stick holds everything: photographs, archives, half-written files, a saved web page. Each
is recognised from its first bytes and named, instead of an XML message about its first character.
"""

from __future__ import annotations

import codecs
import re

from app.documents.document_errors import refusal, size_texts

# First bytes, and what such a file is.
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "archiv ZIP nebo dokument Office", "a ZIP archive or an Office document"),
    (b"PK\x05\x06", "prázdný archiv ZIP", "an empty ZIP archive"),
    (b"%PDF", "dokument PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "dokument Office", "an Office document"),
    (b"{\\rtf", "dokument RTF", "an RTF document"),
    (b"\x1f\x8b", "archiv GZIP", "a GZIP archive"),
    (b"7z\xbc\xaf", "archiv 7z", "a 7z archive"),
    (b"Rar!", "archiv RAR", "a RAR archive"),
    (b"BZh", "archiv BZIP2", "a BZIP2 archive"),
    (b"\xfd7zXZ", "archiv XZ", "an XZ archive"),
    (b"\x89PNG", "obrázek PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "fotografie JPEG", "a JPEG photograph"),
    (b"GIF8", "obrázek GIF", "a GIF picture"),
    (b"MZ", "program pro Windows", "a Windows program"),
    (b"SQLite format 3", "databáze SQLite", "an SQLite database"),
    (b"0\x82", "podepsaný soubor CMS", "a signed CMS file"),
    (b"0\x83", "podepsaný soubor CMS", "a signed CMS file"),
    (b"0\x80", "podepsaný soubor CMS", "a signed CMS file"),
    (b"-----BEGIN", "certifikát nebo klíč", "a certificate or a key"),
)
# Comments are taken in one way only: a pattern with a choice here would take for ever on a hostile file.
_HTML = re.compile(
    r"(?>\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*)<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]{1,40})["']""")
_DECLARED_TEXT = re.compile(r"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]{1,40})["']""")
# Encodings that are accepted, as documents name them, and the reader of each.
_ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8", "utf-16": "utf-16",
    "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "windows-1250": "cp1250", "cp1250": "cp1250",
    "iso-8859-2": "iso8859-2",
}  # fmt: skip
_FORBIDDEN = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)")
_NOTE = re.compile(r"<!|<\?")
_DECLARATION = re.compile(r"<\?xml\s[^<>]*\?>")
# The only declarations of a signed document: no other reader can take its bytes for other characters.
_SIGNED_DECLARATION = re.compile(rb"""<\?xml version=(["'])1\.0\1(?: encoding=(["'])(?i:utf-8)\2)?\s?\?>""")
_HEAD = 2000  # bytes or characters in which a file shows what it is
# 30 protocols of 99 lists make some 3 100 tags and 240 000 attributes, 300 usual protocols 5 000 tags.
# The schema's validator writes down every fault with its path, so thousands more must not reach it.
_MAX_TAGS = 10_000
_MAX_ATTRIBUTES = 300_000


def check_size(size: int, max_bytes: int) -> None:
    """Raise `DocumentError` DOC-05 when a document of `size` bytes is larger than it may be."""
    if size > max_bytes:
        size_cs, size_en = size_texts(size, upwards=True)
        limit_cs, limit_en = size_texts(max_bytes, upwards=False)
        raise refusal("DOC-05", size_cs=size_cs, size_en=size_en, limit_cs=limit_cs, limit_en=limit_en)


def decoded(data: bytes, *, strict: bool) -> str:
    """The characters of `data`, without a byte order mark. `strict` allows nothing but plain UTF-8.

    Raises `DocumentError`: empty (also all zero bytes, as a stick removed too early leaves them),
    another kind of file, an encoding that is not accepted or does not fit.
    """
    if not data or not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refusal("DOC-06")
    _check_kind(data)
    text = _decode(data, *_encoding(data, strict))
    if not text.lstrip().startswith("<"):
        raise refusal("DOC-07", kind_cs="prostý text nebo jiná data", kind_en="plain text or other data")
    if _HTML.match(text, 0, _HEAD):
        raise refusal("DOC-07", kind_cs="webová stránka (HTML)", kind_en="a web page (HTML)")
    return text


def check_constructs(text: str, *, signed: bool) -> None:
    """Raise `DocumentError` for a document type or entity (DOC-12), and in a signed document for a
    comment, instruction or CDATA (DOC-13). A raw `<` cannot stand inside an attribute, so looking at
    the text is enough, and stricter than looking at what a parser has made of it."""
    found = _FORBIDDEN.search(text)
    if found is not None:
        line, column = place(text, found.start())
        raise refusal("DOC-12", line=line, column=column)
    if not signed:
        return
    declaration = _DECLARATION.match(text)
    found = _NOTE.search(text, declaration.end() if declaration else 0)
    if found is not None:
        line, column = place(text, found.start())
        raise refusal("DOC-13", line=line, column=column)


def check_extent(text: str, max_tags: int | None = None) -> None:
    """Raise `DocumentError` DOC-14 when there are more elements or attributes than any document has that
    comes from a station; `max_tags` is for published ones, which grow with the nation."""
    most = _MAX_TAGS if max_tags is None else max_tags
    if text.count("<") > most or text.count("=") > max(_MAX_ATTRIBUTES, 10 * most):
        raise refusal("DOC-14")


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a character of `text`."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _check_kind(data: bytes) -> None:
    for start, kind_cs, kind_en in _KINDS:
        if data.startswith(start):
            raise refusal("DOC-07", kind_cs=kind_cs, kind_en=kind_en)


def _encoding(data: bytes, strict: bool) -> tuple[str, str]:
    """The name that the document (or its first bytes) gives to its encoding, and its reader."""
    if strict:
        if data.startswith(b"<") and (not data.startswith(b"<?xml") or _SIGNED_DECLARATION.match(data)):
            return "UTF-8", "utf-8"
        declared = _DECLARED.match(data[:_HEAD])
        raise refusal("DOC-08", encoding=declared[1].decode("ascii") if declared else "?")
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise refusal("DOC-08", encoding="UTF-32")
    if data.startswith(codecs.BOM_UTF8):
        return "UTF-8", "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16", "utf-16"
    if data.startswith((b"<\0", b"\0<")):
        return "UTF-16", "utf-16-le" if data.startswith(b"<\0") else "utf-16-be"
    declared = _DECLARED.match(data[:_HEAD])
    if declared is None:
        return "UTF-8", "utf-8"
    name = declared[1].decode("ascii")
    reader = _ENCODINGS.get(name.lower())
    if reader is None or reader.startswith("utf-16"):  # an 8-bit file that calls itself UTF-16
        raise refusal("DOC-08", encoding=name)
    return name, reader


def _decode(data: bytes, name: str, reader: str) -> str:
    try:
        text = data.decode(reader)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(reader, "replace")
        line, column = place(before, len(before))
        if "end of data" in error.reason or "truncated" in error.reason:
            raise refusal("DOC-10", line=line, column=column) from error
        raise refusal("DOC-09", encoding=name, line=line, column=column) from error
    if reader.startswith("utf-16") or reader == "utf-8-sig":
        declared = _DECLARED_TEXT.match(text)
        if declared is not None and not declared[1].lower().startswith(reader[:5]):
            raise refusal("DOC-08", encoding=declared[1])
    return text
