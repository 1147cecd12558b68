"""Where published files are read from: the interface, and a folder on the disk (the centre's, or a copy).

public/versions/17/appdata/…, public/versions/17/feed/kz2024/…   one folder for each version
public/changes/000017.xml, public/changes/000017.xml.p7s          append-only, beside the versions
public/current -> versions/17
"""

from __future__ import annotations

import os
from collections.abc import Hashable
from pathlib import Path
from typing import Protocol

from app.verify.differences import Difference, Unreadable

#: Bytes of the largest file that is read at all.
LARGEST = 400 * 1024 * 1024
_HALF = ".part"  # what a publisher is just making, or left when it was killed: nobody reads it
#: Suffixes of what lies beside a published file and is not listed in the manifest.
SIGNATURE = ".p7s"
VARIANTS = (".gz", ".br")


class Source(Protocol):
    """Published files by version and path. Every method raises Unreadable when the source fails."""

    def versions(self) -> list[int]:
        """The versions that can be read, ascending; the last is what `current` should be."""

    def current(self) -> int:
        """The version that readers are sent to."""

    def files(self, version: int) -> set[str] | None:
        """Paths of all files of a version; None where they cannot be listed."""

    def changes(self) -> set[str] | None:
        """Names of all files with changes; None where they cannot be listed."""

    def read(self, version: int, path: str) -> bytes | None:
        """A file of a version; None when it is not there."""

    def read_change(self, name: str) -> bytes | None:
        """A file with changes, or its signature."""

    def variant(self, version: int, path: str, suffix: str) -> bytes | None:
        """The compressed variant (.gz, .br) of a file; None where there is none."""

    def same(self, version: int, path: str) -> Hashable:
        """Equal for two files that are one and the same on the disk, so that one look is enough."""

    def elections(self, version: int) -> list[str]:
        """Codes of the elections whose feed a version has."""

    def strangers(self) -> list[str]:
        """What lies beside the versions and changes and does not belong there."""

    def close(self) -> None:
        """Let go of what is held open."""


class Folder:
    """A published folder, or a copy of it."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise Unreadable(
                "VER-01",
                f"Složka {folder} neexistuje. Zadejte zveřejněnou složku (public) nebo její adresu.",
                f"There is no folder {folder}. Give a published folder (public) or its address.",
            )
        self._folder = folder
        if not (folder / "versions").is_dir():
            raise Unreadable(
                "VER-02",
                f"Složka {folder} není zveřejněná složka: chybí v ní „versions“.",
                f"The folder {folder} is no published folder: it lacks “versions”.",
            )

    def versions(self) -> list[int]:
        return sorted(int(each.name) for each in (self._folder / "versions").iterdir() if _is_number(each))

    def current(self) -> int:
        link = self._folder / "current"
        found = self.versions()
        if not found:
            raise Difference("VER-12", "versions", "není tu žádná verze.", "there is no version.")
        if link.is_symlink():
            name = link.readlink().name
            if not name.isdigit() or int(name) not in found:
                raise Difference("VER-12", "current", f"vede na verzi {name}, která tu není.",
                                 f"leads to version {name}, which is not here.")  # fmt: skip
            if int(name) != found[-1]:
                raise Difference("VER-20", "current", f"vede na verzi {name}, poslední je {found[-1]}.",
                                 f"leads to version {name}, the last is {found[-1]}.")  # fmt: skip
        elif link.is_dir():
            self._check_copied_link(link, found[-1])
        return found[-1]

    def _check_copied_link(self, current: Path, version: int) -> None:
        """A copy that followed the link has the last version twice."""
        for path in sorted(_all_files(current) | _all_files(self._version(version))):
            if _read(f"{current}/{path}") != self.read(version, path):
                raise Difference("VER-14", f"current/{path}", f"není tentýž jako ve verzi {version}.",
                                 f"is not the same as in version {version}.")  # fmt: skip

    def files(self, version: int) -> set[str] | None:
        return _all_files(self._version(version))

    def changes(self) -> set[str] | None:
        return _all_files(self._folder / "changes")

    def read(self, version: int, path: str) -> bytes | None:
        return _read(f"{self._folder}/versions/{version}/{path}")

    def read_change(self, name: str) -> bytes | None:
        return _read(f"{self._folder}/changes/{name}")

    def variant(self, version: int, path: str, suffix: str) -> bytes | None:
        return self.read(version, path + suffix)

    def same(self, version: int, path: str) -> Hashable:
        try:
            found = os.stat(f"{self._folder}/versions/{version}/{path}")  # noqa: PTH116 (by the thousand)
        except OSError:
            return version, path
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns

    def elections(self, version: int) -> list[str]:
        feeds = self._version(version) / "feed"
        return sorted(each.name for each in feeds.iterdir() if each.is_dir()) if feeds.is_dir() else []

    def strangers(self) -> list[str]:
        known = {"versions", "changes", "current"}
        beside = [each.name for each in self._folder.iterdir() if each.name not in known]
        inside = [f"versions/{each.name}" for each in (self._folder / "versions").iterdir()
                  if not _is_number(each)]  # fmt: skip
        return sorted(name for name in beside + inside if not name.endswith(_HALF))

    def close(self) -> None:
        return None

    def _version(self, version: int) -> Path:
        return self._folder / "versions" / str(version)


def _is_number(folder: Path) -> bool:
    name = folder.name
    return name.isascii() and name.isdigit() and name == str(int(name)) and folder.is_dir()


def _all_files(folder: Path) -> set[str]:
    found: set[str] = set()
    for place, _, names in os.walk(folder):
        inside = Path(place).relative_to(folder)
        found.update((inside / name).as_posix() for name in names)
    return found


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 (by the thousand)
            data = stream.read(LARGEST + 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except OSError as error:
        raise Unreadable(
            "VER-01",
            f"Soubor {path} nelze přečíst: {error.strerror}.",
            f"The file {path} cannot be read: {error.strerror}.",
        ) from error
    if len(data) > LARGEST:
        raise too_large(path)
    return data


def too_large(name: str) -> Unreadable:
    """The refusal of a file that no election needs."""
    return Unreadable(
        "VER-01",
        f"{name} je větší než {LARGEST // 1024 // 1024} MB a nečte se.",
        f"{name} is larger than {LARGEST // 1024 // 1024} MB and is not read.",
    )
