#!/usr/bin/env python3
"""Build what IT staff install, from this checkout, on the system that it is for.

    python3 packaging/build.py frozen [--out DIR]   one folder with the program, its Python and its Qt
    python3 packaging/build.py deb [--out DIR]      the Debian package of it, with sums and bill of materials
    python3 packaging/build.py check [--out DIR]    try what was built: start, every page, one protocol

The same commit built twice gives the same bytes: times are those of the commit, names are sorted, hashes of
Python are fixed. Beside the package lie SHA256SUMS and a CycloneDX bill of materials; with --sign-key and
--sign-cert (PEM) each file gets a detached CMS signature that `openssl cms -verify` checks.

Exit codes: 0 done; 1 a step failed; 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import bill_of_materials
import bootstrap
import system_needs

CHECKOUT = Path(__file__).resolve().parent.parent
SPEC = CHECKOUT / "packaging" / "frozen" / "prebirka.spec"
DEBIAN = CHECKOUT / "packaging" / "debian"
NAME = "prebirka"
STEPS = ("check", "deb", "frozen")


def commit_time() -> int:
    """Seconds of the epoch of the commit that is built; of the newest source where there is no git."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    git = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if git.returncode == 0 and git.stdout.strip():
        return int(git.stdout)
    return int(max(file.stat().st_mtime for file in (CHECKOUT / "app").rglob("*.py")))


def version() -> str:
    scope: dict[str, object] = {}
    exec((CHECKOUT / "app" / "__init__.py").read_text("utf-8"), scope)  # only names __version__
    return str(scope["__version__"])


def frozen(out: Path) -> Path:
    """Freeze the program into `out`/prebirka and return that folder."""
    python = bootstrap.set_up("build").python
    for folder in (out / NAME, out / "work"):
        shutil.rmtree(folder, ignore_errors=True)
    environ = os.environ | {"SOURCE_DATE_EPOCH": str(commit_time()), "PYTHONHASHSEED": "1"}
    command = [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", out, "--workpath", out / "work", SPEC]
    subprocess.run([str(part) for part in command], check=True, env=environ, cwd=CHECKOUT)
    shutil.rmtree(out / "work")
    licences = out / NAME / "licences"
    bill_of_materials.write_licences(python, CHECKOUT, licences)
    return out / NAME


def check(program: Path) -> None:
    """Start the frozen program: its version, a rehearsal without a window, every page with one."""
    for arguments in (["version"], ["check"]):
        run = subprocess.run([program / NAME, *arguments], capture_output=True, text=True, check=False)
        print(run.stdout, end="")
        if run.returncode or run.stderr.strip():
            sys.exit(f"{NAME} {' '.join(arguments)} failed or said more than it should:\n{run.stderr}")


def architecture() -> str:
    return subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()


def deb(out: Path) -> Path:
    """Pack the frozen program as a Debian package into `out` and return its path."""
    program = out / NAME if (out / NAME / NAME).is_file() else frozen(out)
    root = out / "deb-root"
    shutil.rmtree(root, ignore_errors=True)
    lib = root / "usr" / "lib" / NAME
    shutil.copytree(program, lib, symlinks=True)
    documents = root / "usr" / "share" / "doc" / NAME
    shutil.move(lib / "licences", documents / "licences")
    (documents / "copyright").write_text(bill_of_materials.copyright_file(CHECKOUT), "utf-8")
    link = root / "usr" / "bin" / NAME
    link.parent.mkdir(parents=True)
    link.symlink_to(f"../lib/{NAME}/{NAME}")
    put(DEBIAN / f"{NAME}.desktop", root / "usr/share/applications" / f"{NAME}.desktop")
    put(CHECKOUT / "resources/icons/prebirka.svg", root / f"usr/share/icons/hicolor/scalable/apps/{NAME}.svg")
    manual = root / "usr/share/man/man1" / f"{NAME}.1.gz"
    manual.parent.mkdir(parents=True)
    manual.write_bytes(gzip.compress(manual_page().encode(), 9, mtime=0))
    control(root)
    package = out / f"{NAME}_{version()}_{architecture()}.deb"
    same_times(root)
    environ = os.environ | {"SOURCE_DATE_EPOCH": str(commit_time())}
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "--build", "-Zxz", str(root), str(package)],
        check=True, env=environ, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    shutil.rmtree(root)
    return package


def put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def control(root: Path) -> None:
    """The package's description: what it needs of the system is what the program's set-up needs."""
    needs = {*system_needs.QT_LIBRARIES.values(), *system_needs.X11_LIBRARIES.values(), "fonts-dejavu-core"}
    size = sum(file.lstat().st_size for file in root.rglob("*") if not file.is_dir()) // 1024
    folder = root / "DEBIAN"
    folder.mkdir()
    text = (DEBIAN / "control.in").read_text("utf-8")
    for name, value in {
        "VERSION": version(),
        "ARCHITECTURE": architecture(),
        "SIZE": str(size),
        "DEPENDS": ", ".join(["libc6", *sorted(needs)]),
    }.items():
        text = text.replace(f"@{name}@", value)
    (folder / "control").write_text(text, "utf-8")
    sums = [
        f"{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}  {file.relative_to(root)}\n"
        for file in sorted(root.rglob("*"))
        if file.is_file() and not file.is_symlink() and folder not in file.parents
    ]
    (folder / "md5sums").write_text("".join(sums), "utf-8")


def manual_page() -> str:
    """The man page, made from the table of commands."""
    python = bootstrap.set_up("build").python
    script = (
        "from app.cli import COMMANDS\n"
        "for name, one in COMMANDS.items(): print(name, one.en, one.cs, sep='\\t')"
    )
    told = subprocess.run(
        [str(python), "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    lines = [line.split("\t") for line in told.splitlines()]
    commands = "".join(f".TP\n.B {name}\n{en}\n.br\n{cs}\n" for name, en, cs in lines)
    text = (DEBIAN / f"{NAME}.1.in").read_text("utf-8")
    return text.replace("@VERSION@", version()).replace("@COMMANDS@", commands.rstrip("\n"))


def same_times(root: Path) -> None:
    """Every file and folder is of the commit's time, whoever may read the program may run it, nobody else
    may write it."""
    at = commit_time()
    for each in [root, *sorted(root.rglob("*"))]:
        if not each.is_symlink():
            executable = each.is_dir() or os.access(each, os.X_OK)
            each.chmod(0o755 if executable else 0o644)
        os.utime(each, (at, at), follow_symlinks=False)


def told(package: Path, key: Path | None, certificate: Path | None) -> None:
    """Write the bill of materials and the sums beside the package, and sign all three where asked."""
    python = bootstrap.set_up("build").python
    bill = package.with_suffix(".cdx.json")
    made = bill_of_materials.bill(python, CHECKOUT, NAME, version(), commit_time())
    bill.write_text(json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    sums = package.parent / "SHA256SUMS"
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in (package, bill)]
    sums.write_text("".join(lines), "utf-8")
    for file in (package, bill, sums) if key and certificate else ():
        subprocess.run(
            ["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-in", str(file),
             "-signer", str(certificate), "-inkey", str(key), "-out", f"{file}.p7s"],
            check=True,
        )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=STEPS)
    parser.add_argument("--out", type=Path, default=CHECKOUT / "dist", help="default: dist in the checkout")
    parser.add_argument("--sign-key", type=Path)
    parser.add_argument("--sign-cert", type=Path)
    given = parser.parse_args()
    out = given.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    try:
        if given.what == "frozen":
            print(frozen(out))
        elif given.what == "check":
            check(out / NAME)
        else:
            package = deb(out)
            told(package, given.sign_key, given.sign_cert)
            print(f"{package}  {package.stat().st_size / 1e6:.1f} MB")
    except subprocess.CalledProcessError as error:
        print(f"This step failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
