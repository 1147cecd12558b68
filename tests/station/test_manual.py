"""The manual is whole: titles, languages, links, pictures, and no command that the program does not have."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html
from typer.testing import CliRunner

from app import resources
from app.cli import root
from app.election.catalogue import RULES
from app.station.handbook import words
from app.station.manual import pages as manual
from app.station.manual import site
from app.station.manual.pages import ManualPage
from tests.support.command_lines import check

PAGES = manual.pages()
EVERY = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
#: Pages that both languages have, for people at the points.
PAIRS = list(zip(manual.IN_PROGRAM["cs"].values(), manual.IN_PROGRAM["en"].values(), strict=True))
_CODE = re.compile(r"```[a-z]*\n(.*?)```|(?<!`)`([^`\n]+)`(?!`)", re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("manual")
    site.write(made)
    return made


def commands(page: ManualPage) -> list[str]:
    """Every command line of the program in a page's code."""
    found = []
    for block, span in _CODE.findall(page.markdown):
        for line in re.sub(r"\\\n\s*", " ", block or span).splitlines():
            found += re.findall(r"(?:^|[;&|$] ?|exec )(prebirka(?: .*)?)$", line.strip())
    return found


@EVERY
def test_a_page_has_a_title_and_a_language(page: ManualPage) -> None:
    assert page.title
    assert page.language in words.LANGUAGES


@pytest.mark.parametrize(("czech", "english"), PAIRS)
def test_what_people_at_the_points_read_is_in_both_languages(czech: str, english: str) -> None:
    pages = manual.page(czech), manual.page(english)
    assert [page.language for page in pages] == ["cs", "en"]
    one, other = (len(re.findall(r"^## ", page.markdown, re.MULTILINE)) for page in pages)
    assert one == other
    assert {f"{czech}.md", f"{english}.md"} <= set(
        re.findall(r"\]\(([\w-]+\.md)", manual.page("index").markdown)
    )


@EVERY
def test_every_command_that_it_names_exists(page: ManualPage) -> None:
    for line in commands(page):
        check(line)


def test_the_manual_names_commands() -> None:
    assert sum(len(commands(page)) for page in PAGES) > 50


@EVERY
def test_every_link_and_picture_leads_somewhere(page: ManualPage, folder: Path) -> None:
    tree = html.parse(str(folder / f"{page.name}.html"), html.HTMLParser(encoding="utf-8"))
    for target in tree.xpath("//@href | //@src"):
        if re.match(r"https?://|mailto:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        other = folder / (name or f"{page.name}.html")
        if name.startswith("../"):
            assert (resources.path("manual") / name).exists(), target
            continue
        assert other.is_file(), target
        if anchor:
            there = html.parse(str(other), html.HTMLParser(encoding="utf-8"))
            assert there.xpath("//*[@id=$anchor]", anchor=anchor), target


@EVERY
def test_the_html_says_its_language_and_needs_nothing_from_elsewhere(page: ManualPage, folder: Path) -> None:
    text = (folder / f"{page.name}.html").read_text("utf-8")
    assert f'<html lang="{page.language}">' in text
    assert f"<title>{page.title.replace('&', '&amp;')}" in text.replace("&#39;", "'")
    assert "volby.cz" in text
    assert not re.search(r"<(script|iframe|link[^>]+https?:|img[^>]+https?:)", text)
    tree = html.fromstring(text)
    assert len(tree.xpath("//h1")) == 1
    assert all(picture.get("alt") for picture in tree.xpath("//img"))


@pytest.mark.parametrize(("name", "language"), [("kody", "cs"), ("codes", "en")])
def test_codes_and_rules_are_those_of_the_catalogues(name: str, language: str) -> None:
    text = manual.page(name).markdown
    assert all(f"| {rule} |" in text for rule in RULES)
    assert all(
        f"| {code} |" in text for family in words.table(language, "sentences").values() for code in family
    )


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_window_shows_the_same_pages_without_what_it_cannot_show(language: str) -> None:
    found = {name: body for name, _, body in manual.topics(language)}
    assert list(found) == list(manual.IN_PROGRAM[language])
    for body in found.values():
        assert "](pictures/" not in body
        assert not re.search(r"\]\((?!topic:)", body)


def test_the_commands_write_html_and_pdf_and_refuse_a_page_that_is_not_there(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(root, ["manual", "html", str(tmp_path / "html")]).exit_code == 0
    assert (tmp_path / "html" / "index.html").is_file()
    refused = runner.invoke(root, ["manual", "pdf", str(tmp_path), "--page", "neni"])
    assert refused.exit_code == 2


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    refused = CliRunner().invoke(root, ["manual", "html", str(tmp_path / "file" / "in")])
    assert refused.exit_code == 2
