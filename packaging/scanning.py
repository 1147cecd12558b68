"""What must not be in anything that is handed out: secrets, private keys, paths of the building machine,
parts without a licence.

A frozen program is read as it lies, its archive of Python modules unpacked; a Debian package and a Windows
installer are opened first. What a wheel carries is as its makers built it: their machines' paths are not
ours.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

import vendored

KEY, SECRET, PATH, UNLICENSED = "private key", "secret", "path of the building machine", "no licence"
#: Names of files that hold keys or passwords, whatever is in them.
_NAMES = re.compile(
    r"(\.(key|p12|pfx|jks|kdbx)|(^|/)(id_(rsa|ecdsa|ed25519)|\.env|\.netrc|\.pgpass|\.pypirc|pip\.conf)"
    r"|(^|/)\.git(/.*)?)$"
)
_KEYS = (
    # A key in PEM: the words alone stand in every library that reads one.
    re.compile(
        rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+(?:[A-Za-z-]+: [^\n]*\n|\s)*[A-Za-z0-9+/=\s]{48,}"
    ),
    # PKCS#8 in DER: elliptic curves, RSA, Ed25519.
    re.compile(rb"\x30\x81.\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01", re.S),
    re.compile(rb"\x02\x01\x00\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x04\x82", re.S),
    re.compile(rb"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", re.S),
)
_SECRETS = (
    re.compile(rb"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abp]-[0-9A-Za-z-]{20,})\b"),
    re.compile(rb"\b[a-z]+://[A-Za-z0-9._-]+:(?!PASSWORD|password|secret|\*)[^\s/@:'\"<>{}%$]{6,}@[a-z0-9]"),
    re.compile(
        rb"(?i)\b(?:password|passwd|secret|api_?key|token)[\"']?\s*[=:]\s*[\"'][A-Za-z0-9+/_=-]{20,}[\"']"
    ),
)
#: Homes of people in our own files; what stands in a wheel's library is its makers'.
_HOMES = re.compile(rb"(?:/home/|/Users/|[A-Z]:\\\\?Users\\\\?)[A-Za-z0-9._-]+[/\\]")
#: Modules of the standard library of a newer Python than the one that may be scanning.
_NEWER = {
    "_android_support", "_apple_support", "_colorize", "_ios_support", "_opcode_metadata", "_pydatetime",
    "_pyrepl", "annotationlib", "compression",
}  # fmt: skip
#: What lies in a program and is ours.
_OURS = ("resources", "licences", "build.json")


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.kind}: {self.what}"


def machine_paths(*more: Path) -> tuple[bytes, ...]:
    """What would name this machine: the checkout, the home, the environment, the folder of temporary files
    where it is nobody else's, the name of the host. Short and general ones say nothing."""
    given = [
        str(path) for path in (*more, Path.home(), Path(sys.prefix), Path(tempfile.gettempdir(), "prebirka"))
    ]
    given += [f"{os.sep}{name}{os.sep}" for name in (socket.gethostname(),) if "." in name or len(name) > 8]
    general = {"/root", "/usr", "/usr/local", "/"}
    return tuple(path.encode() for path in dict.fromkeys(given) if path not in general)


def scan_tree(root: Path, machine: tuple[bytes, ...]) -> list[Finding]:
    """Everything that is found in a folder of plain files."""
    found: list[Finding] = []
    for file in sorted(root.rglob("*")):
        if file.is_file() and not file.is_symlink():
            name = file.relative_to(root).as_posix()
            found += _scan_bytes(name, file.read_bytes(), machine)
    return sorted(set(found))


def _scan_bytes(name: str, content: bytes, machine: tuple[bytes, ...]) -> Iterator[Finding]:
    if _NAMES.search(name):
        yield Finding(name, SECRET, "by its name")
    for pattern in _KEYS:
        if pattern.search(content):
            yield Finding(name, KEY, "by its content")
    text = b"\0" not in content[:4096]
    for pattern in _SECRETS if text else _SECRETS[:1]:
        for hit in pattern.finditer(content):
            yield Finding(name, SECRET, hit[0][:12].decode("latin-1") + "…")
    for path in machine:
        if path in content:
            yield Finding(name, PATH, path.decode())
    if text and "dist-info" not in name and "/licences/" not in f"/{name}":
        for hit in _HOMES.finditer(content):
            yield Finding(name, PATH, hit[0].decode("latin-1"))


def scan_program(program: Path, machine: tuple[bytes, ...]) -> list[Finding]:
    """A frozen program: its files, its modules, and whether each is of a part with a licence."""
    inside = program / "_internal"
    parts = json.loads((inside / "licences" / "parts.json").read_text("utf-8"))
    known = {name for part in parts if part["licence"] for name in part["files"]}
    plain = {name.partition(".")[0] for name in known}
    found = scan_tree(program, machine)
    for entry in sorted(inside.iterdir()):
        if not (entry.name in {*known, *_OURS} or vendored.of_file(entry.name)):
            found.append(Finding(f"_internal/{entry.name}", UNLICENSED, "of no part that is listed"))
    for part in parts:
        found += [
            Finding(f"_internal/licences/{text}", UNLICENSED, "the text is missing")
            for text in part["texts"]
            if not (inside / "licences" / text).is_file()
        ]
    for executable in program.glob("prebirka*"):
        found += _scan_modules(executable, plain, machine)
    return sorted(set(found))


def _scan_modules(executable: Path, known: set[str], machine: tuple[bytes, ...]) -> Iterator[Finding]:
    """The modules in the executable's archive: whose each is, and what paths its code carries."""
    for name, code in modules(executable):
        top = name.partition(".")[0]
        if (
            top not in {*known, *_NEWER, "app"}
            and top not in sys.stdlib_module_names
            and not _of_the_freezer(top)
        ):
            yield Finding(f"module {top}", UNLICENSED, "of no part that is listed")
        for path, text in _strings(code):
            if re.match(r"/|[A-Za-z]:[\\/]", path):
                yield Finding(f"module {name}", PATH, path)
            for one in machine:
                if one.decode() in text:
                    yield Finding(f"module {name}", PATH, one.decode())


def _of_the_freezer(top: str) -> bool:
    """PyInstaller's own helpers and what `sysconfig` generates are Python's and the bootloader's."""
    return top.startswith(("_pyi", "pyi", "pyimod", "_sysconfigdata"))


def modules(executable: Path) -> Iterator[tuple[str, CodeType]]:
    """Every module of a frozen program's archive; needs PyInstaller. Nothing for another file."""
    from PyInstaller.archive.readers import ArchiveReadError, CArchiveReader

    try:
        archive = CArchiveReader(str(executable))
    except ArchiveReadError:
        return
    packed = archive.open_embedded_archive("PYZ.pyz")
    for name in packed.toc:
        code = packed.extract(name)
        if isinstance(code, CodeType):
            yield name, code


def _strings(code: CodeType) -> Iterator[tuple[str, str]]:
    """The file name of a code object, with each text constant in it, and of all below it."""
    yield code.co_filename, ""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _strings(constant)
        elif isinstance(constant, str):
            yield "", constant


def scan(file: Path, machine: tuple[bytes, ...]) -> list[Finding]:
    """Scan a Debian package, a Windows installer (by `7z`), a frozen program's folder or any other folder."""
    if file.is_dir():
        return scan_program(file, machine) if (file / "_internal").is_dir() else scan_tree(file, machine)
    with tempfile.TemporaryDirectory(prefix="scan-") as temporary:
        root = Path(temporary)
        if file.suffix == ".deb":
            subprocess.run(["dpkg-deb", "--raw-extract", file, root], check=True)
        elif shutil.which("7z"):
            subprocess.run(["7z", "x", "-y", f"-o{root}", file], check=True, stdout=subprocess.DEVNULL)
        else:
            raise OSError("opening an installer needs the program 7z (package p7zip-full)")
        found = scan_tree(root, machine)
        for inside in root.rglob("_internal"):
            found += scan_program(inside.parent, machine)
        return sorted(set(found))
