"""What people decided, read from the published acts in force (`acts.xml`), and held against the changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.election.decisions import Decisions
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.verify.changes import Change
from app.verify.differences import Difference
from app.verify.tree import Node


def decisions_of(root: Node) -> Decisions:
    """The decisions in force; of two about the same thing the later counts, of two lots in one place for
    those whom the later drew again."""
    lots: dict[tuple[Contest, int], tuple[int, ...]] = {}
    left: dict[int, tuple[int, ...]] = {}
    seats: dict[int, Mapping[int, int]] = {}
    never, declared = set(), set()
    for act in root.children:
        said = act.attributes
        contest, number = Contest(said["DRUH"]), int(said.get("CISLO_UZEMI", "0"))
        numbers = tuple(map(int, said.get("CISLA", "").split()))
        match said["UKON"]:
            case "LOS":
                before = lots.get((contest, number), ())
                lots[contest, number] = (*(each for each in before if each not in numbers), *numbers)
            case "NAHRADA":
                left[number] = (*left.get(number, ()), *numbers)
            case "ROZHODNUTI":
                pairs = [pair.split(":") for pair in said.get("MANDATY", "").split()]
                seats[number] = {int(listed): int(won) for listed, won in pairs}
            case "NEDODANO":
                never.add(ProtocolKey(PrecinctId(int(said["OBEC"]), int(said["OKRSEK"])), contest))
            case "UPLNOST":
                declared.add((contest, _AREAS[said["UZEMI"]], number))
    return Decisions(lots, left, frozenset(never), frozenset(declared), seats)


_AREAS = {"KRAJ": "region", "OKRES": "district", "OBVOD": "senate", "STAT": "country"}


def check_withdrawals(file: str, root: Node, changes: Iterable[Change]) -> None:
    """Every withdrawal in force is among the changes. Raises Difference VER-31."""
    withdrawn = {change.key for change in changes if change.result is None}
    for act in root.children:
        said = act.attributes
        if said["UKON"] != "ODVOLANI":
            continue
        if (said["DRUH"], int(said["OBEC"]), int(said["OKRSEK"])) not in withdrawn:
            raise Difference(
                "VER-31",
                file,
                "odvolání není mezi změnami.",
                "the withdrawal is not among the changes.",
                place=f"/UKONY/UKON[@CISLO='{said['CISLO']}']",
            )
