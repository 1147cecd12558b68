"""Who waits at the centre's door: batches first, inquiries apart, nobody for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import pytest

from app.central.answers import Refused
from app.central.waiting import Errand, WaitingRoom

BATCH, INQUIRY = Errand.BATCH, Errand.INQUIRY


async def settle() -> None:
    """Let everybody who can go on do so."""
    for _ in range(5):
        await asyncio.sleep(0)


class Visitors:
    """Tasks that have a turn until they are told to go; `served` names them in the order of their turns."""

    def __init__(self, room: WaitingRoom) -> None:
        self.room, self.served, self.leave = room, list[str](), asyncio.Event()
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, errand: Errand, *names: str, stays: bool = False) -> None:
        for name in names:
            self.tasks[name] = asyncio.create_task(self._visit(errand, name, stays))
        await settle()

    async def _visit(self, errand: Errand, name: str, stays: bool) -> None:
        async with self.room.turn(errand):
            self.served.append(name)
            if stays:
                await self.leave.wait()

    async def end(self) -> None:
        self.leave.set()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


def run(story: Coroutine[None, None, None]) -> None:
    asyncio.run(asyncio.wait_for(story, 20))


def test_a_thousand_inquiries_never_turn_a_batch_away() -> None:
    async def story() -> None:
        visitors = Visitors(WaitingRoom(2, 4, 1000))
        await visitors.come(INQUIRY, "a", "b", stays=True)
        await visitors.come(INQUIRY, *(f"i{number}" for number in range(998)))
        with pytest.raises(Refused) as refused:
            async with visitors.room.turn(INQUIRY):
                pass
        assert refused.value.refusal.code == "ING-12"
        await visitors.come(BATCH, "first")
        assert len(visitors.room) == 1001
        await visitors.end()
        assert visitors.served.index("first") == 2
        assert len(visitors.served) == 1001
        assert len(visitors.room) == 0

    run(story())


def test_a_flood_of_batches_leaves_every_eighth_turn_to_inquiries() -> None:
    async def story() -> None:
        visitors = Visitors(WaitingRoom(1, 100, 100))
        await visitors.come(BATCH, "holder", stays=True)
        await visitors.come(INQUIRY, "i1", "i2")
        await visitors.come(BATCH, *(f"b{number}" for number in range(20)))
        await visitors.end()
        order = [name[0] for name in visitors.served[1:]]
        assert [place for place, kind in enumerate(order, 1) if kind == "i"] == [8, 16]

    run(story())


def test_more_batches_than_may_wait_are_told_to_come_again() -> None:
    async def story() -> None:
        visitors = Visitors(WaitingRoom(1, 3, 3))
        await visitors.come(BATCH, "holder", stays=True)
        await visitors.come(BATCH, "b1", "b2", "b3")
        assert len(visitors.room) == 3
        assert isinstance(visitors.tasks["b3"].exception(), Refused)
        await visitors.end()
        assert visitors.served == ["holder", "b1", "b2"]

    run(story())


def test_whoever_goes_away_while_waiting_leaves_the_turn_to_the_next() -> None:
    async def story() -> None:
        visitors = Visitors(WaitingRoom(1, 9, 9))
        await visitors.come(BATCH, "holder", stays=True)
        await visitors.come(BATCH, "gone", "late", "next")
        visitors.tasks["gone"].cancel()
        visitors.leave.set()
        await asyncio.sleep(0)
        visitors.tasks["late"].cancel()  # its turn may have come in this very moment
        await visitors.end()
        assert visitors.served[-1] == "next"
        assert len(visitors.room) == 0
        async with visitors.room.turn(BATCH):
            pass

    run(story())
