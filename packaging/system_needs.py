"""What the program needs from the operating system, and how a Debian or Ubuntu gets it.

Wheels bring Python packages but not the system's libraries that Qt links to, no font with Czech
letters and no `openssl`, which the tests ask for a second opinion about our signatures. Tests and benchmarks
also start a real nginx, as it stands in front of a centre, copy what it serves and look at its pages in a
real browser. Each need is
probed by what it is for (a library is loaded, a program is found), never by the name of a package, so
that other distributions and libraries installed by hand pass too. Standard library only.
"""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libcups.so.2": "libcups2",
}
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
PROGRAMS = {"openssl": "openssl", "fc-match": "fontconfig"}
#: What only tests and benchmarks start: a browser looks at the pages, `wrk` asks a server as fast as it can.
TEST_PROGRAMS = {"nginx": "nginx", "rsync": "rsync", "chromium": "chromium"}
BENCH_PROGRAMS = {"nginx": "nginx", "wrk": "wrk"}
#: Debian keeps servers where only root's PATH leads.
MORE_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/sbin")

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONTS_WITH_CZECH = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf")


class MissingError(Exception):
    """Something is missing that this process may not or cannot install; the text has one line to copy."""


def has_display() -> bool:
    """Whether a window would be seen by someone."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def wanted_libraries(*, window: bool) -> dict[str, str]:
    """The libraries to load, each with the Debian package that brings it."""
    wanted = dict(QT_LIBRARIES)
    if window and os.environ.get("DISPLAY"):
        wanted |= X11_LIBRARIES
    if window and os.environ.get("WAYLAND_DISPLAY"):
        wanted |= WAYLAND_LIBRARIES
    return wanted


def loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def has_font() -> bool:
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(next(folder.rglob(name), None) for folder in folders for name in FONTS_WITH_CZECH)


def find_program(name: str) -> str | None:
    """Where a program lies, on the PATH or where Debian keeps servers."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *MORE_FOLDERS])
    return shutil.which(name, path=path)


def wanted_programs(command: str) -> dict[str, str]:
    """The programs that a command of `bootstrap.py` starts, each with its Debian package."""
    more = {"test": TEST_PROGRAMS, "bench": BENCH_PROGRAMS}
    return PROGRAMS | more.get(command, {})


def missing(*, window: bool, modules: Iterable[str] = (), command: str = "") -> dict[str, str]:
    """What is not there, by what it is (a library, a program, a font), with its Debian package."""
    absent = {
        soname: package for soname, package in wanted_libraries(window=window).items() if not loads(soname)
    }
    programs = wanted_programs(command)
    absent |= {program: package for program, package in programs.items() if find_program(program) is None}
    if not has_font():
        absent["a font with Czech letters (DejaVu Sans)"] = "fonts-dejavu-core"
    venv_package = "python{}.{}-venv".format(*sys.version_info[:2])
    absent |= {f"the Python module {module}": venv_package for module in modules}
    return absent


def install_command(packages: Iterable[str]) -> list[str]:
    """The apt-get call that brings the packages and nothing that they merely recommend."""
    return ["apt-get", "install", "-y", "--no-install-recommends", *sorted(set(packages))]


def line_to_copy(absent: dict[str, str], *, debian: bool) -> str:
    """One line that a person copies: a command where we know one, else what to look for."""
    if debian:
        return "sudo apt-get update && sudo " + " ".join(install_command(absent.values()))
    return "Install with your system's package manager: " + ", ".join(sorted(absent))


@contextlib.contextmanager
def no_service_starts(policy: Path = Path("/usr/sbin/policy-rc.d")) -> Iterator[None]:
    """While it lasts, a server that is installed is not started on this machine (Debian's invoke-rc.d asks
    this file). A machine that has a policy keeps its own."""
    try:
        with policy.open("x") as file:
            file.write("#!/bin/sh\nexit 101\n")
    except OSError:  # there is one, or there can be none
        yield
        return
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink(missing_ok=True)


def run_apt(packages: Sequence[str]) -> bool:
    """Refresh the lists and install; an old list is no reason to give up, a failed install is."""
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    wait = ["-o", "DPkg::Lock::Timeout=300", "-qq"]
    subprocess.run(["apt-get", "update", *wait], env=environ)
    with no_service_starts():
        return subprocess.run([*install_command(packages), *wait], env=environ).returncode == 0


def satisfy(*, window: bool, modules: Sequence[str] = (), command: str = "") -> None:
    """See to it that nothing is missing that a command of `bootstrap.py` needs: install it as root on
    Debian, else raise MissingError."""
    if not sys.platform.startswith("linux"):
        return
    absent = missing(window=window, modules=modules, command=command)
    if not absent:
        return
    debian = shutil.which("apt-get") is not None
    if debian and os.geteuid() == 0:
        packages = sorted(set(absent.values()))
        print(f"Installing system packages: {' '.join(packages)}", flush=True)
        if run_apt(packages) and not (absent := missing(window=window, command=command)):
            return
    raise MissingError(
        "Some parts of the system are missing. Install them and run the same command again:\n\n"
        + line_to_copy(absent, debian=debian)
        + "\n"
    )
