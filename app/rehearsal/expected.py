"""What a rehearsed night has to publish, worked out from the truth by a second, simpler way.

The documents of an invented night are compared with documents written from tallies of the true
protocols; and because those tallies are the program's own, every published count is added up once
more here by plain loops over the protocols, without `app.election.tally`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from app.documents.results.vysledky import vysledky
from app.documents.results.vysledky_kandid import vysledky_kandid
from app.documents.results.vysledky_okres import vysledky_okres
from app.election.model import Contest, Protocol, RegionalProtocol
from app.election.reference import Reference
from app.election.tally import ElectionTally


def write_expected(
    folder: Path, reference: Reference, truth: Iterable[Protocol], generated_at: datetime
) -> None:
    """Write the documents that must be published, laid out as the office's open data."""
    tally = ElectionTally(reference, Contest.REGIONAL)
    for protocol in truth:
        if isinstance(protocol, RegionalProtocol):
            tally.apply(protocol, None)
    tally.assert_consistent()
    (folder / "okresy").mkdir(parents=True)
    (folder / "vysledky.xml").write_bytes(vysledky(reference, tally, generated_at))
    (folder / "vysledky_kandid.xml").write_bytes(vysledky_kandid(reference, tally, generated_at))
    for district in reference.districts.values():
        if district.region is not None:
            data = vysledky_okres(reference, tally, district.nuts, generated_at)
            (folder / "okresy" / f"{district.nuts}.xml").write_bytes(data)


def plain_sums(reference: Reference, truth: Iterable[Protocol]) -> dict[int, Counter[str]]:
    """By region: precincts, the four counts, votes by list and preferences, as plain sums.

    Keys: the columns' names, `HLASY 47` for list 47, `PREDNOSTNI 47/3` for its third candidate.
    """
    sums: dict[int, Counter[str]] = {number: Counter() for number in reference.regions}
    for protocol in truth:
        if not isinstance(protocol, RegionalProtocol):
            continue
        region = reference.precincts[protocol.precinct].region
        assert region is not None
        into = sums[region]
        counts = protocol.counts
        into["OKRSKY_ZPRAC"] += 1
        into["ZAPSANI_VOLICI"] += counts.registered_voters
        into["VYDANE_OBALKY"] += counts.envelopes_issued
        into["ODEVZDANE_OBALKY"] += counts.envelopes_returned
        into["PLATNE_HLASY"] += counts.valid_votes
        for sheet in protocol.sheets:
            into[f"HLASY {sheet.list_number}"] += sheet.votes
            for number, votes in sheet.preferences:
                into[f"PREDNOSTNI {sheet.list_number}/{number}"] += votes
    return sums
