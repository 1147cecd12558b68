"""The desk's own sentences, by key and language, and how numbers and times are written for people.

The sentences stand in `resources/translations`, one file a language (`cs.toml`) and further ones for parts of
the desk (`cs.visiting.toml`), the same keys in each (a test compares them with the keys that the code uses).
TOML and not Qt's catalogue, because the prints and the messages need them without a widget, and because
Czech plurals stay readable as three forms in a row. The standard buttons of Qt come from Qt's own catalogue,
loaded in `app.desktop.application`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from app.resources import path

LANGUAGES: Final = ("cs", "en")
PRAGUE: Final = ZoneInfo("Europe/Prague")
NBSP: Final = "\u00a0"

_Entry = str | list[str]
_language = "cs"
_instead: dict[str, str] = {}


def use(language: str) -> None:
    """Speak this language from now on; widgets already made keep their words."""
    global _language
    if language not in LANGUAGES:
        raise ValueError(f"no texts in {language!r}")
    _language = language


def language() -> str:
    return _language


def instead(words: Mapping[str, str]) -> None:
    """Say the sentence of another key wherever one of these is asked for; an empty table undoes it. For the
    training, which has to bear its own word on every page and print."""
    _instead.clear()
    _instead.update(words)


@cache
def catalogue(language_: str) -> dict[str, _Entry]:
    """All texts of one language with dotted keys; a list holds plural forms."""
    pending: list[tuple[str, dict[str, object]]] = []
    for file in sorted(path("translations").glob(f"{language_}*.toml")):
        pending.append(("", tomllib.loads(file.read_text("utf-8"))))
    flat: dict[str, _Entry] = {}
    while pending:
        prefix, branch = pending.pop()
        for name, value in branch.items():
            if isinstance(value, dict):
                pending.append((f"{prefix}{name}.", value))
            elif isinstance(value, str):
                flat[prefix + name] = value
            elif isinstance(value, list):
                flat[prefix + name] = [str(form) for form in value]
    return flat


def t(key: str, /, **values: object) -> str:
    """The sentence under a key; a key that does not exist is a bug and raises KeyError."""
    entry = catalogue(_language)[_instead.get(key, key)]
    if isinstance(entry, list):
        raise KeyError(f"{key} has plural forms")
    return entry.format(**values) if values else entry


def plural(key: str, count: int, /, **values: object) -> str:
    """The sentence for a count: Czech has three forms (1, 2–4, other), English two."""
    entry = catalogue(_language)[key]
    if isinstance(entry, str):
        raise KeyError(f"{key} has no plural forms")
    if _language == "cs":
        form = 0 if count == 1 else 1 if 2 <= count <= 4 else 2
    else:
        form = 0 if count == 1 else len(entry) - 1
    return entry[form].format(n=number(count), **values)


def number(value: int) -> str:
    """An integer with no-break spaces between thousands; four digits stay together as on the form."""
    return str(value) if -10000 < value < 10000 else f"{value:,}".replace(",", NBSP)


def clock_time(at: datetime) -> str:
    """Hours and minutes of an instant, in Prague."""
    return at.astimezone(PRAGUE).strftime("%H:%M")


def date_time(at: datetime) -> str:
    """An instant as Czech offices write it, in Prague: 21. 9. 2024 14:32:05."""
    local = at.astimezone(PRAGUE)
    day = f"{local.day}.{NBSP}{local.month}.{NBSP}{local.year}"
    return f"{day} {local.strftime('%H:%M:%S')}"


def duration(minutes: int) -> str:
    """Hours and minutes, as 1:25."""
    return f"{minutes // 60}:{minutes % 60:02d}"
