"""A real night of 2016 as its stations saw it, and how verdicts on it are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from app.documents.registers import read_registers
from app.documents.t6 import read_t6
from app.election.checks import Circumstances, Severity, Verdict, judge
from app.election.complete import complete
from app.election.controls import state
from app.election.model import Protocol, RegionalProtocol
from app.election.reference import Reference
from app.election.surroundings import Surroundings, SurroundingsBuilder
from tests.support.opendata import DATA, rows

REGIONS = (3, 4, 6, 7, 12)
#: An incident that moves at least so many votes is a weighty one.
WEIGHTY = 20


class Visit(NamedTuple):
    """A protocol and what its station knew when it came."""

    protocol: RegionalProtocol
    surroundings: Surroundings


# --- the night ----------------------------------------------------------------------------------------


@cache
def real_reference() -> Reference:
    return read_registers(DATA / "kz2016")


@cache
def real_protocols() -> tuple[RegionalProtocol, ...]:
    """Every real protocol of the five regions in the table's order; they are read once, it takes seconds."""
    read = map(complete, read_t6(DATA / "kz2016", real_reference(), REGIONS))
    return tuple(protocol for protocol in read if isinstance(protocol, RegionalProtocol))


def night(reference: Reference) -> Iterator[Visit]:
    """Every real protocol in the table's order, with what its transfer point had accepted before."""
    stations: dict[int, SurroundingsBuilder] = {}
    for protocol in real_protocols():
        point = reference.precincts[protocol.precinct].transfer_point
        known = stations.setdefault(point, SurroundingsBuilder(reference))
        yield Visit(protocol, known.of(protocol.key))
        known.add(protocol)


def with_expected_voters(reference: Reference) -> Reference:
    """Registered voters expected as in 2024, eight years away: worse than any election will have them."""
    then = {
        (int(row["OBEC"]), int(row["OKRSEK"])): int(row["VOL_SEZNAM"])
        for row in rows("kz2024/kzt6.csv.gz", ";")
    }
    precincts = {
        key: replace(precinct, expected_voters=then.get(tuple(key)))
        for key, precinct in reference.precincts.items()
    }
    return replace(reference, precincts=precincts)


def verdict(reference: Reference, protocol: Protocol, surroundings: Surroundings) -> Verdict:
    """As the station judges, but for what only the clerk can say."""
    info = reference.election
    reading = state(protocol, info.code, info.rules.form_version)
    circumstances = Circumstances(reference, document_mode=info.mode, surroundings=surroundings)
    return judge(reading, circumstances, passed_cases=False)


@dataclass
class Clean:
    """Real protocols: how many, and how many ask for approval or are noted, by rule."""

    protocols: int = 0
    asking: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)

    def count(self, told: Verdict) -> bool:
        """Count one; whether it asked for nothing."""
        self.protocols += 1
        asks = [result for result in told.failed if result.severity is not Severity.INFORMATION]
        self.asking += bool(asks)
        self.by_rule.update(result.rule_id for result in asks)
        self.noted.update(r.rule_id for r in told.failed if r.severity is Severity.INFORMATION)
        return not asks

    @property
    def per_mille(self) -> int:
        return 1000 * self.asking // max(1, self.protocols)


@dataclass
class Caught:
    """Incidents of one kind: tried, and caught by the gravest severity that spoke; weighty ones apart."""

    least: int = WEIGHTY
    tried: int = 0
    weighty: int = 0
    weighty_caught: int = 0
    by: Counter[Severity] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)

    def count(self, moved: int, *verdicts: Verdict) -> None:
        failed = [r for told in verdicts for r in told.failed if r.severity is not Severity.INFORMATION]
        self.tried += 1
        self.weighty += moved >= self.least
        self.rules.update({result.rule_id for result in failed})
        if failed:
            self.by[max((result.severity for result in failed), key=lambda s: s.rank)] += 1
            self.weighty_caught += moved >= self.least

    @property
    def caught(self) -> int:
        return self.by.total()

    @property
    def per_cent(self) -> int:
        return 100 * self.caught // max(1, self.tried)

    @property
    def weighty_per_cent(self) -> int:
        return 100 * self.weighty_caught // max(1, self.weighty)
