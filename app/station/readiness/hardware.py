"""What the probes are told of the machine by those who can see it: the desk knows screens and printers.

Plain values, taken on the desk's main thread before the probes run on another. None: nobody looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: What a scanner has to send to pass; it is printed as a QR code on the page.
SCANNER_CODE = "PREBIRKA;1;CTECKA;OK"


@dataclass(frozen=True, slots=True)
class Screen:
    """Pixels of the display and its scale in percent."""

    width: int
    height: int
    scale: int


@dataclass(frozen=True, slots=True)
class Printers:
    """Names of the installed printers; `default` is empty where there is none."""

    names: tuple[str, ...]
    default: str
    has_a4: bool


@dataclass(frozen=True, slots=True)
class Hardware:
    """`sticks` are roots of mounted media that people plug in; `scanned` what a scanner typed."""

    screen: Screen | None = None
    printers: Printers | None = None
    sticks: tuple[Path, ...] = ()
    scanned: str = ""


NOBODY_LOOKED = Hardware()
