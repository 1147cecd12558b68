"""What expected documents share: the election as it stands, turnout, percentages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.election.decisions import Decisions
from app.election.percent import rounded, text
from app.verify.changes import Change, Key
from app.verify.sums import Area, Sum
from app.verify.tree import Node, node
from app.verify.zero import Zero

#: Hundredths of a per cent: `percent.truncated` or `percent.rounded`.
Share = Callable[[int, int], int]


@dataclass(frozen=True)
class Standing:
    """An election as it stands after a chain of changes and the acts in force."""

    election: str
    zero: Zero
    changes: tuple[Change, ...]
    in_force: Mapping[Key, Change]
    sums: Mapping[str, Mapping[Area, Sum]]  # by contest
    decisions: Decisions


def document(name: str, said: Node, *children: Node) -> Node:
    """An expected document; its time of generation is the one it says, checked elsewhere."""
    return node(name, children, DATUM_CAS_GENEROVANI=said.attributes.get("DATUM_CAS_GENEROVANI"))


def ucast(area: Sum, **first: object) -> Node:
    """The element UCAST; `first` are attributes before the others."""
    registered, issued, returned, valid = area.counts
    return node(
        "UCAST",
        **first,
        OKRSKY_CELKEM=area.expected,
        OKRSKY_ZPRAC=area.processed,
        OKRSKY_ZPRAC_PROC=text(rounded(area.processed, area.expected)),
        ZAPSANI_VOLICI=registered,
        VYDANE_OBALKY=issued,
        UCAST_PROC=text(rounded(issued, registered)),
        ODEVZDANE_OBALKY=returned,
        PLATNE_HLASY=valid,
        PLATNE_HLASY_PROC=text(rounded(valid, returned)),
    )
