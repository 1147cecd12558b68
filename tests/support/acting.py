"""People of the tests' centre who decide: what they want, and the acts that come of it."""

from __future__ import annotations

from app.central import centre as centres
from app.central.acts import People
from app.central.judging import Wanted
from app.documents.act import Act, Kind
from app.election.model import Contest, PrecinctId, ProtocolKey
from tests.support.house import House

PEOPLE = People(("Jana Nová", "Petr Starý"), ("Eva Malá",), "rozhodnutí komise")


def give(house: House, wanted: Wanted, people: People = PEOPLE) -> Act:
    return centres.give_act(house.centre_folder, wanted, people, house.clock)


def withdraw(house: House, key: ProtocolKey) -> Act:
    return give(house, Wanted(Kind.WITHDRAWAL, key.contest, precinct=key.precinct))


def never(house: House, precinct: PrecinctId, contest: Contest = Contest.REGIONAL) -> Act:
    return give(house, Wanted(Kind.NEVER, contest, precinct=precinct))


def declare(house: House, area: str, number: int = 0, contest: Contest = Contest.REGIONAL) -> Act:
    return give(house, Wanted(Kind.COMPLETE, contest, area, number))


def lot(house: House, contest: Contest, number: int, *order: int) -> Act:
    area = "senate" if contest.is_senate else "region"
    return give(house, Wanted(Kind.LOT, contest, area, number, numbers=order))


def left(house: House, district: int, candidate: int) -> Act:
    wanted = Wanted(Kind.LEFT, Contest.SENATE_ROUND_1, "senate", district, numbers=(candidate,))
    return give(house, wanted)


def undo(house: House, number: int) -> Act:
    return give(house, Wanted(Kind.CANCEL, Contest.REGIONAL, cancels=number))
