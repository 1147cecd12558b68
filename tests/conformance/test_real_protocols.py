"""Every real protocol of five regions of 2016: it passes, its faults are caught, its votes add up."""

from functools import cache

import pytest

from app.documents.registers import read_registers
from app.documents.t6 import read_t6
from app.election.checks import Outcome, judge
from app.election.complete import complete
from app.election.controls import state
from app.election.model import Contest, RegionalReading
from app.election.reference import Reference
from app.election.tally import ElectionTally
from tests.support import invented_election as invented
from tests.support.judging import PLAUSIBILITY, caught_alone
from tests.support.mutations import REGIONAL, Mutation
from tests.support.opendata import DATA, children, document, needs_data

pytestmark = needs_data

REGIONS = (3, 4, 6, 7, 12)


@cache
def real() -> tuple[Reference, tuple[RegionalReading, ...]]:
    reference = read_registers(DATA / "kz2016")
    return reference, tuple(read_t6(DATA / "kz2016", reference, REGIONS))


def test_every_real_protocol_passes_and_states_what_it_completes_to() -> None:
    reference, readings = real()
    assert len(readings) == 3_626
    assert sum(len(reading.sheets) for reading in readings) == 45_908
    for reading in readings:
        verdict = judge(reading, invented.good_circumstances(reference, reading), passed_cases=False)
        assert set(verdict.failed_ids) <= set(PLAUSIBILITY), reading.key
        open_rules = [r.rule_id for r in verdict.results if r.outcome is Outcome.NOT_COMPARED]
        assert open_rules == ["PL-02", "PL-07", "PL-08", "PL-09", "PL-10", "PR-01", "PR-03"]
        again = state(complete(reading), reading.election, reading.form_version)
        assert isinstance(again, RegionalReading)
        assert (again.kc_1, again.kc_2, again.lists_mark) == (reading.kc_1, reading.kc_2, reading.lists_mark)
        assert sorted(again.sheets) == sorted(reading.sheets)


@pytest.mark.parametrize("mutation", REGIONAL, ids=str)
def test_a_fault_in_a_real_protocol_is_caught_by_its_rule_alone(mutation: Mutation) -> None:
    """On every 90th protocol, so on all five regions."""
    reference, readings = real()
    regions = set()
    for reading in readings[::90]:
        mutated = mutation.apply(reading, invented.good_circumstances(reference, reading))
        if mutated is not None:
            caught_alone(*mutated, mutation.rule_id, besides=PLAUSIBILITY)
            regions.add(reference.precincts[reading.precinct].region)
    assert regions == set(REGIONS)


def test_the_tallies_of_real_protocols_are_the_official_results() -> None:
    reference, readings = real()
    tally = ElectionTally(reference, Contest.REGIONAL)
    made = [complete(reading) for reading in readings]
    for protocol in made:
        tally.apply(protocol)
    tally.assert_consistent(made)
    seen = set()
    for region in children(document("kz2016/vysledky.xml.gz"), "KRZAST"):
        number = int(region.attrib["CIS_KRZAST"])
        if number not in REGIONS:
            continue
        seen.add(number)
        area = tally.region[number]
        (turnout,) = children(region, "UCAST")
        names = (
            *("OKRSKY_CELKEM", "OKRSKY_ZPRAC", "ZAPSANI_VOLICI"),
            *("VYDANE_OBALKY", "ODEVZDANE_OBALKY", "PLATNE_HLASY"),
        )
        assert area.sums() == tuple(int(turnout.attrib[name]) for name in names)
        votes = {
            int(listed.attrib["KSTRANA"]): int(values.attrib["HLASY"])
            for listed in children(region, "STRANA")
            for values in children(listed, "HODNOTY_STRANA")
        }
        assert area.votes == votes
    assert seen == set(REGIONS)
    for region in children(document("kz2016/vysledky_kandid.xml.gz"), "KRZAST"):
        number = int(region.attrib["CIS_KRZAST"])
        if number in REGIONS:
            (candidates,) = children(region, "KANDIDATI")
            preferred = {
                (int(c.attrib["KSTRANA"]), int(c.attrib["PORCISLO"])): int(c.attrib["HLASY"])
                for c in children(candidates, "KANDIDAT")
            }
            own = tally.region[number].preferences
            assert {key: given for key, given in own.items() if given} == preferred
