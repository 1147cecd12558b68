"""Stored protocols are read back as they were."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.central.stored import Recent, decode
from app.election.complete import with_flags
from app.election.content import content_text
from app.election.model import Contest, Protocol
from tests.support.invented_election import protocols, reference, round_2_reference

REFERENCE = reference()
EVERY = [
    *protocols(REFERENCE, Contest.REGIONAL),
    *protocols(REFERENCE, Contest.SENATE_ROUND_1),
    *protocols(round_2_reference(), Contest.SENATE_ROUND_2),
]


@pytest.mark.parametrize("protocol", EVERY, ids=lambda protocol: str(protocol.key))
def test_a_protocol_is_read_back_from_the_text_that_was_hashed(protocol: Protocol) -> None:
    for corrected in (False, True):
        for passable in (False, True):
            flagged = with_flags(protocol, corrected=corrected, passable_error=passable)
            assert decode(content_text(flagged).encode()) == flagged


def test_a_sheet_without_preferences_and_a_protocol_without_votes_are_read_back() -> None:
    regional, senate = EVERY[0], protocols(REFERENCE, Contest.SENATE_ROUND_1)[0]
    bare = replace(regional, sheets=tuple(sheet._replace(preferences=()) for sheet in regional.sheets))  # type: ignore[union-attr]
    for protocol in (bare, replace(regional, sheets=()), replace(senate, votes=())):
        assert decode(content_text(protocol).encode()) == protocol


def test_what_was_just_taken_in_comes_from_memory_once() -> None:
    recent = Recent(most=2)
    kept = dict(enumerate(EVERY[:3], start=1))
    recent.add(kept)
    texts = {number: content_text(protocol).encode() for number, protocol in kept.items()}
    assert recent.take(1, texts[1]) == kept[1]
    assert recent.take(3, texts[3]) is kept[3]
    assert recent.take(3, texts[3]) is not kept[3]


def test_what_was_published_before_it_came_to_memory_is_not_kept() -> None:
    recent = Recent()
    text = content_text(EVERY[0]).encode()
    assert recent.take(7, text) == EVERY[0]
    recent.add({7: EVERY[0]})
    assert recent.take(7, text) is not EVERY[0]
