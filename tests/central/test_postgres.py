"""The centre on a PostgreSQL server: what is set there, and a server or a line that goes away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from typer.testing import CliRunner

from app.central import audit, centre, journal, settings
from app.central import store as store_module
from app.central.centre import Centre
from app.central.database import Database
from app.central.leadership import Leadership, NotLeading
from app.central.settings import CentreFolder
from app.commands.central import app as command
from app.documents.receipt import Outcome
from app.election.errors import KnownError
from app.election.model import Contest, Mode
from tests.support.central_driver import disarm, of_point, receive, rows
from tests.support.house import House, SendingStation, serving
from tests.support.invented_election import POINT, reference
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.only_on("postgresql")
Announce = Callable[[str, str], None]


@pytest.fixture
def database(store: str) -> Iterator[Database]:
    opened = Database(store)
    yield opened
    opened.close()


@pytest.fixture
def away(postgres: PostgresServer) -> Iterator[Callable[[], None]]:
    """Stop the server; it is started again at the end of the test at the latest."""
    yield postgres.stop
    postgres.start()


def everything(centre: Centre, house: House, batches: list[bytes]) -> None:
    """Each batch is there once, with a receipt that says so, in one whole journal."""
    assert len(rows(centre, "batch")) == len(batches)
    with centre.database.reading() as connection:
        assert journal.first_broken(connection) is None
    for data in batches:
        receipt = house.receipt(receive(centre, house, data).body)
        assert {item.outcome for item in receipt.items} <= {Outcome.ACCEPTED}


class TestWhatIsSet:
    def test_a_commit_is_on_the_disk_even_where_the_server_would_not_wait(
        self, postgres: PostgresServer, store: str
    ) -> None:
        name = store.partition("?")[0].rpartition("/")[2]
        postgres.ask(f"ALTER DATABASE {name} SET synchronous_commit = off")
        database = Database(store)
        with database.writing() as connection:
            assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
        database.close()

    def test_text_compares_by_its_bytes_and_integers_have_64_bits_as_in_sqlite(
        self, database: Database
    ) -> None:
        columns = (
            "SELECT DISTINCT data_type, collation_name FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND table_name <> 'migration'"
        )
        with database.reading() as connection:
            found = {tuple(row) for row in connection.execute(text(columns))}
        assert found == {("text", "C"), ("bigint", None), ("bytea", None)}

    def test_a_reader_cannot_write(self, database: Database) -> None:
        with pytest.raises(DBAPIError, match="read-only"), database.reading() as connection:
            connection.execute(text("INSERT INTO migration (name) VALUES ('x')"))

    def test_a_writer_is_alone_and_a_reader_sees_one_moment(self, database: Database) -> None:
        done = threading.Event()

        def write() -> None:
            with database.writing() as connection:
                connection.execute(text("INSERT INTO migration (name) VALUES ('0000_other')"))
            done.set()

        count = text("SELECT count(*) FROM migration")
        with database.writing() as connection, ThreadPoolExecutor(1) as pool:
            before = connection.execute(count).scalar()
            waiting = pool.submit(write)
            assert not done.wait(0.2)
            assert connection.execute(count).scalar() == before
            connection.commit()
            waiting.result(10)
        with database.reading() as connection, ThreadPoolExecutor(1) as pool:
            assert connection.execute(count).scalar() == before + 1
            pool.submit(lambda: _forget(database)).result(10)
            assert connection.execute(count).scalar() == before + 1

    @pytest.mark.parametrize(
        "address",
        [
            "postgresql+psycopg://prebirka" + ":tajne" + "@server/volby",
            "postgresql://prebirka@server/volby?password=tajne",
            "mysql://prebirka@server/volby",
            "volby",
        ],
    )
    def test_an_address_with_a_password_or_of_another_kind_is_refused(self, address: str) -> None:
        with pytest.raises(KnownError, match="CEN-13") as refused:
            Database(address)
        assert "tajne" not in str(refused.value)

    def test_a_database_of_another_election_or_mode_is_left_alone(
        self, house: House, store: str, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        before = Database(store)
        rehearsal = reference(Contest.REGIONAL, mode=Mode.REHEARSAL)
        with pytest.raises(KnownError, match="CEN-14"):
            House(tmp_path_factory.mktemp("other"), rehearsal, house.clock, database=store)
        with before.reading() as connection:
            owner = connection.execute(text("SELECT election, mode FROM belongs")).all()
        assert owner == [(house.code, "OSTRY")]
        before.close()

    def test_the_command_makes_a_centre_on_it(self, house: House, store: str, tmp_path: Path) -> None:
        made, source = tmp_path / "made", house.centre_folder
        options = {"ca": "ca.pem", "key": "centre.key", "certificate": "centre.pem"}
        files = [word for name, file in options.items() for word in (f"--{name}", str(source / file))]
        reference = ["--reference", str(house.folder / "reference.sqlite")]
        asked = CliRunner().invoke(command, ["init", str(made), *files, *reference, "--database", store])
        assert asked.exit_code == 0, asked.output
        assert settings.load(CentreFolder(made)).database == store
        assert not (made / "centre.sqlite").exists()
        Centre.open(made, house.clock).close()

    def test_a_server_that_is_not_there_is_named(self, house: House, tmp_path: Path) -> None:
        house.set(database=f"postgresql+psycopg://prebirka@/volby?host={tmp_path}")
        with pytest.raises(KnownError, match="CEN-15"):
            house.open()
        with pytest.raises(KnownError, match="CEN-15"):
            centre.listed_stations(house.centre_folder)


def _forget(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("DELETE FROM migration WHERE name = '0000_other'"))


class TestADatabaseThatSomebodyChanged:
    @pytest.mark.parametrize(
        "change",
        [
            "ALTER TABLE revision DISABLE TRIGGER revision_no_update",
            "DROP TRIGGER journal_no_truncate ON journal",
            "DROP INDEX batch_by_station",
        ],
    )
    def test_in_its_structure_is_refused_at_the_start(self, house: House, store: str, change: str) -> None:
        database = Database(store)
        with database.writing() as connection:
            connection.exec_driver_sql(change)
        database.close()
        with pytest.raises(audit.StoreDamaged):
            house.open()

    def test_in_a_row_is_refused_at_the_start(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        receive(centre, house, station.batch(*station.items(of_point(house, POINT))))
        with centre.database.writing() as connection:
            disarm(connection, "revision", "update")
            connection.exec_driver_sql("UPDATE revision SET processing_order = 9 WHERE id = 1")
            connection.exec_driver_sql(
                "CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision EXECUTE FUNCTION append_only()"
            )
        with pytest.raises(audit.StoreDamaged, match="revision 1"):
            house.open()


class TestAServerThatGoesAway:
    def test_is_answered_by_come_again_and_the_batch_is_taken_when_it_is_back(
        self,
        house: House,
        centre: Centre,
        station: SendingStation,
        postgres: PostgresServer,
        away: Callable[[], None],
        expect_log: Announce,
    ) -> None:
        expect_log("ERROR", "store failed: OperationalError|request refused: ING-14")
        first, second = (station.batch(station.item(each)) for each in of_point(house, POINT)[:2])
        assert receive(centre, house, first).code == ""
        away()
        answer = receive(centre, house, second)
        assert (answer.http_status, answer.code, answer.retry_after) == (503, "ING-14", 5)
        with serving(centre) as url:
            told = httpx.get(f"{url}/v1/status")
            assert (told.status_code, told.headers["retry-after"]) == (503, "5")
        postgres.start()
        assert receive(centre, house, second).code == ""
        everything(centre, house, [first, second])

    def test_and_comes_back_between_two_batches_costs_no_station_a_refusal(
        self, house: House, centre: Centre, station: SendingStation, postgres: PostgresServer, store: str
    ) -> None:
        batches = [station.batch(station.item(each)) for each in of_point(house, POINT)]
        for data in batches:
            assert receive(centre, house, data).code == ""
            postgres.cut(store)
        everything(centre, house, batches)

    def test_while_stations_send_loses_nothing_and_doubles_nothing(
        self,
        house: House,
        centre: Centre,
        postgres: PostgresServer,
        away: Callable[[], None],
        expect_log: Announce,
    ) -> None:
        expect_log("ERROR", "store failed|request refused: ING-14")
        senders = [house.station(f"{POINT}-{n}") for n in (1, 2, 3)]
        batches = [[each.batch() for _ in range(40)] for each in senders]
        midst, refused = threading.Barrier(len(senders) + 1), threading.Semaphore(0)

        def send(mine: list[bytes]) -> None:
            for number, data in enumerate(mine):
                if number == 10:
                    midst.wait(30)
                while receive(centre, house, data).code:
                    refused.release()

        with ThreadPoolExecutor(len(senders)) as pool:
            sending = [pool.submit(send, mine) for mine in batches]
            midst.wait(30)
            away()
            assert refused.acquire(timeout=30)
            postgres.start()
            for each in sending:
                each.result(60)
        everything(centre, house, [data for mine in batches for data in mine])


class TestALineThatIsCut:
    def test_between_the_rows_and_the_commit_leaves_nothing_and_the_batch_goes_again(
        self,
        house: House,
        centre: Centre,
        station: SendingStation,
        postgres: PostgresServer,
        monkeypatch: pytest.MonkeyPatch,
        store: str,
    ) -> None:
        data = station.batch(station.item(of_point(house, POINT)[0]))
        write, cut = journal.write, []

        def cut_after(*arguments: object) -> object:
            head = write(*arguments)  # type: ignore[arg-type]
            if not cut:
                cut.append(postgres.cut(store))
            return head

        monkeypatch.setattr("app.central.journal.write", cut_after)
        assert receive(centre, house, data).code == ""
        assert cut
        everything(centre, house, [data])

    def test_after_the_commit_and_before_it_was_heard_of_gives_the_receipt_that_was_stored(
        self,
        house: House,
        centre: Centre,
        station: SendingStation,
        postgres: PostgresServer,
        monkeypatch: pytest.MonkeyPatch,
        store: str,
    ) -> None:
        data = station.batch(station.item(of_point(house, POINT)[0]))
        dialect, cut = centre.database.store.engine.dialect, []
        commit = dialect.do_commit

        def commit_unheard(connection: object) -> None:
            commit(connection)  # type: ignore[arg-type]
            if not cut:
                cut.append(postgres.cut(store))
                connection.execute("SELECT 1")  # type: ignore[attr-defined]

        monkeypatch.setattr(dialect, "do_commit", commit_unheard)
        assert receive(centre, house, data).code == ""
        assert cut
        everything(centre, house, [data])

    def test_of_the_publisher_is_made_good_at_the_next_publication(
        self,
        house: House,
        centre: Centre,
        station: SendingStation,
        postgres: PostgresServer,
        monkeypatch: pytest.MonkeyPatch,
        store: str,
        expect_log: Announce,
    ) -> None:
        centre.publisher.flush()
        receive(centre, house, station.batch(*station.items(of_point(house, POINT))))
        insert = store_module.insert_publication

        def cut_after(*arguments: object) -> None:
            insert(*arguments)  # type: ignore[arg-type]
            postgres.cut(store)

        with monkeypatch.context() as patched:
            patched.setattr(store_module, "insert_publication", cut_after)
            with pytest.raises(OperationalError):
                centre.publisher.flush()
        centre.publisher.flush()
        with centre.database.reading() as connection:
            assert stored_and_published(connection) == (4, 4)


def stored_and_published(connection: object) -> tuple[int, int]:
    """Revisions stored and published."""
    held = store_module.counts(connection)  # type: ignore[arg-type]
    last = connection.execute(text("SELECT max(last_revision) FROM publication")).scalar()  # type: ignore[attr-defined]
    return held.revisions, last


class TestLeadership:
    def test_is_of_one_process_on_all_hosts_and_passes_on_when_it_ends(
        self, database: Database, tmp_path: Path
    ) -> None:
        one, other = (Leadership(database, tmp_path / name) for name in ("here", "there"))
        assert one.take()
        assert one.take()
        assert not other.take()
        with pytest.raises(NotLeading), other.claiming():
            pass
        one.release()
        assert other.take()
        other.release()

    def test_that_was_lost_lets_nothing_be_claimed(
        self, database: Database, tmp_path: Path, postgres: PostgresServer, store: str
    ) -> None:
        one, other = (Leadership(database, tmp_path / name) for name in ("here", "there"))
        assert one.take()
        postgres.cut(store)
        assert other.take()
        claim = text("INSERT INTO publication VALUES (1, '', 0, '{}')")
        with pytest.raises(DBAPIError), one.claiming() as connection:
            connection.execute(claim)
        assert not one.take()
        with other.claiming() as connection:
            connection.execute(claim)
        other.release()
