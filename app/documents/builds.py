"""The list of builds: with which programs this election may be worked, signed by who prepares it.

Its number rises with each issue, so that an older list never replaces a newer one; it expires, so that a
forgotten one is noticed; and it names the instant from which on no program changes any more. It decides
nothing by itself: the station warns by it, and the centre does what its own settings say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.documents import xml
from app.documents.xml_text import DECLARATION, SHORT_TEXT, escaped, free_text, time_of, time_text
from app.election.model import Mode

SCHEMA = "programy.xsd"
NAMESPACE = "urn:prebirka:programy:1"
#: Bytes. 500 builds have about 100 kB.
MAX_BYTES = 200_000


class Standing(StrEnum):
    """What holds for a build."""

    ALLOWED = "POVOLEN"
    WARNED = "VAROVANI"
    REFUSED = "ODMITNUT"


@dataclass(frozen=True, slots=True)
class ListedBuild:
    """One build: `build` is the SHA-256 over its files, `platform` such as linux or win32."""

    version: str
    build: str
    platform: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Builds:
    """One issue of the list. `frozen_at`: from then on no program is exchanged; `others` holds for a build
    that is not listed."""

    election: str
    mode: Mode
    serial: int
    issued_at: datetime
    valid_until: datetime
    frozen_at: datetime
    others: Standing
    builds: tuple[ListedBuild, ...]

    def standing_of(self, build: str) -> Standing:
        """What holds for a build; an empty hash (a program that names none) is not listed."""
        for one in self.builds:
            if one.build == build:
                return one.standing
        return self.others


def write(builds: Builds) -> bytes:
    """The canonical bytes. Raises `DocumentError` DOC-40 for a text that no document carries."""
    parts = [
        f'{DECLARATION}<PROGRAMY xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(builds.election)}"'
        f' REZIM="{builds.mode}" PORADI="{builds.serial}" VYDANO="{time_text(builds.issued_at)}"'
        f' PLATI_DO="{time_text(builds.valid_until)}" ZMRAZENI="{time_text(builds.frozen_at)}"'
        f' OSTATNI="{builds.others}">\n'
    ]
    parts += [
        f'<PROGRAM OZNACENI="{free_text(one.version, "OZNACENI", SHORT_TEXT)}" OTISK="{escaped(one.build)}"'
        f' SYSTEM="{free_text(one.platform, "SYSTEM", SHORT_TEXT)}" STAV="{one.standing}"/>\n'
        for one in builds.builds
    ]
    parts.append("</PROGRAMY>\n")
    return "".join(parts).encode()


def read(data: bytes) -> Builds:
    """The list in `data` (the exact content whose signature was verified). Raises `DocumentError`."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    told = xml.attributes_of(root)
    listed = (xml.attributes_of(element) for element in root)
    return Builds(
        election=told["VOLBY"],
        mode=Mode(told["REZIM"]),
        serial=int(told["PORADI"]),
        issued_at=time_of(told["VYDANO"]),
        valid_until=time_of(told["PLATI_DO"]),
        frozen_at=time_of(told["ZMRAZENI"]),
        others=Standing(told["OSTATNI"]),
        builds=tuple(
            ListedBuild(one["OZNACENI"], one["OTISK"], one["SYSTEM"], Standing(one["STAV"])) for one in listed
        ),
    )
