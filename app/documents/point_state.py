"""The state of a transfer point: what the centre decided on the protocols of all its workstations.

The centre's decisions are told in the order in which they were taken, after a cursor that only grows,
so that a workstation asks for what changed and for nothing else. The answer names the inquiry by its
hash: an older answer cannot be put in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from app.documents import xml
from app.documents.receipt import Outcome
from app.documents.xml_text import DECLARATION, escaped, time_of, time_text
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey

SCHEMA = "stav.xsd"
NAMESPACE = "urn:prebirka:stav:1"
#: Bytes. 2 000 decisions have about 700 kB.
MAX_BYTES = 2_000_000
#: Decisions in one answer, at most; a batch holds 300.
MOST_DECISIONS = 1500

_ZAPIS = f"{{{NAMESPACE}}}ZAPIS"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the centre decided on one protocol of batch `batch_number` of `station`. Of all decisions on
    a key, the accepted one with the highest revision stands. `code` is a refusal's, or empty;
    `processing_order` is None where it was not counted."""

    key: ProtocolKey
    revision: int
    station: str
    batch_number: int
    outcome: Outcome
    code: str
    content_hash: str
    processing_order: int | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Workstation:
    """One workstation as the centre knows it: whether its certificate is in force, when it was last heard
    of (None: not yet), its last batch (0: none), and how many protocols wait there by its own last word."""

    station: str
    in_force: bool
    last_heard: datetime | None
    last_batch: int
    waiting: int | None


@dataclass(frozen=True, slots=True)
class PointState:
    """The answer to one inquiry: decisions after the cursor `after`, up to and with `cursor`; `more`: ask
    again from there. `inquiry_hash` is the SHA-256 of the signed inquiry."""

    election: str
    mode: Mode
    station: str
    transfer_point: int
    inquiry_hash: str
    answered_at: datetime
    after: int
    cursor: int
    more: bool
    decisions: tuple[Decision, ...]
    workstations: tuple[Workstation, ...]


def write(state: PointState) -> bytes:
    """The canonical bytes of `state`."""
    parts = [
        f'{DECLARATION}<STAV_MISTA xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(state.election)}"'
        f' REZIM="{state.mode}" STANICE="{escaped(state.station)}" CPOU="{state.transfer_point}"'
        f' OTISK_DOTAZU="{escaped(state.inquiry_hash)}"'
        f' DATUM_CAS_ODPOVEDI="{time_text(state.answered_at)}"'
        f' PO="{state.after}" DO="{state.cursor}" DALSI="{int(state.more)}">\n'
    ]
    parts += [_decision_text(each) for each in state.decisions]
    parts += [_workstation_text(each) for each in state.workstations]
    parts.append("</STAV_MISTA>\n")
    return "".join(parts).encode()


def read(data: bytes) -> PointState:
    """The state in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    head = xml.attributes_of(root)
    return PointState(
        election=head["VOLBY"],
        mode=Mode(head["REZIM"]),
        station=head["STANICE"],
        transfer_point=int(head["CPOU"]),
        inquiry_hash=head["OTISK_DOTAZU"],
        answered_at=time_of(head["DATUM_CAS_ODPOVEDI"]),
        after=int(head["PO"]),
        cursor=int(head["DO"]),
        more=head["DALSI"] == "1",
        decisions=tuple(_decision(each) for each in root if each.tag == _ZAPIS),
        workstations=tuple(_workstation(each) for each in root if each.tag != _ZAPIS),
    )


def _decision_text(each: Decision) -> str:
    precinct, contest = each.key
    code = f' KOD="{escaped(each.code)}"' if each.code else ""
    order = "" if each.processing_order is None else f' PORADI_ZPRAC="{each.processing_order}"'
    return (
        f'<ZAPIS DRUH="{contest}" OBEC="{precinct.municipality}" OKRSEK="{precinct.number}"'
        f' VERZE_ZAPISU="{each.revision}" STANICE="{escaped(each.station)}"'
        f' PORADI_DAVKY="{each.batch_number}" VYSLEDEK="{each.outcome}"{code}'
        f' OTISK_OBSAHU="{escaped(each.content_hash)}"{order}'
        f' DATUM_CAS_PRIJETI="{time_text(each.received_at)}"/>\n'
    )


def _decision(element: etree._Element) -> Decision:
    told = xml.attributes_of(element)
    order = told.get("PORADI_ZPRAC")
    return Decision(
        key=ProtocolKey(PrecinctId(int(told["OBEC"]), int(told["OKRSEK"])), Contest(told["DRUH"])),
        revision=int(told["VERZE_ZAPISU"]),
        station=told["STANICE"],
        batch_number=int(told["PORADI_DAVKY"]),
        outcome=Outcome(told["VYSLEDEK"]),
        code=told.get("KOD", ""),
        content_hash=told["OTISK_OBSAHU"],
        processing_order=None if order is None else int(order),
        received_at=time_of(told["DATUM_CAS_PRIJETI"]),
    )


def _workstation_text(each: Workstation) -> str:
    heard = "" if each.last_heard is None else f' NAPOSLED="{time_text(each.last_heard)}"'
    waiting = "" if each.waiting is None else f' CEKA="{each.waiting}"'
    return (
        f'<PRACOVISTE STANICE="{escaped(each.station)}" V_PLATNOSTI="{int(each.in_force)}"{heard}'
        f' PORADI_DAVKY="{each.last_batch}"{waiting}/>\n'
    )


def _workstation(element: etree._Element) -> Workstation:
    told = xml.attributes_of(element)
    heard, waiting = told.get("NAPOSLED"), told.get("CEKA")
    return Workstation(
        station=told["STANICE"],
        in_force=told["V_PLATNOSTI"] == "1",
        last_heard=None if heard is None else time_of(heard),
        last_batch=int(told["PORADI_DAVKY"]),
        waiting=None if waiting is None else int(waiting),
    )
