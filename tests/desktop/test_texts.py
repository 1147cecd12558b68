"""The sentences: the same in both languages, none missing, none unused; numbers and times as Czechs do."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import pytest

from app.desktop import texts
from app.desktop.texts import catalogue, plural, t, use

DESKTOP = Path(texts.__file__).parent


def placeholders(entry: str | list[str]) -> set[str]:
    forms = entry if isinstance(entry, list) else [entry]
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


def used() -> tuple[set[str], set[str], list[re.Pattern[str]]]:
    """Keys asked for by name, all strings of the code (tables hold keys too), patterns of keys made there."""
    asked: set[str] = set()
    written: set[str] = set()
    made: list[re.Pattern[str]] = []
    for path in DESKTOP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                written.add(node.value)
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in ("t", "plural"):
                key = node.args[0]
                for one in [key.body, key.orelse] if isinstance(key, ast.IfExp) else [key]:
                    if isinstance(one, ast.Constant):
                        asked.add(str(one.value))
                    elif isinstance(one, ast.JoinedStr):
                        made.append(re.compile("".join(pattern(part) for part in one.values)))
    return asked, written, made


def pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"


def test_both_languages_have_the_same_keys() -> None:
    assert set(catalogue("cs")) == set(catalogue("en"))


def test_both_languages_fill_in_the_same_values() -> None:
    differing = {
        key
        for key, entry in catalogue("cs").items()
        if placeholders(entry) != placeholders(catalogue("en")[key])
    }
    assert differing == set()


def test_czech_plurals_have_three_forms_and_english_two() -> None:
    assert {len(entry) for entry in catalogue("cs").values() if isinstance(entry, list)} == {3}
    assert {len(entry) for entry in catalogue("en").values() if isinstance(entry, list)} == {2}


def test_every_key_of_the_code_has_its_sentence() -> None:
    asked, _, made = used()
    assert len(asked) > 60
    assert asked - set(catalogue("cs")) == set()
    assert [p.pattern for p in made if not any(p.fullmatch(key) for key in catalogue("cs"))] == []


def test_no_sentence_is_left_over() -> None:
    _, written, made = used()
    left = {key for key in catalogue("cs") if key not in written and not any(p.fullmatch(key) for p in made)}
    assert left == set()


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "Nepotvrzen 1 zápis"), (2, "Nepotvrzeny 2 zápisy"), (4, "Nepotvrzeny 4 zápisy"),
     (5, "Nepotvrzeno 5 zápisů"), (0, "Nepotvrzeno 0 zápisů"), (22, "Nepotvrzeno 22 zápisů")],
)  # fmt: skip
def test_czech_counts_in_three_forms(count: int, told: str) -> None:
    use("cs")
    assert plural("connection.queue", count) == told


def test_an_unknown_key_is_a_bug() -> None:
    with pytest.raises(KeyError):
        t("no.such.key")


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (9999, "9999"), (10000, "10\u00a0000"), (1234567, "1\u00a0234\u00a0567")]
)
def test_long_numbers_are_grouped_by_spaces_that_do_not_break(value: int, shown: str) -> None:
    assert texts.number(value) == shown


def test_times_are_told_in_prague() -> None:
    assert texts.date_time(datetime(2024, 9, 21, 12, 5, 9, tzinfo=UTC)) == "21.\u00a09.\u00a02024 14:05:09"
    assert texts.clock_time(datetime(2024, 12, 1, 23, 59, tzinfo=UTC)) == "00:59"
