"""The manual's pages: title, language, Markdown; those of the folder, and those made from the catalogues.

A page says its language by its letters: a Czech text has some ten diacritical marks in a hundred letters, an
English one has those of a few names. What is new in the folder is in the manual at once, behind the pages
that the table below puts in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.election.catalogue import GROUPS, RULES
from app.resources import path
from app.station.handbook.words import table

INDEX: Final = "index"
#: The pages that people at the points have in the program too, as topics of the handbook.
#: By the topic's name: both languages have the same topics.
IN_PROGRAM: Final = {
    "cs": {name: name for name in ("obsluha", "vedouci", "technik", "kdyz-to-spadne")},
    "en": {
        "obsluha": "clerk",
        "vedouci": "supervisor",
        "technik": "technician",
        "kdyz-to-spadne": "when-it-dies",
    },
}
#: The order of the contents; pages that are not named come behind those of their language.
_ORDER: Final = (
    INDEX,
    *IN_PROGRAM["cs"],
    "kody",
    "clerk",
    "supervisor",
    "technician",
    "centre",
    "operations-room",
    "provisioning",
    "readiness",
    "rounds",
    "when-it-dies",
    "deployment",
    "database",
    "decisions",
    "limits",
    "keys",
    "network",
    "line-protocol",
    "attacks",
    "media-line",
    "media-application",
    "media-register",
    "media-server",
    "public-page",
    "serving",
    "feed",
    "protocol-file",
    "journal-export",
    "codes",
)
_MARKED: Final = re.compile("[áčďéěíňóřšťúůýž]", re.IGNORECASE)
_LETTER: Final = re.compile(r"[^\W\d_]")
_LINK: Final = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_CZECH_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class ManualPage:
    """One page; `name` is its file's without the ending, `markdown` the whole text with the title."""

    name: str
    language: str
    title: str
    markdown: str


@cache
def pages() -> tuple[ManualPage, ...]:
    """All pages in the contents' order. A page without a title is a bug: ValueError."""
    found = {file.stem: _read(file.stem, file.read_text("utf-8")) for file in path("manual").glob("*.md")}
    for language, name in (("cs", "kody"), ("en", "codes")):
        found[name] = _read(name, "\n".join(_codes(language)), language)
    order = {name: place for place, name in enumerate(_ORDER)}
    return tuple(sorted(found.values(), key=lambda page: (order.get(page.name, len(order)), page.name)))


def page(name: str) -> ManualPage:
    """One page. Raises KeyError."""
    return {each.name: each for each in pages()}[name]


def topics(language: str) -> Iterator[tuple[str, str, str]]:
    """The pages that the window shows, as topics of the handbook: (name, title, body). Pictures are left
    out; links that lead out of the program stay as words."""
    inside = {file: name for name, file in IN_PROGRAM[language].items()}

    def link(match: re.Match[str]) -> str:
        picture, words, target = match.groups()
        name = target.removesuffix(".md")
        if picture:
            return ""
        return f"[{words}](topic:{inside[name]})" if name in inside else words

    for file, name in inside.items():
        read = page(file)
        _, _, body = read.markdown.partition("\n")
        yield name, read.title, _LINK.sub(link, body).strip().replace("{", "{{").replace("}", "}}") + "\n"


def slug(heading: str) -> str:
    """The anchor of a heading, as code hosts make it: small letters, spaces as hyphens, no punctuation."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _read(name: str, text: str, language: str = "") -> ManualPage:
    first, _, _ = text.partition("\n")
    if not first.startswith("# "):
        raise ValueError(f"{name}: no title")
    letters, marked = len(_LETTER.findall(text)), len(_MARKED.findall(text))
    language = language or ("cs" if marked > letters * _CZECH_SHARE else "en")
    return ManualPage(name, language, first.removeprefix("# ").strip(), text)


# --- made from the catalogues ----------------------------------------------------------------------------


def _codes(language: str) -> Iterator[str]:
    """Every rule and every code that the program may show, with its sentence."""
    czech = language == "cs"
    yield "# Kódy a hlášení" if czech else "# Codes and messages"
    yield ""
    yield (
        "Co program ukáže, podle kódu. Tečky (…) zastupují jméno, číslo nebo soubor. Stránka vzniká "
        "z katalogu programu; v programu ji ke kódu otevře F1."
        if czech
        else "What the program shows, by code. Dots (…) stand for a name, a number or a file. This page is "
        "made from the program's own catalogue; in the program F1 opens it at the code."
    )
    yield from _rules(czech)
    names = table(language, "codes")
    for family, sentences in table(language, "sentences").items():
        told = names.get(family)
        yield f"\n## {family} · {told['title']}\n" if told else f"\n## {family}\n"
        if told:
            yield _LINK.sub(r"\2", f"{told['means']} {told['do']}\n")  # its links lead into the handbook
        yield f"| {'kód' if czech else 'code'} | {'hlášení' if czech else 'message'} |\n| --- | --- |"
        for code, sentence in sentences.items():
            yield f"| {code} | {_cell(sentence)} |"


def _rules(czech: bool) -> Iterator[str]:
    head = (
        "| pravidlo | co musí platit | kam se podívat |"
        if czech
        else "| rule | what must hold | where to look |"
    )
    for group, names in GROUPS.items():
        yield f"\n## {group} · {names[0] if czech else names[1]}\n\n{head}\n| --- | --- | --- |"
        for rule in RULES.values():
            if rule.group == group:
                title, help_ = (rule.title_cs, rule.help_cs) if czech else (rule.title_en, rule.help_en)
                yield f"| {rule.id} | {_cell(title)} | {_cell(help_)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
