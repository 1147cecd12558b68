"""Examining the line: each kind of fault, made with real sockets and servers, is named at its step."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.station import app as command
from app.election.reference import Reference
from app.station.config import CA_FILE, CONFIG_FILE, StationConfig, read_config, write_config
from app.station.connection import Line, Sentence
from app.station.line import examination as examination_module
from app.station.line import report
from app.station.line.findings import Diagnosis
from app.station.line.steps import State, Step
from app.station.line.words import TABLE
from app.station.station import Station
from tests.support.asking import CentreLine
from tests.support.centre_beside import centre_beside
from tests.support.house import serving as serving_centre
from tests.support.station_world import CLERK, NIGHT, Clock, file_of, readings
from tests.support.tls import DAY, NOW, BlackHole, context_of, say, server_certificate, serving, usable_now

OURS = usable_now("kz2024")
FOREIGN = usable_now("ps2025")


def status_of(config: StationConfig, **changes: object) -> bytes:
    told = {
        "election": config.election,
        "mode": config.mode,
        "software": "prebirka 1",
        "time": NIGHT.isoformat(),
    }
    return json.dumps({**told, **changes}).encode()


def examine(station: Station, **changes: object) -> Diagnosis:
    examined = station.examination()
    examined._config = replace(station.config, **changes)  # type: ignore[arg-type]
    return examined.examine()


def faults(diagnosis: Diagnosis) -> list[str]:
    return [each.code for each in diagnosis.findings if each.state is State.FAULT]


@contextmanager
def tls(station: Station, *names: str, issuer: object = OURS, **life: object) -> Iterator[str]:
    """A centre behind TLS with a certificate of this kind, where the station trusts OURS."""
    (station.folder / CA_FILE).write_bytes(OURS.certificate.to_pem())
    paths = server_certificate(station.folder, issuer, *names, **life)  # type: ignore[arg-type]
    with serving(say(200, status_of(station.config)), context_of(*paths)) as line:
        yield f"https://127.0.0.1:{line.port}"


def test_with_a_real_centre_every_step_is_good(
    tmp_path: Path, folder: Path, reference: Reference, clock: Clock
) -> None:
    with centre_beside(tmp_path, folder, reference, clock) as beside, at_home(beside) as url:
        write_config(folder, replace(read_config(folder), centre_url=url))
        with Station.open(folder, clock) as station:
            found = station.examination().examine()
    assert [each.step for each in found.findings] == list(Step)
    assert faults(found) == []
    assert found.of(Step.TLS).code == "LIN-36", "the address is not of https, which is worth a warning"
    others = [each.state for each in found.findings if each.step is not Step.TLS]
    assert set(others) == {State.GOOD}
    assert "prebirka" in found.of(Step.CENTRE).cs


@contextmanager
def at_home(beside: CentreLine) -> Iterator[str]:
    with serving_centre(beside.centre) as url:
        yield url


def test_a_station_that_was_revoked_is_told_so(
    tmp_path: Path, folder: Path, reference: Reference, clock: Clock, expect_log: Callable[..., None]
) -> None:
    from app.central import centre as central

    expect_log("WARNING", "ING-05")
    with centre_beside(tmp_path, folder, reference, clock) as beside, at_home(beside) as url:
        config = read_config(folder)
        central.revoke_station(tmp_path / "centre", config.station, "ztracena", clock())
        write_config(folder, replace(config, centre_url=url))
        with Station.open(folder, clock) as station:
            found = station.examination().examine()
    assert faults(found) == ["LIN-71"]
    assert found.worst == found.of(Step.REGISTER)


@pytest.mark.parametrize(("hours", "code"), [(0, "LIN-50"), (0.05, "LIN-51"), (2, "LIN-52"), (-2, "LIN-52")])
def test_a_clock_that_differs_is_measured(station: Station, hours: float, code: str) -> None:
    told = (NIGHT + timedelta(hours=hours)).isoformat()
    with serving(say(200, status_of(station.config, time=told))) as line:
        found = examine(station, centre_url=f"http://127.0.0.1:{line.port}")
    assert found.of(Step.CLOCK).code == code


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"<html>Wi-Fi</html>", 200, "LIN-42"),
        (b"", 502, "LIN-42"),
        (b'{"code": "ING-40"}', 429, "LIN-44"),
        (b"[1]", 200, "LIN-42"),
    ],
)
def test_what_is_no_centre_is_recognised(station: Station, body: bytes, status: int, code: str) -> None:
    with serving(say(status, body)) as line:
        found = examine(station, centre_url=f"http://127.0.0.1:{line.port}")
    assert faults(found) == [code]
    assert found.of(Step.REGISTER).state is State.SKIPPED
    assert found.of(Step.CERTIFICATE).state is State.GOOD, "what the machine knows itself is told always"


def test_another_election_s_centre_is_named(station: Station) -> None:
    with serving(say(200, status_of(station.config, election="ps2025"))) as line:
        found = examine(station, centre_url=f"http://127.0.0.1:{line.port}")
    assert faults(found) == ["LIN-43"]
    assert "ps2025" in found.of(Step.CENTRE).cs


def test_a_name_that_does_not_exist_is_the_name_s_fault(station: Station) -> None:
    found = examine(station, centre_url="http://ustredi.invalid")
    assert faults(found) == ["LIN-11"]
    assert found.of(Step.ROUTE).state is State.SKIPPED


def test_a_port_where_nobody_listens_refuses(station: Station) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert faults(examine(station, centre_url=f"http://127.0.0.1:{port}")) == ["LIN-21"]


def test_a_full_line_or_a_firewall_does_not_answer(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination_module, "PATIENCE", 0.2)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)  # one connection fits its queue; the next ones hear nothing
        address = listener.getsockname()
        with socket.socket() as one, socket.socket() as two:
            for each in (one, two):
                each.setblocking(False)
                each.connect_ex(address)
            found = examine(station, centre_url=f"http://127.0.0.1:{address[1]}")
    assert faults(found) == ["LIN-22"]


def test_a_centre_that_takes_the_line_and_says_nothing_is_told(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examination_module, "PATIENCE", 0.2)
    hole = BlackHole()
    try:
        assert faults(examine(station, centre_url=hole.url)) == ["LIN-41"]
    finally:
        hole.close()


def test_a_good_certificate_is_told_with_whose_it_is(station: Station) -> None:
    with tls(station, "127.0.0.1") as url:
        found = examine(station, centre_url=url).of(Step.TLS)
    assert (found.code, found.state) == ("LIN-30", State.GOOD)
    assert "127.0.0.1" in found.cs
    assert "kz2024" in found.cs


@pytest.mark.parametrize(
    ("names", "wrong", "code", "word"),
    [
        (("127.0.0.1",), {"issuer": FOREIGN}, "LIN-31", "ps2025"),
        (("jinde.example",), {}, "LIN-32", "jinde.example"),
        (("127.0.0.1",), {"begins": NOW - 3 * DAY, "ends": NOW - DAY}, "LIN-33", "127.0.0.1"),
        (("127.0.0.1",), {"begins": NOW + DAY, "ends": NOW + 3 * DAY}, "LIN-33", "127.0.0.1"),
    ],
    ids=["foreign authority", "other name", "expired", "not yet valid"],
)
def test_a_wrong_certificate_is_told_with_what_is_wrong(
    station: Station, names: tuple[str, ...], wrong: dict[str, object], code: str, word: str
) -> None:
    with tls(station, *names, **wrong) as url:  # type: ignore[arg-type]
        found = examine(station, centre_url=url)
    assert faults(found) == [code]
    assert word in found.of(Step.TLS).cs


def test_where_nobody_speaks_tls_that_is_said(station: Station) -> None:
    (station.folder / CA_FILE).write_bytes(OURS.certificate.to_pem())
    with serving(say(200, b"{}")) as line:
        assert faults(examine(station, centre_url=f"https://127.0.0.1:{line.port}")) == ["LIN-34"]


def test_a_missing_authority_is_said(station: Station) -> None:
    (station.folder / CA_FILE).write_bytes(b"")
    with serving(say(200, b"{}")) as line:
        assert faults(examine(station, centre_url=f"https://127.0.0.1:{line.port}")) == ["LIN-37"]


def test_a_proxy_is_a_step_of_the_way(station: Station) -> None:
    with serving(say(200, status_of(station.config))) as proxy:
        told = f"http://jmeno:tajneheslo@127.0.0.1:{proxy.port}"
        found = examine(station, centre_url="http://ustredi.invalid", proxy=told)
        assert found.of(Step.CENTRE).code == "LIN-40", "the proxy resolves the centre's name"
        assert f"127.0.0.1:{proxy.port}" in found.of(Step.ADDRESS).cs
        refused = examine(station, centre_url="https://127.0.0.1:1", proxy=told)
    assert faults(refused) == ["LIN-35"]
    for language in ("cs", "en"):
        assert "tajneheslo" not in report.text(found, station.config, language)


def test_an_impossible_address_is_the_first_step(station: Station) -> None:
    found = examine(station, centre_url="gopher://x")
    assert faults(found) == ["LIN-02"]
    assert [each.state for each in found.findings].count(State.SKIPPED) == 6


def test_the_certificate_s_end_comes_near_and_passes(station: Station, clock: Clock) -> None:
    ends = station._signer.certificate.not_after
    clock.now = ends - timedelta(days=2)
    assert examine(station, centre_url="gopher://x").of(Step.CERTIFICATE).code == "LIN-61"
    clock.now = ends + timedelta(seconds=1)
    assert examine(station, centre_url="gopher://x").of(Step.CERTIFICATE).code == "LIN-62"


def test_the_queue_and_the_last_answer_are_told(station: Station, reference: Reference) -> None:
    (offer, *_) = station.intake.read_bytes("z.xml", file_of(next(iter(readings(reference).values()))))
    assert examine(station).of(Step.QUEUE).code == "LIN-80"
    station.intake.accept(offer, CLERK)
    station._board.line(Line.OFFLINE, NIGHT, NIGHT + timedelta(seconds=30))
    waiting = examine(station).of(Step.QUEUE)
    assert waiting.code == "LIN-81"
    assert "čeká 1" in waiting.cs
    station._board.refused(Sentence("ING-05", "Stanice není zapsána.", "Not registered."))
    assert "ING-05" in examine(station).of(Step.QUEUE).cs


def test_the_report_has_every_step_with_its_code_and_what_to_do(station: Station) -> None:
    found = examine(station, centre_url="http://ustredi.invalid")
    told = report.text(found, station.config, "cs")
    assert [int(number) for number in re.findall(r"^(\d)\. ", told, re.MULTILINE)] == list(range(1, 10))
    assert "[LIN-11]" in told
    assert "→ Zkontrolujte síťový kabel" in told
    assert station.config.station in told


def test_on_the_command_line_a_fault_is_the_exit_status(folder: Path) -> None:
    text = (folder / CONFIG_FILE).read_text("utf-8")
    (folder / CONFIG_FILE).write_text(text.replace("http://127.0.0.1:1", "http://ustredi.invalid"), "utf-8")
    told = CliRunner().invoke(command, ["line", str(folder), "--now", NIGHT.replace(tzinfo=None).isoformat()])
    assert told.exit_code == 1
    assert "LIN-11" in told.output


@pytest.mark.parametrize("code", TABLE)
def test_each_finding_is_a_whole_sentence_in_both_languages(code: str) -> None:
    words = TABLE[code]
    for sentence in (words.cs, words.en, words.do_cs, words.do_en):
        assert not sentence or sentence[-1] in ".}"
    assert bool(words.do_cs) == bool(words.do_en) == (words.state is not State.GOOD)
    assert set(re.findall(r"\{(\w+?)(?:_en)?\}", words.cs)) == set(
        re.findall(r"\{(\w+?)(?:_en)?\}", words.en)
    )
