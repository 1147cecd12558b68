"""Opening a key from the command line: the passphrase is asked for only if the key has one."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from app.election.errors import KnownError
from app.trust.keys import PrivateKey, load_key

#: The environment variable from which a script gives the passphrase.
VARIABLE = "PREBIRKA_PASSPHRASE"


def unlock(path: Path) -> PrivateKey:
    """Load a key; its passphrase comes from the environment, else from the keyboard."""
    try:
        return load_key(path, None)
    except KnownError as error:
        if error.code != "KEY-02":
            raise
    given = os.environ.get(VARIABLE)
    if given is None:
        given = typer.prompt("Heslo ke klíči · Passphrase", hide_input=True)
    return load_key(path, given)
