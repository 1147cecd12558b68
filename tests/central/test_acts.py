"""Acts of people at a running centre: withdrawals, never-delivered, lots, replacements, declarations."""

from __future__ import annotations

import threading
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.central import centre as centres
from app.central import journal
from app.central.acts import People
from app.central.audit import StoreDamaged
from app.central.centre import Centre
from app.central.judging import Wanted
from app.central.review import review
from app.documents import act as documents
from app.documents import xml
from app.documents.act import Kind
from app.documents.document_errors import DocumentError
from app.election.complete import with_flags
from app.election.errors import KnownError
from app.election.model import Contest, Counts, PrecinctId, Protocol, ProtocolKey, SenateProtocol
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role
from tests.support import acting
from tests.support.central_driver import corrected, of_point, outcomes, receipt
from tests.support.house import House, SendingStation
from tests.support.invented_election import OTHER_POINT, POINT, protocols

ODATA = "appdata/zk2024/odata/"
ABROAD = PrecinctId(550009, 1)
KZ, SE1 = Contest.REGIONAL, Contest.SENATE_ROUND_1
COUNTED = PrecinctId(550001, 1)


@pytest.fixture
def other(house: House) -> SendingStation:
    return house.station(f"{OTHER_POINT}-1")


def root(house: House, name: str, folder: str = ODATA) -> ElementTree.Element:
    return ElementTree.fromstring((house.centre_folder / "public" / "current" / folder / name).read_bytes())


def found(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in element.iter() if each.tag.rpartition("}")[2] == name]


def country(house: House) -> dict[str, str]:
    return found(found(root(house, "vysledky.xml"), "CR")[0], "UCAST")[0].attrib


def batch(house: House) -> tuple[dict[str, str], list[dict[str, str]]]:
    latest = root(house, "okrsky/vysledky_okrsky.xml")
    return found(latest, "DAVKA")[0].attrib, [each.attrib for each in found(latest, "OKRSEK")]


def sent(centre: Centre, house: House, by: SendingStation, made: list[Protocol]) -> None:
    assert set(outcomes(receipt(centre, house, by.batch(*by.items(made))))) == {"PRIJATO"}


def files(house: House) -> dict[str, bytes]:
    """What is published now, without the times at which documents were made."""
    made = {}
    public = house.centre_folder / "public" / "current"
    for path in sorted((public / "appdata").rglob("*.xml")):
        head, _, rest = path.read_bytes().partition(b"DATUM_CAS_GENEROVANI=")
        made[str(path.relative_to(public))] = head + rest[21:]
    return made


class TestAWithdrawnResult:
    def test_leaves_the_sums_and_is_sent_again_with_zeros(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        mine = of_point(house, POINT)
        sent(centre, house, station, mine)
        centre.publisher.flush()
        before = int(country(house)["PLATNE_HLASY"])
        act = acting.withdraw(house, mine[0].key)
        centre.publisher.flush()
        after = country(house)
        assert (after["OKRSKY_ZPRAC"], act.revision, act.order) == ("3", 1, 5)
        assert before - int(after["PLATNE_HLASY"]) == mine[0].counts.valid_votes
        head, [element] = batch(house)
        assert (head["PORADI_DAVKY"], head["OKRSKY_DAVKA"], head["OKRSKY_ZPRAC"]) == ("2", "1", "3")
        assert (element["PORADI_ZPRAC"], element["OPAKOVANE"]) == ("5", "1")
        sums = found(root(house, "okrsky/vysledky_okrsky.xml"), "UCAST_OKRSEK")[0].attrib
        assert set(sums.values()) == {"0"}
        assert found(root(house, "okrsky/vysledky_okrsky.xml"), "HLASY_OKRSEK") == []

    def test_is_replaced_by_what_the_station_sends_then(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        mine = of_point(house, POINT)
        sent(centre, house, station, mine)
        acting.withdraw(house, mine[0].key)
        centre.publisher.flush()
        again = station.batch(station.item(corrected(mine[0], 2), 2))
        assert receipt(centre, house, again).items[0].processing_order == 6
        centre.publisher.flush()
        assert country(house)["OKRSKY_ZPRAC"] == "4"
        head, [element] = batch(house)
        assert (head["OKRSKY_ZPRAC"], element["PORADI_ZPRAC"], element["OPAKOVANE"]) == ("4", "6", "1")
        third = station.batch(station.item(corrected(mine[0], 3), 3))
        assert outcomes(receipt(centre, house, third)) == ["PRIJATO"]
        centre.publisher.flush()
        assert country(house)["OKRSKY_ZPRAC"] == "4"

    def test_stays_withdrawn_after_a_restart_and_documents_are_the_same(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        mine = of_point(house, POINT)
        for step in range(3):
            sent(centre, house, station, [mine[step]])
            centre.publisher.flush()
            house.clock.move(minutes=1)
            acting.withdraw(house, mine[step].key)
            centre.publisher.flush()
        again = station.batch(station.item(corrected(mine[1], 2), 2))
        assert outcomes(receipt(centre, house, again)) == ["PRIJATO"]
        acting.withdraw(house, mine[1].key)
        version, before = centre.publisher.flush(), files(house)
        centre.close()
        opened = house.open()
        assert opened.publisher.flush() > version
        assert files(house) == before
        assert country(house)["OKRSKY_ZPRAC"] == "0"
        opened.close()

    def test_comes_before_the_revision_that_was_taken_after_it_whoever_counts(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        """Both are new to the count, which has to take them in their order."""
        mine = of_point(house, POINT)
        sent(centre, house, station, mine)
        acting.withdraw(house, mine[0].key)
        again = station.batch(station.item(corrected(mine[0], 2), 2))
        assert outcomes(receipt(centre, house, again)) == ["PRIJATO"]
        centre.publisher.flush()
        assert country(house)["OKRSKY_ZPRAC"] == "4"
        assert [each["PORADI_ZPRAC"] for each in batch(house)[1]] == ["1", "2", "3", "4", "5", "6"]


def test_a_running_centre_finds_an_act_by_itself(
    house: House, centre: Centre, station: SendingStation
) -> None:
    sent(centre, house, station, of_point(house, POINT))
    centre.publisher.start()
    published = threading.Event()
    centre.site.listen(lambda _: published.set())
    acting.withdraw(house, ProtocolKey(COUNTED, KZ))
    assert published.wait(20)
    centre.publisher.stop()
    assert country(house)["OKRSKY_ZPRAC"] == "3"


class TestAPrecinctThatIsNeverDelivered:
    def test_settles_its_region_which_shows_seats_and_counts_it_apart(
        self, house: House, centre: Centre, station: SendingStation, other: SendingStation
    ) -> None:
        everything = {p.key.precinct: p for p in protocols(house.reference, Contest.REGIONAL)}
        lost = PrecinctId(550004, 2)
        sent(centre, house, station, of_point(house, POINT))
        sent(centre, house, other, [p for p in of_point(house, OTHER_POINT) if p.precinct != lost])
        centre.publisher.flush()
        second = found(root(house, "vysledky.xml"), "KRZAST")[1]
        assert found(second, "ZASTUPITEL") == []
        acting.never(house, lost)
        centre.publisher.flush()
        second = found(root(house, "vysledky.xml"), "KRZAST")[1]
        assert len(found(second, "ZASTUPITEL")) == 45
        sums = found(second, "UCAST")[0].attrib
        assert (sums["OKRSKY_CELKEM"], sums["OKRSKY_ZPRAC"]) == ("2", "1")
        assert centre.publisher.progress["KZ"] == {
            "expected": 10,
            "processed": 9,
            "never": 1,
            "declared": 0,
            "batches": 1,
        }
        page = (house.centre_folder / "public" / "current" / "index.html").read_text("utf-8")
        assert "Nebude dodáno: 1." in page
        sent(centre, house, other, [everything[lost]])
        centre.publisher.flush()
        assert centre.publisher.progress["KZ"]["never"] == 0
        assert centre.publisher.progress["KZ"]["processed"] == 10
        books = centres.books_of(house.centre_folder, house.clock)
        assert books.ledger.in_force() == [], "it came after all"

    @pytest.mark.only_on("sqlite")
    def test_is_waited_for_again_once_the_act_is_undone(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        sent(centre, house, station, of_point(house, POINT)[1:])
        act = acting.never(house, PrecinctId(550001, 1))
        centre.publisher.flush()
        assert centre.publisher.progress["KZ"]["never"] == 1
        acting.undo(house, act.number)
        centre.publisher.flush()
        assert centre.publisher.progress["KZ"]["never"] == 0


class TestCompleteness:
    def test_is_declared_for_each_area_only_when_nothing_is_missing(
        self, house: House, centre: Centre, station: SendingStation, other: SendingStation
    ) -> None:
        sent(centre, house, station, of_point(house, POINT))
        acting.declare(house, "district", 4101)
        for area, number in (("region", 1), ("district", 4102), ("country", 0)):
            with pytest.raises(KnownError, match="CEN-47") as refused:
                acting.declare(house, area, number)
            assert "550003/1" in refused.value.cs
        sent(centre, house, other, of_point(house, OTHER_POINT))
        acting.declare(house, "region", 1)
        acting.declare(house, "country")
        with pytest.raises(KnownError, match="CEN-46"):
            acting.declare(house, "country")
        centre.publisher.flush()
        page = (house.centre_folder / "public" / "current" / "index.html").read_text("utf-8")
        assert "Výsledek je úplný." in page
        assert centre.publisher.progress["KZ"]["declared"] == 3
        assert page.count('<span class="note">úplný</span>') == 1

    @pytest.mark.only_on("sqlite")
    def test_falls_while_a_result_in_the_area_is_withdrawn(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        mine = of_point(house, POINT)
        sent(centre, house, station, mine)
        acting.declare(house, "district", 4101)
        acting.withdraw(house, mine[0].key)
        books = centres.books_of(house.centre_folder, house.clock)
        assert [act.kind for act in books.ledger.in_force()] == [Kind.WITHDRAWAL]


def equal(protocol: Protocol) -> Protocol:
    """A Senate protocol in which candidates 2 and 3 have equal votes behind 1, and nobody has a majority."""
    assert isinstance(protocol, SenateProtocol)
    votes = ((1, 40), (2, 30), (3, 30), (4, 10))
    counts = Counts(200, 110, 110, 110)
    return replace(protocol, votes=votes, counts=counts)


@pytest.fixture
def tied(house: House, centre: Centre, station: SendingStation, other: SendingStation) -> Centre:
    """Both Senate districts complete and equal for the second place."""
    for by, point in ((station, POINT), (other, OTHER_POINT)):
        sent(centre, house, by, [equal(p) for p in of_point(house, point, Contest.SENATE_ROUND_1)])
    return centre


class TestALot:
    def test_is_asked_for_and_settles_the_district_once_it_is_recorded(
        self, house: House, tied: Centre
    ) -> None:
        tied.publisher.flush()
        undecided = tied.publisher.undecided
        assert [(each["contest"], each["area"], each["number"]) for each in undecided] == [
            ("SE1", "senate", 2),
            ("SE1", "senate", 17),
        ]
        assert "manual decision required" in str(undecided[0]["en"])
        page = (house.centre_folder / "public" / "current" / "index.html").read_text("utf-8")
        assert page.count("je třeba ruční rozhodnutí") == 2
        acting.lot(house, Contest.SENATE_ROUND_1, 2, 3)
        tied.publisher.flush()
        assert [each["number"] for each in tied.publisher.undecided] == [17]
        decisions = (
            centres.books_of(house.centre_folder, house.clock).counts[Contest.SENATE_ROUND_1].decisions
        )
        assert decisions.lot(Contest.SENATE_ROUND_1, 2) == (3,)

    @pytest.mark.only_on("sqlite")
    def test_between_others_than_those_who_are_equal_is_refused(self, house: House, tied: Centre) -> None:
        for order in ((1,), (2, 2), (9,), ()):
            with pytest.raises(KnownError, match="CEN-46") as refused:
                acting.lot(house, Contest.SENATE_ROUND_1, 2, *order)
            assert "2 " in refused.value.cs
            assert "equal votes" in refused.value.en

    @pytest.mark.only_on("sqlite")
    def test_that_is_drawn_again_stands_instead_of_the_one_before(self, house: House, tied: Centre) -> None:
        first = acting.lot(house, Contest.SENATE_ROUND_1, 2, 3, 2)
        acting.undo(house, first.number)
        acting.lot(house, Contest.SENATE_ROUND_1, 2, 2, 3)
        books = centres.books_of(house.centre_folder, house.clock)
        decisions = books.counts[Contest.SENATE_ROUND_1].decisions
        assert decisions.lot(Contest.SENATE_ROUND_1, 2) == (2, 3)
        assert len(books.acts) == 3, "nothing was deleted"


class TestAFinalistWhoLeft:
    def test_is_replaced_by_the_next_in_the_order(self, house: House, tied: Centre) -> None:
        acting.lot(house, Contest.SENATE_ROUND_1, 2, 3)
        acting.left(house, 2, 1)
        tied.publisher.flush()
        assert [each["number"] for each in tied.publisher.undecided] == [17], "2 is next after 3"
        document = root(house, "vysledky.xml", "appdata/senat/20240920/odata")
        district = found(document, "OBVOD")[0]
        going_on = [
            each.attrib["PORADOVE_CISLO"]
            for each in found(district, "KANDIDAT")
            if each.attrib["ZVOLEN_1KOLO"] == "2.KOLO"
        ]
        assert going_on == ["2", "3"]

    @pytest.mark.only_on("sqlite")
    def test_has_to_be_a_finalist(self, house: House, tied: Centre) -> None:
        with pytest.raises(KnownError, match="CEN-46"):
            acting.left(house, 2, 4)


REFUSED = [
    (Wanted(Kind.WITHDRAWAL, KZ, precinct=PrecinctId(550003, 1)), "CEN-48"),
    (Wanted(Kind.WITHDRAWAL, KZ, precinct=ABROAD), "CEN-40"),
    (Wanted(Kind.NEVER, KZ, precinct=COUNTED), "CEN-48"),
    (Wanted(Kind.NEVER, Contest.SENATE_ROUND_2, precinct=COUNTED), "CEN-45"),
    (Wanted(Kind.LOT, KZ, "region", 1, numbers=(2, 5)), "CEN-46"),
    (Wanted(Kind.LOT, KZ, "region", 9, numbers=(2, 5)), "CEN-45"),
    (Wanted(Kind.SEATS, KZ, "region", 1, seats=((2, 45),)), "CEN-46"),
    (Wanted(Kind.LEFT, SE1, "senate", 2, numbers=(1,)), "CEN-46"),
    (Wanted(Kind.COMPLETE, KZ, "senate", 2), "CEN-45"),
    (Wanted(Kind.COMPLETE, KZ, "district", 1100), "CEN-45"),
    (Wanted(Kind.CANCEL, KZ, cancels=1), "CEN-49"),
]


@pytest.mark.only_on("sqlite")
def test_an_act_that_the_results_do_not_allow_is_refused_and_leaves_nothing(
    house: House, centre: Centre, station: SendingStation
) -> None:
    sent(centre, house, station, of_point(house, POINT))
    for wanted, code in REFUSED:
        with pytest.raises(KnownError) as refused:
            acting.give(house, wanted)
        assert refused.value.code == code
        assert refused.value.cs != refused.value.en
    assert centres.books_of(house.centre_folder, house.clock).acts == []


@pytest.mark.only_on("sqlite")
def test_a_withdrawal_is_not_undone_and_no_act_is_undone_twice(
    house: House, centre: Centre, station: SendingStation
) -> None:
    mine = of_point(house, POINT)
    sent(centre, house, station, mine)
    acting.withdraw(house, mine[0].key)
    declared = acting.never(house, PrecinctId(550003, 1))
    acting.undo(house, declared.number)
    for number in (1, declared.number, 3):
        with pytest.raises(KnownError, match="CEN-49"):
            acting.undo(house, number)


NAMELESS = {
    "nobody": People((), (), "důvod"),
    "no reason": People(("Jana Nová",), (), "  "),
    "two in one": People(("Jana; Petr",), (), "důvod"),
    "too long": People(("J" * 101,), (), "důvod"),
}


@pytest.mark.only_on("sqlite")
def test_an_act_names_who_decided_and_why(house: House, centre: Centre) -> None:
    for people in NAMELESS.values():
        with pytest.raises(DocumentError, match="DOC-40"):
            acting.give(house, Wanted(Kind.NEVER, KZ, precinct=COUNTED), people)


@pytest.mark.only_on("sqlite")
def test_before_voting_ends_nothing_is_decided(house: House, centre: Centre) -> None:
    house.clock.move(hours=-2)
    with pytest.raises(KnownError, match="CEN-46"):
        acting.never(house, COUNTED)


def test_an_act_is_signed_by_the_centre_journalled_and_never_changed(
    house: House, centre: Centre, station: SendingStation
) -> None:
    sent(centre, house, station, of_point(house, POINT))
    given = acting.withdraw(house, ProtocolKey(COUNTED, KZ))
    [stored] = centres.books_of(house.centre_folder, house.clock).acts
    anchors = Anchors.from_pem(house.authority.to_pem())
    verified = cms.verify(stored.signed, anchors, house.clock.now, Expected(Role.CENTRE, house.code))
    assert documents.read(verified.content) == given == stored.act
    assert (given.decided_by, given.witnesses) == (("Jana Nová", "Petr Starý"), ("Eva Malá",))
    with centre.database.reading() as connection:
        rows = connection.execute(text("SELECT act, subject FROM journal ORDER BY id")).all()
        assert tuple(rows[-1]) == ("result withdrawn", "KZ 550001/1")
        assert journal.first_broken(connection) is None
    for statement in ("UPDATE act SET kind = 'LOS'", "DELETE FROM act"):
        with pytest.raises(DBAPIError), centre.database.writing() as connection:
            connection.execute(text(statement))


@pytest.mark.only_on("sqlite")
def test_an_act_that_somebody_put_into_the_database_stops_the_next_start(
    house: House, station: SendingStation
) -> None:
    centre = house.open()
    sent(centre, house, station, of_point(house, POINT))
    acting.withdraw(house, ProtocolKey(COUNTED, KZ))
    centre.publisher.flush()
    centre.close()
    house.open().close()  # it is as the centre wrote it
    with centres.opened_store(house.centre_folder) as (database, _), database.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO act SELECT 2, after_revision, kind, contest, municipality, 2, 6, processed_at,"
                " NULL, raw FROM act"
            )
        )
    with pytest.raises(StoreDamaged, match="act 2"):
        house.open()


@pytest.mark.only_on("sqlite")
def test_the_published_list_is_valid_and_holds_what_is_in_force(
    house: House, centre: Centre, station: SendingStation
) -> None:
    sent(centre, house, station, of_point(house, POINT))
    acting.withdraw(house, ProtocolKey(COUNTED, KZ))
    undone = acting.never(house, PrecinctId(550003, 1))
    acting.undo(house, undone.number)
    books = centres.books_of(house.centre_folder, house.clock)
    election = house.reference.election
    for acts in (books.ledger.in_force(), []):
        made = documents.published(election.code, election.mode, acts)
        listed = list(xml.parse(made, documents.PUBLISHED_SCHEMA, max_bytes=100_000))
        assert [each.get("UKON") for each in listed] == [act.kind.value for act in acts]
    assert [act.kind for act in books.ledger.in_force()] == [Kind.WITHDRAWAL]


@pytest.mark.only_on("sqlite")
def test_seats_that_votes_do_not_give_are_recorded_as_people_decided(
    house: House, centre: Centre, station: SendingStation, other: SendingStation
) -> None:
    def one_list(protocol: Protocol) -> Protocol:
        sheets = protocol.sheets[:1]  # type: ignore[union-attr]
        valid = sheets[0].votes
        return replace(protocol, sheets=sheets, counts=Counts(900, valid, valid, valid))

    sent(centre, house, station, [one_list(p) for p in of_point(house, POINT)])
    sent(centre, house, other, [one_list(p) for p in of_point(house, OTHER_POINT)])
    centre.publisher.flush()
    assert "Fewer than two lists" in str(centre.publisher.undecided[0]["en"])
    for seats in (((2, 46),), ((98, 1),), ((2, 20), (33, 9)), ()):
        with pytest.raises(KnownError, match="CEN-46"):
            acting.give(house, Wanted(Kind.SEATS, KZ, "region", 1, seats=seats))
    acting.give(house, Wanted(Kind.SEATS, KZ, "region", 1, seats=((2, 40), (5, 3))))
    centre.publisher.flush()
    assert [each["number"] for each in centre.publisher.undecided] == [2]
    won = [each.attrib for each in found(root(house, "vysledky.xml"), "HODNOTY_STRANA")]
    assert [each["MANDATY"] for each in won if "MANDATY" in each] == ["40", "3"]


@pytest.mark.only_on("sqlite")
def test_a_withdrawn_result_does_not_come_back_by_itself(
    house: House, centre: Centre, station: SendingStation
) -> None:
    """The same content under the same revision is known and stays withdrawn; a new revision counts."""
    mine = of_point(house, POINT)[0]
    sent(centre, house, station, [mine])
    acting.withdraw(house, mine.key)
    assert outcomes(receipt(centre, house, station.batch(station.item(mine)))) == ["ZNAMO"]
    [listed, _] = review(centre.database, station.name, house.clock.now, house.clock.now)
    assert listed.stands == "", "whoever reviews the station's key sees that it does not count"
    centre.publisher.flush()
    assert country(house)["OKRSKY_ZPRAC"] == "0"
    again = with_flags(mine, corrected=True)
    assert outcomes(receipt(centre, house, station.batch(station.item(again, 2)))) == ["PRIJATO"]
