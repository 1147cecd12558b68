"""Which documents a contest publishes, where they lie, and which of them a change touches.

The static layout of volby.cz since 2024, below `appdata/{election}/odata/`: `vysledky.xml`,
`vysledky_kandid.xml`, `okresy/vysledky_okres_{NUTS}.xml` and `okrsky/vysledky_okrsky_{number}.xml` with
`okrsky/vysledky_okrsky.xml` as the latest batch. Senate protocols are counted; their documents are not
published yet.
"""

from __future__ import annotations

from datetime import datetime

from app.central.count import Count
from app.central.grid import Cut
from app.documents import results
from app.election.model import Contest, RegionalProtocol
from app.election.reference import Reference

NO_DISTRICT = "okres"
NO_BATCH = "okrsky"
OKRSKY = "okrsky/vysledky_okrsky"


def folder_of(election: str) -> str:
    """Where the documents of an election lie in a version."""
    return f"appdata/{election}/odata/"


class Feed:
    """The documents of one contest, made from its running count."""

    def __init__(self, reference: Reference, count: Count) -> None:
        self._reference = reference
        self._count = count
        self._folder = folder_of(reference.election.code)
        self._complete = False  # whether every document was made once

    def documents(self, now: datetime) -> dict[str, bytes]:
        """Every document that has to be written again, by path; forgets what was touched."""
        count = self._count
        if count.contest is not Contest.REGIONAL:
            count.touched.clear()
            count.cuts.clear()
            return {}
        made: dict[str, bytes] = {}
        if count.touched or not self._complete:
            made["vysledky.xml"] = results.vysledky(self._reference, count.tally, now)
            made["vysledky_kandid.xml"] = results.vysledky_kandid(self._reference, count.tally, now)
            for nuts in self._districts():
                document = results.vysledky_okres(self._reference, count.tally, nuts, now)
                made[f"okresy/vysledky_okres_{nuts}.xml"] = document
        for cut in count.cuts:
            made[f"{OKRSKY}_{cut.number:05d}.xml"] = made[f"{OKRSKY}.xml"] = self._batch(cut)
        count.touched.clear()
        count.cuts.clear()
        self._complete = True
        return {self._folder + path: document for path, document in made.items()}

    def errors(self, now: datetime) -> dict[str, bytes]:
        """The documents that say: no such district here, no such batch yet."""
        return {
            NO_DISTRICT: results.vysledky_okres(self._reference, self._count.tally, "", now),
            NO_BATCH: results.not_yet(now),
        }

    def _districts(self) -> list[str]:
        """NUTS codes of the districts that changed; of all that vote when nothing was made yet."""
        codes = (
            {touched.district for touched in self._count.touched}
            if self._complete
            else set(self._count.tally.district)
        )
        return sorted(self._reference.districts[code].nuts for code in codes)

    def _batch(self, cut: Cut) -> bytes:
        records = []
        for each in cut.processed:
            protocol = each.protocol
            assert isinstance(protocol, RegionalProtocol)
            votes = tuple([(sheet.list_number, sheet.votes) for sheet in protocol.sheets])
            records.append(
                results.Processed(protocol.precinct, each.order, each.at, each.resent, protocol.counts, votes)
            )
        expected = self._count.tally.country.precincts_expected
        return results.vysledky_okrsky(
            records, cut.number, expected, cut.precincts_processed, cut.generated_at
        )
