"""The Debian package of a frozen program: its tree, its control files, its manual page; every byte of it
depends on the commit alone."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import bill_of_materials
import marking
import system_needs

CHECKOUT = Path(__file__).resolve().parent.parent
DEBIAN = CHECKOUT / "packaging" / "debian"
NAME = "prebirka"
#: Scripts that dpkg calls; data of stations and centres are in none of their ways.
SCRIPTS = ("postinst", "postrm")


def architecture() -> str:
    return subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()


def make(program: Path, out: Path, version: str, at: int, python: Path) -> Path:
    """Pack the frozen `program` as version `version`, of the time `at`, into the folder `out`."""
    root = out / "deb-root"
    shutil.rmtree(root, ignore_errors=True)
    lib = root / "usr" / "lib" / NAME
    shutil.copytree(program, lib, symlinks=True)
    documents = root / "usr" / "share" / "doc" / NAME
    documents.mkdir(parents=True)
    (documents / "copyright").write_text(bill_of_materials.copyright_file(), "utf-8")
    (documents / "licences").symlink_to(f"../../../lib/{NAME}/{marking.INSIDE}/licences")
    _packed(documents / "changelog.gz", _changelog(version))
    link = root / "usr" / "bin" / NAME
    link.parent.mkdir(parents=True)
    link.symlink_to(f"../lib/{NAME}/{NAME}")
    share = root / "usr" / "share"
    _put(DEBIAN / f"{NAME}.desktop", share / "applications" / f"{NAME}.desktop")
    _put(CHECKOUT / "resources/icons/prebirka.svg", share / f"icons/hicolor/scalable/apps/{NAME}.svg")
    _put(DEBIAN / f"{NAME}.metainfo.xml", share / "metainfo" / f"cz.{NAME}.metainfo.xml")
    _packed(share / "man/man1" / f"{NAME}.1.gz", manual_page(python, version))
    control(root, version)
    _same_times(root, at)
    package = out / f"{NAME}_{version}_{architecture()}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "--build", "-Zxz", str(root), str(package)],
        check=True, env=os.environ | {"SOURCE_DATE_EPOCH": str(at)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    shutil.rmtree(root)
    return package


def control(root: Path, version: str) -> None:
    """The package's description: what it needs of the system is what the program's set-up needs."""
    needs = {*system_needs.QT_LIBRARIES.values(), *system_needs.X11_LIBRARIES.values(), "fonts-dejavu-core"}
    size = sum(file.lstat().st_size for file in root.rglob("*") if not file.is_dir()) // 1024
    folder = root / "DEBIAN"
    folder.mkdir()
    text = (DEBIAN / "control.in").read_text("utf-8")
    for name, value in {
        "VERSION": version,
        "ARCHITECTURE": architecture(),
        "SIZE": str(size),
        "DEPENDS": ", ".join(["libc6", *sorted(needs)]),
    }.items():
        text = text.replace(f"@{name}@", value)
    (folder / "control").write_text(text, "utf-8")
    for script in SCRIPTS:
        _put(DEBIAN / script, folder / script)
        (folder / script).chmod(0o755)
    sums = [
        f"{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}  {file.relative_to(root)}\n"
        for file in sorted(root.rglob("*"))
        if file.is_file() and not file.is_symlink() and folder not in file.parents
    ]
    (folder / "md5sums").write_text("".join(sums), "utf-8")


def manual_page(python: Path, version: str) -> str:
    """The man page, made from the table of commands."""
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
    return text.replace("@VERSION@", version).replace("@COMMANDS@", commands.rstrip("\n"))


def _changelog(version: str) -> str:
    """What a package of Debian must tell of its changes; they are told by the repository."""
    return f"{NAME} ({version}) stable; urgency=medium\n\n  * See the history of the repository.\n"


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _packed(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _same_times(root: Path, at: int) -> None:
    """Every file and folder is of the commit's time, whoever may read the program may run it, nobody else
    may write it."""
    for each in [root, *sorted(root.rglob("*"))]:
        if not each.is_symlink():
            executable = each.is_dir() or os.access(each, os.X_OK)
            each.chmod(0o755 if executable else 0o644)
        os.utime(each, (at, at), follow_symlinks=False)
