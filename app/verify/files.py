"""Every file of a version: listed, of the right length and digest, signed; nothing missing, nothing extra.

The manifest lists all files of a version but itself; beside each lie its signature and, where it is worth
it, the same file compressed. A compressed variant has to be what compressing gives: that it unpacks to the
same bytes would leave room for changed bytes that no reader notices.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Hashable
from typing import NamedTuple

import brotli

from app.verify.differences import Difference, other_value
from app.verify.report import Report
from app.verify.seals import Seals
from app.verify.source import SIGNATURE, VARIANTS, Source
from app.verify.tree import MAX_BYTES, Node, read

_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda body: gzip.compress(body, 4, mtime=0),
    ".br": lambda body: brotli.compress(body, quality=4),
}


#: A file of more bytes than this has its compressed variants, where the source has any at all.
_WORTH = 512


class Variant(NamedTuple):
    """A compressed variant that is missing, or is not what compressing gives here though it unpacks."""

    file: str
    suffix: str


class Files:
    """Checks versions of one election, looking only once at files that versions share."""

    def __init__(self, source: Source, seals: Seals, report: Report) -> None:
        self._source = source
        self._seals = seals
        self._report = report
        self._digests: dict[Hashable, tuple[int, str]] = {}
        self._seen: set[Hashable] = set()
        self._as_compressed: dict[str, int] = dict.fromkeys(VARIANTS, 0)
        self._otherwise: list[Variant] = []
        self._lacking: list[Variant] = []

    def check(self, version: int, election: str) -> Node:
        """Check all files of a version; returns its manifest. Raises Difference."""
        path = f"feed/{election}/manifest.xml"
        manifest = self.signed(version, path)
        root = read(manifest, "feed_manifest.xsd", named(version, path), self._report)
        listed = {each.attributes["CESTA"]: each for each in root.children}
        self._report.count("versions")
        self._check_listing(version, path, listed)
        self._check_beside(version, path, manifest)
        for done, (each, entry) in enumerate(sorted(listed.items())):
            self._report.tell("files", done, len(listed))
            self._check_file(version, each, entry)
        return root

    def signed(self, version: int, path: str) -> bytes:
        """The bytes of a file whose signature was checked. Raises Difference VER-12, VER-10."""
        return signed(
            self._seals,
            named(version, path),
            self._source.read(version, path),
            self._source.read(version, path + SIGNATURE),
        )

    def finish(self) -> None:
        """Judge the compressed variants: all there and alike, or the first that is not; a copy may lack them
        all. Raises Difference VER-12, VER-15."""
        for suffix in VARIANTS:
            others = [each.file for each in self._otherwise if each.suffix == suffix]
            lacking = [each.file for each in self._lacking if each.suffix == suffix]
            if lacking and (others or self._as_compressed[suffix]):
                raise Difference("VER-12", lacking[0], "soubor chybí.", "the file is missing.")
            if others and self._as_compressed[suffix] >= len(others):
                raise _another_variant(others[0])
            if others:
                self._report.note(
                    f"Podoby {suffix} zabalila jiná knihovna; ověřeno jen jejich rozbalení.",
                    f"The {suffix} variants were packed by another library; only unpacking was checked.",
                )

    def beside(self, name: str, body: bytes, suffix: str, packed: bytes | None) -> None:
        """Check one compressed variant; `name` is the variant's own. Raises Difference VER-15."""
        if packed is None:
            if len(body) > _WORTH:
                self._lacking.append(Variant(name, suffix))
            return
        if not _unpacks(packed, suffix, body):
            raise _another_variant(name)
        self._report.count("variants")
        if packed == _COMPRESS[suffix](body):
            self._as_compressed[suffix] += 1
        else:
            self._otherwise.append(Variant(name, suffix))

    def _check_listing(self, version: int, manifest: str, listed: dict[str, Node]) -> None:
        """Nothing but what is listed, and what may lie beside it."""
        there = self._source.files(version)
        if there is None:
            return
        bases = {*listed, manifest}
        for path in sorted(bases - there):
            raise Difference("VER-12", named(version, path), "soubor chybí.", "the file is missing.")
        allowed = bases | {base + suffix for base in bases for suffix in (SIGNATURE, *VARIANTS)}
        for path in sorted(there - allowed):
            raise Difference("VER-13", named(version, path), "soubor není v seznamu (manifest.xml).",
                             "the file is not listed (manifest.xml).")  # fmt: skip

    def _check_file(self, version: int, path: str, entry: Node) -> None:
        body = self._source.read(version, path)
        name = named(version, path)
        if body is None:
            raise Difference("VER-12", name, "soubor chybí.", "the file is missing.")
        if len(body) != entry.number("DELKA"):
            raise other_value("VER-14", name, "DELKA", entry.attributes["DELKA"], len(body))
        key = self._source.same(version, path)
        if key not in self._digests:
            self._digests[key] = len(body), hashlib.sha256(body).hexdigest()
        digest = self._digests[key][1]
        if digest != entry.attributes["SHA256"]:
            raise other_value("VER-14", name, "SHA256", entry.attributes["SHA256"], digest)
        self._report.count("files")
        signature = self._source.same(version, path + SIGNATURE)
        if (key, signature) not in self._seen:
            self.signed(version, path)
            self._seen.add((key, signature))
        self._check_beside(version, path, body)

    def _check_beside(self, version: int, path: str, body: bytes) -> None:
        for suffix in VARIANTS:
            key = self._source.same(version, path), self._source.same(version, path + suffix)
            if key in self._seen:
                continue
            self.beside(
                named(version, path) + suffix, body, suffix, self._source.variant(version, path, suffix)
            )
            self._seen.add(key)


def named(version: int, path: str) -> str:
    """How a file of a version is named to people."""
    return f"versions/{version}/{path}"


def signed(seals: Seals, name: str, body: bytes | None, signature: bytes | None) -> bytes:
    """The body, once its signature was checked. Raises Difference VER-12 or VER-10."""
    if body is None:
        raise Difference("VER-12", name, "soubor chybí.", "the file is missing.")
    if signature is None:
        raise Difference("VER-10", name + SIGNATURE, "podpis chybí.", "the signature is missing.")
    seals.check(name, body, signature)
    return body


def _another_variant(name: str) -> Difference:
    return Difference(
        "VER-15", name, "zabalená podoba se liší od souboru.", "the compressed variant differs from its file."
    )


def _unpacks(packed: bytes, suffix: str, body: bytes) -> bool:
    """Whether it unpacks to exactly these bytes, unpacking never more than that."""
    if suffix == ".gz":
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            unpacked = unpacking.decompress(packed, len(body) + 1)
        except zlib.error:
            return False
        return unpacked == body and unpacking.eof and not unpacking.unused_data
    if len(body) > MAX_BYTES:  # pragma: no cover
        return False
    try:
        return bytes(brotli.decompress(packed)) == body
    except brotli.error:
        return False
