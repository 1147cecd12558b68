"""A centre that lies consistently: published files are changed, then listed, hashed and signed anew.

Whoever holds the centre's key can do this; what is left to find is that the numbers do not follow from the
precincts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from app.central.site import compressed
from app.trust import cms
from app.trust.identity import Identity, Role
from tests.support.house import House

_LISTED = re.compile(r'<SOUBOR CESTA="([^"]*)" DELKA="[0-9]*" SHA256="[0-9a-f]*"/>')
_CODINGS = {".gz": "gzip", ".br": "br"}


class Forger:
    """Has a key of its own that the election's authority certified for the centre."""

    def __init__(self, house: House, role: Role = Role.CENTRE) -> None:
        self._key, self._certificate = house.participant(Identity(role, house.code))
        self._now = house.clock.now

    def seal(self, path: Path) -> None:
        """Sign a file and compress it again where it is compressed."""
        body = path.read_bytes()
        signature = cms.sign_detached(body, self._key, self._certificate, self._now)
        _replace(path.with_name(path.name + ".p7s"), signature)
        for suffix, coding in _CODINGS.items():
            beside = path.with_name(path.name + suffix)
            if beside.exists():
                _replace(beside, compressed(body, coding))

    def change(self, path: Path, change: Callable[[str], str]) -> None:
        """Change a file's text, for certain, and seal it."""
        before = path.read_bytes().decode()
        after = change(before)
        assert after != before
        _replace(path, after.encode())
        self.seal(path)

    def list_again(self, version: Path) -> None:
        """Write the manifest of a version anew, for the files that it lists."""
        (manifest,) = version.glob("feed/*/manifest.xml")

        def line(found: re.Match[str]) -> str:
            body = (version / found[1]).read_bytes()
            digest = hashlib.sha256(body).hexdigest()
            return f'<SOUBOR CESTA="{found[1]}" DELKA="{len(body)}" SHA256="{digest}"/>'

        _replace(manifest, _LISTED.sub(line, manifest.read_text("utf-8")).encode())
        self.seal(manifest)

    def lie(self, version: Path, path: str, pattern: str, replacement: str) -> None:
        """In one file of a version, replace the first match of a pattern; then list and sign."""
        self.change(version / path, lambda text: re.sub(pattern, replacement, text, count=1))
        self.list_again(version)


def _replace(path: Path, data: bytes) -> None:
    """Never through a hard link: another version's file stays as it is."""
    path.unlink(missing_ok=True)
    path.write_bytes(data)
