"""Training mode in the window: its own word on every page and print, the lessons in a dock."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: What is said instead of the rehearsal's word (`app.desktop.texts.instead`).
WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"mode.ZKOUSKA": "mode.training", "mode.help.ZKOUSKA": "mode.help.training"}
)
