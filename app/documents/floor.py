"""The bare cost of reading XML, for comparison: the library's parse and schema check, nothing of ours.

A rehearsal measures this in the same run as the night itself and reports the ratio, because a time
alone says more about the machine than about the program.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter

from lxml import etree

from app import resources


def raw_parse_seconds(documents: Iterable[bytes], schema: str) -> float:
    """Seconds to parse and validate each document once with the schema `schema` (a file name)."""
    validate = etree.XMLSchema(etree.parse(str(resources.path("schemas", schema))))
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    started = perf_counter()
    for data in documents:
        root = etree.fromstring(data, parser)
        if not validate.validate(root):
            raise ValueError(f"not valid by {schema}")
    return perf_counter() - started
