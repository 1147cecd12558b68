"""The verification from end to end: what is checked, in which order; it stops at the first difference.

Files before figures: each version's manifest, digests, signatures and compressed variants; then the chain of
changes and the checkpoint; then every result document of the wanted version, recomputed from the precincts.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.trust.anchors import Anchors
from app.verify import acts, index
from app.verify.changes import Chain, Chained, Key
from app.verify.differences import Difference, Unreadable, other_value
from app.verify.documents import Documents
from app.verify.expected import Standing
from app.verify.files import Files, named
from app.verify.report import Report
from app.verify.seals import Seals
from app.verify.source import Source
from app.verify.sums import add_up
from app.verify.tree import Node, read
from app.verify.zero import Zero, read_zero


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to verify: a version (the current one when None) and an election (the only one when empty)."""

    version: int | None = None
    election: str = ""


def verify(source: Source, anchors: Anchors | None, wanted: Wanted, report: Report) -> Report:
    """Check everything; returns the report. Raises Difference or Unreadable."""
    version = source.current() if wanted.version is None else wanted.version
    if version not in source.versions():
        known = ", ".join(map(str, source.versions()))
        raise Unreadable(
            "VER-03",
            f"Verze {version} tu není; jsou tu: {known}.",
            f"There is no version {version}; there are: {known}.",
        )
    for name in source.strangers():
        raise Difference("VER-13", name, "soubor sem nepatří.", "the file does not belong here.")
    elections = [wanted.election] if wanted.election else source.elections(version)
    if len(elections) != 1:
        raise Unreadable(
            "VER-02",
            f"Vyberte volby (--election): {', '.join(elections) or 'nejsou tu žádné'}.",
            f"Choose an election (--election): {', '.join(elections) or 'there is none'}.",
        )
    return _Verification(source, Seals(anchors, elections[0], report), elections[0], report).run(
        version, wanted
    )


class _Verification:
    def __init__(self, source: Source, seals: Seals, election: str, report: Report) -> None:
        self._source = source
        self._election = election
        self._report = report
        self._files = Files(source, seals, report)
        self._chained = Chained(source, seals, self._files, report)

    def run(self, version: int, wanted: Wanted) -> Report:
        manifest = self._files.check(version, self._election)
        report = self._report
        report.election, report.version = self._election, version
        report.mode = manifest.attributes["REZIM"]
        self._check_identity(version, "manifest.xml", manifest, version)
        self._paths = [entry.attributes["CESTA"] for entry in manifest.children]
        self._check_others(version, wanted)
        zero = self._zero(version)
        chain = self._chain(version, zero)
        self._files.finish()
        standing = self._standing(version, zero, chain)
        documents = {entry.attributes["CESTA"]: entry for entry in manifest.children}
        pointer = self._document(version, "index.xml", "feed_index.xsd")
        index.check(named(version, self._feed("index.xml")), pointer, manifest, chain, standing)
        Documents(self._source, version, standing, manifest, report).check(documents)
        return report

    def _feed(self, name: str) -> str:
        return f"feed/{self._election}/{name}"

    def _document(self, version: int, name: str, schema: str) -> Node:
        """A document of the feed, of this election, mode and version."""
        path = self._feed(name)
        body = self._source.read(version, path)
        if body is None:
            raise Difference("VER-12", named(version, path), "soubor chybí.", "the file is missing.")
        root = read(body, schema, named(version, path), self._report)
        self._check_identity(version, name, root, version if schema != "ukony.xsd" else 1)
        return root

    def _check_identity(self, version: int, name: str, root: Node, number: int) -> None:
        right = {"VOLBY": self._election, "REZIM": self._report.mode, "VERZE": str(number)}
        for attribute, value in right.items():
            said = root.attributes.get(attribute, value if attribute == "VERZE" else "—")
            if said != value:
                raise other_value(
                    "VER-11", named(version, self._feed(name)), f"/{root.name}/@{attribute}", said, value
                )

    def _check_others(self, version: int, wanted: Wanted) -> None:
        """The files of the other versions of a folder, too, unless one version was asked for."""
        if wanted.version is not None:
            return
        for other in self._source.versions():
            if other != version:
                manifest = self._files.check(other, self._election)
                self._check_identity(other, "manifest.xml", manifest, other)

    def _zero(self, version: int) -> Zero:
        root = self._document(version, "zero.xml", "feed_zero.xsd")
        return read_zero(named(version, self._feed("zero.xml")), root)

    def _chain(self, version: int, zero: Zero) -> Chain:
        """The chain of changes, whose root is the one that this version's checkpoint signs."""
        point = self._document(version, "checkpoint.xml", "feed_checkpoint.xsd")
        chain = self._chained.read(
            self._election, self._report.mode, point.number("ZMENY"), version, zero.voting_ends
        )
        found = {"VELIKOST": len(chain.changes), "ZMENY": chain.last_file, "KOREN": chain.root}
        for attribute, value in found.items():
            said = point.attributes[attribute]
            if said != str(value):
                file = named(version, self._feed("checkpoint.xml"))
                raise other_value("VER-30", file, f"/KONTROLNI_BOD/@{attribute}", said, value)
        self._report.root = chain.root
        return chain

    def _standing(self, version: int, zero: Zero, chain: Chain) -> Standing:
        root = self._document(version, "acts.xml", "ukony.xsd")
        decisions = acts.decisions_of(root)
        acts.check_withdrawals(named(version, self._feed("acts.xml")), root, chain.changes)
        in_force = chain.in_force()
        self._report.count("acts", len(root.children))
        self._report.count("precincts", len(in_force))
        never: list[Key] = [(key.contest.value, *key.precinct) for key in decisions.never]
        contests = sorted(self._contests(version, zero, chain))
        sums = {contest: add_up(zero, contest, in_force, never) for contest in contests}
        return Standing(self._election, zero, tuple(chain.changes), in_force, sums, decisions)

    def _contests(self, version: int, zero: Zero, chain: Chain) -> set[str]:
        """Those that the zero file expects; which round of the Senate it is, the changes say."""
        found = {change.key[0] for change in chain.changes}
        if any(precinct.region is not None for precinct in zero.precincts.values()):
            found.add("KZ")
        if zero.senate_districts and found <= {"KZ"}:
            found.add(self._senate_contest(version))
        if "SE2" in found:
            self._report.note(
                "Výsledky 1. kola Senátu se převzaly, jak jsou uvedeny; dokazuje je jeho zveřejnění.",
                "The Senate's round 1 was taken as said; its own publication proves it.",
            )
        return found

    def _senate_contest(self, version: int) -> str:
        """Which round of the Senate is counted before anything is: the documents' own word."""
        for path in self._paths:
            if path.startswith("appdata/senat/") and path.endswith("/vysledky.xml"):
                root = self._result(version, path)
                rounds = {each.attributes["KOLO"] for each in root.one("CELKEM").all("UCAST")}
                return "SE2" if "2" in rounds else "SE1"
        return "SE1"

    def _result(self, version: int, path: str) -> Node:
        body = self._source.read(version, path) or b""
        return read(body, "se_vysledky.xsd", named(version, path), self._report)
