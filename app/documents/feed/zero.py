"""`zero.xml`: everything that is expected, with zeros, from minute zero; and the rules of the seats.

Territory, lists and candidates come from the signed reference data alone, so the file is the same for the
whole night, and a reader can build its tables before the first precinct comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from app.documents.feed.parts import ZERO, Issue, root_of, utc
from app.documents.results.parts import attribute
from app.documents.xml_text import DECLARATION
from app.election.model import Contest
from app.election.reference import Candidate, District, Municipality, Precinct, Reference, Region

#: The setting of the published documents that says whether municipalities carry their kind.
_TYP_OBEC = "TYP_OBEC"


def write(reference: Reference) -> bytes:
    """The bytes of the zero file of an election."""
    election = reference.election
    root = root_of(ZERO, Issue(election.code, election.mode))
    head = f'{DECLARATION}{root} KONEC_HLASOVANI="{utc(election.calendar.voting_ends)}">\n'
    return "".join((head, *_body(reference), f"</{ZERO.root}>\n")).encode()


def _body(reference: Reference) -> Iterator[str]:
    contests = reference.election.contests
    if Contest.REGIONAL in contests:
        for region in sorted(reference.regions.values(), key=lambda each: each.number):
            yield from _region(region)
    if any(contest.is_senate for contest in contests):
        for senate in sorted(reference.senate_districts.values(), key=lambda each: each.number):
            yield f'<OBVOD CISLO="{senate.number}"{attribute("NAZEV", senate.name)}>\n'
            yield from _candidates(senate.candidates.values())
            yield "</OBVOD>\n"
    yield from _territory(reference)
    yield _rules(reference)


def _region(region: Region) -> Iterator[str]:
    yield (
        f'<KRAJ CIS_KRZAST="{region.number}"{attribute("NAZ_KRZAST", region.name)}'
        f' POCMANDATU="{region.seats}">\n'
    )
    for listed in sorted(region.lists.values(), key=lambda each: each.number):
        yield (
            f'<STRANA KSTRANA="{listed.number}"{attribute("NAZ_STR", listed.short_name)}'
            f' VSTRANA="{listed.party_code}" HLASY="0">\n'
        )
        yield from _candidates(listed.candidates.values())
        yield "</STRANA>\n"
    yield "</KRAJ>\n"


def _candidates(candidates: Iterable[Candidate]) -> Iterator[str]:
    for each in sorted(candidates, key=lambda candidate: candidate.number):
        yield (
            f'<KANDIDAT PORCISLO="{each.number}"{attribute("JMENO", each.first_name)}'
            f"{attribute('PRIJMENI', each.last_name)}{attribute('TITULPRED', each.title_before)}"
            f'{attribute("TITULZA", each.title_after)} PLATNOST="{"A" if each.valid else "N"}" HLASY="0"/>\n'
        )


def _territory(reference: Reference) -> Iterator[str]:
    """Districts, municipalities and the precincts in which somebody votes, each ascending by its code."""
    precincts: dict[tuple[int, int], list[Precinct]] = {}
    for precinct in sorted(reference.precincts.values(), key=lambda each: each.id):
        if reference.contests_of(precinct):
            precincts.setdefault((precinct.district, precinct.id.municipality), []).append(precinct)
    district = None
    for (code, municipality), own in sorted(precincts.items()):
        if district != code:
            yield "" if district is None else "</OKRES>\n"
            yield _district(reference.districts[code])
            district = code
        yield _municipality(reference.municipalities[municipality])
        for precinct in own:
            yield _precinct(precinct, reference)
        yield "</OBEC>\n"
    yield "" if district is None else "</OKRES>\n"


def _district(district: District) -> str:
    region = "" if district.region is None else f' CIS_KRZAST="{district.region}"'
    return (
        f'<OKRES CIS_OKRES="{district.code}"{attribute("NUTS_OKRES", district.nuts)}'
        f"{attribute('NAZ_OKRES', district.name)}{region}>\n"
    )


def _municipality(municipality: Municipality) -> str:
    return (
        f'<OBEC CIS_OBEC="{municipality.code}"{attribute("NAZ_OBEC", municipality.name)}'
        f' OBEC_PREZ="{municipality.presented_under}"{attribute("NAZ_PREZ", municipality.presented_name)}>\n'
    )


def _precinct(precinct: Precinct, reference: Reference) -> str:
    """Only the contests of this election: a region or a Senate district where somebody votes in it."""
    held = reference.contests_of(precinct)
    region = f' CIS_KRZAST="{precinct.region}"' if Contest.REGIONAL in held else ""
    senate = f' CIS_OBVOD="{precinct.senate_district}"' if any(contest.is_senate for contest in held) else ""
    return f'<OKRSEK CIS_OKRSEK="{precinct.id.number}"{region}{senate} HLASY="0"/>\n'


def _rules(reference: Reference) -> str:
    rules = reference.election.rules
    kind = "1" if reference.election.feed.get(_TYP_OBEC) == "1" else "0"
    return (
        f'<PRAVIDLA KLAUZULE="{_share(rules.clause)}" PREDNOST="{_share(rules.preference_threshold)}"'
        f' DELITEL="{_share(rules.first_divisor)}" TYP_OBEC="{kind}"/>\n'
    )


def _share(value: Fraction) -> str:
    return str(value)
