"""What a secret looks like: in a file of the project or a package of it, and in what a command says."""

from __future__ import annotations

import ast
import re
import tarfile
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from app.trust.keys import PrivateKey

# The patterns are written so that they do not match themselves.
PATTERNS = {
    "private key (PEM)": rb"-----BEGIN [A-Z0-9 ]*PRIVATE " + rb"KEY-----\s*[A-Za-z0-9+/=]",
    "private key (PuTTY)": rb"PuTTY-User-" + rb"Key-File",
    "private key (PKCS #8 in Base64)": rb"MI[GH][A-Za-z0-9]AgEAMBMGByqGSM49AgEGCCqGSM49" + rb"AwEHB[A-H]",
    "private key (PKCS #8)": rb"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
    + rb"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04",
    "private key (SEC 1)": rb"\x30.\x02\x01\x01\x04\x20.{32}\xa0" + rb"\x0a\x06\x08",
    "cloud key": rb"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "token": rb"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}"
    rb"|sk-[A-Za-z0-9_-]{32,}|pypi-AgE[\w-]{30,})",
    "signed token": rb"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "authorization": rb"(?i)authorization['\"]?\s*[:=]\s*['\"]?(?:bearer|basic)\s+[A-Za-z0-9+/=._-]{12,}",
    "name and password in an address": rb"\b[a-z]{3,8}://[^\s/:@\"'<>{}]+:[^\s/:@\"'<>{}]{3,}@(?!127\.|localhost)[\w.-]+",
    "passphrase in a command": rb"PREBIRKA_PASS" + rb"PHRASE=(?!\$)[^\s\"'$][^\s]{5,}",
}  # fmt: skip
_COMPILED = {name: re.compile(pattern, re.DOTALL) for name, pattern in PATTERNS.items()}
_NAMES = re.compile(r"(?i)pass(?:phrase|word|wd)|secret|token|heslo|api_?key")
#: names whose text is no secret: that of a variable in the environment
_HARMLESS = frozenset({"PREBIRKA_PASSPHRASE"})
_PACKAGES = (".whl", ".zip", ".tar.gz", ".tgz", ".deb", ".AppImage")


def found_in(data: bytes) -> list[str]:
    """The kinds of secrets in the bytes of a file."""
    return [name for name, pattern in _COMPILED.items() if pattern.search(data)]


def written_in(source: str) -> list[str]:
    """Names in a program that are given a text as their passphrase, password or token."""
    named: list[tuple[str, ast.expr | None]] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign):
            named += [(_name(target), node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign):
            named.append((_name(node.target), node.value))
        elif isinstance(node, ast.keyword) and node.arg:
            named.append((node.arg, node.value))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            positional = [*node.args.posonlyargs, *node.args.args]
            defaults = node.args.defaults
            named += [
                (argument.arg, value)
                for argument, value in zip(
                    positional[len(positional) - len(defaults) :], defaults, strict=True
                )
            ]
            named += [
                (one.arg, value)
                for one, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            ]
    return [
        name
        for name, value in named
        if _NAMES.search(name)
        and isinstance(value, ast.Constant)
        and isinstance(value.value, str)
        and len(value.value) >= 6
        and value.value not in _HARMLESS
    ]


def packages(checkout: Path) -> list[Path]:
    """Packages that were built in the checkout: wheels, source archives, installers."""
    return [
        path
        for path in checkout.rglob("*")
        if path.name.endswith(_PACKAGES) and not {".venv", ".git"} & set(path.parts) and path.is_file()
    ]


def members(package: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file in a package; of one that is no archive, the whole of it."""
    if zipfile.is_zipfile(package):
        with zipfile.ZipFile(package) as opened:
            yield from ((name, opened.read(name)) for name in opened.namelist())
    elif tarfile.is_tarfile(package):
        with tarfile.open(package) as archive:
            for member in archive:
                if (file := archive.extractfile(member)) is not None:
                    yield member.name, file.read()
    else:
        yield package.name, package.read_bytes()


def shapes(key: PrivateKey) -> list[str]:
    """The ways in which a printed key would show itself."""
    number = key.private_numbers().private_value
    raw = number.to_bytes(32, "big")
    return [
        str(number),
        f"{number:x}",
        raw.hex(":"),
        b64encode(raw).decode(),
        repr(raw)[2:-1],
        "PRIVATE" + " KEY",
    ]


def _name(target: ast.expr) -> str:
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""
