"""Which election a folder of registers belongs to: what the registers themselves do not say.

The office's registers name neither the election's code nor its day nor its rules. They are guessed
from the folder's name (`kz2016`) with the table `resources/facts/elections.csv`, and each can be
given instead.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from app import resources
from app.documents.registers.source import RegisterError
from app.election.model import Mode
from app.election.reference import Calendar, Day, ElectionRules
from app.election.senate import round_2_day
from app.election.thresholds import DEFAULTS, Thresholds

PRAGUE = ZoneInfo("Europe/Prague")
_CODE = re.compile(r"(?<![a-z])(kz(?:19|20)\d\d)(?!\d)")
_OPENS = time(14)  # Friday
_CLOSES = time(14)  # Saturday
_LASTS = timedelta(days=1)  # from the first voting day to the second
_DELIVERY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Settings:
    """What belongs to an election besides its registers; `feed` and `severities` as in ElectionInfo."""

    code: str
    name: str
    date: Day  # the first voting day
    mode: Mode = Mode.REHEARSAL
    rules: ElectionRules = field(default_factory=ElectionRules)
    feed: Mapping[str, str] = field(default_factory=dict)
    severities: Mapping[str, str] = field(default_factory=dict)
    thresholds: Thresholds = DEFAULTS  # where the checks draw their lines
    senate_round: int = 1  # which round of the Senate's election these reference data serve
    round1_date: Day | None = None  # the first voting day of round 1 (DATUMVOLEB), where they serve round 2

    @property
    def calendar(self) -> Calendar:
        return calendar(self.date)


def calendar(first_day: date) -> Calendar:
    """The usual times: Friday 14:00 to Saturday 14:00 in Prague, delivery 24 hours longer."""
    begins = datetime.combine(first_day, _OPENS, PRAGUE)
    ends = datetime.combine(first_day + _LASTS, _CLOSES, PRAGUE)
    return Calendar(begins, ends, (ends.astimezone(UTC) + _DELIVERY).astimezone(PRAGUE))


def guess(
    folders: Path | Sequence[Path],
    *,
    code: str | None = None,
    name: str | None = None,
    day: date | None = None,
    mode: Mode = Mode.REHEARSAL,
    senate_round: int = 1,
) -> Settings:
    """Settings for a folder of registers; whatever is given is kept, the rest is guessed.

    Raises RegisterError when neither the folder's name nor the arguments tell the code and the day.
    """
    paths = [folders] if isinstance(folders, Path) else list(folders)
    code = code or _code_of(paths)
    fact = known_elections().get(code or "")
    if code is None or (fact is None and day is None):
        raise RegisterError(
            "REG-08",
            "Z názvu složky nelze poznat volby. Zadejte jejich kód (kz2024) a první den hlasování.",
            "The folder's name does not tell the election. Give its code (kz2024) and first voting day.",
        )
    first_day = day or date.fromisoformat((fact or {})["DATUMVOLEB"])
    threshold = Fraction(int(fact["PRAH_PREDNOSTI"]) if fact else 5, 100)
    feed = {"TYP_OBEC": "1"} if (fact["TYP_OBEC"] if fact else first_day.year >= 2020) else {}
    return Settings(
        code=code,
        name=name or (fact or {}).get("NAZEV", "") or code,
        date=first_day,
        mode=mode,
        rules=ElectionRules(preference_threshold=threshold),
        feed=feed,
        senate_round=senate_round,
    )


def round_2(first: Settings, *, postponed: bool = False) -> Settings:
    """Settings of a Senate's round 2 from those of its round 1: an election of its own, with its own code.

    `postponed`: where a finalist was replaced, a week after the others.
    """
    year = first.date.year
    return replace(
        first,
        code=f"se{year}-2{'b' if postponed else ''}",
        name=f"Volby do Senátu {year}, 2. kolo{' (odložené)' if postponed else ''}",
        date=round_2_day(first.date + _LASTS, replaced=postponed),
        round1_date=first.date,
        senate_round=2,
        feed={},
    )


def known_elections() -> Mapping[str, Mapping[str, str]]:
    """Past elections by code: first voting day, name, threshold of preferences, TYP_OBEC in the feed."""
    with resources.path("facts", "elections.csv").open(encoding="utf-8", newline="") as stream:
        return {row["VOLBY"]: row for row in csv.DictReader(stream)}


def _code_of(folders: Sequence[Path]) -> str | None:
    for folder in folders:
        for part in reversed(folder.resolve().parts):
            if found := _CODE.search(part.lower()):
                return found.group(1)
    return None
