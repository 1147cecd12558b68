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
    """Withdrawals among the changes and acts of withdrawal are the same ones. Raises Difference VER-31."""
    withdrawn = {change.reason: change for change in changes if change.result is None}
    acts = {f"UKON-{act.attributes['CISLO']}": act for act in root.children if _withdraws(act)}
    for reason, act in acts.items():
        said = act.attributes
        change = withdrawn.get(reason)
        if change is None or change.key != (said["DRUH"], int(said["OBEC"]), int(said["OKRSEK"])):
            cs, en = "odvolání není mezi změnami.", "the withdrawal is not among the changes."
            raise Difference("VER-31", file, cs, en, place=f"/UKONY/UKON[@CISLO='{said['CISLO']}']")
    for reason, change in withdrawn.items():
        if reason not in acts:
            changed, _, place = change.place.partition("/ZMENY")
            cs, en = "odvolání bez úředního úkonu.", "a withdrawal without an act."
            raise Difference("VER-31", changed, cs, en, place=f"/ZMENY{place}")


def _withdraws(act: Node) -> bool:
    return act.attributes["UKON"] == "ODVOLANI"
