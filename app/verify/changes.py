"""The chain of changes: gapless, hashed, in order of time, and what it leaves in force.

Each file names the one before; items are numbered over all contests; each protocol's text has the hash that
the item says, and each item the hash of what it replaces. From the items' lines comes the Merkle root, from
the last item of each precinct and contest its result in force.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from app.verify import merkle, protocols
from app.verify.differences import Difference, other_value
from app.verify.files import Files, signed
from app.verify.protocols import Result
from app.verify.report import Report
from app.verify.seals import Seals
from app.verify.source import SIGNATURE, VARIANTS, Source
from app.verify.tree import Node, read

_NAME = re.compile(r"([0-9]{6})\.xml")
_FIRST, _CORRECTION, _WITHDRAWAL = "PRVNI", "OPRAVA", "ODVOLANI"
_NOTHING = "-"

#: Contest, municipality, precinct.
Key = tuple[str, int, int]


class Change(NamedTuple):
    """One item: what a precinct's result became. `result` is None for a withdrawal."""

    number: int
    key: Key
    kind: str
    taken_at: str
    version: int
    result: Result | None
    reason: str  # such as UKON-3
    place: str  # file and item, to name it


class Chain:
    """Everything up to one version."""

    def __init__(self, voting_ends: str) -> None:
        """`voting_ends`: no change was published before that."""
        self.changes: list[Change] = []
        self.leaves: list[bytes] = []
        self.last_file = 0
        self.published_at = voting_ends
        self._hash_in_force: dict[Key, str] = {}

    @property
    def root(self) -> str:
        return merkle.root(self.leaves).hex()

    def in_force(self) -> dict[Key, Change]:
        """The last change of each precinct and contest that still has a result."""
        last = {change.key: change for change in self.changes}
        return {key: change for key, change in last.items() if change.result is not None}

    def add(self, file: str, root: Node) -> None:
        """Add the next file. Raises Difference VER-20…23, VER-25."""
        said = root.attributes
        version, published_at = int(said["VERZE"]), said["ZVEREJNENO"]
        if int(said["PREDCHOZI"]) != self.last_file:
            raise other_value("VER-20", file, "/ZMENY/@PREDCHOZI", said["PREDCHOZI"], self.last_file)
        _in_order(file, "/ZMENY/@ZVEREJNENO", self.published_at, published_at)
        for item in root.children:
            self._add_item(file, version, published_at, item)
        numbers = [item.number("PORADI") for item in root.children]
        for name, right in (("OD", numbers[0]), ("DO", numbers[-1])):
            if int(said[name]) != right:
                raise other_value("VER-20", file, f"/ZMENY/@{name}", said[name], right)
        self.last_file, self.published_at = version, published_at

    def _add_item(self, file: str, version: int, published_at: str, item: Node) -> None:
        said = item.attributes
        number = item.number("PORADI")
        place = f"/ZMENY/ZMENA[@PORADI='{number}']"
        if number != len(self.changes) + 1:
            raise other_value("VER-20", file, f"{place}/@PORADI", number, len(self.changes) + 1)
        key = (said["DRUH"], item.number("OBEC"), item.number("OKRSEK"))
        self._check_kind(file, place, key, said["TYP"])
        before = self._hash_in_force.get(key, "")
        if said["PREDCHOZI_OTISK"] != before:
            raise other_value("VER-22", file, f"{place}/@PREDCHOZI_OTISK", said["PREDCHOZI_OTISK"], before)
        _in_order(file, f"{place}/@PREVZATO", said["PREVZATO"], published_at)
        result = None if said["TYP"] == _WITHDRAWAL else _result(file, place, key, item)
        found = "" if result is None else sha256(item.text.encode()).hexdigest()
        if said["OTISK"] != found or (result is None and item.text):
            raise other_value("VER-21", file, f"{place}/@OTISK", said["OTISK"], found)
        self._hash_in_force[key] = found
        taken_at, reason = said["PREVZATO"], said["DUVOD"]
        change = Change(number, key, said["TYP"], taken_at, version, result, reason, file + place)
        self.changes.append(change)
        self.leaves.append(_leaf(said, published_at))

    def _check_kind(self, file: str, place: str, key: Key, kind: str) -> None:
        """Nothing is corrected that was never there, and nothing withdrawn that is not in force."""
        allowed = {_FIRST}
        if key in self._hash_in_force:
            allowed = {_CORRECTION, _WITHDRAWAL} if self._hash_in_force[key] else {_FIRST, _CORRECTION}
        if kind not in allowed:
            raise other_value("VER-20", file, f"{place}/@TYP", kind, ", ".join(sorted(allowed)))


class Chained:
    """Reads the chain of a source file by file."""

    def __init__(self, source: Source, seals: Seals, files: Files, report: Report) -> None:
        self._source = source
        self._seals = seals
        self._files = files
        self._report = report

    def read(self, election: str, mode: str, last: int, version: int, voting_ends: str) -> Chain:
        """The chain up to the file `last` (its version; 0: there is none), as of `version`."""
        chain = Chain(voting_ends)
        for done, name in enumerate(names := self._names(last, version)):
            self._report.tell("changes", done, len(names))
            root = self._file(name)
            file = f"changes/{name}"
            for attribute, right in (("VOLBY", election), ("REZIM", mode), ("VERZE", str(int(name[:6])))):
                if root.attributes[attribute] != right:
                    raise other_value(
                        "VER-11", file, f"/ZMENY/@{attribute}", root.attributes[attribute], right
                    )
            chain.add(file, root)
        self._report.count("changes", len(chain.changes))
        return chain

    def _names(self, last: int, version: int) -> list[str]:
        """The files up to `last`, in order; from a folder's listing, else by following PREDCHOZI."""
        listed = self._source.changes()
        if listed is None:
            return list(reversed(list(self._followed(last))))
        bases = {name for name in listed if _NAME.fullmatch(name)}
        allowed = bases | {base + suffix for base in bases for suffix in (SIGNATURE, *VARIANTS)}
        for name in sorted(listed - allowed):
            raise Difference(
                "VER-13", f"changes/{name}", "soubor tu nemá co dělat.", "the file does not belong here."
            )
        numbers = sorted(int(name[:6]) for name in bases)
        if last and last not in numbers:
            raise Difference("VER-12", f"changes/{last:06d}.xml", "soubor chybí.", "the file is missing.")
        for number in (each for each in numbers if each > version):  # of a version that is not looked at
            self._file(f"{number:06d}.xml")
        between = [number for number in numbers if last < number <= version]
        if between:
            raise Difference(
                "VER-30",
                f"changes/{between[0]:06d}.xml",
                f"kontrolní bod verze {version} o tomto souboru neví.",
                f"the checkpoint of version {version} does not know this file.",
            )
        return [f"{number:06d}.xml" for number in numbers if number <= last]

    def _followed(self, last: int) -> Iterator[str]:
        while last:
            yield (name := f"{last:06d}.xml")
            before = self._file(name, look=True).number("PREDCHOZI")
            if before >= last:
                raise other_value("VER-20", f"changes/{name}", "/ZMENY/@PREDCHOZI", before, f"< {last}")
            last = before

    def _file(self, name: str, *, look: bool = False) -> Node:
        """One file, its signature checked; `look` is only to see what comes before it."""
        file = f"changes/{name}"
        body = self._source.read_change(name)
        body = signed(self._seals, file, body, self._source.read_change(name + SIGNATURE))
        root = read(body, "feed_changes.xsd", file, self._report)
        if not look and self._source.changes() is not None:
            for suffix in VARIANTS:
                self._files.beside(file + suffix, body, suffix, self._source.read_change(name + suffix))
        return root


def _result(file: str, place: str, key: Key, item: Node) -> Result:
    """The protocol in an item; it is of the item's precinct and adds up. Raises Difference VER-24, VER-25."""
    try:
        result = protocols.parse(item.text)
    except ValueError:
        raise Difference("VER-24", file, "text zápisu nelze přečíst.", "the protocol's text cannot be read.",
                         place=place) from None  # fmt: skip
    found = (result.contest, result.municipality, result.precinct)
    if found != key:
        raise other_value("VER-24", file, place, " ".join(map(str, key)), " ".join(map(str, found)))
    valid = result.counts[3]
    if sum(result.votes.values()) != valid:
        raise other_value("VER-25", file, f"{place} (Σ HLASY)", valid, sum(result.votes.values()))
    return result


def _leaf(said: Mapping[str, str], published_at: str) -> bytes:
    """The line that stands for an item in the tree."""
    names = ("PORADI", "DRUH", "OBEC", "OKRSEK", "REVIZE", "TYP", "PREVZATO")
    parts = [*(said[name] for name in names), published_at]
    parts += [said[name] or _NOTHING for name in ("PREDCHOZI_OTISK", "OTISK")]
    return " ".join(parts).encode()


def _in_order(file: str, place: str, earlier: str, later: str) -> None:
    """Instants in UTC to the microsecond compare as text."""
    if earlier > later:
        cs, en = f"{earlier} je později než {later}.", f"{earlier} is later than {later}."
        raise Difference("VER-23", file, cs, en, place=place)
