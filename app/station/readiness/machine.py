"""Probes of the machine: screen, printer, stick, scanner, disk, power."""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
import statistics
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from app.documents.stick import write_whole
from app.station.readiness.hardware import SCANNER_CODE, Hardware
from app.station.readiness.outcomes import Outcome, found

#: Device-independent pixels that the window needs: 1366 × 768 at 150 %.
LEAST_WIDTH, LEAST_HEIGHT = 910, 512
#: Megabytes free: below the first a warning, below the second a failure.
LITTLE_SPACE, NO_SPACE = 5_000, 1_000
#: Milliseconds that the median of so many safe writes may take.
SLOW_WRITE, WRITES = 50.0, 21
#: Percent of a battery that is not charged.
LOW_BATTERY = 30
_STICK_BYTES = 256 * 1024
_MEGABYTE = 1_000_000
POWER_FOLDER: Final = Path("/sys/class/power_supply")


def screen(hardware: Hardware) -> Outcome:
    """Whether the window fits."""
    told = hardware.screen
    if told is None:
        return found("screen", "RDY-03")
    room = (told.width * 100 // told.scale, told.height * 100 // told.scale)
    code = "RDY-01" if room[0] >= LEAST_WIDTH and room[1] >= LEAST_HEIGHT else "RDY-02"
    return found("screen", code, width=told.width, height=told.height, scale=told.scale)


def printer(hardware: Hardware) -> Outcome:
    """Whether there is a default printer with A4."""
    told = hardware.printers
    if told is None:
        return found("printer", "RDY-09")
    if not told.names:
        return found("printer", "RDY-06")
    if not told.default:
        return found("printer", "RDY-07", names=", ".join(told.names[:5]))
    return found("printer", "RDY-05" if told.has_a4 else "RDY-08", name=told.default)


def stick(hardware: Hardware) -> Outcome:
    """Write to each stick that is plugged in, read it back, leave nothing there."""
    if not hardware.sticks:
        return found("stick", "RDY-11")
    for root in hardware.sticks:
        try:
            try_writing(root, _STICK_BYTES)
        except OSError as error:
            return found("stick", "RDY-12", place=root, detail=error.strerror or error)
    return found("stick", "RDY-10", place=hardware.sticks[-1], size=_STICK_BYTES // 1024)


def try_writing(place: Path, size: int) -> None:
    """Write a file of so many bytes into a folder, read it back, remove it. Raises OSError; a folder that is
    not there is never made."""
    if not place.is_dir():
        raise FileNotFoundError(errno.ENOENT, "složka není · no such folder")
    path = place / f"prebirka-zkouska-{secrets.token_hex(4)}.tmp"
    try:
        write_whole(path, secrets.token_bytes(size))
    finally:
        for left in (path, path.with_suffix(".part")):
            with suppress(OSError):
                left.unlink()


def scanner(hardware: Hardware) -> Outcome:
    """Whether what a scanner typed is the whole test code."""
    if not hardware.scanned:
        return found("scanner", "RDY-16")
    code = "RDY-15" if hardware.scanned == SCANNER_CODE else "RDY-17"
    return found("scanner", code, scanned=hardware.scanned[:40])


def disk(folder: Path) -> Outcome:
    """Free space, and how long the disk takes until it says that a row is safe."""
    try:
        free = shutil.disk_usage(folder).free // _MEGABYTE
        milliseconds = _safe_write(folder)
    except OSError as error:
        return found("disk", "RDY-24", detail=error.strerror or error)
    if free < NO_SPACE:
        return found("disk", "RDY-22", free=free)
    code = "RDY-21" if free < LITTLE_SPACE else "RDY-23" if milliseconds > SLOW_WRITE else "RDY-20"
    return found("disk", code, free=free, ms=f"{milliseconds:.1f}".replace(".", ","))


def _safe_write(folder: Path) -> float:
    """The median of milliseconds of a write of one page with fsync."""
    path = folder / f".zkouska-{secrets.token_hex(4)}"
    took = []
    try:
        with path.open("wb") as file:
            for _ in range(WRITES):
                begun = time.perf_counter()
                file.write(bytes(8192))
                file.flush()
                os.fsync(file.fileno())
                took.append((time.perf_counter() - begun) * 1000)
    finally:
        with suppress(OSError):
            path.unlink()
    return statistics.median(took)


class Power(NamedTuple):
    """`mains`: it charges or needs no battery; `percent` of the battery, None where there is none."""

    mains: bool
    percent: int | None


def power(told: Power | None) -> Outcome:
    """Whether the computer would live through the night."""
    if told is None:
        return found("power", "RDY-53")
    if told.mains or told.percent is None:
        return found("power", "RDY-50")
    code = "RDY-52" if told.percent < LOW_BATTERY else "RDY-51"
    return found("power", code, percent=told.percent)


def power_of_machine() -> Power | None:
    """What the system says; None where it says nothing."""
    if sys.platform == "win32":  # pragma: no cover - tried on its own system
        return _power_of_windows()
    return power_of_linux(POWER_FOLDER)


def power_of_linux(folder: Path) -> Power | None:
    """From sysfs: a machine without a battery runs on mains."""
    try:
        supplies = {each: _said(each, "type") for each in sorted(folder.iterdir())}
    except OSError:
        return None
    own = [each for each, kind in supplies.items() if kind == "Battery" and _said(each, "scope") != "Device"]
    mains = [each for each, kind in supplies.items() if kind in ("Mains", "USB")]
    if not own:
        return Power(True, None) if mains else None
    percents = [int(text) for each in own if (text := _said(each, "capacity")).isdigit()]
    online = any(_said(each, "online") == "1" for each in mains)
    charges = any(_said(each, "status") in ("Charging", "Full", "Not charging") for each in own)
    return Power(online or charges, min(percents, default=None))


def _said(supply: Path, name: str) -> str:
    try:
        return (supply / name).read_text("ascii", "replace").strip()
    except OSError:
        return ""


class _PowerStatus(ctypes.Structure):
    """SYSTEM_POWER_STATUS of the Windows API."""

    _fields_ = (
        ("ACLineStatus", ctypes.c_ubyte),
        ("BatteryFlag", ctypes.c_ubyte),
        ("BatteryLifePercent", ctypes.c_ubyte),
        ("SystemStatusFlag", ctypes.c_ubyte),
        ("BatteryLifeTime", ctypes.c_ulong),
        ("BatteryFullLifeTime", ctypes.c_ulong),
    )


def _power_of_windows() -> Power | None:  # pragma: no cover - tried on its own system
    status = _PowerStatus()
    windows = getattr(ctypes, "windll", None)
    if windows is None or not windows.kernel32.GetSystemPowerStatus(ctypes.byref(status)):
        return None
    if status.ACLineStatus == 255:
        return None
    percent = None if status.BatteryLifePercent == 255 else int(status.BatteryLifePercent)
    return Power(status.ACLineStatus == 1, percent)
