"""Failed rules in words for a commission: which sentence, which numbers, where on the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.election.catalogue import RULES
from app.election.controls import FRONT_PAGE
from app.election.model import Contest
from app.election.rule import Severity
from app.election.sentences import MEANINGS, text_cs, text_en
from app.election.verdict import FieldRef, Result, Verdict


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a whole Czech sentence with its numbers, where on the paper, what to do."""

    rule_id: str
    severity: Severity
    title_cs: str
    title_en: str
    sentence_cs: str
    sentence_en: str
    places_cs: tuple[str, ...]
    places_en: tuple[str, ...]
    help_cs: str
    help_en: str
    fields: tuple[FieldRef, ...]


#: What is in a column that has no meaning of its own in the sentences, in Czech and English.
_BOXES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "KC_1": ("kontrolní číslo KC_1", "control number KC_1"),
        "KC_2": ("kontrolní číslo KC_2", "control number KC_2"),
        "KC_3": ("kontrolní číslo KC_3", "control number KC_3"),
        "KC_4": ("kontrolní číslo KC_4", "control number KC_4"),
        "KC_5": ("kontrolní číslo KC_5", "control number KC_5"),
        "POSL_KAND": ("poslední kandidát s hlasy (POSL_KAND)", "last candidate with votes (POSL_KAND)"),
        "KC_SUM": ("kontrolní součet (KC_SUM)", "checksum (KC_SUM)"),
        "ZAKRSTRANA": ("přehled listin s hlasy (ZAKRSTRANA)", "marks of lists with votes (ZAKRSTRANA)"),
        "OBEC": ("číslo obce (OBEC)", "number of the municipality (OBEC)"),
        "OKRSEK": ("číslo okrsku (OKRSEK)", "number of the precinct (OKRSEK)"),
        "OKRES": ("číslo okresu (OKRES)", "number of the district (OKRES)"),
        "OBVOD": ("číslo senátního obvodu (OBVOD)", "number of the Senate district (OBVOD)"),
        "KOLO": ("kolo voleb (KOLO)", "round (KOLO)"),
    }
)


def problems_of(verdict: Verdict, contest: Contest) -> tuple[Problem, ...]:
    """One problem for each failed comparison, the gravest first, else in the catalogue's order."""
    failed = sorted(verdict.failed, key=lambda result: -result.severity.rank)
    return tuple(
        _problem(result, case.fields, text_cs(result, case), text_en(result, case), contest)
        for result in failed
        for case in result.failed_cases
    )


def titled(rule_id: str) -> Problem:
    """A rule of which only is known that it failed: its title stands for the sentence."""
    rule = RULES[rule_id]
    return Problem(
        rule_id, rule.severity, rule.title_cs, rule.title_en, rule.title_cs, rule.title_en, (), (),
        rule.help_cs, rule.help_en, (),
    )  # fmt: skip


def place_cs(field: FieldRef, contest: Contest) -> str:
    """Where a field is on the paper, such as "T/6, listina č. 5, rub, kandidát č. 52"."""
    parts = [_form(field, contest, "1. část", "listina č. ")]
    if field.candidate is not None:
        parts += [_page(field, "líc", "rub"), f"kandidát č. {field.candidate}"]
    else:
        parts.append(_box(field.name, 0))
    return ", ".join(filter(None, parts))


def place_en(field: FieldRef, contest: Contest) -> str:
    parts = [_form(field, contest, "part 1", "list ")]
    if field.candidate is not None:
        parts += [_page(field, "front page", "reverse page"), f"candidate {field.candidate}"]
    else:
        parts.append(_box(field.name, 1))
    return ", ".join(filter(None, parts))


def _problem(result: Result, fields: tuple[FieldRef, ...], cs: str, en: str, contest: Contest) -> Problem:
    rule = RULES[result.rule_id]
    return Problem(
        rule_id=result.rule_id,
        severity=result.severity,
        title_cs=rule.title_cs,
        title_en=rule.title_en,
        sentence_cs=cs,
        sentence_en=en,
        places_cs=tuple(dict.fromkeys(place_cs(field, contest) for field in fields)),
        places_en=tuple(dict.fromkeys(place_en(field, contest) for field in fields)),
        help_cs=rule.help_cs,
        help_en=rule.help_en,
        fields=fields,
    )


def _form(field: FieldRef, contest: Contest, part_1: str, list_: str) -> str:
    if contest.is_senate:
        return contest.form
    return f"{contest.form}, {part_1 if field.list_number is None else f'{list_}{field.list_number}'}"


def _page(field: FieldRef, front: str, back: str) -> str:
    """Only a sheet of T/6 has two pages."""
    if field.list_number is None or field.candidate is None:
        return ""
    return front if field.candidate <= FRONT_PAGE else back


def _box(column: str, language: int) -> str:
    if column in MEANINGS:
        return f"{MEANINGS[column][language]} ({column})"
    return _BOXES.get(column, (column, column))[language]
