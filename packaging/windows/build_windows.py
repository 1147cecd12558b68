#!/usr/bin/env python3
"""Build the installer for Windows: on Windows itself, or as a fallback on Debian under wine.

    python packaging/windows/build_windows.py [--out DIR] [--version V] [--sign-command COMMAND] [--try]

Freezes the program, packs it by NSIS (makensis), writes SHA256SUMS and the CycloneDX bill of materials. With
--sign-command the program, before it is packed, and the installer are signed by Authenticode: the command
is run with the file's path for {} (for example `signtool sign /fd sha256 /n NAME {}`). --try installs
it silently, runs `version` and `check`, installs it over itself, removes it and sees that data stay.

Exit codes: 0 done; 1 a step failed; 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import bill_of_materials
import bootstrap
import build
import under_wine

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
ON_WINDOWS = sys.platform == "win32"


def numbers(version: str) -> str:
    """A version as Windows wants it: four numbers."""
    found = [part for part in version.replace("~", ".").replace("+", ".").split(".") if part.isdigit()]
    return ".".join([*found, "0", "0", "0", "0"][:4])


def version_file(path: Path, version: str) -> Path:
    """The version resource of the program, as PyInstaller reads it."""
    told = {
        "ProductName": "Přebírka", "ProductVersion": version, "FileVersion": version,
        "FileDescription": "Přebírka", "InternalName": "prebirka", "OriginalFilename": "prebirka.exe",
        "LegalCopyright": "EUPL-1.2",
    }  # fmt: skip
    strings = ", ".join(f"StringStruct({name!r}, {value!r})" for name, value in told.items())
    tuples = tuple(int(part) for part in numbers(version).split("."))
    path.write_text(
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={tuples}, prodvers={tuples}, mask=0x3f, flags=0,"
        f" OS=0x40004, fileType=1, subtype=0, date=(0, 0)),"
        f" kids=[StringFileInfo([StringTable('040504B0', [{strings}])]),"
        " VarFileInfo([VarStruct('Translation', [1029, 1200])])])\n",
        "utf-8",
    )
    return path


def signed(file: Path, command: str | None) -> None:
    """Sign a file by the command that was given, if one was."""
    if command:
        parts = shlex.split(command, posix=not ON_WINDOWS)
        subprocess.run([str(file) if part == "{}" else part for part in parts], check=True)


def freeze(given: argparse.Namespace, out: Path, wine: under_wine.Wine | None) -> Path:
    """The frozen program for Windows, with its licences and `build.json`."""
    told = version_file(out / "version.txt", given.version)
    program, epoch = out / build.NAME, build.commit_time()
    shutil.rmtree(program, ignore_errors=True)
    if wine is None:
        os.environ["PREBIRKA_VERSION_FILE"] = str(told)
        build.frozen(out, given.python, given.version)
    else:
        wine.freeze(out, epoch, PREBIRKA_VERSION_FILE=f"Z:{told}")
    told.unlink()
    signed(program / "prebirka.exe", given.sign_command)  # before the hash over all files is taken
    parts = bill_of_materials.parts(given.python, CHECKOUT, wine and wine.site, bill_of_materials.WINDOWS)
    build.complete(program, parts, given.version)
    for each in [program, *program.rglob("*")]:
        os.utime(each, (epoch, epoch))
    return program


def pack(program: Path, out: Path, version: str) -> Path:
    """The installer of a frozen program."""
    installer = out / f"prebirka-{version}-setup.exe"
    size = sum(file.stat().st_size for file in program.rglob("*") if file.is_file()) // 1024
    names = {
        "VERSION": version,
        "NUMBERS": numbers(version),
        "PROGRAM": program,
        "SIZE": size,
        "OUT": installer,
    }
    sign = "/" if ON_WINDOWS else "-"
    command = ["makensis", f"{sign}V2", f"{sign}INPUTCHARSET", "UTF8"]
    command += [f"{sign}D{name}={value}" for name, value in names.items()]
    environ = os.environ | {"SOURCE_DATE_EPOCH": str(build.commit_time())}
    subprocess.run([*command, str(HERE / "prebirka.nsi")], check=True, env=environ, cwd=HERE)
    return installer


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=CHECKOUT / "dist" / "windows")
    parser.add_argument("--version", default=build.version())
    parser.add_argument("--sign-command", help="signs one file, {} in its words")
    parser.add_argument("--sign-key", type=Path, help="PEM, for the detached CMS signatures")
    parser.add_argument("--sign-cert", type=Path)
    parser.add_argument("--try", dest="tried", action="store_true", help="install, run, remove")
    parser.add_argument("--keep", action="store_true", help="pack the frozen program that is there")
    parser.add_argument("--python", type=Path, help="an environment with the lock's versions; default: .venv")
    given = parser.parse_args()
    given.python = given.python or bootstrap.set_up("build").python
    if not ON_WINDOWS and Path(sys.executable) != given.python:  # the lock is read by `packaging`
        return subprocess.run([given.python, *sys.argv], check=False).returncode
    out = given.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    wine = None if ON_WINDOWS else under_wine.Wine(out / "wine", CHECKOUT, given.python)
    if wine is not None:
        wine.set_up()
    program = out / build.NAME if given.keep else freeze(given, out, wine)
    installer = pack(program, out, given.version)
    signed(installer, given.sign_command)
    parts = bill_of_materials.parts(given.python, CHECKOUT, wine and wine.site, bill_of_materials.WINDOWS)
    made = bill_of_materials.bill(parts, CHECKOUT, build.NAME, given.version, build.commit_time())
    build.told([installer], installer.with_suffix(".cdx.json"), made, given.sign_key, given.sign_cert)
    print(f"{installer}  {installer.stat().st_size / 1e6:.1f} MB")
    if given.tried:
        import try_windows

        return 0 if try_windows.tried(installer, wine) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
