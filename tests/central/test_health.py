"""What monitoring hears of a centre: nothing when all is well, the worst first when it is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from app.central.centre import Centre
from app.central.health import CRITICAL, WARNING, WELL, judge
from app.commands.central import app as command
from tests.support.house import serving

LATE = timedelta(seconds=10)
TOLD = {
    "election": "kz2024",
    "mode": "OSTRY",
    "time": "2024-09-21T15:00:30+02:00",
    "embargo": False,
    "clock": None,
    "received": {"batches": 3, "set_aside": 0, "revisions": 40},
    "waiting": 0,
    "quarantine": [],
    "heard_beyond": None,
    "undecided": [],
    "published": {"version": 7, "at": "2024-09-21T15:00:00+02:00", "last_revision": 40, "stopped": None},
}
BEHIND = {"published": {**TOLD["published"], "last_revision": 38}}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({}, WELL, "OK kz2024 OSTRY"),
        ({"published": {**TOLD["published"], "stopped": "TAL-01"}}, CRITICAL, "stopped: TAL-01"),  # type: ignore[dict-item]
        (BEHIND, CRITICAL, "2 protocols are not published"),
        ({**BEHIND, "embargo": True}, WELL, "OK"),
        ({"clock": "zk2024"}, CRITICAL, "clocks disagree"),
        ({"quarantine": ["41-1"]}, WARNING, "in quarantine: 41-1"),
        ({"heard_beyond": 12}, WARNING, "CEN-26"),
        ({"undecided": [{}]}, WARNING, "1 results wait"),
        ({"waiting": 60}, WARNING, "60 batches wait"),
        ({"clock": "x", "waiting": 60}, CRITICAL, "CRITICAL clocks disagree"),
    ],
)
def test_each_trouble_has_its_weight(changed: dict[str, object], status: int, words: str) -> None:
    found = judge({**TOLD, **changed}, LATE)
    assert found.status == status
    assert words in found.line
    assert "batches=3 revisions=40 version=7" in found.line


def test_a_running_centre_is_asked_and_the_status_is_the_command_s(centre: Centre) -> None:
    centre.publisher.flush()
    with serving(centre) as url:
        told = CliRunner().invoke(command, ["health", url])
    assert (told.exit_code, told.output[:2]) == (0, "OK")


def test_where_nothing_answers_the_status_says_so() -> None:
    told = CliRunner().invoke(command, ["health", "http://127.0.0.1:9"])
    assert told.exit_code == 3
    assert told.output.startswith("UNKNOWN")
