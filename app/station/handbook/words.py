"""Reading the handbook's sources: words of the generated pages, texts of rules, fields and codes, topics.

Each language has its folder in `resources/handbook` with the same files; a topic's file is named by its
place in the contents and its id (`08-prukazy.md`) and opens with its title.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final

from app.resources import path

LANGUAGES: Final = ("cs", "en")

#: Section → key → text.
Table = Mapping[str, Mapping[str, str]]


@cache
def table(language: str, name: str) -> Table:
    """`rules`, `fields`, `codes` or `words` of one language. A broken file is a bug and raises."""
    with path("handbook", language, f"{name}.toml").open("rb") as file:
        tree = tomllib.load(file)
    return {section: {key: str(text) for key, text in texts.items()} for section, texts in tree.items()}


@cache
def topics(language: str) -> tuple[tuple[str, str, str], ...]:
    """(name, title, body) of every topic in the order of the contents; places are not filled in yet."""
    found = []
    for file in sorted(path("handbook", language).glob("[0-9][0-9]-*.md")):
        title, _, body = file.read_text("utf-8").partition("\n")
        found.append((file.stem[3:], title.removeprefix("# ").strip(), body.strip() + "\n"))
    return tuple(found)
