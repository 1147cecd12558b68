"""The plain page of progress: what is counted, which lists lead, where the data are.

Made at each publication and published beside the documents, so that any web server can serve it. No
script; the page asks for itself again every half a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from html import escape
from string import Template

from app import resources
from app.central.addresses import OKRSKY, folder_of_contest
from app.central.count import Count
from app.central.pages.texts import PRAGUE, Language, words
from app.election.decisions import Decisions
from app.election.model import Contest, Mode
from app.election.percent import rounded, text, truncated
from app.election.reference import ElectionRules, Reference, Region
from app.election.seats import council
from app.election.tally import ElectionTally, RegionTally
from app.election.undecided import undecided

_CZECH = words(Language.CZECH)
_number = _CZECH.number
_LEADING = 3
_SENATE = " – Senát"
_BANNER = '<p class="banner">ZKOUŠKA: toto nejsou skutečné výsledky voleb.</p>\n'
_EMBARGO = "<p>Do konce hlasování se výsledky nezveřejňují.</p>\n"
_MODES = {Mode.LIVE: "ostrý provoz", Mode.REHEARSAL: "zkouška"}
_CONTESTS = {
    Contest.REGIONAL: "Zastupitelstva krajů",
    Contest.SENATE_ROUND_1: "Senát, 1. kolo",
    Contest.SENATE_ROUND_2: "Senát, 2. kolo",
}


def pages(
    reference: Reference, counts: Mapping[Contest, Count], now: datetime, version: int, is_open: bool
) -> dict[str, bytes]:
    """The page and its style, by path; `is_open`: the embargo is over."""
    election = reference.election
    regional = counts.get(Contest.REGIONAL)
    page = _template("progress.html").substitute(
        election=escape(election.name),
        banner=_BANNER if election.mode is Mode.REHEARSAL else "",
        time=_time(now),
        version=version,
        mode=_MODES[election.mode],
        embargo="" if is_open else _EMBARGO,
        contests="".join(_contest(reference, _CONTESTS[contest], count) for contest, count in counts.items()),
        regions="" if regional is None else _regions(reference, regional),
        links="".join(_links(reference, count) for count in counts.values()),
    )
    return {"index.html": page.encode(), "style.css": _style()}


@cache
def _template(name: str) -> Template:
    return Template(resources.path("web", name).read_text("utf-8"))


@cache
def _style() -> bytes:
    return resources.path("web", "style.css").read_bytes()


def percent(hundredths: int) -> str:
    """A percentage as Czech writes it."""
    return _CZECH.share(text(hundredths))


def _time(instant: datetime) -> str:
    local = instant.astimezone(PRAGUE)
    return f"{local.day}. {local.month}. {local.year} {local:%H:%M:%S}"


def _contest(reference: Reference, name: str, count: Count) -> str:
    country = count.tally.country
    expected, processed = country.precincts_expected, country.precincts_processed
    share = percent(rounded(processed, expected))
    turnout = percent(rounded(country.envelopes_issued, country.registered_voters))
    never = f" Nebude dodáno: {_number(country.never)}." if country.never else ""
    declared = (count.contest, "country", 0) in count.decisions.declared
    return (
        f"<section>\n<h2>{name}</h2>\n"
        f'<progress max="{max(expected, 1)}" value="{processed}">{share}</progress>\n'
        f"<p>Zpracováno {_number(processed)} z {_number(expected)} okrsků ({share}), účast {turnout}.{never}"
        f"{' <strong>Výsledek je úplný.</strong>' if declared else ''}</p>\n"
        f"{_undecided(reference, count)}</section>\n"
    )


def _undecided(reference: Reference, count: Count) -> str:
    """What waits for people to decide."""
    waiting = undecided(reference, count.tally, count.decisions)
    rows = "".join(f"<li>{escape(each.cs)}</li>\n" for each in waiting)
    return f'<ul class="undecided">\n{rows}</ul>\n' if rows else ""


def _regions(reference: Reference, count: Count) -> str:
    rows = "".join(
        _region(region, count.tally, reference.election.rules, count.decisions)
        for region in sorted(reference.regions.values(), key=lambda region: region.number)
        if count.tally.region[region.number].precincts_expected
    )
    return (
        "<section>\n<h2>Kraje</h2>\n<table>\n<thead><tr><th>Kraj</th>"
        '<th class="number">Zpracováno</th><th class="number">Účast</th>'
        f"<th>Nejvíce hlasů</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</section>\n"
    )


def _region(region: Region, tallies: ElectionTally, rules: ElectionRules, decisions: Decisions) -> str:
    """One row: the leading lists, or all that won seats once the region is settled."""
    tally = tallies.region[region.number]
    leading = sorted((item for item in tally.votes.items() if item[1]), key=lambda item: (-item[1], item[0]))
    seats = council(region, tally, rules, decisions).seats
    shown = [item for item in leading if seats.get(item[0])] if seats else leading[:_LEADING]
    lists = "".join(
        f"<li>{escape(region.lists[list_].short_name)} {percent(truncated(votes, tally.valid_votes))}"
        f"{_won(seats.get(list_, 0))}</li>"
        for list_, votes in shown
    )
    processed = percent(rounded(tally.precincts_processed, tally.precincts_expected))
    turnout = percent(rounded(tally.envelopes_issued, tally.registered_voters)) if leading else "–"
    return (
        f"<tr><td>{escape(region.name)}{_state(region, tally, decisions)}</td>"
        f'<td class="number">{processed}</td>'
        f'<td class="number">{turnout}</td><td>{f"<ol>{lists}</ol>" if lists else "zatím nic"}</td></tr>\n'
    )


def _state(region: Region, tally: RegionTally, decisions: Decisions) -> str:
    """Whether the region was declared complete, and how many precincts will never be delivered."""
    never = f"nebude dodáno {_number(tally.never)}" if tally.never else ""
    declared = (Contest.REGIONAL, "region", region.number) in decisions.declared
    told = ", ".join(filter(None, ("úplný" if declared else "", never)))
    return f' <span class="note">{told}</span>' if told else ""


def _won(seats: int) -> str:
    """Seats in words, for a list that won some."""
    if not seats:
        return ""
    noun = "mandát" if seats == 1 else "mandáty" if seats < 5 else "mandátů"
    return f", <strong>{seats}\u00a0{noun}</strong>"


def _links(reference: Reference, count: Count) -> str:
    folder = "/" + folder_of_contest(reference.election, count.contest)
    links = _senate_links(reference) if count.contest.is_senate else _regional_links(reference, count)
    if count.batches:
        links.append((f"Okrsky, poslední dávka{_SENATE if count.contest.is_senate else ''}", f"{OKRSKY}.xml"))
    return "".join(
        f'<li><a href="{escape(folder + path)}">{escape(title)}</a></li>\n' for title, path in links
    )


def _regional_links(reference: Reference, count: Count) -> list[tuple[str, str]]:
    districts = sorted(
        (reference.districts[code] for code in count.tally.district), key=lambda each: each.nuts
    )
    return [
        ("Výsledky", "vysledky.xml"),
        ("Kandidáti", "vysledky_kandid.xml"),
        ("Kraje a krajská města", "vysledky_krajmesta.xml"),
        *((each.name, f"okresy/vysledky_okres_{each.nuts}.xml") for each in districts),
    ]


def _senate_links(reference: Reference) -> list[tuple[str, str]]:
    return [
        (f"Výsledky{_SENATE}", "vysledky.xml"),
        *(
            (f"Obvod {number} {district.name}", f"obvody/vysledky_obce_obvod_{number}.xml")
            for number, district in sorted(reference.senate_districts.items())
        ),
    ]
