"""What fills the places of the handbook's texts: dates of the election, numbers of its law, the example.

No date is written into a text. Those that the calendar does not hold follow from it: voter passes end
seven and two days before voting at 16:00, round 2 begins the sixth day after round 1's end, a postponed
one the thirteenth. The example of control numbers is computed by `app.election.controls`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.election.controls import (
    counts_control,
    kc_1,
    preference_controls,
    senate_controls,
    sheet_base,
    sheet_controls,
)
from app.election.model import Contest, Counts, PrecinctId
from app.election.reference import ElectionInfo
from app.station.handbook.words import Table

PRAGUE: Final = ZoneInfo("Europe/Prague")
_NBSP: Final = "\u00a0"
_WEEK: Final = timedelta(days=7)
_PASS_ENDS: Final = time(16)

#: The invented precinct of the worked example.
EXAMPLE_PRECINCT: Final = PrecinctId(550001, 2)
EXAMPLE_DISTRICT: Final = 4101
EXAMPLE_COUNTS: Final = Counts(412, 205, 204, 203)
EXAMPLE_LIST: Final = 12
EXAMPLE_VOTES: Final = 58
EXAMPLE_PREFERENCES: Final = ((1, 20), (3, 7), (47, 4))
EXAMPLE_SENATE_VOTES: Final = ((1, 110), (3, 93))


def places(election: ElectionInfo, language: str, words: Table) -> Mapping[str, str]:
    """Name of a place → its text in the language, for `str.format_map`."""
    minutes = election.thresholds.pr_06_minutes
    return {
        "election": election.name,
        "preferences": str(election.rules.preferences_per_ballot),
        "refusal_minutes": str(minutes),
        "mode": words["mode"][election.mode.value],
        **_dates(election, language, words),
        **_example(),
    }


def _dates(election: ElectionInfo, language: str, words: Table) -> dict[str, str]:
    calendar = election.calendar
    begins, ends = (at.astimezone(PRAGUE) for at in (calendar.voting_begins, calendar.voting_ends))
    # Reference data of round 2 hold the times of round 2.
    first = begins - _WEEK if Contest.SENATE_ROUND_2 in election.contests else begins
    second = first + _WEEK
    first_end = ends - _WEEK if Contest.SENATE_ROUND_2 in election.contests else ends

    def said(at: datetime) -> str:
        local = at.astimezone(PRAGUE)
        return f"{_day(local.date(), language, words)} {local.strftime('%H:%M')}"

    def pass_ends(before: datetime, days: int) -> str:
        return said(datetime.combine(before.date() - timedelta(days=days), _PASS_ENDS, PRAGUE))

    return {
        "voting_begins": said(begins),
        "voting_ends": said(ends),
        "delivery_ends": said(calendar.delivery_ends),
        "pass_by_letter": pass_ends(begins, 7),
        "pass_in_person": pass_ends(begins, 2),
        "round_2_begins": said(second),
        "round_2_ends": said(first_end + _WEEK),
        "round_2_pass_by_letter": pass_ends(second, 7),
        "round_2_pass_in_person": pass_ends(second, 2),
        "round_2_postponed": _day(first_end.date() + timedelta(days=13), language, words),
        "adult_born": _day(_years_before(ends.date(), 18), language, words, weekday=False),
    }


def _day(day: date, language: str, words: Table, *, weekday: bool = True) -> str:
    """A date for people: so 21. 9. 2024, or Sat 21 Sep 2024; its parts never part at a line's end."""
    name = words["weekday"][str(day.isoweekday())] + " " if weekday else ""
    if language == "cs":
        return f"{name}{day.day}.{_NBSP}{day.month}.{_NBSP}{day.year}"
    return f"{name}{day.day}{_NBSP}{words['month'][str(day.month)]}{_NBSP}{day.year}"


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _example() -> dict[str, str]:
    first = kc_1(EXAMPLE_PRECINCT)
    base = sheet_base(EXAMPLE_PRECINCT, EXAMPLE_DISTRICT, 0, 0)
    sheet = sheet_controls(base, EXAMPLE_LIST, EXAMPLE_VOTES, *preference_controls(EXAMPLE_PREFERENCES))
    senate = senate_controls(EXAMPLE_PRECINCT, 0, 0, 1, EXAMPLE_COUNTS, EXAMPLE_SENATE_VOTES)
    numbers = {
        "obec": EXAMPLE_PRECINCT.municipality,
        "okrsek": EXAMPLE_PRECINCT.number,
        "okres": EXAMPLE_DISTRICT,
        "kc1": first,
        "joined": EXAMPLE_PRECINCT.municipality * 100_000 + EXAMPLE_PRECINCT.number,
        "head_kc2": counts_control(EXAMPLE_COUNTS),
        "kstrana": EXAMPLE_LIST,
        "hlasu": EXAMPLE_VOTES,
        **{f"sheet_{name}": value for name, value in sheet._asdict().items()},
        **{f"senate_{name}": value for name, value in senate._asdict().items()},
        **dict(zip(("voters", "issued", "returned", "valid"), EXAMPLE_COUNTS, strict=True)),
    }
    for name, votes in (("pref", EXAMPLE_PREFERENCES), ("vote", EXAMPLE_SENATE_VOTES)):
        for order, (candidate, given) in enumerate(votes, 1):
            numbers |= {f"{name}{order}_no": candidate, f"{name}{order}": given}
    return {f"ex_{name}": str(value) for name, value in numbers.items()}
