"""`prebirka licences`: what the program is made of and under which licences, with their texts."""

from __future__ import annotations

import importlib.metadata as metadata
import json
import sys
from pathlib import Path
from typing import Any, Final

import typer

app = typer.Typer(add_completion=False)

_TOLD: Final = "licences"


@app.command()
def licences(
    part: str = typer.Argument(
        "",
        metavar="[PART]",
        help="Jméno části, jejíž licence se vypíše.\n\n[dim]Name of a part whose licence is printed.[/dim]",
    ),
) -> None:
    """Vypíše části programu a jejich licence, u jedné části i text.

    Lists the parts of the program with their licences, of one part also the text.
    """
    parts = {str(one["name"]).lower(): one for one in _parts()}
    if not part:
        print("Přebírka: EUPL-1.2")
        for one in parts.values():
            print(f"{one['name']} {one['version']}".strip() + f": {one['licence']}")
        return
    chosen = parts.get(part.lower())
    if chosen is None or not chosen["texts"]:
        print(
            f"Text licence části „{part}“ tu není. · No licence text of a part “{part}” is here.",
            file=sys.stderr,
        )
        raise typer.Exit(1)
    for text in chosen["texts"]:
        print(Path(text).read_text("utf-8", errors="replace"))


def _parts() -> list[dict[str, Any]]:
    """As they were listed when the program was frozen; of a checkout, what its environment has."""
    unpacked: str | None = getattr(sys, "_MEIPASS", None)
    if unpacked is None:
        return sorted((_told(one) for one in metadata.distributions()), key=lambda one: one["name"].lower())
    folder = Path(unpacked) / _TOLD
    listed: list[dict[str, Any]] = json.loads((folder / "parts.json").read_text("utf-8"))
    return [one | {"texts": [folder / text for text in one["texts"]]} for one in listed]


def _told(part: metadata.Distribution) -> dict[str, Any]:
    told = part.metadata
    classified = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if "License ::" in line
    ]
    expression = told.get_all("License-Expression", [])
    texts = [part.locate_file(file) for file in part.files or [] if "licen" in file.name.lower()]
    return {
        "name": told["Name"],
        "version": part.version,
        "licence": expression[0] if expression else ", ".join(classified) or "?",
        "texts": [text for text in texts if Path(str(text)).is_file()],
    }
