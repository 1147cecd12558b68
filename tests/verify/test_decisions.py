"""What people decide at the centre is verified too: withdrawals, precincts that never come, lots, round 2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app import verify
from app.election.model import Contest, Counts, PrecinctId, Protocol, SenateProtocol
from app.election.reference import Reference, Round1Area, Round1Result
from app.trust.anchors import Anchors
from tests.support import acting
from tests.support.invented_election import POINT, protocols, round_2_reference
from tests.support.published_night import Night, corrected, open_night
from tests.support.resealing import Forger
from tests.verify.conftest import ELECTION

SENATE = Contest.SENATE_ROUND_1


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    with open_night(tmp_path, ELECTION, keep_versions=2) as opened:
        yield opened


def verified(night: Night) -> verify.Report:
    anchors = Anchors.from_pem(night.house.authority.to_pem())
    return verify.verify(verify.Folder(night.public), anchors, verify.Wanted(), verify.Report())


def of_point(night: Night, contest: Contest = Contest.REGIONAL) -> list[Protocol]:
    places = night.reference.precincts
    return [p for p in protocols(night.reference, contest) if places[p.precinct].transfer_point == POINT]


def test_a_withdrawn_result_and_what_comes_in_its_place(night: Night) -> None:
    mine = of_point(night)
    night.take(mine)
    night.publish()
    acting.withdraw(night.house, mine[0].key)
    night.publish()
    report = verified(night)
    assert (report.counts["changes"], report.counts["precincts"]) == (len(mine) + 1, len(mine) - 1)
    assert report.counts["acts"] == 1
    night.take([corrected(mine[0], 5)], 2)
    night.publish()
    assert verified(night).counts["precincts"] == len(mine)
    acting.withdraw(night.house, mine[0].key)
    night.publish()
    assert verified(night).counts["precincts"] == len(mine) - 1


def test_a_withdrawal_whose_act_is_kept_back_is_named(night: Night) -> None:
    mine = of_point(night)
    night.take(mine)
    acting.withdraw(night.house, mine[0].key)
    night.publish()
    version = night.public / "versions" / (night.public / "current").readlink().name
    Forger(night.house).lie(version, "feed/zk2024/acts.xml", r"<UKON [^>]*/>\n", "")
    with pytest.raises(verify.Difference, match="VER-31"):
        verified(night)


def test_a_precinct_that_never_comes_settles_its_region(night: Night) -> None:
    lost = PrecinctId(550004, 2)
    night.take([each for each in protocols(night.reference, Contest.REGIONAL) if each.precinct != lost])
    night.publish()
    before = verified(night).counts["seats"]
    act = acting.never(night.house, lost)
    night.publish()
    assert verified(night).counts["seats"] > before
    acting.undo(night.house, act.number)
    night.publish()
    assert verified(night).counts["seats"] == before


def tied(protocol: Protocol) -> Protocol:
    """Candidates 2 and 3 have equal votes behind 1, and nobody has a majority."""
    assert isinstance(protocol, SenateProtocol)
    return replace(protocol, votes=((1, 40), (2, 30), (3, 30), (4, 10)), counts=Counts(200, 110, 110, 110))


def test_a_lot_and_a_finalist_who_left_decide_who_goes_on(night: Night) -> None:
    night.take([tied(each) for each in protocols(night.reference, SENATE)])
    night.publish()
    undecided = verified(night).counts["elected"]
    acting.lot(night.house, SENATE, 2, 3)
    night.publish()
    decided = verified(night).counts["elected"]
    assert decided > undecided
    version = night.public / "versions" / (night.public / "current").readlink().name
    Forger(night.house).lie(version, "feed/zk2024/acts.xml", 'CISLA="3"', 'CISLA="2"')
    with pytest.raises(verify.Difference, match="ZVOLEN_1KOLO"):
        verified(night)
    acting.left(night.house, 2, 1)
    night.publish()
    assert verified(night).counts["acts"] == 2


def round_2() -> Reference:
    """Round 2, with what round 1 came to in each district."""
    known = round_2_reference()
    votes = {number: 100 - number for number in range(1, 8)}
    districts = {}
    for number, district in known.senate_districts.items():
        given = {each: votes[each] for each in district.candidates}
        valid = sum(given.values())
        of_municipality = {550001: Round1Area(3, 3, Counts(valid * 2, valid, valid, valid), given)}
        result = Round1Result(
            3, 3, Counts(valid * 2, valid, valid, valid), given,
            municipalities=of_municipality if number == 2 else {},
        )  # fmt: skip
        districts[number] = replace(district, round1=result)
    return replace(known, senate_districts=districts)


@pytest.mark.parametrize("part", [0, 2, 99])
def test_round_2_is_recomputed_and_round_1_is_taken_as_said(tmp_path: Path, part: int) -> None:
    with open_night(tmp_path, round_2()) as night:
        night.take(protocols(night.reference, Contest.SENATE_ROUND_2)[:part])
        night.publish()
        report = verified(night)
        assert "round 1" in report.notes[0][1]
        version = night.public / "versions" / (night.public / "current").readlink().name
        (path,) = (
            each.relative_to(version).as_posix()
            for each in version.glob("appdata/senat/*/odata/vysledky.xml")
        )
        Forger(night.house).lie(version, path, r'HLASY_2KOLO="', 'HLASY_2KOLO="1')
        with pytest.raises(verify.Difference, match="VER-40"):
            verified(night)
