"""A station that takes in a folder of files and sends them, until it is done or is killed where told.

    python -m tests.support.station_driver FOLDER FILES CENTRE [--statement N] [--push before|after N]

`--statement N` kills the process (SIGKILL) just before its N-th SQL statement, `--push` before the
centre has the N-th push or after the centre has it and before the answer is here. The centre is a
folder into which each push is written; its answers are made again from that folder at each start.
The faults are in this driver alone: the program knows nothing of them.
"""

from __future__ import annotations

import argparse
import os
import signal
import sqlite3
from pathlib import Path
from typing import NoReturn

from app.documents import reference as reference_files
from app.station.offers import Standing
from app.station.sending import Answer
from app.station.states import State
from app.station.station import Station
from app.station.store import Store
from app.trust.authority import AuthorityCertificate
from app.trust.certificate import Certificate
from app.trust.keys import load_key, save_key
from tests.support.station_world import (
    CLERK,
    SUPERVISOR,
    Authority,
    Clock,
    FakeCentre,
    Role,
    Signer,
    authority,
    fixed_chance,
)


class FolderCentre:
    """A centre whose memory is a folder: one file for each different batch, in the order of arrival."""

    def __init__(self, folder: Path, reference_file: Path) -> None:
        trusted = Authority(
            "zk2024",
            load_key(folder / "authority.key", None),
            AuthorityCertificate.from_pem((folder / "authority.pem").read_bytes()),
        )
        signer = Signer(
            load_key(folder / "centre.key", None), Certificate.from_pem((folder / "centre.pem").read_bytes())
        )
        reference = reference_files.load(reference_file)
        self.fake = FakeCentre(reference, Clock(), trusted=trusted, signer=signer)
        self._folder = folder
        for path in sorted(folder.glob("*.p7m")):
            self.fake.receive(path.read_bytes())

    @staticmethod
    def prepare(folder: Path) -> None:
        folder.mkdir()
        ours = authority("zk2024")
        centre = ours.of_role(Role.CENTRE)
        save_key(ours.key, folder / "authority.key", None)
        (folder / "authority.pem").write_bytes(ours.certificate.to_pem())
        save_key(centre.key, folder / "centre.key", None)
        (folder / "centre.pem").write_bytes(centre.certificate.to_pem())

    def push(self, data: bytes) -> Answer:
        known = sorted(self._folder.glob("*.p7m"))
        if all(path.read_bytes() != data for path in known):
            draft = self._folder / "draft"
            draft.write_bytes(data)
            draft.rename(self._folder / f"{len(known) + 1:05}.p7m")
        return self.fake.push(data)


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit


class DyingCentre:
    """Kills the process before or after the centre has the n-th push."""

    def __init__(self, centre: FolderCentre, when: str, number: int) -> None:
        self._centre, self._when, self._left = centre, when, number

    def push(self, data: bytes) -> Answer:
        self._left -= 1
        if self._left == 0 and self._when == "before":
            die()
        answer = self._centre.push(data)
        if self._left == 0 and self._when == "after":
            die()
        return answer


def die_at_statement(number: int) -> None:
    """Let every connection that the store opens count its statements."""
    left = number
    connect = Store._connect

    def counting(store: Store) -> sqlite3.Connection:
        connection = connect(store)

        def count(statement: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                die()

        connection.set_trace_callback(count)
        return connection

    Store._connect = counting  # type: ignore[method-assign]


def take_in(station: Station, path: Path) -> None:
    """Whatever the file's protocol still needs: acceptance, hold and approval, or correction."""
    (offer,) = station.intake.read_file(path)
    row = station.row(offer.key)
    assert row is not None
    if row.state is State.HELD:
        (held,) = station.intake.held(offer.key)
        station.intake.approve(offer.key, SUPERVISOR, held.content_hash)
    elif offer.can_accept:
        station.intake.accept(offer, CLERK)
    elif offer.can_hold:
        held = station.intake.hold(offer, CLERK, "obálka navíc")
        station.intake.approve(offer.key, SUPERVISOR, held.content_hash)
    elif offer.standing is Standing.DIFFERENT and path.stem.startswith(f"{row.revision + 1}-"):
        station.intake.correct(offer, CLERK, "oprava")


def work(station: Station, files: list[Path], transport: FolderCentre | DyingCentre) -> None:
    sender = station.sender(transport, fixed_chance())
    for index, path in enumerate(files):
        take_in(station, path)
        if index % 3 == 2:
            sender.step(station.clock())
    while sender.step(station.clock()) is not None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("files", type=Path)
    parser.add_argument("centre", type=Path)
    parser.add_argument("--statement", type=int, default=0)
    parser.add_argument("--push", nargs=2, default=("", "0"))
    told = parser.parse_args()
    transport: FolderCentre | DyingCentre = FolderCentre(told.centre, told.folder / "reference.sqlite")
    if told.push[0]:
        assert isinstance(transport, FolderCentre)
        transport = DyingCentre(transport, told.push[0], int(told.push[1]))
    print("started", flush=True)
    if told.statement:
        die_at_statement(told.statement)
    with Station.open(told.folder, Clock()) as station:
        work(station, sorted(told.files.iterdir()), transport)


if __name__ == "__main__":
    main()
