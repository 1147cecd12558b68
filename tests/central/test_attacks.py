"""Every attack of the table, over HTTP against a real centre: it ends with its code, nothing of it counts,
and whoever is honest is served beside it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import httpx
import pytest

from app.central.refusals import REFUSALS
from app.documents.receipt import Receipt
from app.election.model import Contest
from tests.central import attacks
from tests.central.attacks import ATTACKS, ELSEWHERE, PAGE, SIGNED, Attack, Scene
from tests.support.central_driver import of_point
from tests.support.house import Clock, House, SendingStation, serving
from tests.support.invented_election import OTHER_POINT, POINT, VOTING_ENDS, reference

Announce = Callable[[str, str], None]
CHECKOUT = PAGE.parents[2]
_names = count(1)


@dataclass
class Siege:
    """A centre, an attacker's authority, and an honest station of another point."""

    house: House
    foreign: House
    client: httpx.Client
    honest: SendingStation

    def post(self, data: bytes, path: str = "/v1/batches", **headers: str) -> httpx.Response:
        request = self.client.build_request(
            "POST", "/", content=data, headers={"content-type": SIGNED, **headers}
        )
        request.url = request.url.copy_with(raw_path=path.encode())
        return self.client.send(request)

    def counted(self) -> int:
        return int(self.client.get("/v1/status").json()["received"]["revisions"])


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    known = reference(Contest.REGIONAL)
    clock = Clock(VOTING_ENDS + timedelta(hours=1))
    house = House(tmp_path_factory.mktemp("siege"), known, clock, max_batch_bytes=300_000)
    foreign = House(tmp_path_factory.mktemp("foreign"), known, clock)
    centre = house.open()
    with serving(centre) as url, httpx.Client(base_url=url) as client:
        first = house.station(f"{POINT}-500")
        made = Siege(house, foreign, client, house.station(f"{OTHER_POINT}-1"))
        assert made.post(first.batch(first.item(of_point(house, POINT)[0]))).status_code == 200
        yield made
    centre.close()


@pytest.fixture
def scene(siege: Siege) -> Scene:
    """A station of its own for each attack; its first batch, an empty one, is at the centre."""
    station = siege.house.station(f"{POINT}-{next(_names)}")
    assert siege.post(station.batch()).status_code == 200
    return Scene(siege.house, siege.foreign, station)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_ends_with_its_code_and_changes_nothing(
    siege: Siege, scene: Scene, attack: Attack, expect_log: Announce
) -> None:
    refusal = REFUSALS.get(attack.code)
    if refusal is not None:
        level = "ERROR" if refusal.alarm else "INFO" if refusal.http_status in (404, 405) else "WARNING"
        if level != "INFO":
            expect_log(level, f"{attack.code}.*{attack.cause}")
    before = siege.counted()
    data = attack.make(scene)
    answer = siege.post(data, attack.path, **attack.headers)
    if refusal is None:
        assert answer.content == siege.post(data).content
        assert answer.status_code == 200
    elif answer.headers["content-type"] == SIGNED:
        _check_receipt(siege.house.receipt(answer.content), attack)
    else:
        problem = answer.json()
        assert (problem["code"], problem["cause"]) == (attack.code, attack.cause)
    if refusal is not None:
        assert answer.status_code == refusal.http_status
    assert siege.counted() == before
    assert siege.house.receipt(siege.post(siege.honest.batch()).content).status.value == "PRIJATO"


def _check_receipt(receipt: Receipt, attack: Attack) -> None:
    if receipt.items:
        [item] = receipt.items
        assert item.code == attack.code
        assert item.outcome.value in ("ODMITNUTO", "KONFLIKT")
        if attack.cause:
            assert attack.cause in item.rules
    else:
        assert receipt.code == attack.code
        assert receipt.status.value in ("ODMITNUTO", "KARANTENA")


def test_the_page_of_attacks_is_made_from_the_table() -> None:
    text = PAGE.read_text("utf-8")
    assert attacks.filled(text) == text, "run: python -m tests.central.attacks"


def test_every_attack_names_codes_and_a_test_that_there_are() -> None:
    told = {one.code for one in ATTACKS.values()} | {
        code for _, codes, _ in ELSEWHERE.values() for code in codes.split()
    }
    assert told - {""} <= REFUSALS.keys()
    assert not ATTACKS.keys() & ELSEWHERE.keys()
    for _, _, test in ELSEWHERE.values():
        path, _, name = test.partition("::")
        tree = ast.parse((CHECKOUT / path).read_text("utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, test


def test_every_refusal_of_the_door_is_met_by_an_attack() -> None:
    told = {one.code for one in ATTACKS.values()} | {
        code for _, codes, _ in ELSEWHERE.values() for code in codes.split()
    }
    others = {
        "ING-14": "a store that cannot be written: tests/central/test_store.py",
        "ING-15": "a station in quarantine: tests/central/test_quarantine.py",
        "ING-16": "a branch that was given up: tests/central/test_quarantine.py",
        "ING-22": "no approval: tests/central/test_protocols.py",
        "ING-42": "every connection asks: tests/central/test_door.py",
    }
    assert REFUSALS.keys() - told == others.keys()
