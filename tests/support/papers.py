"""Data of prints for tests: a head for any protocol, and a protocol as large as a form can be."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

from app.election.content import content_hash
from app.election.model import Counts, PrecinctId, Protocol, ProtocolKey, RegionalProtocol, Sheet
from app.election.reference import Candidate, CandidateList, Reference
from app.election.rule import Severity
from app.election.verdict import FieldRef
from app.station.confirmation import (
    ConfirmationData,
    ErrorReportData,
    PrintHead,
    RefusalData,
    TranscriptData,
    qr_text,
    short_code,
)
from app.station.problems import Problem

NIGHT = datetime(2024, 9, 21, 14, 3, 7, tzinfo=UTC)
LONG_NAME = "Brandýs nad Labem-Stará Boleslav u Horní Dolní Lhoty pod Svatým Kopečkem"
LONG_LIST = (
    "Společně pro kraj – koalice nezávislých starostů, svobodných občanů a přátel venkova s podporou místních"
)


def head(reference: Reference, key: ProtocolKey, protocol: Protocol | None, revision: int = 1) -> PrintHead:
    precinct = reference.precincts[key.precinct]
    municipality = reference.municipalities[key.precinct.municipality]
    digest = content_hash(protocol) if protocol else None
    election = reference.election
    return PrintHead(
        election=election.code,
        election_name=election.name,
        mode=election.mode,
        key=key,
        precinct=precinct,
        municipality_name=municipality.name,
        district_name=reference.districts[precinct.district].name,
        transfer_point=precinct.transfer_point,
        station=f"{precinct.transfer_point}-1",
        revision=revision,
        printed_at=NIGHT,
        printed_by="Jana Nováková",
        content_hash=digest,
        short_code=short_code(digest),
        qr_text=qr_text(election.code, election.mode, key, revision, digest),
    )


def transcript(
    reference: Reference, protocol: Protocol, revision: int = 1, reason: str = ""
) -> TranscriptData:
    return TranscriptData(
        head(reference, protocol.key, protocol, revision), protocol, NIGHT, "Jana Nováková", "Věra Šťastná",
        False, reason,
    )  # fmt: skip


def confirmation(reference: Reference, protocol: Protocol, revision: int = 1) -> ConfirmationData:
    return ConfirmationData(
        head(reference, protocol.key, protocol, revision), protocol, NIGHT, "Jana Nováková", "Věra Šťastná",
        NIGHT, 12345, 17, "ab" * 32,
    )  # fmt: skip


def problem(number: int = 0, severity: Severity = Severity.BLOCKING) -> Problem:
    return Problem(
        "LG-05",
        severity,
        "Součet hlasů listin se rovná platným hlasům",
        "The lists' votes add up to the valid votes",
        f"Platných hlasů je na zápisu 12\u00a0{345 + number}, ale listiny mají dohromady "
        f"12\u00a0{346 + number} hlasů.",
        "There are 12 345 valid votes, but the lists have 12 346 together.",
        ("část 1, řádek 4 „Platné hlasy celkem“", f"část 2, listina č. {number + 1}, „Hlasy pro listinu“"),
        ("part 1, row 4",),
        "Sečtěte hlasy všech listin znovu a porovnejte je s počtem v první části.",
        "Add the votes of all lists again.",
        (FieldRef("PL_HL_CELK"),),
    )


def error_report(reference: Reference, protocol: Protocol, count: int = 3) -> ErrorReportData:
    letters = (Severity.BLOCKING, Severity.PASSABLE, Severity.WARNING)
    found = tuple(problem(number, letters[number * 3 // max(1, count)]) for number in range(count))
    return ErrorReportData(head(reference, protocol.key, protocol, 0), found)


def refusal(reference: Reference, protocol: Protocol, reason: str = "Součet nesouhlasí.") -> RefusalData:
    calendar = reference.election.calendar
    return RefusalData(
        head(reference, protocol.key, None, 0), NIGHT, "Jana Nováková", reason,
        calendar.delivery_ends, calendar.delivery_ends, (problem(), problem(1, Severity.WARNING)),
    )  # fmt: skip


def full(reference: Reference, lists: int = 20, candidates: int = 70) -> tuple[Reference, RegionalProtocol]:
    """The election with long names, and a protocol in which every box of every sheet is filled."""
    chance = random.Random(5)
    precinct = PrecinctId(550001, 1)
    people = {
        n: Candidate(n, "Bohuslava Anežka", "Nejedlá-Schwarzenbergová", "prof. MUDr.", "CSc.", party_code=1)
        for n in range(1, candidates + 1)
    }
    listed = {n: CandidateList(n, n, f"{LONG_LIST} {n}", f"Strana {n}", people) for n in range(1, lists + 1)}
    region = replace(reference.regions[1], lists=listed)
    town = replace(reference.municipalities[550001], name=LONG_NAME)
    larger = replace(
        reference,
        regions={**reference.regions, 1: region},
        municipalities={**reference.municipalities, 550001: town},
    )
    sheets = tuple(
        Sheet(n, 500, tuple((i, chance.randint(1, 400)) for i in range(1, candidates + 1))) for n in listed
    )
    counts = Counts(25_410, 5_010, 5_008, 5_000)
    return larger, RegionalProtocol(precinct, 4101, True, True, counts, sheets)
