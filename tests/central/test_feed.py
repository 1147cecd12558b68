"""What a contest publishes: where, again only what a change touched, and then the same as if made anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from lxml import etree

from app import resources
from app.central import older
from app.central.addresses import batch_path, folder_of_contest
from app.central.count import Count
from app.central.feed import Feed
from app.central.grid import Cut, Processed
from app.documents.results.parts import KINDS, Kind
from app.election.complete import with_flags
from app.election.decisions import Decisions
from app.election.model import Contest, Counts, Protocol
from app.election.reference import Reference, Round1Area, Round1Result
from tests.support.invented_election import VOTING_ENDS, protocols, reference, round_2_reference

NIGHT = VOTING_ENDS + timedelta(hours=2)
REGIONAL, FIRST, SECOND = Contest.REGIONAL, Contest.SENATE_ROUND_1, Contest.SENATE_ROUND_2


def of(contest: Contest) -> Reference:
    """The invented election with a divided city, and with the result of round 1 for round 2."""
    plain = round_2_reference() if contest is SECOND else reference(REGIONAL, FIRST)
    city = {
        code: replace(plain.municipalities[code], presented_under=554804, presented_name="Město")
        for code in (550001, 550002)
    }
    area = Round1Area(6, 6, Counts(900, 300, 299, 290), {3: 150, 5: 140})
    known = Round1Result(6, 6, area.counts, area.votes, municipalities={550001: area})
    senate = {
        number: replace(district, round1=known if contest is SECOND else None)
        for number, district in plain.senate_districts.items()
    }
    election = replace(plain.election, feed={"TYP_OBEC": "1"}, round1_date=None)
    if contest is SECOND:
        election = replace(election, round1_date=date(2024, 9, 13))
    return replace(
        plain,
        election=election,
        municipalities={**plain.municipalities, **city},
        senate_districts=senate,
    )


def turns(count: Count, contest: Contest) -> Iterator[str]:
    """A night in steps: protocols, a correction, a withdrawal, one that never comes, a decision."""
    made = protocols(of(contest), contest)
    for protocol in made[:-1]:
        count.touched.add(count.tally.apply(protocol))
        yield f"first {protocol.key}"
    mended = with_flags(replace(made[0], counts=more(made[0])), corrected=True)
    count.touched.add(count.tally.apply(mended, made[0]))
    yield "correction"
    count.touched.add(count.tally.give_up(made[-1].precinct))
    yield "never"
    count.touched.add(count.tally.withdraw(made[1]))
    yield "withdrawal"
    count.touched.add(count.tally.apply(made[1]))
    lots = {(contest, number): tuple(range(99)) for number in (1, 2, 17)}
    count.decisions = Decisions(lots=lots, left={2: (3,)} if contest is FIRST else {})
    yield "decision"


def more(protocol: Protocol) -> Counts:
    return protocol.counts._replace(registered_voters=protocol.counts.registered_voters + 5)


def schema_of(document: bytes) -> Kind:
    place = etree.fromstring(document).get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "")
    return next(kind for kind in KINDS if place == f"{kind.namespace} {kind.schema}")


@pytest.mark.parametrize("contest", [REGIONAL, FIRST, SECOND])
def test_what_is_written_again_is_what_a_feed_that_begins_now_would_write(contest: Contest) -> None:
    count = Count(of(contest), contest, 0, ())
    feed = Feed(of(contest), count)
    published = feed.documents(NIGHT)
    schemas = {
        kind.schema: etree.XMLSchema(etree.parse(str(resources.path("schemas", kind.schema))))
        for kind in KINDS
    }
    for turn in turns(count, contest):
        published.update(feed.documents(NIGHT))
        assert published == Feed(of(contest), count).documents(NIGHT), turn
        for document in published.values():
            schemas[schema_of(document).schema].assertValid(etree.fromstring(document))


@pytest.mark.parametrize(
    ("contest", "all_", "touched"),
    [
        (
            REGIONAL,
            {f"okresy/vysledky_okres_{nuts}.xml" for nuts in ("CZ0311", "CZ0411", "CZ0412")}
            | {"vysledky.xml", "vysledky_kandid.xml", "vysledky_krajmesta.xml"},
            {"vysledky.xml", "vysledky_kandid.xml", "vysledky_krajmesta.xml"}
            | {"okresy/vysledky_okres_CZ0411.xml"},
        ),
        (
            FIRST,
            {"vysledky.xml", "obvody/vysledky_obce_obvod_2.xml", "obvody/vysledky_obce_obvod_17.xml"},
            {"vysledky.xml", "obvody/vysledky_obce_obvod_2.xml"},
        ),
    ],
)
def test_only_what_a_change_touches_is_written_again(
    contest: Contest, all_: set[str], touched: set[str]
) -> None:
    count = Count(of(contest), contest, 0, ())
    feed = Feed(of(contest), count)

    def written() -> set[str]:
        return {path.removeprefix(feed.folder) for path in feed.documents(NIGHT)}

    assert written() == all_
    assert written() == set()
    count.touched.add(count.tally.apply(protocols(of(contest), contest)[0]))
    assert written() == touched
    count.decisions = Decisions(lots={(contest, 2): (1,)})
    assert written() == all_


def test_both_rounds_of_the_senate_lie_under_the_first_day_of_round_1() -> None:
    assert folder_of_contest(of(REGIONAL).election, REGIONAL) == "appdata/zk2024/odata/"
    assert folder_of_contest(of(FIRST).election, FIRST) == "appdata/senat/20240920/odata/"
    assert folder_of_contest(of(SECOND).election, SECOND) == "appdata/senat/20240913/odata/"


@pytest.mark.parametrize("contest", [REGIONAL, SECOND])
def test_the_latest_batch_is_there_by_its_number_and_without(contest: Contest) -> None:
    count = Count(of(contest), contest, 0, ())
    feed = Feed(of(contest), count)
    made = protocols(of(contest), contest)
    processed = tuple(Processed(p, n, NIGHT, False, 1) for n, p in enumerate(made, 1))
    count.cuts = [Cut(1, NIGHT, processed[:2], 2), Cut(2, NIGHT, processed[2:], len(made))]
    documents = feed.documents(NIGHT)
    assert batch_path(2) == "okrsky/vysledky_okrsky_00002.xml"
    assert documents[feed.folder + "okrsky/vysledky_okrsky.xml"] == documents[feed.folder + batch_path(2)]
    first = etree.fromstring(documents[feed.folder + batch_path(1)])
    assert len(first) == 3
    assert first[0].get("KOLO") == ("2" if contest is SECOND else None)
    for element, protocol in zip(first[1:], made, strict=False):
        assert element.get("CIS_OBEC") == str(protocol.precinct.municipality)
        votes = sum(int(each.get("HLASY", "")) for each in element[1:])
        assert votes == protocol.counts.valid_votes
        assert element.get("CIS_OBVOD") == (str(protocol.senate_district) if contest is SECOND else None)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("contest", "names"),
    [
        (REGIONAL, {older.DISTRICT, older.BATCH}),
        (FIRST, {older.ELECTION, older.SENATE_DISTRICT, older.SENATE_BATCH}),
    ],
)
def test_there_is_a_document_for_whatever_may_be_asked_for_and_is_not_there(
    contest: Contest, names: set[str]
) -> None:
    errors = Feed(of(contest), Count(of(contest), contest, 0, ())).errors(NIGHT)
    assert errors.keys() == names
    for document in errors.values():
        (error,) = etree.fromstring(document)
        assert etree.QName(error).localname == "CHYBA"
        assert error.text or error.get("KOD_CHYBY") == "10"
