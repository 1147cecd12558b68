"""The schemas of the published documents: what is there twice is refused, wherever in a document it is."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from lxml import etree

from app import resources
from app.documents import results
from app.documents.results import Processed
from app.documents.results.parts import KINDS, Kind
from app.election.model import Contest, RegionalProtocol
from app.election.tally import ElectionTally
from tests.support.invented_election import protocols, reference

NIGHT = datetime(2024, 9, 21, 15, tzinfo=UTC)
#: What a document has at most once by its sequence, not by a constraint of its own.
ONCE = {"CR", "OKRES", "DAVKA", "CELKEM", "HODNOTY_STRANA", "STRANY", "KANDIDATI", "UCAST_OKRSEK"}


@cache
def documents() -> Mapping[Kind, etree._Element]:
    """One complete document of each kind, seats and elected councillors included."""
    plain = reference()
    of = replace(plain, regions={n: replace(region, seats=5) for n, region in plain.regions.items()})
    tallies = {contest: ElectionTally(of, contest) for contest in of.election.contests}
    batches: dict[Contest, list[Processed]] = {contest: [] for contest in tallies}
    for contest, tally in tallies.items():
        for order, protocol in enumerate(protocols(of, contest), 1):
            tally.apply(protocol)
            votes = (
                tuple((sheet.list_number, sheet.votes) for sheet in protocol.sheets)
                if isinstance(protocol, RegionalProtocol)
                else protocol.votes
            )
            district = None if isinstance(protocol, RegionalProtocol) else protocol.senate_district
            told = (order, NIGHT, False, protocol.counts, votes, district)
            batches[contest].append(Processed(protocol.precinct, *told))
    regional, senate = tallies.values()
    made = (
        results.vysledky(of, regional, NIGHT),
        results.vysledky_kandid(of, regional, NIGHT),
        results.vysledky_krajmesta(of, regional, NIGHT, cities={550001, 550004}),
        results.vysledky_okres(of, regional, "CZ0411", NIGHT),
        *(results.vysledky_okrsky(batches[contest], 1, 10, 9, NIGHT, contest) for contest in batches),
        results.senate_vysledky(of, senate, NIGHT),
        results.senate_obce_obvod(of, senate, 2, NIGHT),
    )
    return {schema_of(root): root for root in map(etree.fromstring, made)}


def schema_of(root: etree._Element) -> Kind:
    place = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "")
    return next(kind for kind in KINDS if place == f"{kind.namespace} {kind.schema}")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.schema)
def test_whatever_is_there_twice_is_refused(kind: Kind) -> None:
    root = documents()[kind]
    schema = etree.XMLSchema(etree.parse(str(resources.path("schemas", kind.schema))))
    schema.assertValid(root)
    tried = set()
    for element in root.iterdescendants():
        name = "/".join(etree.QName(each).localname for each in (*element.iterancestors(), element))
        if name in tried or etree.QName(element).localname in ONCE:
            continue
        tried.add(name)
        twice = deepcopy(root)
        there = next(iter(twice.iterfind(root.getroottree().getelementpath(element))))
        there.addnext(deepcopy(there))
        assert not schema.validate(twice), name
    assert len(tried) >= 2


def test_every_kind_that_is_published_has_its_schema() -> None:
    assert documents().keys() == set(KINDS)
    published = {path.name for path in resources.path("schemas").glob("*_vysledky*.xsd")}
    assert published == {kind.schema for kind in KINDS}
