"""A typist in a process of its own: types fields, tells each as soon as it is saved, and may be killed.

    python -m tests.support.typist FOLDER SEED

For each line of its input, a number, one process is forked (so that forty need not import everything anew),
tells its id, and goes on where the draft stands: a paper of twelve lists with every box left. It kills
itself when so many fields were saved and told, or is killed from outside; how it ended is told.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from app.election.model import Mode, PrecinctId, ProtocolKey, RegionalProtocol
from app.election.reference import CandidateList, Reference, Region
from app.election.verdict import FieldRef
from app.station.figures import figures
from app.station.station import Station
from tests.support import invented_election as invented
from tests.support.station_world import CLERK, Clock

KEY = ProtocolKey(PrecinctId(550001, 1), invented.Contest.REGIONAL)
LISTS = 13  # of which the invented paper has votes for all but the last


def twelve_lists() -> Reference:
    """The invented election with more than twelve lists of seventy candidates in its first region."""
    known = invented.reference(mode=Mode.REHEARSAL)
    pattern = known.regions[1].lists[12]
    assert len(pattern.candidates) == 70
    lists: dict[int, CandidateList] = {
        number: replace(pattern, number=number) for number in range(3, 3 + LISTS)
    }
    return replace(known, regions={**known.regions, 1: Region(1, "Severní", 45, lists)})


def paper(reference: Reference, protocol: RegionalProtocol) -> dict[FieldRef, int | None]:
    """Every box of the form in its order; lists without a sheet are not left."""
    stated = figures(protocol)
    with_sheet = {sheet.list_number for sheet in protocol.sheets}
    fields: dict[FieldRef, int | None] = {field: stated[field] for field in list(stated)[:4]}
    for number in sorted(with_sheet):
        for field in (FieldRef("POC_HLASU", number), *(FieldRef("HLASY", number, n) for n in range(1, 71))):
            fields[field] = stated.get(field)
    return fields


def type_on(folder: Path, seed: int, die_after: int) -> None:
    """Go on where the draft stands; dies after so many saved fields of this run, 0: at none."""
    with Station.open(folder, Clock()) as station:
        told = paper(station.reference, invented.regional_protocol(station.reference, KEY.precinct, seed))
        draft = station.entries.begin(KEY, CLERK)
        left = [field for field in told if field not in draft.values]
        for count, field in enumerate(left, 1):
            draft = station.entries.save(draft.id, field, told[field], CLERK)
            name, number, candidate = field
            value = "-" if told[field] is None else told[field]
            print(f"{name} {number or 0} {candidate or 0} {value}", flush=True)
            if count == die_after:
                os.kill(os.getpid(), signal.SIGKILL)
        station.entries.finish(draft.id, CLERK)
        print("finished", flush=True)


def main() -> None:
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                print(f"pid {os.getpid()}", flush=True)
                type_on(folder, seed, int(line))
                status = 0
            finally:
                os._exit(status)
        _, ended = os.waitpid(child, 0)
        print(f"\nended {os.waitstatus_to_exitcode(ended)}", flush=True)


if __name__ == "__main__":
    main()
