"""The handbook has a page for whatever a clerk can stand on, and every page is true and leads on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.commands import handbook_codes
from app.election.catalogue import RULES, JudgedBy, Severity
from app.election.complete import COUNT_COLUMNS
from app.election.model import Contest, Mode
from app.election.reference import ElectionInfo
from app.station.errors import StationError
from app.station.handbook import HOME, Handbook, Kind, Page, export, places, words
from app.station.handbook.fields import FIELDS, column_of
from tests.support import invented_election

CHECKOUT = Path(__file__).resolve().parent.parent.parent
LINK = re.compile(r"\]\(([^)]*)\)")
LEFT_OPEN = re.compile(r"[{}]")
BOTH = pytest.mark.parametrize("language", words.LANGUAGES)
NBSP = "\u00a0"


def election(*contests: Contest, mode: Mode = Mode.REHEARSAL) -> ElectionInfo:
    return invented_election.reference(*contests, mode=mode).election


HANDBOOKS = {language: Handbook(election(), language) for language in words.LANGUAGES}
EVERY = [(language, page) for language, book in HANDBOOKS.items() for page in book.pages()]
EVERY_PAGE = pytest.mark.parametrize(
    ("language", "page"), EVERY, ids=[f"{language}-{page.id}" for language, page in EVERY]
)


@BOTH
def test_every_rule_has_its_page_with_the_catalogues_own_words(language: str) -> None:
    book = HANDBOOKS[language]
    assert [page.name for page in book.pages(Kind.RULE)] == list(RULES)
    for rule in RULES.values():
        page = book.for_rule(rule.id)
        title, help_ = (rule.title_cs, rule.help_cs) if language == "cs" else (rule.title_en, rule.help_en)
        assert page.title == f"{rule.id} · {title}"
        assert help_ in page.body
        assert ("Co říct komisi" if language == "cs" else "What to tell the commission") in page.body


@BOTH
def test_somebody_has_written_what_each_rule_means_and_no_text_is_left_of_a_rule_that_is_gone(
    language: str,
) -> None:
    texts = words.table(language, "rules")
    assert list(texts) == list(RULES)
    assert all({"means", "tell"} <= set(found) <= {"means", "tell", "law"} for found in texts.values())


def test_a_rule_nobody_has_written_about_still_has_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = replace(RULES["LG-02"], id="LG-77", title_cs="Něco platí", help_cs="Podívejte se na papír.")
    monkeypatch.setattr("app.station.handbook.generated.RULES", {**RULES, "LG-77": rule})
    monkeypatch.setattr(
        "app.station.handbook.generated.severity_of", lambda rule_id, overrides: Severity.PASSABLE
    )
    page = Handbook(election()).for_rule("LG-77")
    assert page.title == "LG-77 · Něco platí"
    assert "Podívejte se na papír." in page.body


def test_a_page_tells_the_severity_of_this_election() -> None:
    assert "**Pustitelná chyba.**" in Handbook(election()).for_rule("LG-02").body
    stricter = replace(election(), severities={"LG-02": "B"})
    assert "**Nepustitelná chyba.**" in Handbook(stricter).for_rule("LG-02").body


@BOTH
def test_a_rule_that_is_not_judged_yet_says_so_and_one_that_is_does_not(language: str) -> None:
    said = words.table(language, "words")["judged"][JudgedBy.LATER]
    for rule in RULES.values():
        page = HANDBOOKS[language].for_rule(rule.id)
        assert (said in page.body) is (rule.judged_by is JudgedBy.LATER)


@BOTH
def test_every_threshold_has_a_name_and_its_number(language: str) -> None:
    names = words.table(language, "words")["threshold"]
    for rule in RULES.values():
        for name in rule.thresholds:
            text = names.get(f"{rule.id}.{name}") or names[name]
            assert text in HANDBOOKS[language].for_rule(rule.id).body


def test_thresholds_are_written_as_people_write_them() -> None:
    assert f"**6,5{NBSP}%**" in HANDBOOKS["cs"].for_rule("PL-03").body
    assert f"**6.5{NBSP}%**" in HANDBOOKS["en"].for_rule("PL-03").body
    assert f"**77{NBSP}%**" in HANDBOOKS["cs"].for_rule("PL-05").body
    assert "**2,5**" in HANDBOOKS["cs"].for_rule("PL-06").body


# --- fields and codes ------------------------------------------------------------------------------------


def columns_of_the_forms() -> set[str]:
    """Every column that the forms' schema, the checks and the desk's description know."""
    schema = (CHECKOUT / "resources/schemas/zapis.xsd").read_text("utf-8")
    found = set(
        re.findall(r'<xs:attribute name="([A-Z0-9_]+)" type="(?:Cislo|KodObce|CisloOkrsku|Vzor)"', schema)
    )
    for folder, pattern in (
        ("election", r'FieldRef\(\s*"([A-Z0-9_]+)"'),
        ("desktop", r'FormRow\("([A-Z0-9_]+)"'),
    ):
        for path in (CHECKOUT / "app" / folder).glob("*.py"):
            found |= set(re.findall(pattern, path.read_text("utf-8")))
    return found


@BOTH
def test_every_field_of_both_forms_has_a_page(language: str) -> None:
    columns = columns_of_the_forms()
    assert {"VOL_SEZNAM", "ZAKRSTRANA", "POC_HLASU", "HLASY", "KC_SUM", "OBVOD", "KOLO"} <= columns
    pages = {column: HANDBOOKS[language].for_field(column) for column in columns}
    assert [column for column, page in pages.items() if page.id == HOME] == []


def test_a_numbered_box_leads_to_the_page_of_its_column() -> None:
    assert column_of("HLASY_07") == "HLASY"
    assert HANDBOOKS["cs"].for_field("HLASY_70").id == "field:HLASY"
    assert HANDBOOKS["cs"].for_field("VZOR").id == "field:VERZE"
    assert HANDBOOKS["cs"].for_field("NIC_TAKOVEHO").id == HOME


def test_widths_are_those_that_the_checks_hold() -> None:
    widths = {field.column: field.width for field in FIELDS}
    assert {column: len(str(most)) for column, most in COUNT_COLUMNS}.items() <= widths.items()


@BOTH
def test_a_field_names_its_rules_and_the_rule_names_the_field(language: str) -> None:
    assert list(words.table(language, "fields")) == [field.column for field in FIELDS]
    for field in FIELDS:
        page = HANDBOOKS[language].for_field(field.column)
        for rule_id in field.rules:
            assert f"(rule:{rule_id})" in page.body
            assert f"(field:{field.column})" in HANDBOOKS[language].for_rule(rule_id).body


@BOTH
def test_every_family_of_error_codes_has_a_page(language: str) -> None:
    source = "\n".join(path.read_text("utf-8") for path in (CHECKOUT / "app").rglob("*.py"))
    families = set(re.findall(r'"([A-Z]{3})-(?:\d\d|[A-Z]{3,})"', source)) - {"UTF"}
    assert {"STA", "DOC", "CMS"} <= families
    known = {page.name for page in HANDBOOKS[language].pages(Kind.CODE)}
    assert families - known == set()


@BOTH
def test_every_code_of_the_source_is_in_the_list_with_its_sentence(language: str) -> None:
    known = handbook_codes.sentences()
    assert handbook_codes.named() - known.keys() == frozenset()
    fresh = handbook_codes.path_of(language).read_text("utf-8") == handbook_codes.written(known, language)
    assert fresh, "run: python -m app.commands.handbook_codes"
    book = HANDBOOKS[language]
    for code in known:
        page = book.for_code(code)
        assert page.id == f"code:{code.partition('-')[0]}"
        assert f"| {code} | " in page.body


@BOTH
def test_codes_lead_to_their_page(language: str) -> None:
    book = HANDBOOKS[language]
    assert book.for_code("STA-25").id == "code:STA"
    assert book.for_code("LG-02").id == "rule:LG-02"
    assert book.for_code("XYZ-01").id == "topic:co-delat-kdyz"
    assert "DOC-30" in book.for_code("DOC-04").body
    assert "CMS-23" in book.for_code("CMS-01").body


# --- all pages -------------------------------------------------------------------------------------------


def test_both_languages_have_the_same_pages_in_the_same_order() -> None:
    czech, english = ([page.id for page in HANDBOOKS[language].pages()] for language in ("cs", "en"))
    assert czech == english
    assert len(set(czech)) == len(czech)


@BOTH
def test_topics_are_called_the_same_in_links_and_on_their_pages(language: str) -> None:
    named = words.table(language, "words")["topic"]
    assert named == {name: title for name, title, _ in words.topics(language)}


@EVERY_PAGE
def test_a_page_is_not_empty_its_places_are_filled_and_its_links_lead_somewhere(
    language: str, page: Page
) -> None:
    assert page.title.strip()
    assert len(page.body) > 60
    assert not LEFT_OPEN.search(page.markdown)
    for target in LINK.findall(page.body):
        assert HANDBOOKS[language].page(target).id == target


@EVERY_PAGE
def test_tables_of_a_page_have_the_same_cells_in_every_row(language: str, page: Page) -> None:
    for block in page.body.split("\n\n"):
        if block.startswith("|"):
            assert len({row.count("|") for row in block.splitlines()}) == 1, block


@pytest.mark.parametrize("page", HANDBOOKS["cs"].pages(), ids=lambda page: page.id)
def test_no_czech_sentence_is_longer_than_a_tired_clerk_reads(page: Page) -> None:
    if page.kind is Kind.CODE and page.name in ("DOC", "CMS"):
        return  # sentences of the program itself
    text = re.sub(r"\]\([^)]*\)", "]", page.body)
    for part in re.split(r"[.?!:](?=\s|[“*)\]]|$)|\n|\|", text):
        assert len(part.split()) <= 28, part


def test_no_czech_page_uses_an_english_word_of_the_program() -> None:
    for page in HANDBOOKS["cs"].pages():
        assert not re.search(r"\b(protocol|precinct|batch|receipt|draft|the)\b", page.body.lower()), page.id


# --- what the election fills in --------------------------------------------------------------------------


def test_dates_come_from_the_elections_calendar() -> None:
    body = HANDBOOKS["cs"].page("topic:lhuty").body
    assert f"so 21.{NBSP}9.{NBSP}2024 14:00" in body
    assert f"ne 22.{NBSP}9.{NBSP}2024 14:00" in body
    assert f"pá 27.{NBSP}9.{NBSP}2024 14:00" in body
    assert f"pá 4.{NBSP}10.{NBSP}2024" in body
    passes = HANDBOOKS["en"].page("topic:prukazy").body
    for day in ("Fri 13", "Wed 18", "Fri 20", "Wed 25"):
        assert f"{day}{NBSP}Sep{NBSP}2024 16:00" in passes
    assert f"21.{NBSP}9.{NBSP}2006" in HANDBOOKS["cs"].page("topic:volici").body


def test_another_elections_handbook_has_its_own_dates_and_none_of_the_first() -> None:
    first = election()
    calendar = first.calendar
    week = timedelta(weeks=54)
    later = replace(
        first,
        calendar=replace(
            calendar,
            voting_begins=calendar.voting_begins + week,
            voting_ends=calendar.voting_ends + week,
            delivery_ends=calendar.delivery_ends + week,
        ),
    )
    pages = Handbook(later).pages()
    assert all(
        "2024" not in page.body for page in pages if page.kind is not Kind.CODE
    )  # examples in messages
    assert f"so 4.{NBSP}10.{NBSP}2025 14:00" in Handbook(later).page("topic:lhuty").body


def test_no_text_has_a_year_written_into_it_that_an_election_could_contradict() -> None:
    for language in words.LANGUAGES:
        for path in (CHECKOUT / "resources/handbook" / language).iterdir():
            if path.name == "sentences.toml":
                continue  # the program's messages, some with an example
            years = set(re.findall(r"\b20[0-4]\d\b", path.read_text("utf-8")))
            assert years <= {"2017", "2023"}, path  # known mishaps, told as such


def test_round_2s_own_reference_data_give_round_2s_days() -> None:
    info = election(Contest.SENATE_ROUND_2)
    body = Handbook(info, "en").page("topic:lhuty").body
    assert f"round 2 of the Senate | Fri 20{NBSP}Sep{NBSP}2024 14:00 to Sat 21{NBSP}Sep{NBSP}2024" in body
    assert f"postponed round 2 | from Fri 27{NBSP}Sep{NBSP}2024" in body


def test_the_mode_is_named() -> None:
    assert "**zkouška**" in HANDBOOKS["cs"].page("topic:zkouska").body
    assert "**ostrý provoz**" in Handbook(election(mode=Mode.LIVE)).page("topic:zkouska").body


def evaluated(line: str) -> list[tuple[int, int]]:
    """(computed, stated) of a line such as `12 + 58 = **70**` or `| KC_2 | 12 + 58 | 70 |`."""
    plain = line.replace("*", "").replace("×", "*").replace(" ", "")
    return [
        (sum(_product(part) for part in left.split("+")), int(right))
        for left, right in re.findall(r"(?:^|[|-])([\d+*]*[+*][\d+*]*)[=|](\d+)", plain)
    ]


def _product(part: str) -> int:
    left, _, right = part.partition("*")
    return int(left) * int(right or 1)


@BOTH
def test_the_worked_example_of_control_numbers_is_true(language: str) -> None:
    body = HANDBOOKS[language].page("topic:kontrolni-cisla").body
    sums = [pair for line in body.splitlines() for pair in evaluated(line)]
    assert len(sums) == 10
    assert all(computed == stated for computed, stated in sums), sums
    joined = places.EXAMPLE_PRECINCT.municipality * 100_000 + places.EXAMPLE_PRECINCT.number
    assert f"**{joined % 7}**" in body
    assert sum(votes for _, votes in places.EXAMPLE_SENATE_VOTES) == places.EXAMPLE_COUNTS.valid_votes


# --- the handbook as files -------------------------------------------------------------------------------


@BOTH
def test_the_whole_handbook_is_written_as_files_that_link_to_each_other(
    language: str, tmp_path: Path
) -> None:
    written = export(HANDBOOKS[language], tmp_path / "handbook")
    assert len(written) == len(HANDBOOKS[language].pages())
    assert (tmp_path / "handbook" / "index.md").exists()
    for path in written:
        for target in LINK.findall(path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_a_folder_that_cannot_be_written_to_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StationError) as refused:
        export(HANDBOOKS["cs"], tmp_path / "file" / "handbook")
    assert refused.value.code == "STA-70"


def test_there_is_no_handbook_in_a_third_language() -> None:
    with pytest.raises(ValueError, match="de"):
        Handbook(election(), "de")
