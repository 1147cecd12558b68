"""Reference files for tests: thousands of them hold the same few invented elections; each is built once."""

from __future__ import annotations

import pickle
import tempfile
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

from app.documents import reference as reference_files
from app.election.reference import Reference


def build(reference: Reference, path: Path) -> None:
    """Write the file that the program's builder makes of this election."""
    path.write_bytes(_image(pickle.dumps(tuple(getattr(reference, each.name) for each in fields(reference)))))


@lru_cache(maxsize=16)
def _image(parts: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "reference.sqlite")
        reference_files.build(Reference(*pickle.loads(parts)), path)
        return path.read_bytes()
