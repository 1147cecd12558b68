"""The act: one signed document for each thing that people decide or declare about results.

A lot that was drawn, a Senate finalist who left, seats that the votes do not give, a precinct that will
never be delivered, an area that is complete, a result that is withdrawn, and the undoing of an earlier act.
It names who decided, the witnesses, the reason and the time. The centre signs it with its own key; nothing
is ever changed in it or deleted, and the acts in force are published (`ukony`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.documents import xml
from app.documents.document_errors import refusal
from app.documents.xml_text import DECLARATION, SHORT_TEXT, escaped, free_text, time_of, time_text
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey

SCHEMA = "ukon.xsd"
NAMESPACE = "urn:prebirka:ukon:1"
PUBLISHED_SCHEMA = "ukony.xsd"
PUBLISHED_NAMESPACE = "urn:prebirka:ukony:1"
#: Bytes of the document.
MAX_BYTES = 16_000
#: Bytes and elements of the document of all acts in force.
MAX_PUBLISHED = 100_000_000
MOST_PUBLISHED = 50_000
#: Characters of a reason; people who may be named on either side.
LONGEST_REASON = 500
MOST_PEOPLE = 20
_AREAS = {"region": "KRAJ", "district": "OKRES", "senate": "OBVOD", "country": "STAT"}
_KINDS_OF_AREA = {word: kind for kind, word in _AREAS.items()}


class Kind(StrEnum):
    """What an act does; the value is what the document says."""

    LOT = "LOS"
    SEATS = "ROZHODNUTI"  # the seats of a region, where the votes do not give them
    LEFT = "NAHRADA"  # a finalist withdrew, lost eligibility or died
    NEVER = "NEDODANO"
    COMPLETE = "UPLNOST"
    WITHDRAWAL = "ODVOLANI"
    CANCEL = "ZRUSENI"


@dataclass(frozen=True, slots=True)
class Act:
    """One act. Which of the fields with a default say something depends on `kind`.

    `area` and `area_number`: "region" KRZAST, "senate" OBVOD, "district" OKRES (LOT, SEATS, LEFT, COMPLETE)
    or "country" 0 (COMPLETE). `numbers`: lists or candidates in the order drawn (LOT), the candidate (LEFT).
    `revision` and `order`: the withdrawn revision and the withdrawal's own processing order (WITHDRAWAL).
    """

    election: str
    mode: Mode
    number: int  # the centre's, from 1
    kind: Kind
    contest: Contest
    decided_by: tuple[str, ...]
    witnesses: tuple[str, ...]
    reason: str
    at: datetime
    area: str = ""
    area_number: int = 0
    precinct: PrecinctId | None = None
    revision: int = 0
    order: int = 0
    numbers: tuple[int, ...] = ()
    seats: tuple[tuple[int, int], ...] = ()  # (list, seats)
    cancels: int = 0  # the number of the act that is undone

    @property
    def key(self) -> ProtocolKey:
        """The protocol of an act about one precinct."""
        assert self.precinct is not None
        return ProtocolKey(self.precinct, self.contest)


def write(act: Act) -> bytes:
    """The canonical bytes of `act`. Raises `DocumentError` DOC-40 for a reason or a name that no document
    could carry, and where nobody is named who decided."""
    head = f' VERZE="1" VOLBY="{escaped(act.election)}" REZIM="{act.mode}"'
    return f'{DECLARATION}<UKON xmlns="{NAMESPACE}"{head}{_attributes(act)}/>\n'.encode()


def published(election: str, mode: Mode, acts: Iterable[Act]) -> bytes:
    """The document of the acts in force, in the order of their numbers; without any it is empty."""
    lines = "".join(f"<UKON{_attributes(act)}/>\n" for act in sorted(acts, key=lambda act: act.number))
    return (
        f'{DECLARATION}<UKONY xmlns="{PUBLISHED_NAMESPACE}" VERZE="1" VOLBY="{escaped(election)}"'
        f' REZIM="{mode}">\n{lines}</UKONY>\n'
    ).encode()


def read(data: bytes) -> Act:
    """The act in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    return _act(xml.attributes_of(xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)))


def read_published(data: bytes) -> tuple[Act, ...]:
    """The acts in force, ascending by number, as `published` wrote them. Raises `DocumentError`."""
    root = xml.parse_published(data, PUBLISHED_SCHEMA, max_bytes=MAX_PUBLISHED, max_tags=MOST_PUBLISHED)
    head = xml.attributes_of(root)
    return tuple(_act(xml.attributes_of(element) | head) for element in root)


def _act(told: Mapping[str, str]) -> Act:
    precinct = PrecinctId(int(told["OBEC"]), int(told["OKRSEK"])) if "OBEC" in told else None
    act = Act(
        election=told["VOLBY"],
        mode=Mode(told["REZIM"]),
        number=int(told["CISLO"]),
        kind=Kind(told["UKON"]),
        contest=Contest(told["DRUH"]),
        decided_by=_people_of(told["ROZHODL"]),
        witnesses=_people_of(told.get("SVEDCI", "")),
        reason=told["DUVOD"],
        at=time_of(told["CAS"]),
        area=_KINDS_OF_AREA[told["UZEMI"]] if "UZEMI" in told else "",
        area_number=int(told.get("CISLO_UZEMI", "0")),
        precinct=precinct,
        revision=int(told.get("REVIZE", "0")),
        order=int(told.get("PORADI_ZPRAC", "0")),
        numbers=tuple(map(int, told.get("CISLA", "").split())),
        seats=tuple(_pair(each) for each in told.get("MANDATY", "").split()),
        cancels=int(told.get("RUSI", "0")),
    )
    _attributes(act)  # raises for names and reasons that no act was ever written with
    return act


def _attributes(act: Act) -> str:
    said: dict[str, object] = {"CISLO": act.number, "UKON": act.kind, "DRUH": act.contest}
    if act.area:
        said["UZEMI"] = _AREAS[act.area]
        if act.area_number:
            said["CISLO_UZEMI"] = act.area_number
    if act.precinct is not None:
        said |= {"OBEC": act.precinct.municipality, "OKRSEK": act.precinct.number}
    optional = {
        "REVIZE": act.revision,
        "PORADI_ZPRAC": act.order,
        "CISLA": " ".join(map(str, act.numbers)),
        "MANDATY": " ".join(f"{number}:{seats}" for number, seats in act.seats),
        "RUSI": act.cancels,
    }
    said |= {name: value for name, value in optional.items() if value}
    said["CAS"] = time_text(act.at)
    said["ROZHODL"] = _people(act.decided_by, "ROZHODL")
    if act.witnesses:
        said["SVEDCI"] = _people(act.witnesses, "SVEDCI")
    said["DUVOD"] = free_text(act.reason, "DUVOD", LONGEST_REASON)
    return "".join(f' {name}="{value}"' for name, value in said.items())


def _people(names: tuple[str, ...], attribute: str) -> str:
    """Names, separated by semicolons, escaped."""
    if not names or len(names) > MOST_PEOPLE or any(";" in name or name != name.strip() for name in names):
        raise refusal("DOC-40", attribute=attribute, limit=SHORT_TEXT)
    return "; ".join(free_text(name, attribute, SHORT_TEXT) for name in names)


def _people_of(text: str) -> tuple[str, ...]:
    return tuple(text.split("; ")) if text else ()


def _pair(text: str) -> tuple[int, int]:
    number, _, seats = text.partition(":")
    return int(number), int(seats)
