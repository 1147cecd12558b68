"""Every result document of a version, recomputed: those that have to be there, each value of each.

The layout is volby.cz's: `appdata/{election}/odata/` for regional councils and `appdata/senat/{day}/odata/`
for the Senate, with `okrsky/vysledky_okrsky.xml` as the latest batch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from app.verify import expected_regional, expected_senate, tables
from app.verify.batches import Batches
from app.verify.differences import Difference, other_value
from app.verify.expected import Standing
from app.verify.files import named
from app.verify.report import Report
from app.verify.source import Source
from app.verify.tree import Node, compare, read

_APPDATA = "appdata/"
_SENATE = re.compile(r"appdata/senat/[0-9]{8}/odata/")
_BATCH = re.compile(r"okrsky/vysledky_okrsky(?:_([0-9]{5,}))?\.xml")


class Kind(NamedTuple):
    """One document: its schema and how it is recomputed from what it should say and itself."""

    schema: str
    expected: Callable[[Standing, Node], Node]


class Documents:
    """The result documents of one version."""

    def __init__(
        self, source: Source, version: int, standing: Standing, manifest: Node, report: Report
    ) -> None:
        self._source = source
        self._version = version
        self._standing = standing
        self._made = manifest.attributes["DATUM_CAS_GENEROVANI"]
        self._report = report
        self._done = 0
        self._batches: dict[tuple[str, int], tables.Batch] = {}

    def check(self, listed: Mapping[str, Node]) -> None:
        """`listed` are the manifest's entries by path. Raises Difference."""
        there = {path for path in listed if path.startswith(_APPDATA)}
        total = len(there)
        for contest in self._standing.sums:
            folder = self._folder(contest, there)
            own = {path.removeprefix(folder) for path in there if path.startswith(folder)}
            there -= {folder + name for name in own}
            batches = {name for name in own if _BATCH.fullmatch(name)}
            kinds = dict(_kinds(self._standing, contest))
            for name in sorted(set(kinds) - own):
                raise Difference(
                    "VER-42",
                    named(self._version, folder + name),
                    "dokument chybí.",
                    "the document is missing.",
                )
            for name in sorted(own - set(kinds) - batches):
                raise self._extra(folder + name)
            for name, kind in kinds.items():
                self._tell(total)
                self._compare(folder + name, kind)
            self._check_batches(contest, folder, batches, total)
        for path in sorted(there):
            raise self._extra(path)
        self._check_tables(listed)

    def _folder(self, contest: str, there: set[str]) -> str:
        if contest == "KZ":
            return f"appdata/{self._standing.election}/odata/"
        found = sorted({match[0] for path in there if (match := _SENATE.match(path))})
        if len(found) != 1:
            raise other_value(
                "VER-42", named(self._version, "appdata/senat"), "", ", ".join(found) or "—", "1"
            )
        return found[0]

    def _compare(self, path: str, kind: Kind) -> None:
        said = self._read(path, kind.schema)
        compare(named(self._version, path), said, kind.expected(self._standing, said), self._report)
        self._report.count("documents")

    def _check_batches(self, contest: str, folder: str, names: set[str], total: int) -> None:
        """Batches from 1 without gaps, and the latest one once more under a name of its own."""
        numbers = sorted(int(match[1]) for name in names if (match := _BATCH.fullmatch(name)) and match[1])
        schema = "kz_vysledky_okrsky.xsd" if contest == "KZ" else "se_vysledky_okrsky.xsd"
        batches = Batches(self._standing, contest, self._report)
        for number in numbers:
            self._tell(total)
            path = f"{folder}okrsky/vysledky_okrsky_{number:05d}.xml"
            batches.check(named(self._version, path), self._read(path, schema), number)
        latest = f"{folder}okrsky/vysledky_okrsky.xml"
        body = self._source.read(self._version, latest)
        last = (
            self._source.read(self._version, f"{folder}okrsky/vysledky_okrsky_{numbers[-1]:05d}.xml")
            if numbers
            else None
        )
        if numbers and body != last:
            raise Difference(
                "VER-43",
                named(self._version, latest),
                "není to poslední dávka.",
                "it is not the latest batch.",
            )

        self._batches |= {(contest, number): batch for number, batch in batches.checked.items()}

    def _check_tables(self, listed: Mapping[str, Node]) -> None:
        """The CSV twins of the batches."""
        folder = f"feed/{self._standing.election}/csv/"
        for path in sorted(path for path in listed if path.startswith(folder)):
            body = self._source.read(self._version, path) or b""
            tables.check(
                named(self._version, path), path.removeprefix(folder), body, self._batches, self._report
            )

    def _read(self, path: str, schema: str) -> Node:
        name = named(self._version, path)
        body = self._source.read(self._version, path)
        if body is None:
            raise Difference("VER-42", name, "dokument chybí.", "the document is missing.")
        root = read(body, schema, name, self._report)
        made = root.attributes["DATUM_CAS_GENEROVANI"]
        if made > self._made:
            raise Difference("VER-23", name, f"vznikl {made}, verze už {self._made}.",
                             f"made at {made}, the version earlier, at {self._made}.",
                             place=f"/{root.name}/@DATUM_CAS_GENEROVANI")  # fmt: skip
        return root

    def _extra(self, path: str) -> Difference:
        return Difference("VER-42", named(self._version, path), "dokument tu nemá co dělat.",
                          "the document does not belong here.")  # fmt: skip

    def _tell(self, total: int) -> None:
        self._done += 1
        self._report.tell("documents", self._done, total)


def _kinds(standing: Standing, contest: str) -> Iterator[tuple[str, Kind]]:
    """The documents of a contest by name in its folder, without batches."""
    if contest != "KZ":
        yield from (
            (name, Kind(schema, expected))
            for name, schema, expected in expected_senate.kinds(standing, contest)
        )
        return
    yield "vysledky.xml", Kind("kz_vysledky.xsd", expected_regional.vysledky)
    yield "vysledky_kandid.xml", Kind("kz_vysledky_kandid.xsd", expected_regional.vysledky_kandid)
    yield "vysledky_krajmesta.xml", Kind("kz_vysledky_krajmesta.xsd", expected_regional.vysledky_krajmesta)
    for level, code in sorted(area for area in standing.sums[contest] if area[0] == "okres"):
        assert level == "okres"
        assert isinstance(code, int)
        yield (
            f"okresy/vysledky_okres_{standing.zero.districts[code][0]}.xml",
            Kind(
                "kz_vysledky_okres.xsd",
                lambda standing, said, code=code: expected_regional.vysledky_okres(standing, code, said),  # type: ignore[misc]
            ),
        )
