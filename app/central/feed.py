"""Which documents a contest publishes, and which of them a change touches; where they lie is in
`app.central.addresses`.

The static layout of volby.cz since 2024. Below `appdata/{election}/odata/`: `vysledky.xml`,
`vysledky_krajmesta.xml`, `vysledky_kandid.xml`, `okresy/vysledky_okres_{NUTS}.xml`. Below
`appdata/senat/{first voting day of round 1}/odata/`: `vysledky.xml`, `obvody/vysledky_obce_obvod_{N}.xml`.
In both `okrsky/vysledky_okrsky_{number}.xml`, with `okrsky/vysledky_okrsky.xml` as the latest batch.

A publication in a rush writes many documents of which only some areas changed: the text of the others is
kept from the time before, area by area, and is forgotten for the areas that a change touches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from app.central import older
from app.central.addresses import OKRSKY, batch_path, folder_of_contest
from app.central.count import Count
from app.central.grid import Cut
from app.documents import results
from app.documents.results.parts import Kept
from app.election.model import RegionalProtocol
from app.election.reference import Reference
from app.election.tally import Touched

Documents = Iterator[tuple[str, bytes]]


class Feed:
    """The documents of one contest, made from its running count."""

    def __init__(self, reference: Reference, count: Count) -> None:
        self.folder = folder_of_contest(reference.election, count.contest)
        self._count = count
        self._areas = _Districts(reference, count) if count.contest.is_senate else _Regions(reference, count)
        self._decisions = count.decisions
        self._complete = False  # whether every document was made once

    def documents(self, now: datetime) -> dict[str, bytes]:
        """Every document that has to be written again, by path; forgets what was touched."""
        count = self._count
        if count.decisions != self._decisions:  # they may concern any area, and are few
            self._decisions, self._complete = count.decisions, False
        made: dict[str, bytes] = {}
        if not self._complete:
            self._areas.forget_all()
            made.update(self._areas.all(now))
        elif count.touched:
            self._areas.forget(count.touched)
            made.update(self._areas.touched(count.touched, now))
        for cut in count.cuts:
            made[batch_path(cut.number)] = made[f"{OKRSKY}.xml"] = self._batch(cut)
        count.touched.clear()
        count.cuts.clear()
        self._complete = True
        return {self.folder + path: document for path, document in made.items()}

    def errors(self, now: datetime) -> dict[str, bytes]:
        """The documents that say that there is no such area or batch, by the names of `app.central.older`."""
        return self._areas.errors(now)

    def _batch(self, cut: Cut) -> bytes:
        records = []
        for each in cut.processed:
            protocol = each.protocol
            if isinstance(protocol, RegionalProtocol):
                votes, district = tuple([(s.list_number, s.votes) for s in protocol.sheets]), None
            else:
                votes, district = protocol.votes, protocol.senate_district
            records.append(
                results.Processed(
                    protocol.precinct, each.order, each.at, each.resent, protocol.counts, votes, district
                )
            )
        expected = self._count.tally.country.precincts_expected
        return results.vysledky_okrsky(
            records, cut.number, expected, cut.precincts_processed, cut.generated_at, self._count.contest
        )


class _Regions:
    """The documents of regional councils."""

    def __init__(self, reference: Reference, count: Count) -> None:
        self._reference = reference
        self._count = count
        self._texts: defaultdict[str | int, Kept] = defaultdict(dict)  # by document, or by district (OKRES)

    def all(self, now: datetime) -> Documents:
        yield from self._national(now)
        for code in self._count.tally.district:
            yield self._district(code, now)

    def touched(self, touched: Iterable[Touched], now: datetime) -> Documents:
        yield from self._national(now)
        for code in {each.district for each in touched}:
            yield self._district(code, now)

    def forget_all(self) -> None:
        self._texts.clear()

    def forget(self, touched: Iterable[Touched]) -> None:
        """A municipality's change is one of its region's three texts and of its own and its city's row."""
        for municipality, district, region, _ in touched:
            for document in ("vysledky", "kandid", "krajmesta"):
                self._texts[document].pop(region or 0, None)
            self._texts[district].pop(municipality, None)
            presented = self._reference.municipalities[municipality].presented_under
            self._texts[district].pop(presented, None)

    def errors(self, now: datetime) -> dict[str, bytes]:
        return {
            older.DISTRICT: results.vysledky_okres(self._reference, self._count.tally, "", now),
            older.BATCH: results.not_yet(now),
        }

    def _national(self, now: datetime) -> Documents:
        of, count, texts = self._reference, self._count, self._texts
        yield "vysledky.xml", results.vysledky(of, count.tally, now, count.decisions, texts["vysledky"])
        yield "vysledky_kandid.xml", results.vysledky_kandid(of, count.tally, now, texts["kandid"])
        yield "vysledky_krajmesta.xml", results.vysledky_krajmesta(of, count.tally, now, texts["krajmesta"])

    def _district(self, code: int, now: datetime) -> tuple[str, bytes]:
        nuts = self._reference.districts[code].nuts
        document = results.vysledky_okres(self._reference, self._count.tally, nuts, now, self._texts[code])
        return f"okresy/vysledky_okres_{nuts}.xml", document


class _Districts:
    """The documents of one round of a Senate election."""

    def __init__(self, reference: Reference, count: Count) -> None:
        self._reference = reference
        self._count = count
        self._texts: Kept = {}  # `vysledky`, by district (OBVOD)
        self._rows: defaultdict[int, Kept] = defaultdict(dict)  # municipalities, by district

    def all(self, now: datetime) -> Documents:
        yield self._national(now)
        for number in self._reference.senate_districts:
            yield self._district(number, now)

    def touched(self, touched: Iterable[Touched], now: datetime) -> Documents:
        yield self._national(now)
        for number in {each.senate_district for each in touched}:
            if number is not None:
                yield self._district(number, now)

    def forget_all(self) -> None:
        self._texts.clear()
        self._rows.clear()

    def forget(self, touched: Iterable[Touched]) -> None:
        for municipality, _, _, number in touched:
            self._texts.pop(number or 0, None)
            self._rows[number or 0].pop(municipality, None)

    def errors(self, now: datetime) -> dict[str, bytes]:
        contest = self._count.contest
        return {
            older.ELECTION: results.no_such_senate_election(now),
            older.SENATE_DISTRICT: results.senate_obce_obvod(self._reference, self._count.tally, 0, now),
            older.SENATE_BATCH: results.not_yet(now, contest),
        }

    def _national(self, now: datetime) -> tuple[str, bytes]:
        of, count = self._reference, self._count
        return "vysledky.xml", results.senate_vysledky(of, count.tally, now, count.decisions, self._texts)

    def _district(self, number: int, now: datetime) -> tuple[str, bytes]:
        of, count, rows = self._reference, self._count, self._rows[number]
        document = results.senate_obce_obvod(of, count.tally, number, now, count.decisions, rows)
        return f"obvody/vysledky_obce_obvod_{number}.xml", document
