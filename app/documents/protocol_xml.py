"""One protocol as an XML element, in the words of the open data: read exactly as stated, and written.

Protocol files and batches carry the same elements, each in its own namespace. Reading changes
nothing: a missing or empty number is `None`, a wrong one stays wrong, so that the checks can say so.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from app.documents.document_errors import refusal
from app.documents.xml import attributes_of, items_of
from app.documents.xml_text import escaped
from app.election.model import (
    MAX_PREFERENCES,
    MAX_SENATE_CANDIDATES,
    CountsStated,
    PrecinctId,
    ProtocolKey,
    Reading,
    RegionalReading,
    SenateReading,
    SheetStated,
    VotesStated,
)

_BOXES = {f"HLASY_{number:02d}": number for number in range(1, MAX_PREFERENCES + 1)}
_BOX_NAMES = ("", *_BOXES)
_SHEET_NUMBERS = frozenset({"KSTRANA", "POC_HLASU", "KC_2", "KC_3", "KC_4", "KC_5", "POSL_KAND", "KC_SUM"})


class Vocabulary:
    """The names of a protocol's elements in one document's namespace."""

    __slots__ = ("regional", "senate")

    def __init__(self, namespace: str) -> None:
        self.regional = f"{{{namespace}}}T6"
        self.senate = f"{{{namespace}}}T5"


def reading_of(element: etree._Element, election: str, vocabulary: Vocabulary) -> Reading:
    """The protocol of a T6 or T5 element that its schema has found in order."""
    told = attributes_of(element)
    if element.tag == vocabulary.regional:
        return RegionalReading(
            election=election,
            precinct=PrecinctId(int(told["OBEC"]), int(told["OKRSEK"])),
            district=_number(told, "OKRES"),
            form_type=_number(told, "TYP_FORM"),
            form_version=told.get("VZOR", ""),
            corrected=_number(told, "OPRAVA"),
            passable_error=_number(told, "CHYBA"),
            kc_1=_number(told, "KC_1"),
            counts=_counts(told),
            kc_2=_number(told, "KC_2"),
            lists_mark=told.get("ZAKRSTRANA", ""),
            sheets=tuple([_sheet(child) for child in element]),
        )
    if element.tag != vocabulary.senate:
        raise ValueError(f"not a protocol: {element.tag}")
    return SenateReading(
        election=election,
        precinct=PrecinctId(int(told["OBEC"]), int(told["OKRSEK"])),
        district=_number(told, "OKRES"),
        form_type=_number(told, "TYP_FORM"),
        form_version=told.get("VZOR", ""),
        corrected=_number(told, "OPRAVA"),
        passable_error=_number(told, "CHYBA"),
        kc_1=_number(told, "KC_1"),
        senate_district=_number(told, "OBVOD"),
        round=int(told["KOLO"]),
        counts=_counts(told),
        votes=_votes(told),
        kc_2=_number(told, "KC_2"),
        kc_3=_number(told, "KC_3"),
        kc_4=_number(told, "KC_4"),
        last_candidate=_number(told, "POSL_KAND"),
        kc_sum=_number(told, "KC_SUM"),
    )


def protocol_text(reading: Reading) -> str:
    """`reading` as an XML element without a namespace prefix; a blank number is left out, a blank box
    that was stated stays an empty attribute."""
    if isinstance(reading, RegionalReading):
        mark = f' ZAKRSTRANA="{escaped(reading.lists_mark)}"' if reading.lists_mark else ""
        sheets = "".join([_sheet_text(sheet) for sheet in reading.sheets])
        return f"<T6{_head_text(reading)}{_counts_text(reading)}{mark}>\n{sheets}</T6>\n"
    _check_boxes(reading.votes, MAX_SENATE_CANDIDATES)
    return (
        f'<T5{_head_text(reading)}{_attribute("OBVOD", reading.senate_district)} KOLO="{reading.round}"'
        f"{_counts_text(reading)}{_votes_text(reading.votes)}{_attribute('KC_3', reading.kc_3)}"
        f"{_attribute('KC_4', reading.kc_4)}{_attribute('POSL_KAND', reading.last_candidate)}"
        f"{_attribute('KC_SUM', reading.kc_sum)}/>\n"
    )


def check_twice(protocols: Iterable[tuple[ProtocolKey, int]]) -> None:
    """Raise `DocumentError` DOC-30 when a document holds the same revision of a protocol twice."""
    seen: set[tuple[ProtocolKey, int]] = set()
    for protocol in protocols:
        if protocol in seen:
            key = protocol[0]
            raise refusal("DOC-30", form=key.contest.form, precinct=str(key.precinct))
        seen.add(protocol)


def _number(told: dict[str, str], name: str) -> int | None:
    text = told.get(name)
    return int(text) if text else None


def _counts(told: dict[str, str]) -> CountsStated:
    return CountsStated(
        _number(told, "VOL_SEZNAM"), _number(told, "VYD_OBALKY"), _number(told, "ODEVZ_OBAL"),
        _number(told, "PL_HL_CELK"),
    )  # fmt: skip


def _votes(told: dict[str, str]) -> VotesStated:
    # The numbers are distinct, so sorting never compares a count with a blank.
    return tuple(
        sorted([(_BOXES[name], int(text) if text else None) for name, text in told.items() if name in _BOXES])
    )


def _sheet(element: etree._Element) -> SheetStated:
    # A protocol has a dozen sheets with dozens of boxes, so this walks through the attributes only once.
    told: dict[str, int] = {}
    preferences: list[tuple[int, int | None]] = []
    box_of, told_of = _BOXES.get, told.get
    for name, text in items_of(element):
        box = box_of(name)
        if box is not None:
            preferences.append((box, int(text) if text else None))
        elif text and name in _SHEET_NUMBERS:  # others are for the schema, such as where it lies
            told[name] = int(text)
    preferences.sort()  # the numbers of boxes are distinct, so a count is never compared with a blank
    return SheetStated(
        told_of("KSTRANA"), told_of("POC_HLASU"), tuple(preferences), told_of("KC_2"), told_of("KC_3"),
        told_of("KC_4"), told_of("KC_5"), told_of("POSL_KAND"), told_of("KC_SUM"),
    )  # fmt: skip


def _attribute(name: str, value: int | None) -> str:
    return "" if value is None else f' {name}="{value}"'


def _head_text(reading: Reading) -> str:
    form = f' VZOR="{escaped(reading.form_version)}"' if reading.form_version else ""
    return (
        f"{form}{_attribute('TYP_FORM', reading.form_type)}{_attribute('OPRAVA', reading.corrected)}"
        f"{_attribute('CHYBA', reading.passable_error)}{_attribute('OKRES', reading.district)}"
        f' OBEC="{reading.precinct.municipality}" OKRSEK="{reading.precinct.number}"'
        f"{_attribute('KC_1', reading.kc_1)}"
    )


def _counts_text(reading: Reading) -> str:
    registered, issued, returned, valid = reading.counts
    return (
        f"{_attribute('VOL_SEZNAM', registered)}{_attribute('VYD_OBALKY', issued)}"
        f"{_attribute('ODEVZ_OBAL', returned)}{_attribute('PL_HL_CELK', valid)}"
        f"{_attribute('KC_2', reading.kc_2)}"
    )


def _votes_text(votes: VotesStated) -> str:
    return "".join([f' {_BOX_NAMES[box]}="{"" if count is None else count}"' for box, count in votes])


def _sheet_text(sheet: SheetStated) -> str:
    _check_boxes(sheet.preferences, MAX_PREFERENCES)
    return (
        f'<STRANA TYP_FORM="2"{_attribute("KSTRANA", sheet.list_number)}'
        f"{_attribute('POC_HLASU', sheet.votes)}"
        f"{_attribute('KC_2', sheet.kc_2)}{_votes_text(sheet.preferences)}{_attribute('KC_3', sheet.kc_3)}"
        f"{_attribute('KC_4', sheet.kc_4)}{_attribute('KC_5', sheet.kc_5)}"
        f"{_attribute('POSL_KAND', sheet.last_candidate)}{_attribute('KC_SUM', sheet.kc_sum)}/>\n"
    )


def _check_boxes(votes: VotesStated, highest: int) -> None:
    last = 0
    for box, _ in votes:
        if not last < box <= highest:
            raise ValueError(f"box {box} is out of order or does not exist on the form")
        last = box
