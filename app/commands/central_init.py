"""Leading through `prebirka central init`: what was not given is asked for, with a likely answer.

Without a terminal nothing is asked: a script that forgot an option is told which one. What comes next is said
in both cases.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import typer

from app.election.errors import KnownError


class Given(NamedTuple):
    """The files that a centre is made of, and where its database is (empty: a file in its folder)."""

    ca: Path
    key: Path
    certificate: Path
    reference: Path
    database: str


class _Question(NamedTuple):
    option: str
    words: str
    guesses: tuple[str, ...]  # patterns of file names


_QUESTIONS = (
    _Question("--ca", "Certifikát volební autority · The authority's certificate", ("ca.pem", "*/ca.pem")),
    _Question("--key", "Klíč ústředí · The centre's key", ("centre.key", "*/centre.key")),
    _Question(
        "--certificate", "Certifikát ústředí · The centre's certificate", ("centre.pem", "*/centre.pem")
    ),
    _Question(
        "--reference",
        "Podepsané číselníky (podpis .p7s leží vedle) · Signed reference data, .p7s beside",
        ("*.sqlite", "*/*.sqlite"),
    ),
)
_INTRODUCTION = (
    "Založení ústředí: pět otázek, v závorce je odpověď, kterou potvrdí Enter.\n"
    "Making a centre: five questions; Enter takes the answer in brackets.\n"
)


def has_people() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin.isatty()


def complete(files: tuple[Path | None, ...], database: str) -> Given:
    """The four files and the database, asked for where they are missing.

    Raises KnownError CEN-68 where something is missing and nobody can be asked.
    """
    missing = [question.option for question, file in zip(_QUESTIONS, files, strict=True) if file is None]
    if not missing:
        ca, key, certificate, reference = (file for file in files if file is not None)
        return Given(ca, key, certificate, reference, database)
    if not has_people():
        raise KnownError(
            "CEN-68",
            f"Chybí volby {', '.join(missing)}. Doplňte je, nebo příkaz spusťte v terminálu.",
            f"The options {', '.join(missing)} are missing. Add them, or run this on a terminal.",
        )
    print(_INTRODUCTION)
    ca, key, certificate, reference = (
        file or _asked(question) for question, file in zip(_QUESTIONS, files, strict=True)
    )
    return Given(ca, key, certificate, reference, database or _asked_for_database())


def next_steps(folder: Path, code: str) -> str:
    """What is to be done with a centre that was made just now."""
    return (
        "Dál · Next:\n"
        f"  prebirka central station add {folder} CERTIFIKÁTY…   zapsat stanice · register the stations\n"
        f"  prebirka central run {folder}                        spustit · run\n"
        f"  prebirka central backup {folder} /jiny/disk          zálohovat · back up ({code})\n"
        "  Služby, role databáze, obnova: příručka · services, database roles, recovery: the manual "
        "(prebirka manual html), The centre"
    )


def _asked(question: _Question) -> Path:
    guess = next((str(path) for each in question.guesses for path in sorted(Path().glob(each))), None)
    while True:
        path = Path(typer.prompt(f"{question.words}\n  {question.option}", default=guess)).expanduser()
        if path.is_file():
            return path
        print(f"  Soubor {path} tu není. · There is no file {path}.")


def _asked_for_database() -> str:
    words = (
        "Databáze: Enter = soubor ve složce; nebo adresa postgresql+psycopg://uživatel@počítač/databáze\n"
        "Database: Enter = a file in the folder; or the address of a server\n  --database"
    )
    return str(typer.prompt(words, default="", show_default=False)).strip()
