"""Documents as plain trees: what one says, what it should say, and the first place where they part.

An expected tree is built by hand from recomputed numbers; comparing it with the document finds every
wrong value, and equally an element that is missing, too many or out of order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
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


def compare(file: str, said: Node, expected: Node, report: Report) -> None:
    """Raises Difference for the first value or element of `said` that is not as `expected`."""
    if said.name != expected.name:
        raise _element(file, f"/{said.name}", said.name, expected.name)
    _compare(file, said, expected, report, None)


class _Path(NamedTuple):
    """Where a comparison is; it becomes text only when something differs."""

    above: _Path | None
    element: Node

    def __str__(self) -> str:
        return f"/{self.element.name}" if self.above is None else f"{self.above}/{_label(self.element)}"


def _compare(file: str, said: Node, expected: Node, report: Report, above: _Path | None) -> None:
    path = _Path(above, expected)
    if said.attributes != expected.attributes:
        raise _other_attribute(file, said, expected, path)
    for name, value in expected.attributes.items():
        kind = _kind(said.name, name)
        report.count(kind, int(value) if kind == "seats" else 1)
    found = said.children
    for at, child in enumerate(expected.children):
        if at >= len(found):
            raise _element(file, str(_Path(path, child)), "—", _label(child))
        other = found[at]
        if (other.name != child.name or other.attributes != child.attributes) and _label(other) != _label(
            child
        ):
            raise _element(file, str(_Path(path, other)), _label(other), _label(child))
        _compare(file, other, child, report, path)
    if len(found) > len(expected.children):
        extra = found[len(expected.children)]
        raise _element(file, str(_Path(path, extra)), _label(extra), "—")


def _other_attribute(file: str, said: Node, expected: Node, path: _Path) -> Difference:
    for name, value in expected.attributes.items():
        given = said.attributes.get(name)
        if given != value:
            return other_value("VER-40", file, f"{path}/@{name}", "—" if given is None else given, value)
    name = next(each for each in said.attributes if each not in expected.attributes)
    return other_value("VER-40", file, f"{path}/@{name}", said.attributes[name], "—")


def _element(file: str, path: str, said: str, found: str) -> Difference:
    return other_value("VER-41", file, path, said, found)


@cache
def _kind(element: str, name: str) -> str:
    """Which of the report's counts a value belongs to."""
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
