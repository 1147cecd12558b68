#!/usr/bin/env python3
"""Build what IT staff install, from this checkout, on the system that it is for.

    build.py frozen [--out DIR]     one folder with the program, its Python and its Qt
    build.py deb [--out DIR]        the Debian package of it, with sums and bill of materials
    build.py check [--out DIR]      try what was built: start, every page, one protocol, login
    build.py sizes [--out DIR]      what it weighs, part by part
    build.py scan FILE ...          secrets, keys, this machine's paths, parts without licence
    build.py reproduce [KIND]       build twice from fresh copies and name every difference
    build.py verify [--out DIR]     whether the program is what its build.json says

The same commit built twice gives the same bytes: times are those of the commit, names are sorted, hashes of
Python are fixed. Beside the package lie SHA256SUMS and a CycloneDX bill of materials; with --sign-key and
--sign-cert (PEM) each file gets a detached CMS signature that `openssl cms -verify` checks. The installer
for Windows: packaging/windows/build_windows.py. More: resources/manual/building.md.

Exit codes: 0 done; 1 a step failed or something was found; 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import bill_of_materials
import bootstrap
import debian_package
import marking
import reproducing
import scanning
import sizing

CHECKOUT = Path(__file__).resolve().parent.parent
SPEC = CHECKOUT / "packaging" / "frozen" / "prebirka.spec"
NAME = "prebirka"
STEPS = ("check", "deb", "frozen", "reproduce", "scan", "sizes", "verify")
#: Seconds from the call of the frozen program to its login, warm.
START_LIMIT = 0.6


def git(*arguments: str) -> str:
    """What git tells about this checkout; empty where there is no git."""
    run = subprocess.run(["git", *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    return run.stdout.strip() if run.returncode == 0 else ""


def commit_time() -> int:
    """Seconds of the epoch of the commit that is built; of the newest source where there is no git."""
    given = os.environ.get("SOURCE_DATE_EPOCH") or git("log", "-1", "--format=%ct")
    return int(given or max(file.stat().st_mtime for file in (CHECKOUT / "app").rglob("*.py")))


def commit() -> str:
    """The commit that is built, marked where the checkout holds something else."""
    return git("rev-parse", "HEAD") + ("+changed" if git("status", "--porcelain", "-uno") else "")


def version() -> str:
    scope: dict[str, object] = {}
    exec((CHECKOUT / "app" / "__init__.py").read_text("utf-8"), scope)  # only names __version__
    return str(scope["__version__"])


def frozen(out: Path, python: Path, numbered: str) -> Path:
    """Freeze the program into `out`/prebirka and return that folder."""
    for folder in (out / NAME, out / "work"):
        shutil.rmtree(folder, ignore_errors=True)
    environ = os.environ | {"SOURCE_DATE_EPOCH": str(commit_time()), "PYTHONHASHSEED": "1"}
    command = [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    command += ["--distpath", out, "--workpath", out / "work", SPEC]
    subprocess.run([str(part) for part in command], check=True, env=environ, cwd=CHECKOUT)
    shutil.rmtree(out / "work")
    complete(out / NAME, bill_of_materials.parts(python, CHECKOUT), numbered)
    return out / NAME


def complete(program: Path, parts: Mapping[str, dict[str, Any]], numbered: str) -> None:
    """Put the licences and, last of all, `build.json` into a frozen program."""
    bill_of_materials.write_licences(parts, CHECKOUT, program / marking.INSIDE / "licences")
    marking.write(program, numbered, commit())


def check(program: Path) -> bool:
    """Try the frozen program: its version, a rehearsal with every page, and how long it takes to the login.
    Anything on its standard error is a failure."""
    for arguments in (["version"], ["check", "--start"]):
        run = subprocess.run([program / NAME, *arguments], capture_output=True, text=True, check=False)
        print(run.stdout, end="")
        if run.returncode or run.stderr.strip():
            print(f"{NAME} {' '.join(arguments)} failed or said more than it should:\n{run.stderr}")
            return False
    waits = []
    for _ in range(5):
        begun = time.monotonic()
        subprocess.run([program / NAME, "version"], check=True, stdout=subprocess.DEVNULL)
        waits.append(time.monotonic() - begun)
    print(f"{NAME} version: {statistics.median(waits):.2f} s warm")
    return True


def told(
    files: Sequence[Path], bill: Path, made: dict[str, Any], key: Path | None, cert: Path | None
) -> None:
    """Write the bill of materials and the sums beside what was built, and sign all of it where asked."""
    bill.write_text(json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    sums = bill.parent / "SHA256SUMS"
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in (*files, bill)]
    sums.write_text("".join(lines), "utf-8", newline="\n")
    for file in (*files, bill, sums) if key and cert else ():
        subprocess.run(
            ["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-in", str(file),
             "-signer", str(cert), "-inkey", str(key), "-out", f"{file}.p7s"],
            check=True,
        )  # fmt: skip


def deb(given: argparse.Namespace, out: Path) -> None:
    program = out / NAME
    if given.fresh or not (program / NAME).is_file():
        frozen(out, given.python, given.version)
    package = debian_package.make(program, out, given.version, commit_time(), given.python)
    parts = bill_of_materials.parts(given.python, CHECKOUT)
    made = bill_of_materials.bill(parts, CHECKOUT, NAME, given.version, commit_time())
    told([package], package.with_suffix(".cdx.json"), made, given.sign_key, given.sign_cert)
    print(f"{package}  {package.stat().st_size / 1e6:.1f} MB")


def scan(files: Sequence[Path]) -> bool:
    """Scan each file, print what is found; whether nothing was."""
    clean = True
    for file in files:
        found = scanning.scan(file, scanning.machine_paths(CHECKOUT))
        print(f"{file}: {'clean' if not found else f'{len(found)} findings'}")
        for one in found:
            print(f"  {one}")
        clean = clean and not found
    return clean


def reproduce(kind: str, out: Path) -> bool:
    """Build twice; whether the results are the same to the byte."""
    found = reproducing.build_twice(CHECKOUT, kind, out)
    print("\n".join(found) if found else f"Two builds of {kind} are identical to the byte.")
    return not found


def run(given: argparse.Namespace, out: Path) -> bool:
    program = out / NAME
    if given.what == "scan":
        return scan(given.which or [out / NAME, *sorted(out.glob("*.deb"))])
    if given.what == "reproduce":
        return reproduce(str(given.which[0]) if given.which else "deb", out / "reproduce")
    if given.what == "check":
        return check(program)
    if given.what == "verify":
        agrees = marking.agrees(program)
        print(f"{program} {'is' if agrees else 'is not'} what its {marking.BUILD_FILE} says")
        return agrees
    if given.what == "sizes":
        print(sizing.table(program))
    elif given.what == "frozen":
        print(frozen(out, given.python, given.version))
    else:
        deb(given, out)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=STEPS)
    parser.add_argument("which", nargs="*", type=Path, help="files to scan; what to reproduce: frozen or deb")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "dist", help="default: dist in the checkout")
    parser.add_argument("--version", default=version(), help="another version, to try an upgrade")
    parser.add_argument("--fresh", action="store_true", help="deb: freeze the program anew")
    parser.add_argument("--python", type=Path, help="an environment with the lock's versions; default: .venv")
    parser.add_argument("--sign-key", type=Path)
    parser.add_argument("--sign-cert", type=Path)
    given = parser.parse_args()
    given.python = given.python or bootstrap.set_up("build").python
    if given.what == "scan" and Path(sys.executable) != given.python:  # reading an archive needs PyInstaller
        return subprocess.run([given.python, *sys.argv], check=False).returncode
    out = given.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    try:
        return 0 if run(given, out) else 1
    except subprocess.CalledProcessError as error:
        print(f"This step failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
