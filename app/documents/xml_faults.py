"""From the XML library's message to one of our sentences, with the place in the file.

The library speaks English, in words that change between its versions, and gives no column for a
fault against a schema. So only the *kind* of its message and the names quoted in it are used; the
line and column are found again in the text, which happens for refused documents only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from lxml import etree

from app.documents.document_errors import DocumentError, refusal
from app.documents.xml_gates import place

# Roots that people mix up: what the document is.
_KNOWN_ROOTS = {
    "ZAPISY": ("soubor se zápisy", "a file of protocols"),
    "DAVKA": ("dávka ze stanice", "a batch of a station"),
    "POTVRZENI": ("potvrzení z ústředí", "a receipt of the centre"),
    "DOTAZ": ("dotaz stanice", "a station's inquiry"),
    "STAV_MISTA": ("stav přebíracího místa", "the state of a transfer point"),
    "POVOLENI": ("povolení pozdního převzetí", "a permit of a late acceptance"),
    "UCTY": ("účty přebíracího místa", "the accounts of a transfer point"),
    "VYBAVENI": ("vybavení přebíracího místa", "the provisioning of a transfer point"),
    "BALICEK": ("balíček pracoviště", "a workstation's package"),
    "OCEKAVANE": ("seznam očekávaných pracovišť", "a list of expected workstations"),
    "PROGRAMY": ("soupis schválených programů", "the list of approved programs"),
    "DAVKY": ("soubor dávek stanice", "a file of a station's batches"),
    "VYSLEDKY": ("dokument s výsledky", "a document of results"),
    "VYSLEDKY_OKRES": ("dokument s výsledky", "a document of results"),
    "VYSLEDKY_OKRSKY": ("dokument s výsledky", "a document of results"),
    "VYSLEDKY_KANDID": ("dokument s výsledky", "a document of results"),
    "VYSLEDKY_KRAJMESTA": ("dokument s výsledky", "a document of results"),
    "VYSLEDKY_OBCE_OBVOD": ("dokument s výsledky", "a document of results"),
    "UKON": ("úkon ústředí", "an act of the centre"),
    "UKONY": ("seznam úkonů ústředí", "a list of the centre's acts"),
    "FEED": ("rozcestník zveřejněných dat", "the index of the published data"),
    "MANIFEST": ("soupis zveřejněných souborů", "the manifest of published files"),
    "ZMENY": ("soubor zveřejněných změn", "a file of published changes"),
    "KONTROLNI_BOD": ("kontrolní bod zveřejněných změn", "a checkpoint of published changes"),
    "NULA": ("nulový stav před sčítáním", "the zero state before the count"),
    "ZADOST": ("žádost média", "an application of one of the media"),
    "MEDIA": ("seznam médií", "the list of media"),
    "PRIPRAVENOST": ("zpráva o připravenosti", "a readiness report"),
    "ZKUSEBNI": ("zkušební zápis", "a trial protocol"),
    "PRIJEM": ("potvrzení příjmu", "an acknowledgement of the centre"),
    "html": ("webová stránka (HTML)", "a web page (HTML)"),
}
_OURS = re.compile(r"urn:prebirka:([a-z]+):(.+)")

# Kinds of broken XML that deserve their own words.
_BROKEN = {
    "ERR_ATTRIBUTE_REDEFINED": (
        "některý údaj je v jednom prvku uveden dvakrát",
        "a value is given twice in one element",
    ),
    "ERR_TAG_NAME_MISMATCH": (
        "značky prvků nejsou správně uzavřeny",
        "the elements' tags are not closed properly",
    ),
    "ERR_UNDECLARED_ENTITY": ("odkazuje na neznámou entitu", "it refers to an unknown entity"),
    "WAR_UNDECLARED_ENTITY": ("odkazuje na neznámou entitu", "it refers to an unknown entity"),
    "ERR_INVALID_CHAR": ("obsahuje nedovolený znak", "it contains a character that is not allowed"),
    "ERR_INVALID_CHARREF": ("obsahuje nedovolený znak", "it contains a character that is not allowed"),
    "ERR_DOCUMENT_END": ("za koncem zápisu ještě něco následuje", "something follows after its end"),
    "NS_ERR_UNDEFINED_NAMESPACE": ("používá neznámou předponu jmen", "it uses an unknown prefix of names"),
}
_BROKEN_KINDS: dict[int, str] = {getattr(etree.ErrorTypes, name): name for name in _BROKEN}
_ANY_BROKEN = ("není to správné XML", "it is not proper XML")
_TOO_COMPLEX = re.compile(r"depth|XML_PARSE_HUGE|limit|too long|Memory|Maximum", re.IGNORECASE)

# Kinds of fault against a schema, by the library's names.
_SCHEMA_CODES = {
    "SCHEMAV_ELEMENT_CONTENT": "DOC-20",
    "SCHEMAV_CVC_ELT_1": "DOC-20",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "DOC-21",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "DOC-22",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "DOC-22",
    "SCHEMAV_CVC_ATTRIBUTE_4": "DOC-23",
    "SCHEMAV_CVC_AU": "DOC-23",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": "DOC-24",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_2": "DOC-24",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "DOC-24",
}
_VALUE_KINDS = ("_VALID", "_VALID_1_2_1", "_VALID_1_2_2", "_VALID_1_2_3", "CVC_TYPE_3_1_2")
_ATTRIBUTE = re.compile(r"attribute '(?:\{[^}]*\})?([^']{1,60})'")
_EXPECTED = re.compile(r"[ (]\{[^}]*\}([A-Z0-9_]{1,40})")

_TOKEN = re.compile(
    r"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(/?)([^\s<>/]+)((?:[^<>"']|"[^"]*"|'[^']*')*?)(/?)>""",
    re.DOTALL,
)
_OPENING = re.compile(r"<([^\s<>/!?]+)[^<>]*")
_SPACE = re.compile(r"\s+")
_STEP = re.compile(r"/(\*|[^/\[@]+)(?:\[(\d+)\])?")
_VALUE = r"""[\s]({name})\s*=\s*("[^"]*"|'[^']*')"""
_SHOWN = 40  # characters of a wrong value that are shown
_DETAIL = 500  # characters of the library's message that are kept


def of_syntax(error: etree.XMLSyntaxError, text: str) -> DocumentError:
    """The refusal of text that is not well-formed XML."""
    line, column = error.position
    column = max(column, 0)
    detail = (error.msg or "")[:_DETAIL]
    kind = _BROKEN_KINDS.get(cast(Any, error).code)
    if _TOO_COMPLEX.search(detail):
        return refusal("DOC-14", line=line, column=column, detail=detail)
    if not _is_whole(text):
        line, column = place(text, len(text))
        return refusal("DOC-10", line=line, column=column, detail=detail)
    what_cs, what_en = _ANY_BROKEN if kind is None else _BROKEN[kind]
    return refusal("DOC-11", line=line, column=column, detail=detail, what_cs=what_cs, what_en=what_en)


def _is_whole(text: str) -> bool:
    """Whether the end tag of the outermost element is there (or it is an empty element)."""
    at = _space_end(text, 0)
    while text.startswith(("<!--", "<?"), at):
        end = "-->" if text.startswith("<!--", at) else "?>"
        found = text.find(end, at)
        if found < 0:
            return False
        at = _space_end(text, found + len(end))
    opening = _OPENING.match(text, at)
    if opening is None:
        return False
    is_empty = opening[0].endswith("/") and text.startswith(">", opening.end())
    return is_empty or re.search(rf"</{re.escape(opening[1])}\s*>", text) is not None


def _space_end(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


class Name(NamedTuple):
    """A tag's two parts."""

    namespace: str
    localname: str


def name_of(tag: str) -> Name:
    """The parts of a tag as the parser gives it, `{namespace}name`. A stranger's namespace may hold anything,
    braces too; the library's own splitter raises then."""
    namespace, _, localname = tag.rpartition("}")
    return Name(namespace.removeprefix("{"), localname)


def check_root(tag: str, version: str | None, wanted: str) -> None:
    """Raise `DocumentError` when the outermost element is another document's (DOC-15) or of a version
    that is not known (DOC-16)."""
    found, expected = name_of(tag), name_of(wanted)
    ours, expected_ours = _OURS.fullmatch(found.namespace), _OURS.fullmatch(expected.namespace)
    if tag == wanted:
        if version is not None and version != "1":
            raise refusal("DOC-16", element=found.localname, attribute="VERZE", version=_short(version))
        return
    if ours and expected_ours and ours[1] == expected_ours[1] and found.localname == expected.localname:
        raise refusal("DOC-16", element=found.localname, version=_short(ours[2]))
    if found.localname == expected.localname:
        what = (
            f"„{expected.localname}“ v cizím jmenném prostoru",
            f"“{expected.localname}” in a foreign namespace",
        )
    else:
        unknown = (
            f"jiný dokument ({_short(found.localname)})",
            f"another document ({_short(found.localname)})",
        )
        what = _KNOWN_ROOTS.get(found.localname, unknown)
    wanted_cs, wanted_en = _KNOWN_ROOTS.get(expected.localname, (expected.localname,) * 2)
    raise refusal(
        "DOC-15", element=found.localname, found_cs=what[0], found_en=what[1], wanted_cs=wanted_cs,
        wanted_en=wanted_en,
    )  # fmt: skip


def of_schema(log: etree._ListErrorLog, text: str) -> DocumentError:
    """The refusal of well-formed XML that its schema does not allow: its first fault."""
    entry = log[0]
    message = entry.message or ""
    element_at, tag = _find_element(text, entry.path or "")
    element = tag[2].rpartition(":")[2] if tag else ""
    named = _ATTRIBUTE.search(message)
    attribute = named[1] if named else ""
    code = _code(entry.type_name, attribute)
    offset, value = element_at, ""
    if tag and attribute:
        stated = re.search(_VALUE.format(name=re.escape(attribute)), tag[0])
        if stated:
            offset, value = element_at + stated.start(1), stated[2][1:-1]
    line, column = place(text, offset) if tag else (entry.line, 0)
    if code == "DOC-20" and "Missing child" in message:
        code = "DOC-26"
    return refusal(
        code,
        line=line,
        column=column,
        element=element,
        attribute=attribute,
        detail=message[:_DETAIL],
        value=_short(value),
        lacking=", ".join(_EXPECTED.findall(message)),
    )


def _code(kind: str, attribute: str) -> str:
    code = _SCHEMA_CODES.get(kind)
    if code is not None:
        return code
    return "DOC-23" if attribute and kind.endswith(_VALUE_KINDS) else "DOC-25"


def _find_element(text: str, path: str) -> tuple[int, re.Match[str] | None]:
    """Where the start tag of the element at the library's `path` (`/*/*[2]/*`) is in the text."""
    wanted = [(step[1], int(step[2] or 1)) for step in _STEP.finditer(path)]
    for trail, token in _start_tags(text):
        if len(trail) == len(wanted) and all(
            _fits(step, want) for step, want in zip(trail, wanted, strict=True)
        ):
            return token.start(), token
    return 0, None


def _start_tags(text: str) -> Iterator[tuple[list[tuple[str, int, int]], re.Match[str]]]:
    """Every start tag with its trail: per level its name, its position among all and among its namesakes."""
    trail: list[tuple[str, int, int]] = []
    children: list[Counter[str]] = [Counter()]
    for token in _TOKEN.finditer(text):
        name = token[2]
        if not name:
            continue
        if token[1]:
            trail.pop()
            children.pop()
            continue
        level = children[-1]
        level[name] += 1
        trail.append((name, level.total(), level[name]))
        children.append(Counter())
        yield trail, token
        if token[4]:
            trail.pop()
            children.pop()


def _fits(step: tuple[str, int, int], wanted: tuple[str, int]) -> bool:
    name, among_all, among_namesakes = step
    if wanted[0] == "*":
        return among_all == wanted[1]
    return name == wanted[0] and among_namesakes == wanted[1]


def _short(value: str) -> str:
    """A wrong value fit to be shown: printable, not long."""
    shown = "".join(character if character.isprintable() else "?" for character in value[: _SHOWN + 1])
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
