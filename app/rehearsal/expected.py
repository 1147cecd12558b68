"""What a rehearsed night has to publish, worked out from the truth.

The documents of an invented night are compared with documents written from tallies of the true
protocols. Because those tallies and writers are the program's own, every published count of any night is
also added up once more here, by plain loops over the protocols, without `app.election.tally`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from app.documents.results.counts import PublishedBatch
from app.documents.results.vysledky import vysledky
from app.documents.results.vysledky_kandid import vysledky_kandid
from app.documents.results.vysledky_okres import vysledky_okres
from app.election.model import Contest, PrecinctId, Protocol, RegionalProtocol
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
    for nuts in districts_of(reference, reference.regions):
        data = vysledky_okres(reference, tally, nuts, generated_at)
        (folder / "okresy" / f"{nuts}.xml").write_bytes(data)


def districts_of(reference: Reference, regions: Collection[int]) -> tuple[str, ...]:
    """NUTS codes of the districts of these regions in which somebody votes, ascending."""
    codes = {precinct.district for precinct in reference.precincts.values() if precinct.region in regions}
    return tuple(sorted(reference.districts[code].nuts for code in codes))


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


def sum_faults(
    published: Mapping[int, Counter[str]], truth: Mapping[int, Counter[str]], regions: Collection[int]
) -> Iterator[str]:
    """A line for each published count of these regions that is not the sum of the protocols."""
    for region in sorted(regions):
        ours, right = published.get(region, Counter()), truth[region]
        for name in sorted({*ours, *right}):
            if ours[name] != right[name]:
                numbers = f"zveřejněno · published {ours[name]}, součet · sum {right[name]}"
                yield f"kraj {region}, {name}: {numbers}"


def batch_faults(
    batches: Sequence[PublishedBatch], standing: Iterable[Protocol], precincts_expected: int
) -> Iterator[str]:
    """A line for each thing that is wrong with the published batches of precincts.

    They are numbered from 1 without gaps; orders of processing too, over all of them; heads count what
    is there; each precinct's last record is the protocol that stands.
    """
    last: dict[PrecinctId, tuple[object, object]] = {}
    order = 0
    for expected_number, batch in enumerate(batches, 1):
        name = f"vysledky_okrsky_{batch.file_number:05d}"
        if (batch.file_number, batch.number) != (expected_number, expected_number):
            yield f"{name}: PORADI_DAVKY {batch.number}, má být · should be {expected_number}"
        for record in batch.records:
            order += 1
            if record.order != order:
                yield f"{name}: PORADI_ZPRAC {record.order}, má být · should be {order}"
            if record.repeated != (record.precinct in last):
                yield f"{name}: {record.precinct}: OPAKOVANE {int(record.repeated)}"
            if record.processed_at > batch.generated_at:
                yield f"{name}: {record.precinct}: DATUM_CAS_ZPRAC po vzniku dávky · after the batch"
            last[record.precinct] = (record.counts, record.votes)
        stated = (batch.size, batch.precincts_expected, batch.precincts_processed)
        if stated != (len(batch.records), precincts_expected, len(last)):
            yield f"{name}: OKRSKY_DAVKA, OKRSKY_CELKEM, OKRSKY_ZPRAC {stated}"
    right = {
        protocol.precinct: (protocol.counts, tuple((s.list_number, s.votes) for s in protocol.sheets))
        for protocol in standing
        if isinstance(protocol, RegionalProtocol)
    }
    for precinct in sorted({*last, *right}):
        if last.get(precinct) != right.get(precinct):
            yield f"vysledky_okrsky: {precinct}: není to, co platí v ústředí · not what stands at the centre"
