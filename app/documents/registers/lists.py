"""Regional lists and their candidates, from the registers KZRKL and KZRK (or the later table `kand.tsv`).

The name under which results are published (NAZ_STR) is ZKRATKAK30 with runs of spaces folded to one,
on each of the 269 lists of 2016 and 215 of 2020, but for one list of 2020. There ZKRATKAK30 is only
the beginning of the full name, and CVS has an official abbreviation (ZKRATKA_OF) that keeps the
end which got lost; it is the one published. That rule holds on all 484 lists, yet it rests on one
case: a file `nazvy.csv` (KRZAST, KSTRANA, NAZ_STR; KRZAST empty = every region) overrides it.
Lists with STAVREG other than 0 were not registered or withdrew; they are not in the results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.documents.registers.source import RegisterError, Row, find, need, number, rows
from app.election.reference import Candidate, CandidateList

ListKey = tuple[int, int]  # KRZAST, KSTRANA

_CANDIDATES = ("kzrk", "kand")
_INVALID = "N"
_REGISTERED = ("", "0")


@dataclass(frozen=True)
class ListRow:
    """What is published of one list."""

    party_code: int
    name: str
    short_name: str


def read_lists(folders: Sequence[Path]) -> dict[int, dict[int, CandidateList]]:
    """Lists by region and number, ascending, each with its candidates by number."""
    candidates_path = need(folders, *_CANDIDATES)
    candidates: dict[ListKey, dict[int, Candidate]] = {}
    parties: dict[ListKey, int] = {}
    for row in rows(candidates_path):
        key = (number(row, "KRZAST", candidates_path), number(row, "KSTRANA", candidates_path))
        candidate = _candidate(row, candidates_path)
        candidates.setdefault(key, {})[candidate.number] = candidate
        if row.get("VSTRANA"):
            parties[key] = number(row, "VSTRANA", candidates_path)
    result: dict[int, dict[int, CandidateList]] = {}
    for key, row_ in sorted(_list_rows(folders, parties).items()):
        region, list_number = key
        of_list = dict(sorted(candidates.get(key, {}).items()))
        result.setdefault(region, {})[list_number] = CandidateList(
            list_number, row_.party_code, row_.name, row_.short_name, of_list
        )
    return result


def folded(text: str) -> str:
    """Text with every run of white space as one space, as the published names are."""
    return " ".join(text.split())


def published_name(abbreviated: str, full: str, official: str) -> str:
    """NAZ_STR from ZKRATKAK30, NAZEVCELK and CVS's ZKRATKA_OF; see the module's docstring."""
    short, whole, abbreviation = folded(abbreviated), folded(full), folded(official)
    lost = whole[len(short) :].strip(" -,") if whole.startswith(short) else ""
    return abbreviation if lost and abbreviation.endswith(lost) else short


def _list_rows(folders: Sequence[Path], parties: Mapping[ListKey, int]) -> dict[ListKey, ListRow]:
    register = _parties(folders)
    if path := find(folders, "kzrkl"):
        found = _from_lists_register(path, register)
    else:
        found = {key: _from_parties_register(key, party, register) for key, party in parties.items()}
    if not found:
        raise RegisterError(
            "REG-13",
            "Chybí kandidátní listiny: doplňte kzrkl, nebo kandidáty se sloupcem VSTRANA a číselník cvs.",
            "The registers lack the lists: add kzrkl, or candidates with the column VSTRANA and cvs.",
        )
    _override(folders, found)
    return found


def _from_lists_register(path: Path, register: Mapping[int, Row]) -> dict[ListKey, ListRow]:
    found = {}
    for row in rows(path):
        if row.get("STAVREG", "") not in _REGISTERED or row.get("PLAT_STR") == _INVALID:
            continue
        party = number(row, "VSTRANA", path)
        name = row.get("NAZEVCELK", "")
        official = register.get(party, {}).get("ZKRATKA_OF", "")
        short = published_name(row.get("ZKRATKAK30", "") or name, name, official)
        key = (number(row, "KRZAST", path), number(row, "KSTRANA", path))
        found[key] = ListRow(party, folded(name), short)
    return found


def _from_parties_register(key: ListKey, party: int, register: Mapping[int, Row]) -> ListRow:
    row = register.get(party)
    if row is None:
        region, list_number = key
        raise RegisterError(
            "REG-14",
            f"Listina {list_number} v kraji {region} odkazuje na stranu {party}, která v číselníku cvs není.",
            f"List {list_number} of region {region} refers to party {party}, which the register cvs lacks.",
        )
    name = row.get("NAZEVCELK", "")
    short = published_name(row.get("ZKRATKAV30", "") or name, name, row.get("ZKRATKA_OF", ""))
    return ListRow(party, folded(name), short)


def _override(folders: Sequence[Path], found: dict[ListKey, ListRow]) -> None:
    path = find(folders, "nazvy")
    if path is None:
        return
    for row in rows(path):
        list_number = number(row, "KSTRANA", path)
        region = number(row, "KRZAST", path) if row.get("KRZAST") else None
        for key, listed in found.items():
            if key[1] == list_number and region in (None, key[0]):
                found[key] = ListRow(listed.party_code, listed.name, row["NAZ_STR"])


def _parties(folders: Sequence[Path]) -> dict[int, Row]:
    path = find(folders, "cvs")
    return {number(row, "VSTRANA", path): row for row in rows(path) if row.get("VSTRANA")} if path else {}


def _candidate(row: Row, path: Path) -> Candidate:
    return Candidate(
        number=number(row, "PORCISLO", path),
        first_name=row["JMENO"],
        last_name=row["PRIJMENI"],
        title_before=row.get("TITULPRED", ""),
        title_after=row.get("TITULZA", ""),
        valid=row.get("PLATNOST", "") != _INVALID,
    )
