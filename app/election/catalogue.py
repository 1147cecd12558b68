"""Every rule of the program in one table, in the order in which verdicts show them.

The manual's code sheet, the texts on the screen and the tests' tables are generated from here.
Severities are defaults: an election's data may set others (`ElectionInfo.severities`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.election import catalogue_course, catalogue_form, catalogue_numbers
from app.election.rule import JudgedBy, Rule, Severity

__all__ = ["GROUPS", "RULES", "JudgedBy", "Rule", "Severity", "severity_of"]

#: Rule id → rule, in catalogue order.
RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.id: rule for rule in (*catalogue_form.RULES, *catalogue_numbers.RULES, *catalogue_course.RULES)}
)

#: Group → (Czech, English) heading.
GROUPS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ID": ("Totožnost zápisu", "Identity"),
        "FM": ("Úplnost a tvar zápisu", "Form"),
        "LG": ("Logika čísel", "Logic"),
        "KC": ("Kontrolní čísla", "Control numbers"),
        "PL": ("Věrohodnost", "Plausibility"),
        "PR": ("Postup", "Procedure"),
        "AG": ("Součty", "Sums"),
    }
)


def severity_of(rule_id: str, overrides: Mapping[str, str]) -> Severity:
    """The severity in one election: its own where it sets one, else the catalogue's."""
    letter = overrides.get(rule_id)
    return RULES[rule_id].severity if letter is None else Severity(letter)
