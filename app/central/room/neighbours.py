"""What the centre's other processes say of themselves: the centre's status and counters, the media's line.

Each is asked with little patience and believed to be silent when it does not answer; the room goes on.
"""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.error import URLError

_PATIENCE = 1.0  # seconds
_EVERY = 2.0
_FIGURES = ("requests", "answered", "unchanged", "bytes", "version")
_LARGEST = 4 * 1024 * 1024
_REFUSED = re.compile(r'^prebirka_refusals_total\{code="([A-Z]{3}-[0-9]{2})"\} ([0-9]{1,12})$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Told:
    """`answers` is None where nobody is asked; `media` is empty where there is no line."""

    answers: bool | None = None
    stopped: str = ""
    clock: str = ""
    beyond: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    media: Mapping[str, Any] = field(default_factory=dict)


class Neighbours:
    """Asks at most every other second; safe from any thread."""

    def __init__(self, centre: str, statistics: Path) -> None:
        """`centre` is the address of the running centre, empty to ask nobody."""
        self._centre, self._statistics = centre.rstrip("/"), statistics
        self._told = Told()
        self._asked = -_EVERY
        self._guard = Lock()

    def told(self) -> Told:
        with self._guard:
            if time.monotonic() - self._asked >= _EVERY:
                self._told = self._ask()
                self._asked = time.monotonic()
            return self._told

    def _ask(self) -> Told:
        media = _media(self._statistics)
        if not self._centre:
            return Told(media=media)
        try:
            status = json.loads(self._get("/v1/status"))
            refused = {code: int(count) for code, count in _REFUSED.findall(self._get("/metrics"))}
            return Told(
                True, str(status["published"]["stopped"] or ""), str(status["clock"] or ""),
                int(status["heard_beyond"] or 0), refused, media,
            )  # fmt: skip
        except (URLError, OSError, ValueError, KeyError, TypeError):
            return Told(False, media=media)

    def _get(self, path: str) -> str:
        with urllib.request.urlopen(self._centre + path, timeout=_PATIENCE) as answer:  # noqa: S310
            return str(answer.read(_LARGEST).decode("utf-8", "replace"))


def _media(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            return {}
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return _tidy(told) if isinstance(told, dict) else {}


def _tidy(told: dict[str, Any]) -> Mapping[str, Any]:
    """Only what is as the media server writes it: pages show it without asking again."""
    organisations = told.get("organisations")
    kept = {
        name: seen
        for name, seen in (organisations.items() if isinstance(organisations, dict) else ())
        if _is_seen(seen)
    }
    strangers = told.get("strangers")
    words = {name: value for name, value in told.items() if isinstance(value, str | int)}
    return {**words, "organisations": kept, "strangers": strangers if _is_seen(strangers) else None}


def _is_seen(seen: object) -> bool:
    if not isinstance(seen, dict) or not isinstance(seen.get("refused"), dict):
        return False
    last = seen.get("last_seen")
    try:
        if last is not None:
            datetime.fromisoformat(last)
    except (ValueError, TypeError):
        return False
    return all(isinstance(seen.get(name), int) for name in _FIGURES)
