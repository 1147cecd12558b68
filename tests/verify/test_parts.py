"""The reader's own tree, texts and comparison, each against the definition or another's code."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.election.content import content_text
from app.election.model import Contest, RegionalProtocol
from app.trust import merkle as incremental
from app.verify import merkle, protocols
from app.verify.differences import CODES, Difference
from app.verify.report import Report
from app.verify.tree import compare, node
from tests.support.invented_election import protocols as invented
from tests.support.invented_election import reference


def mth(entries: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word: split at the largest power of two below n."""
    if not entries:
        return sha256().digest()
    if len(entries) == 1:
        return sha256(b"\0" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return sha256(b"\1" + mth(entries[:split]) + mth(entries[split:])).digest()


@pytest.mark.parametrize("size", [*range(34), 63, 64, 65, 127, 1000])
def test_the_tree_is_that_of_the_standard_and_of_the_centre(size: int) -> None:
    entries = [str(each).encode() for each in range(size)]
    frontier = incremental.Frontier(incremental.leaf_hash(entry) for entry in entries)
    assert merkle.root(entries) == mth(entries) == frontier.root()


@pytest.mark.parametrize("contest", [Contest.REGIONAL, Contest.SENATE_ROUND_1])
def test_a_canonical_text_is_read_as_it_was_meant(contest: Contest) -> None:
    for protocol in invented(reference(contest), contest):
        read = protocols.parse(content_text(protocol))
        assert (read.contest, read.municipality, read.precinct) == (contest.value, *protocol.precinct)
        flags = (protocol.district, protocol.corrected, protocol.passable_error)
        assert (read.district, read.corrected, read.passable) == flags
        assert read.counts == tuple(protocol.counts)
        if isinstance(protocol, RegionalProtocol):
            assert read.votes == {sheet.list_number: sheet.votes for sheet in protocol.sheets}
            assert read.preferences == {
                (sheet.list_number, candidate): votes
                for sheet in protocol.sheets
                for candidate, votes in sheet.preferences
            }
        else:
            assert read.votes == dict(protocol.votes)
            assert (read.senate_district, read.round) == (protocol.senate_district, protocol.round)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zapis:1",
        "zapis:2 KZ 550001 1 4101 0 0 1 1 1 1",
        "zapis:1 KZ 550001 1 4101 0 0 1 1 1",
        "zapis:1 KZ 550001 1 4101 0 0 1 1 1 -1",
        "zapis:1 KZ 550001 1 4101 0 0 01 1 1 1",
        "zapis:1 KZ 550001 1 4101 0 0 1 1 1 1\n",
        "zapis:1 KZ 550001 1 4101 0 0 1 1 1 1\n1 1 1:0",
        "zapis:1 KZ 550001 1 4101 0 0 1 1 1 1\n1 1\n1 1",
        "zapis:1 KZ 550001 1 4101 0 0 1 1 1 1\n1 1 1:1 1:1",
        "zapis:1 SE1 550001 1 4101 0 0 1 1 1 1",
        "zapis:1 SE1 550001 1 4101 0 0 1 1 1 1\n2 1 1:1 1:1",
        "zapis:1 SE3 550001 1 4101 0 0 1 1 1 1\n2 1 1:1",
        "zapis:1 KZ 550001 1 4101 0 0 1 1 1 ١",
    ],
)  # fmt: skip
def test_what_is_no_canonical_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"text|twice"):
        protocols.parse(text)


@given(st.text(alphabet="zapis:1 KZSE0123456789\n", max_size=80))
def test_no_text_makes_the_reader_fall(text: str) -> None:
    with suppress(ValueError):
        protocols.parse(text)


SAID = node("A", [node("B", KSTRANA=1, HLASY=2), node("B", KSTRANA=2, HLASY=3)], X=1)


@pytest.mark.parametrize(
    ("expected", "code", "place", "said", "found"),
    [
        (node("C", X=1), "VER-41", "/A", "A", "C"),
        (node("A", SAID.children, X=2), "VER-40", "/A/@X", "1", "2"),
        (node("A", SAID.children), "VER-40", "/A/@X", "1", "—"),
        (node("A", SAID.children, X=1, Y=2), "VER-40", "/A/@Y", "—", "2"),
        (node("A", SAID.children[:1], X=1), "VER-41", "/A/B[@KSTRANA='2']", "B[@KSTRANA='2']", "—"),
        (
            node("A", [*SAID.children, node("B", KSTRANA=3)], X=1),
            "VER-41", "/A/B[@KSTRANA='3']", "—", "B[@KSTRANA='3']",
        ),
        (
            node("A", [SAID.children[1], SAID.children[0]], X=1),
            "VER-41", "/A/B[@KSTRANA='1']", "B[@KSTRANA='1']", "B[@KSTRANA='2']",
        ),
        (
            node("A", [SAID.children[0], node("B", KSTRANA=2, HLASY=4)], X=1),
            "VER-40", "/A/B[@KSTRANA='2']/@HLASY", "3", "4",
        ),
    ],
)  # fmt: skip
def test_the_first_place_where_two_trees_part_is_named(
    expected: object, code: str, place: str, said: str, found: str
) -> None:
    with pytest.raises(Difference) as caught:
        compare("file.xml", SAID, expected, Report())  # type: ignore[arg-type]
    different = caught.value
    assert (different.code, different.place, different.said, different.found) == (code, place, said, found)


def test_equal_trees_agree_and_are_counted() -> None:
    report = Report()
    compare("file.xml", SAID, SAID, report)
    assert report.counts["sums"] == 2


def test_every_code_has_its_words_in_both_languages() -> None:
    assert all(cs and en for cs, en in CODES.values())
