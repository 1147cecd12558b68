"""Readers of short texts: a stored protocol, what a scanner types, the names on a stick."""

from __future__ import annotations

import contextlib
from pathlib import Path

from app.central import stored
from app.central.take import found
from app.desktop.visiting.finding import find
from app.documents import stick
from app.election.content import content_text
from app.election.errors import KnownError
from app.election.model import Contest, Mode
from tests.fuzzing import told
from tests.fuzzing.targets import Made
from tests.fuzzing.world import folder
from tests.support.invented_election import POINT, protocols, reference


def stored_protocols() -> Made:
    """Damage is a ValueError, which the audit and the publisher know; what is read is written the same."""
    known = reference(Contest.REGIONAL, Contest.SENATE_ROUND_1)
    some = [protocols(known, Contest.REGIONAL)[0], protocols(known, Contest.SENATE_ROUND_1)[0]]

    def run(data: bytes) -> None:
        try:
            protocol = stored.decode(data)
        except ValueError:
            return
        assert stored.decode(content_text(protocol).encode("ascii")) == protocol

    return Made(run, tuple(content_text(protocol).encode("ascii") for protocol in some))


def scanned_codes() -> Made:
    known = reference(Contest.REGIONAL, mode=Mode.REHEARSAL)

    def run(data: bytes) -> None:
        for precinct in find(data.decode("utf-8", "replace"), known, POINT):
            assert precinct.id in known.precincts

    seeds = b"55000100003", b"550001/3", "Horní Lhota 3".encode(), b"lhota okrsek 2", b"3", b"9" * 59
    return Made(run, seeds)


def sticks() -> Made:
    """Names and contents of files on a medium: whatever they are called, looking ends by files or a code."""
    root = folder()

    def run(data: bytes) -> None:
        place = root / "stick"
        for line in data.split(b"\n")[:8]:
            name, _, content = line.partition(b"=")
            path = place / name.decode("utf-8", "surrogateescape").replace("\0", "").lstrip("/")
            if ".." in path.parts:
                continue
            with contextlib.suppress(OSError, UnicodeError):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        try:
            files = [*stick.signed_files(place), *found([place])]
        except KnownError as refused:
            told.check(refused, "CEN-50")
            files = []
        assert all(path.is_file() and root in path.parents for path in files)
        _empty(place)

    names = "davka-00001.p7m", "potvrzeni-00001-0123456789abcdef.p7m", "davka-.p7m/x", "davka-2.p7m"
    return Made(run, tuple(f"prebirka-zk2024/41-1/{name}=abc".encode() for name in names))


def _empty(place: Path) -> None:
    for path in sorted(place.rglob("*"), key=lambda each: len(each.parts), reverse=True):
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
