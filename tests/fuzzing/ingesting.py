"""Ingest behind the signature: a registered station signs whatever the fuzzer makes of a batch.

Each input meets the same store: a station with two batches at the centre, one of them after a gap, and a
neighbour with one. An input is the text of a batch in which `@P` stands for the hash of the station's last
batch and `@N` for its next number, so that most inputs continue the chain. Whatever it says, there is an
answer with a known code; a problem leaves the store as it was, a receipt adds exactly one row of it; the
same bytes get the same receipt; and the sums of what is stored agree (AG-01).
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

from app.central.answers import SIGNED, Answer
from app.central.counting import Counting
from app.central.refusals import REFUSALS
from app.central.settings import CentreFolder
from app.documents import batch as batch_document
from app.documents.batch import BatchItem
from app.documents.receipt import Receipt, Status
from app.election.model import Contest
from tests.fuzzing import world
from tests.fuzzing.targets import Made
from tests.support.invented_election import POINT, protocols

#: What a healthy store never makes the centre say.
_NEVER = {"ING-12", "ING-14"}
_ITEM_CODES = {"", "ING-20", "ING-21", "ING-22", "ING-23", "ING-24"}


class _Desk:
    """The house, and its store as it is put back before each input."""

    def __init__(self) -> None:
        with world.counted_keys():
            self.house = world.house()
            self.station = self.house.station(f"{POINT}-1")
            self.other = self.house.station(f"{POINT}-2")
        self.centre = self.house.open()
        known = self.house.reference
        here = known.of_transfer_point(POINT)
        regional, senate = (
            [each for each in protocols(known, contest) if known.precincts[each.precinct] in here]
            for contest in (Contest.REGIONAL, Contest.SENATE_ROUND_1)
        )
        self.items = self.station.items([*regional, *senate])
        self._take(self.station.batch(self.items[0]))
        self._take(self.other.batch(self.other.item(regional[1])))
        self.begin = sqlite3.connect(":memory:")
        with self.store() as kept:
            kept.backup(self.begin)

    def close(self) -> None:
        self.begin.close()
        self.centre.close()

    def store(self) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(CentreFolder(self.house.centre_folder).store))

    def put_back(self) -> None:
        with self.store() as changed:
            self.begin.backup(changed)

    def rows(self) -> list[int]:
        """How many rows the tables have that a batch may fill."""
        tables = "batch", "set_aside", "verdict", "revision"
        with self.store() as held:
            return [held.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]

    def _take(self, data: bytes) -> None:
        assert self.centre.ingest.receive(data, world.NOW).code == ""

    def text(self, *items: BatchItem, **changes: object) -> bytes:
        """A batch as an input: its number and the hash before it are left open."""
        self.station.number += 1
        made = replace(self.station.content(*items), **changes)
        self.station.number -= 1
        text = batch_document.write(made)
        text = text.replace(self.station.previous.encode(), b"@P")
        return text.replace(b'PORADI_DAVKY="2"', b'PORADI_DAVKY="@N"')

    def signed(self, text: bytes) -> bytes:
        text = text.replace(b"@P", self.station.previous.encode()).replace(b"@N", b"2")
        return self.station.sign(text)


def batches() -> Made:
    desk = _Desk()
    first, second, third, *senate = desk.items
    again = replace(first, acceptance=replace(first.acceptance, revision=2, reason="oprava"))
    seeds = (
        desk.text(second), desk.text(again, *senate), desk.text(), desk.text(third, number=4),
        desk.text(first, second, third, *senate), desk.text(second, station=desk.other.name),
    )  # fmt: skip
    return Made(lambda data: _run(desk, data), seeds, desk.close)


def _run(desk: _Desk, data: bytes) -> None:
    desk.put_back()
    before = desk.rows()
    signed = desk.signed(data)
    answer = desk.centre.ingest.receive(signed, world.NOW)
    assert answer.code in {"", *REFUSALS} - _NEVER, answer.code
    after = desk.rows()
    if answer.content_type == SIGNED:
        _check_receipt(desk, answer, before, after)
        assert desk.centre.ingest.receive(signed, world.NOW).body == answer.body, "another receipt"
        assert desk.rows() == after, "counted twice"
    else:
        assert json.loads(answer.body)["code"] == answer.code
        assert after == before, "a problem that left something"
    _check_sums(desk)


def _check_receipt(desk: _Desk, answer: Answer, before: list[int], after: list[int]) -> None:
    receipt: Receipt = desk.house.receipt(answer.body)
    batches_, aside, verdicts, revisions = (b - a for a, b in zip(before, after, strict=True))
    assert batches_ + aside == 1, "not exactly one row"
    assert (batches_ == 1) == (receipt.status in (Status.ACCEPTED, Status.QUEUED))
    assert verdicts == len(receipt.items)
    assert revisions == sum(item.outcome.value == "PRIJATO" for item in receipt.items)
    assert {item.code for item in receipt.items} <= _ITEM_CODES


def _check_sums(desk: _Desk) -> None:
    counting = Counting(desk.centre.database, desk.house.reference, 0)
    counting.rebuild()
    counting.count_new(world.NOW)
    for count in counting.counts.values():
        count.check()
