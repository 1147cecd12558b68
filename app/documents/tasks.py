"""The tasks of a rehearsal round: which prescribed protocols each workstation types, as one signed file.

    ukoly.json        this document, in one canonical form
    ukoly.json.p7s    the centre's signature of it

Who judges the round reads the very numbers that were printed on the sheets: the file is verified before it is
read, and a protocol in it is the canonical text of `app.election.content`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from app.documents.document_errors import refusal
from app.documents.xml_text import time_of, time_text
from app.election.content import content_text, protocol_of
from app.election.model import Counts, Mode, Protocol

FILE, SIGNATURE_FILE = "ukoly.json", "ukoly.json.p7s"
#: Bytes: all protocols of a nation have about 60 MB.
MAX_BYTES = 120_000_000
_FORMAT = 1
ROUNDS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Task:
    """One prescribed protocol and the workstation that types it."""

    transfer_point: int
    station: str
    protocol: Protocol


@dataclass(frozen=True, slots=True)
class Tasks:
    """A round's tasks in the order of transfer point, workstation and precinct."""

    election: str
    mode: Mode
    round: int
    seed: int
    made_at: datetime
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one workstation gets on paper."""

    transfer_point: int
    station: str
    round: int
    protocols: tuple[Protocol, ...]

    @property
    def totals(self) -> Counts:
        """The control totals: each count over all protocols of the sheet."""
        return Counts(
            *(sum(column) for column in zip(*(each.counts for each in self.protocols), strict=True))
        )


def sheets(tasks: Tasks) -> Iterable[Sheet]:
    """The sheets of a round, one for each workstation."""
    for (point, station), some in groupby(tasks.tasks, lambda each: (each.transfer_point, each.station)):
        yield Sheet(point, station, tasks.round, tuple(each.protocol for each in some))


def write(tasks: Tasks) -> bytes:
    """The canonical bytes: the same tasks always give the same ones."""
    told = {
        "format": _FORMAT,
        "election": tasks.election,
        "mode": tasks.mode.value,
        "round": tasks.round,
        "seed": tasks.seed,
        "made_at": time_text(tasks.made_at),
        "tasks": [
            {"point": each.transfer_point, "station": each.station, "protocol": content_text(each.protocol)}
            for each in tasks.tasks
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def read(data: bytes) -> Tasks:
    """The tasks in `data` (the exact content whose signature was verified). Raises `DocumentError` DOC-25."""
    try:
        told = json.loads(data)
        if told["format"] != _FORMAT or told["round"] not in ROUNDS:
            raise ValueError("format")
        return Tasks(
            str(told["election"]), Mode(told["mode"]), int(told["round"]), int(told["seed"]),
            time_of(told["made_at"]),
            tuple(
                Task(int(each["point"]), str(each["station"]), protocol_of(each["protocol"]))
                for each in told["tasks"]
            ),
        )  # fmt: skip
    except (ValueError, TypeError, LookupError) as error:
        raise refusal("DOC-25", element=FILE) from error
