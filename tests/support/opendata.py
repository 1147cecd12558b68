"""The open data beside the checkout: where it lies, and the marker of tests that need it."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

needs_data = pytest.mark.skipif(not (DATA / "kz2016").is_dir(), reason="the open data are not here")


def rows(name: str, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """Rows of a packed table by column name, such as rows("kz2016/kzt6.csv.gz")."""
    with gzip.open(DATA / name, "rt", encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def document(name: str) -> ElementTree.Element:
    """Root of a packed official XML document."""
    return ElementTree.fromstring(gzip.decompress((DATA / name).read_bytes()))


def local(tag: str) -> str:
    """The tag without its namespace."""
    return tag.rpartition("}")[2]


def children(parent: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in parent if local(child.tag) == name)
