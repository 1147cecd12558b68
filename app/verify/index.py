"""The pointer of a version: its state agrees with what is counted, and it leads where things are."""

from __future__ import annotations

from app.verify.changes import Chain
from app.verify.differences import Difference, other_value
from app.verify.expected import Standing
from app.verify.sums import COUNTRY
from app.verify.tree import Node


def check(file: str, root: Node, manifest: Node, chain: Chain, standing: Standing) -> None:
    """Raises Difference VER-40 for a state that is not so, VER-12 for a link to nothing."""
    state = root.attributes["STAV"]
    complete = all(sums[COUNTRY].settled for sums in standing.sums.values())
    allowed = {"UPLNE"} if complete else {"PRUBEZNE"} if chain.changes else {"PRED_KONCEM", "PRUBEZNE"}
    if state not in allowed:
        raise other_value("VER-40", file, "/FEED/@STAV", state, " / ".join(sorted(allowed)))
    feed = f"feed/{standing.election}"
    version = root.attributes["VERZE"]
    listed = {f"{feed}/versions/{version}/{entry.attributes['CESTA']}" for entry in manifest.children}
    listed |= {f"{feed}/versions/{version}/{feed}/manifest.xml", f"{feed}/versions/{version}/{feed}/xsd/"}
    listed |= {f"{feed}/events", f"{feed}/changes/{chain.last_file:06d}.xml"}
    for link in root.children:
        path = link.attributes["CESTA"]
        if path not in listed:
            kind = link.attributes["DRUH"]
            raise Difference("VER-12", file, f"{path} tu není.", f"{path} is not here.",
                             place=f"/FEED/ODKAZ[@DRUH='{kind}']/@CESTA")  # fmt: skip
