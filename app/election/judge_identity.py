"""Judging identity: whose protocol this is, and whether there may be one (rules ID)."""

from __future__ import annotations

from app.election.controls import FIRST_PART, kc_1
from app.election.model import Contest
from app.election.subject import UNKNOWN, Found, Subject
from app.election.verdict import FieldRef, Params

_PRECINCT = (FieldRef("OBEC"), FieldRef("OKRSEK"))


def id_01(subject: Subject) -> Found:
    found = Found()
    stated, right = subject.reading.kc_1, kc_1(subject.reading.precinct)
    if subject.tell_all or stated != right:
        found.add("control", (FieldRef("KC_1"), *_PRECINCT), stated, right, stated == right, _named(subject))
    return found


def id_02(subject: Subject) -> Found:
    found = Found()
    precinct, point = subject.precinct, subject.circumstances.transfer_point
    if precinct is None:
        found.add("unknown", _PRECINCT, None, None, False, _named(subject))
    elif point is not None and (subject.tell_all or precinct.transfer_point != point):
        left, right = str(precinct.transfer_point), str(point)
        found.add("point", _PRECINCT, left, right, precinct.transfer_point == point, _named(subject))
    elif subject.tell_all:
        found.add("known", _PRECINCT, None, None, True, _named(subject))
    return found


def id_03(subject: Subject) -> Found:
    """Election and round fit the reference data, the stated districts fit the precinct."""
    found = Found()
    reading, info, tell_all = subject.reading, subject.reference.election, subject.tell_all
    if tell_all or reading.election != info.code:
        same = reading.election == info.code
        found.add("election", (FieldRef("VOLBY"),), reading.election, info.code, same, _named(subject))
    contest = subject.contest
    if contest is None or contest not in info.contests:
        senate = subject.senate
        round_ = str(senate.round) if senate else "1"
        found.add("contest", (FieldRef("KOLO"),), round_, None, False, _named(subject))
    precinct = subject.precinct
    if precinct is None:
        found.unknown = True  # ID-02 speaks of it
        return found
    district = _code(reading.district)
    if tell_all or reading.district != precinct.district:
        right, same = str(precinct.district), reading.district == precinct.district
        found.add("district", (FieldRef("OKRES"), *_PRECINCT), district, right, same, _named(subject))
    if subject.regional is not None:
        if precinct.region is None:
            found.add("no_regional", _PRECINCT, None, None, False, _named(subject))
    else:
        _senate_district(subject, found)
    return found


def _senate_district(subject: Subject, found: Found) -> None:
    precinct, senate = subject.precinct, subject.senate
    assert precinct is not None
    assert senate is not None
    if precinct.senate_district is None:
        found.add("no_senate", _PRECINCT, None, None, False, _named(subject))
        return
    same = senate.senate_district == precinct.senate_district
    if subject.tell_all or not same:
        left, right = _code(senate.senate_district), str(precinct.senate_district)
        found.add("senate_district", (FieldRef("OBVOD"), *_PRECINCT), left, right, same, _named(subject))


def id_04(subject: Subject) -> Found:
    """A first protocol where one is accepted already. Corrections are PR-01's matter."""
    found = Found()
    circumstances = subject.circumstances
    ok = circumstances.revision > 1 or circumstances.accepted_revision == 0
    if not ok or (subject.tell_all and circumstances.revision <= 1):
        found.add("accepted", _PRECINCT, circumstances.accepted_revision, 0, ok, _named(subject))
    return found


def id_05(subject: Subject) -> Found:
    """In a joint precinct the protocols of all contests come in one visit, or are here already."""
    visit, precinct = subject.circumstances.contests_in_visit, subject.precinct
    if visit is None or precinct is None or subject.contest is None:
        return UNKNOWN
    found, surroundings = Found(), subject.circumstances.surroundings
    accepted = surroundings.beside if surroundings else {}
    for contest in subject.reference.contests_of(precinct):
        if contest is subject.contest:
            continue
        here = contest in visit or contest in accepted
        if subject.tell_all or not here:
            params: Params = (*_named(subject), ("other_form", contest.form))
            found.add("beside", _PRECINCT, None, None, here, params)
    return found


def id_06(subject: Subject) -> Found:
    found = Found()
    reading, version = subject.reading, subject.reference.election.rules.form_version
    if subject.tell_all or reading.form_type != FIRST_PART:
        same = reading.form_type == FIRST_PART
        found.add(
            "type", (FieldRef("TYP_FORM"),), _code(reading.form_type), str(FIRST_PART), same, _named(subject)
        )
    if subject.tell_all or reading.form_version != version:
        stated = reading.form_version or None
        found.add(
            "version", (FieldRef("VZOR"),), stated, version, reading.form_version == version, _named(subject)
        )
    return found


def _code(value: int | None) -> str | None:
    """Codes are texts in sentences: their digits are not grouped."""
    return None if value is None else str(value)


def _named(subject: Subject) -> Params:
    precinct = subject.reading.precinct
    municipality = subject.reference.municipalities.get(precinct.municipality)
    form = Contest.REGIONAL.form if subject.regional is not None else Contest.SENATE_ROUND_1.form
    return (
        ("precinct", str(precinct)),
        ("municipality_name", f" ({municipality.name})" if municipality else ""),
        ("form", form),
    )
