"""What a schema says, as rows for the manual: elements, their attributes and types, in the schema's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from app import resources

_XS = "{http://www.w3.org/2001/XMLSchema}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
#: Described in the manual's page about the commission's file.
_OF_THE_PROTOCOL = frozenset({"T5", "T6"})


@dataclass(frozen=True, slots=True)
class Attribute:
    """`type_` is a type's name, or the values that are allowed, separated by ` `."""

    name: str
    type_: str
    required: bool


@dataclass(frozen=True, slots=True)
class Element:
    """`path` from the root, such as `DAVKA/ZAPIS`; `times` such as `0…300`; `says` its description."""

    path: str
    times: str
    says: str
    attributes: tuple[Attribute, ...]
    text: str  # the type of its text, empty where it has none


@dataclass(frozen=True, slots=True)
class Type:
    """A named simple type: what its text must match, and the English description."""

    name: str
    pattern: str
    says: str


def elements(schema: str) -> tuple[Element, ...]:
    """The elements of a document, the root first; those of the protocol itself are left out."""
    return tuple(_Reader(schema).elements())


def types(schema: str) -> tuple[Type, ...]:
    """The named simple types that the attributes of a document use, in the order of their names."""
    reader = _Reader(schema)
    used = {attribute.type_ for element in reader.elements() for attribute in element.attributes}
    used |= {element.text for element in reader.elements()}
    return tuple(reader.type_(name) for name in sorted(used & set(reader.simple)))


class _Reader:
    def __init__(self, schema: str) -> None:
        self._roots = [_root(schema), _root("zapis.xsd")]
        self.simple = self._named("simpleType")
        self._complex = self._named("complexType")
        self._groups = self._named("attributeGroup")
        self._namespace = self._roots[0].get("targetNamespace", "")

    def elements(self) -> Iterator[Element]:
        for top in self._roots[0].findall(f"{_XS}element"):
            yield from self._below(top, "", "1")

    def type_(self, name: str) -> Type:
        node = self.simple[name]
        return Type(name, _values(node) or _facets(node), _says(node))

    def _below(self, node: etree._Element, parent: str, times: str) -> Iterator[Element]:
        name = node.get("name", "")
        path = f"{parent}/{name}" if parent else name
        if name in _OF_THE_PROTOCOL:
            return
        inside = node.find(f"{_XS}complexType")
        described = node
        if inside is None and node.get("type", "") in self._complex:
            inside = self._complex[node.get("type", "")]
            described = inside if not _says(node) else node
        if inside is None:
            inline = node.find(f"./{_XS}simpleType/{_XS}restriction")
            text = node.get("type", "") if inline is None else inline.get("base", "")
            yield Element(path, times, _says(node), (), text.removeprefix("xs:"))
            return
        yield Element(path, times, _says(described), tuple(self._attributes(inside)), "")
        for child in inside.iterfind(f"./{_XS}sequence/{_XS}element"):
            least, most = child.get("minOccurs", "1"), child.get("maxOccurs", "1")
            yield from self._below(child, path, least if least == most else f"{least}…{most}")

    def _attributes(self, node: etree._Element) -> Iterator[Attribute]:
        for child in node:
            if child.tag == f"{_XS}attributeGroup":
                yield from self._attributes(self._groups[child.get("ref", "")])
            elif child.tag == f"{_XS}attribute":
                type_ = child.get("type") or _values(child) or _facets(child)
                yield Attribute(child.get("name", ""), type_, child.get("use") == "required")

    def _named(self, tag: str) -> dict[str, etree._Element]:
        return {
            node.get("name", ""): node
            for root in reversed(self._roots)
            for node in root.findall(f"{_XS}{tag}")
        }


def _root(schema: str) -> etree._Element:
    return etree.parse(str(resources.path("schemas", schema))).getroot()


def _values(node: etree._Element) -> str:
    return " ".join(value.get("value", "") for value in node.iter(f"{_XS}enumeration"))


def _facets(node: etree._Element) -> str:
    found = node.iter(f"{_XS}pattern", f"{_XS}minLength", f"{_XS}maxLength")
    return ", ".join(
        facet.get("value", "") if facet.tag == f"{_XS}pattern" else _length(facet) for facet in found
    )


def _length(facet: etree._Element) -> str:
    sign = "≥" if facet.tag == f"{_XS}minLength" else "≤"
    return f"{sign} {facet.get('value')} characters"


def _says(node: etree._Element) -> str:
    for text in node.iterfind(f"./{_XS}annotation/{_XS}documentation"):
        if text.get(_LANGUAGE) == "en":
            return text.text or ""
    return ""
