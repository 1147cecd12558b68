"""Where published documents lie in a version, and what a reader has to know of an election to find them.

The static layout of volby.cz since 2024 (`app.central.feed` says which documents there are). Names only:
those who read a published folder know them without knowing anything that counts.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from app.election.model import Contest
from app.election.reference import ElectionInfo, Reference

OKRSKY = "okrsky/vysledky_okrsky"


def folder_of(election: str) -> str:
    """Where the documents of a regional election lie in a version."""
    return f"appdata/{election}/odata/"


def senate_folder(day: date) -> str:
    """Where the documents of a Senate election lie; `day` is the first voting day of round 1 (DATUMVOLEB)."""
    return f"appdata/senat/{day:%Y%m%d}/odata/"


def folder_of_contest(election: ElectionInfo, contest: Contest) -> str:
    """Where the documents of one contest lie in a version."""
    return senate_folder(election.senate_date) if contest.is_senate else folder_of(election.code)


def batch_path(number: int) -> str:
    """The path of one batch below its contest's folder."""
    return f"{OKRSKY}_{number:05d}.xml"


class Layout(NamedTuple):
    """What addresses name of an election: its code, the Senate's day (DATUMVOLEB, such as `20240920`) and
    round, both empty where no Senate is elected or nothing is known yet."""

    election: str = ""
    senate_day: str = ""
    senate_round: str = ""

    @classmethod
    def of(cls, reference: Reference) -> Layout:
        election = reference.election
        senate_round = next((str(each.round) for each in election.contests if each.is_senate), "")
        return cls(election.code, f"{election.senate_date:%Y%m%d}", senate_round)
