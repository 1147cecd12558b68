"""A whole nation as a published folder, made straight from tallies: what the public pages read of it.

Nothing is signed, compressed or stored, for no page needs that; documents and changes are the real ones.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import log
from pathlib import Path

from app.central.addresses import folder_of, senate_folder
from app.central.versions import Versions
from app.documents import act, results
from app.documents.feed import changes, checkpoint, index, zero
from app.documents.feed.changes import Change, ChangeKind, ChangesFile, Published, Told
from app.documents.feed.index import State
from app.documents.feed.parts import Issue
from app.election.content import content_hash, content_text
from app.election.model import Contest, Protocol
from app.election.reference import Reference
from app.election.tally import ElectionTally
from tests.support.invented_election import protocols

#: Protocols in one file of changes, as a rush publishes them.
A_FILE = 60


def publish(public: Path, reference: Reference, share: float) -> list[Protocol]:
    """Publish version 1 with so large a share of all protocols; returns those that are in it."""
    contests = reference.election.contests
    arrived = [each for contest in contests for each in protocols(reference, contest)]
    arrived.sort(key=lambda protocol: (_minutes(reference, protocol), protocol.contest))
    arrived = arrived[: int(len(arrived) * share)]
    now = reference.election.calendar.voting_ends + timedelta(minutes=_minutes(reference, arrived[-1]) + 1)
    files: dict[str, bytes] = {}
    for contest in contests:
        tally = ElectionTally(reference, contest)
        for protocol in arrived:
            if protocol.contest is contest:
                tally.apply(protocol)
        files |= _documents(reference, contest, tally, now)
    last = _changes(public, reference, arrived)
    election = reference.election
    issue, folder = Issue(election.code, election.mode), f"feed/{election.code}"
    state = State.COMPLETE if share == 1 else State.RUNNING
    files |= {
        f"{folder}/index.xml": index.write(index.Index(issue, state, 1, now, folder, last)),
        f"{folder}/zero.xml": zero.write(reference),
        f"{folder}/acts.xml": act.published(election.code, election.mode, ()),
        f"{folder}/checkpoint.xml": checkpoint.write(
            checkpoint.Checkpoint(issue, 1, len(arrived), bytes(32), last, now)
        ),
    }
    Versions(public, 2).write(1, files, set(files), None)
    return arrived


def _minutes(reference: Reference, protocol: Protocol) -> float:
    """When a precinct comes after voting ended: soon, but a few late; some regions sooner than others."""
    place = reference.precincts[protocol.precinct]
    usual = random.Random(place.district // 100).uniform(60, 100)
    return 18 + random.Random(str(protocol.precinct)).lognormvariate(log(usual), 0.45)


def _documents(
    reference: Reference, contest: Contest, tally: ElectionTally, now: datetime
) -> dict[str, bytes]:
    if contest.is_senate:
        folder = senate_folder(reference.election.senate_date)
        districts = {
            f"{folder}obvody/vysledky_obce_obvod_{number}.xml": results.senate_obce_obvod(
                reference, tally, number, now
            )
            for number in reference.senate_districts
        }
        return {f"{folder}vysledky.xml": results.senate_vysledky(reference, tally, now), **districts}
    folder = folder_of(reference.election.code)
    districts = {
        f"{folder}okresy/vysledky_okres_{nuts}.xml": results.vysledky_okres(reference, tally, nuts, now)
        for nuts in (reference.districts[code].nuts for code in tally.district)
    }
    return {
        f"{folder}vysledky.xml": results.vysledky(reference, tally, now),
        f"{folder}vysledky_kandid.xml": results.vysledky_kandid(reference, tally, now),
        **districts,
    }


def _changes(public: Path, reference: Reference, arrived: Sequence[Protocol]) -> int:
    """The files of changes; returns the version of the last."""
    folder = public / "changes"
    folder.mkdir(parents=True)
    issue = Issue(reference.election.code, reference.election.mode)
    begins, version = reference.election.calendar.voting_ends, 0
    for first in range(0, len(arrived), A_FILE):
        version += 1
        of_file = arrived[first : first + A_FILE]
        at = begins + timedelta(minutes=_minutes(reference, of_file[-1]))
        told = tuple(
            Told(
                Change(number, each.key, 1, ChangeKind.FIRST, "", at, "", content_hash(each)),
                content_text(each),
            )
            for number, each in enumerate(of_file, first + 1)
        )
        written = changes.write(ChangesFile(issue, Published(version, at), version - 1, told))
        (folder / f"{version:06d}.xml").write_bytes(written)
    return version
