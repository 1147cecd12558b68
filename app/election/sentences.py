"""The checks' sentences in Czech and English: one for each kind of case, failed and passed.

A sentence has the numbers of both sides and the names that are known, and when something failed
it says what to look at. In the templates a number with a specification takes the right plural:
`{left:hlas|hlasy|hlasů}` gives "1 hlas", "3 hlasy", "1 204 hlasů"; without one it is only grouped.
Codes (municipality, precinct, list) are strings and are never grouped. Hundredths are shown as a decimal
number by `{ratio:.}` and with the sign of per cent by `{share:%}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from app.election import sentences_form, sentences_numbers, sentences_plausibility
from app.election.verdict import Case, Result

NO_BREAK_SPACE = "\u00a0"

#: (rule id, kind) → (Czech failed, English failed, Czech passed, English passed); an empty
#: sentence cannot occur.
TEMPLATES: Mapping[tuple[str, str], tuple[str, str, str, str]] = MappingProxyType(
    {**sentences_form.TEMPLATES, **sentences_numbers.TEMPLATES, **sentences_plausibility.TEMPLATES}
)

#: What a column of the form holds, in Czech and English.
MEANINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "VOL_SEZNAM": ("zapsaní voliči", "registered voters"),
        "VYD_OBALKY": ("vydané obálky", "envelopes issued"),
        "ODEVZ_OBAL": ("odevzdané obálky", "envelopes returned"),
        "PL_HL_CELK": ("platné hlasy", "valid votes"),
        "POC_HLASU": ("hlasy listiny", "votes of the list"),
        "KSTRANA": ("číslo listiny", "number of the list"),
        "OPRAVA": ("příznak opravy", "flag of a correction"),
        "CHYBA": ("příznak pustitelné chyby", "flag of a passable error"),
        "HLASY": ("hlasy kandidáta", "votes of a candidate"),
    }
)


class _Language(NamedTuple):
    blank: str
    separator: str
    point: str
    percent: str
    forms: tuple[int, int, int]  # which plural form is for 1, for 2–4, for the rest


_CZECH = _Language("prázdné pole", NO_BREAK_SPACE, ",", f"{NO_BREAK_SPACE}%", (0, 1, 2))
_ENGLISH = _Language("a blank", ",", ".", "%", (0, 1, 1))


class _Number(int):
    """A number that formats itself grouped and with its noun in the right form."""

    language: _Language

    def __format__(self, spec: str) -> str:
        if spec in (".", "%"):
            whole, hundredths = divmod(int(self), 100)
            text = f"{whole}{self.language.point}{hundredths:02d}"
            return text + self.language.percent if spec == "%" else text
        text = f"{int(self):,}".replace(",", self.language.separator)
        if not spec:
            return text
        size = abs(int(self))
        form = self.language.forms[0 if size == 1 else 1 if 2 <= size <= 4 else 2]
        return f"{text}{NO_BREAK_SPACE}{spec.split('|')[form]}"


class _Blank(str):
    """Nothing stated: reads as a word, whatever noun would have followed."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return str(self)


def text_cs(result: Result, case: Case) -> str:
    """The case as a complete Czech sentence (or two) with its numbers and names."""
    return _text(result, case, 0 if not case.ok else 2, _CZECH)


def text_en(result: Result, case: Case) -> str:
    """The case as a complete English sentence (or two) with its numbers and names."""
    return _text(result, case, 1 if not case.ok else 3, _ENGLISH)


def _text(result: Result, case: Case, which: int, language: _Language) -> str:
    values = {name: _shown(value, language) for name, value in case.params}
    values["left"] = _shown(case.left, language)
    values["right"] = _shown(case.right, language)
    column = dict(case.params).get("column", "")
    meaning = MEANINGS.get(str(column).rstrip("0123456789_"))
    values["meaning"] = f" ({meaning[0 if language is _CZECH else 1]})" if meaning else ""
    return TEMPLATES[result.rule_id, case.kind][which].format_map(values)


def _shown(value: int | str | None, language: _Language) -> object:
    if value is None:
        return _Blank(language.blank)
    if isinstance(value, str):
        return value
    number = _Number(value)
    number.language = language
    return number
