"""Every act and detail that can be written has words in both languages; a row reads like a sentence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.election.catalogue import RULES
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.station.journal import Detail, Entry
from app.station.journal_words import ACTS, DETAILS, LANGUAGES, VALUES, act_name, in_one_line, told
from app.station.states import Step
from tests.support.acts import Acts

WRITTEN = Acts()
REGIONAL = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
SENATE = ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1)
HASH = "ab" * 32


def entry(act: str, key: ProtocolKey | None = REGIONAL, **details: Detail) -> Entry:
    return Entry(1, datetime(2024, 9, 21, 14, tzinfo=UTC), "Jana", act, key, None, details, HASH)


def test_the_search_for_acts_finds_those_that_are_known_to_be_written() -> None:
    steps = {Step.ACCEPT, Step.HOLD, Step.APPROVE, Step.SEND_BACK, Step.REFUSE, Step.CONFIRM, Step.RETURN}
    others = {"mend", "entry-closed", "settle-refused", "batch", "receipt", "journal-exported"}
    assert {step.value for step in steps} | others <= WRITTEN.names
    assert {"reason", "content_hash", "changes", "authorised"} <= WRITTEN.details


@pytest.mark.parametrize("act", sorted(WRITTEN.names))
def test_every_act_that_can_be_written_has_words(act: str) -> None:
    assert act in ACTS, f"give {act!r} its words in app/station/journal_words.py"


@pytest.mark.parametrize("detail", sorted(WRITTEN.details))
def test_every_detail_that_can_be_written_has_a_name(detail: str) -> None:
    assert detail in DETAILS, f"give {detail!r} its name in app/station/journal_words.py"


def test_no_act_is_called_like_another() -> None:
    for language in LANGUAGES:
        told_acts = [words.of(language) for words in ACTS.values()]
        assert len(set(told_acts)) == len(told_acts)
        assert all([*told_acts, *(words.of(language) for words in (*DETAILS.values(), *VALUES.values()))])


@pytest.mark.parametrize(
    ("made", "language", "lines"),
    [
        (
            entry("hold", reason="komise trvá", content_hash=HASH, failed=["LG-02"], source="PAPIR",
                  counts="900 400 401 398"),
            "cs",
            [
                ("Důvod", "komise trvá"),
                ("Počty", "zapsaní voliči: 900\nvydané obálky: 400\n"
                          "odevzdané obálky: 401\nplatné hlasy: 398"),
                ("Nesplněná pravidla", f"LG-02 {RULES['LG-02'].title_cs}"),
                ("Odkud", "papír"),
                ("Otisk obsahu (SHA-256)", HASH),
            ],
        ),
        (
            entry("mend", changes=["VOL_SEZNAM=901", "HLASY 5 52=-", "POC_HLASU 5=7"], authorised=True),
            "en",
            [
                ("Commission is authorised to correct", "yes"),
                (
                    "Changed figures",
                    "T/6, part 1, registered voters (VOL_SEZNAM) → 901\n"
                    "T/6, list 5, reverse page, candidate 52 → -\n"
                    "T/6, list 5, votes of the list (POC_HLASU) → 7",
                ),
            ],
        ),
        (
            entry("settle", SENATE, field="HLASY 3", value=12, situation="third-value", reason=""),
            "en",
            [
                ("Figure", "T/5, candidate 3"),
                ("What it agrees with", "neither typing"),
                ("Value", "12"),
            ],
        ),
        (entry("something-new", None, odd="hodnota"), "cs", [("odd", "hodnota")]),
        (entry("batch", None, batch=0, known=False), "cs", [("Číslo dávky", "0"), ("Takový účet je", "ne")]),
    ],
)  # fmt: skip
def test_details_read_as_people_say_them(made: Entry, language: str, lines: list[tuple[str, str]]) -> None:
    assert list(told(made, language)) == lines


def test_a_cell_has_the_reason_first_and_no_hash() -> None:
    line = in_one_line(entry("accept", reason="stalo se", original=HASH, failed=["LG-02", "PL-03"]), "cs")
    assert line == "stalo se · Nesplněná pravidla: LG-02, PL-03"
    assert act_name("accept", "en") == "protocol accepted"
    assert act_name("no-such-act", "cs") == "no-such-act"
