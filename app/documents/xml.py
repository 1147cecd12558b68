"""The one XML parser of the house: hardened, checked by schema, refusing in plain Czech.

Bytes pass these gates in order: size, kind of file, character encoding, forbidden constructs, well
formed, the right document, its schema. The library only ever sees UTF-8 that has no document type,
so entities, external files and foreign encodings do not reach it; the parser's own switches say the
same once more. Signed documents (all but those with `allow_comments`) are UTF-8 without a byte order
mark and carry no comment, processing instruction or CDATA: what a reader sees is what was signed.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

from lxml import etree

from app import resources
from app.documents import xml_faults, xml_gates
from app.documents.document_errors import refusal
from app.documents.files import read_bytes_of

#: An element of a parsed document, for those who do not know the library.
Element: TypeAlias = etree._Element

_XS = "{http://www.w3.org/2001/XMLSchema}"
_BARE_NAME = re.compile(r"[a-z0-9_-]+\.xsd")
_compiling = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A schema ready for use, with the name of the one root element it describes."""

    schema: etree.XMLSchema
    root: str


class _PerThread(threading.local):
    """Parsers and schemas of one thread: a schema keeps the log of its last failure."""

    def __init__(self) -> None:
        self.schemas: dict[str, _Compiled] = {}
        self.signed = _parser(comments=False)
        self.open = _parser(comments=True)


def _parser(*, comments: bool) -> etree.XMLParser:
    # Comments of unsigned documents are dropped while parsing, so that nothing later has to skip them.
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=comments,
        remove_pis=comments,
    )


_local = _PerThread()


def parse(data: bytes | Path, schema: str, *, max_bytes: int, allow_comments: bool = False) -> etree._Element:
    """The root element of `data`, found in order by the schema `schema` (a file name in `resources/schemas`).

    `max_bytes` is checked before anything else is read. Raises `DocumentError` with one code of
    `DOC_CODES`, with line and column where there is one.
    """
    if isinstance(data, Path):
        data = read_bytes_of(data, max_bytes)
    root, text = _well_formed(data, max_bytes, allow_comments=allow_comments)
    compiled = _compiled(schema)
    xml_faults.check_root(root.tag, root.get("VERZE"), compiled.root)
    return _valid(root, text, compiled)


def parse_published(data: bytes, schema: str, *, max_bytes: int, max_tags: int) -> etree._Element:
    """The root element of a document that was published: the same gates, but as large as a nation needs,
    and VERZE is the number of the published version. Raises `DocumentError`; DOC-17 for another root."""
    root, text = _well_formed(data, max_bytes, max_tags=max_tags)
    compiled = _compiled(schema)
    if root.tag != compiled.root:
        raise refusal("DOC-17", element=xml_faults.name_of(root.tag).localname)
    return _valid(root, text, compiled)


def _well_formed(
    data: bytes, max_bytes: int, *, allow_comments: bool = False, max_tags: int | None = None
) -> tuple[etree._Element, str]:
    """The root element, not held against any schema yet, and the document's text."""
    xml_gates.check_size(len(data), max_bytes)
    text = xml_gates.decoded(data, strict=not allow_comments)
    xml_gates.check_constructs(text, signed=not allow_comments)
    xml_gates.check_extent(text, max_tags)
    try:
        root = etree.fromstring(text.encode(), _local.open if allow_comments else _local.signed)
    except etree.XMLSyntaxError as error:
        raise xml_faults.of_syntax(error, text) from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.externalDTD is not None:  # pragma: no cover
        raise refusal("DOC-12")
    return root, text


def _valid(root: etree._Element, text: str, compiled: _Compiled) -> etree._Element:
    if not compiled.schema.validate(root):
        raise xml_faults.of_schema(compiled.schema.error_log, text)
    return root


def attributes_of(element: etree._Element) -> dict[str, str]:
    """All attributes of an element at once, several times faster than asking for each."""
    return dict(items_of(element))


def items_of(element: etree._Element) -> list[tuple[str, str]]:
    """Names and values of all attributes, in the document's order."""
    return cast(list[tuple[str, str]], element.items())


def _compiled(schema: str) -> _Compiled:
    known = _local.schemas.get(schema)
    if known is None:
        tree = _whole_schema(schema)
        element = tree.find(f"{_XS}element")
        assert element is not None  # each of our schemas describes one document
        root = f"{{{tree.get('targetNamespace')}}}{element.get('name')}"
        with _compiling:
            known = _local.schemas[schema] = _Compiled(etree.XMLSchema(tree), root)
    return known


def _whole_schema(name: str) -> etree._Element:
    """The schema with its includes put in place. The library never loads a file by itself: it would
    follow any address, and does not do it reliably when several threads compile at once."""
    if not _BARE_NAME.fullmatch(name):
        raise ValueError(f"a schema may include only files beside it, not {name}")
    tree = cast(
        etree._Element, etree.fromstring(resources.path("schemas", name).read_bytes(), _parser(comments=True))
    )
    for include in tree.findall(f"{_XS}include"):
        for part in reversed(list(_whole_schema(include.get("schemaLocation", "")))):
            include.addnext(part)
        tree.remove(include)
    return tree
