"""Documents as plain trees: what one says, what it should say, and the first place where they part.

An expected tree is built by hand from recomputed numbers; comparing it with the document finds every
wrong value, and equally an element that is missing, too many or out of order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from app.documents import xml
from app.documents.document_errors import DocumentError
from app.verify.differences import Difference, other_value
from app.verify.report import Report

#: Bytes and elements of the largest documents: zero files and changes of a nation with room to spare.
MAX_BYTES = 400 * 1024 * 1024
MAX_TAGS = 2_000_000
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


class Node(NamedTuple):
    """An element without its namespace; `text` is kept as it is only where there are no children."""

    name: str
    attributes: Mapping[str, str]
    children: Sequence[Node] = ()
    text: str = ""

    def all(self, name: str) -> list[Node]:
        return [child for child in self.children if child.name == name]

    def one(self, name: str) -> Node:
        """The only child of this name; its schema has seen to it that it is there."""
        [child] = self.all(name)
        return child

    def number(self, attribute: str) -> int:
        return int(self.attributes[attribute])


def read(data: bytes, schema: str, file: str, report: Report) -> Node:
    """The document as a tree, hardened and valid by its schema. Raises Difference VER-16."""
    try:
        root = xml.parse_published(data, schema, max_bytes=MAX_BYTES, max_tags=MAX_TAGS)
    except DocumentError as error:
        where = f"[{error.line}:{error.column}]" if error.line else ""
        raise Difference("VER-16", file, error.cs, error.en, place=where) from error
    report.count("schemas")
    return _node(root)


def _node(element: xml.Element) -> Node:
    children = [_node(child) for child in element]
    attributes = {name: value for name, value in xml.items_of(element) if not name.startswith(_XSI)}
    text = "" if children else element.text or ""
    return Node(str(element.tag).rpartition("}")[2], attributes, children, text)


def node(name: str, children: Iterable[Node] = (), /, **attributes: object) -> Node:
    """An expected element; attributes that are None are not there, numbers become text."""
    return Node(
        name, {key: str(value) for key, value in attributes.items() if value is not None}, list(children)
    )


def compare(file: str, said: Node, expected: Node, report: Report, path: str = "") -> None:
    """Raises Difference for the first value or element of `said` that is not as `expected`."""
    path = path or f"/{said.name}"
    if said.name != expected.name:
        raise _element(file, path, said.name, expected.name)
    _compare_attributes(file, said, expected, report, path)
    for at, child in enumerate(expected.children):
        if at >= len(said.children):
            raise _element(file, _place(path, child), "—", _label(child))
        found = said.children[at]
        if _label(found) != _label(child):
            raise _element(file, _place(path, found), _label(found), _label(child))
        compare(file, found, child, report, _place(path, child))
    if len(said.children) > len(expected.children):
        extra = said.children[len(expected.children)]
        raise _element(file, _place(path, extra), _label(extra), "—")


def _compare_attributes(file: str, said: Node, expected: Node, report: Report, path: str) -> None:
    for name, value in expected.attributes.items():
        given = said.attributes.get(name)
        if given != value:
            raise other_value("VER-40", file, f"{path}/@{name}", "—" if given is None else given, value)
        kind = _kind(said.name, name, value)
        report.count(kind, int(value) if kind == "seats" else 1)
    for name, given in said.attributes.items():
        if name not in expected.attributes:
            raise other_value("VER-40", file, f"{path}/@{name}", given, "—")


def _element(file: str, path: str, said: str, found: str) -> Difference:
    return other_value("VER-41", file, path, said, found)


def _kind(element: str, name: str, value: str) -> str:
    if "PROC" in name.split("_"):
        return "percentages"
    if name == "MANDATY":
        return "seats"
    if name.startswith("ZVOLEN") or (element == "ZASTUPITEL" and name == "PORADOVE_CISLO"):
        return "elected"
    if name.startswith(
        ("HLASY", "POC_HLASU", "PREDNOSTNI", "ZAPSANI", "VYDANE", "ODEVZD", "PLATNE", "OKRSKY_")
    ):
        return "sums"
    return "texts"


#: Attributes that name an element among its neighbours; of several the first, OBEC with its kind too.
_KEYS = (
    *("CIS_KRZAST", "NUTS_OKRES", "CIS_OBEC", "CIS_OBVOD", "CISLO", "KSTRANA", "PORADI_ZPRAC", "KOLO"),
    *("PORADOVE_CISLO", "PORCISLO", "TYP_OBEC"),
)


def _label(element: Node) -> str:
    keys = [f"@{key}='{element.attributes[key]}'" for key in _KEYS if key in element.attributes]
    return f"{element.name}[{' and '.join(keys)}]" if keys else element.name


def _place(path: str, element: Node) -> str:
    return f"{path}/{_label(element)}"
