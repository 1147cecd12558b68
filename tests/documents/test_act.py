"""The act: read back as it was written, one form only, and nothing in it that its schema refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import act, xml
from app.documents.act import Act, Kind
from app.documents.document_errors import DocumentError
from app.election.model import Contest, Mode, PrecinctId
from tests.support import readings as made
from tests.support.refusals import refused

WORDS = st.text("aáčž &<>\"'\U0001f642", min_size=1, max_size=90).map(str.strip).filter(bool)
PEOPLE = st.lists(WORDS, max_size=4).map(tuple)
ACT = Act(
    made.ELECTION,
    Mode.LIVE,
    7,
    Kind.LOT,
    Contest.SENATE_ROUND_1,
    ("Jana Nová", "Petr Starý"),
    ("Eva Malá",),
    "rovnost hlasů",
    made.WHEN,
    "senate",
    14,
    numbers=(3, 2),
)
#: One act of each kind.
KINDS = [
    ACT,
    replace(
        ACT, kind=Kind.SEATS, contest=Contest.REGIONAL, area="region", numbers=(), seats=((7, 40), (12, 5)),
    ),
    replace(ACT, kind=Kind.LEFT, numbers=(3,)),
    replace(ACT, kind=Kind.NEVER, area="", area_number=0, numbers=(), precinct=PrecinctId(550001, 3)),
    replace(ACT, kind=Kind.COMPLETE, area="country", area_number=0, numbers=(), witnesses=()),
    replace(
        ACT, kind=Kind.WITHDRAWAL, area="", area_number=0, numbers=(), precinct=PrecinctId(550001, 3),
        revision=2, order=9,
    ),
    replace(ACT, kind=Kind.CANCEL, area="", area_number=0, numbers=(), cancels=3),
]  # fmt: skip


@given(
    st.sampled_from(KINDS),
    st.integers(1, 999_999_999),
    WORDS,
    PEOPLE.filter(bool),
    PEOPLE,
    st.sampled_from(Mode),
)
def test_an_act_is_read_back_as_it_was_and_written_again_byte_for_byte(
    kind: Act, number: int, reason: str, by: tuple[str, ...], witnesses: tuple[str, ...], mode: Mode
) -> None:
    given_ = replace(kind, number=number, reason=reason, decided_by=by, witnesses=witnesses, mode=mode)
    data = act.write(given_)
    assert act.read(data) == given_
    assert act.write(act.read(data)) == data


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"reason": "x" * 501},
        {"reason": "a\x00b"},
        {"decided_by": ()},
        {"decided_by": ("",)},
        {"decided_by": ("Jana; Petr",)},
        {"decided_by": (" Jana",)},
        {"decided_by": ("x" * 101,)},
        {"witnesses": ("x",) * 21},
    ],
    ids=str,
)
def test_what_no_document_carries_makes_no_act(changes: dict[str, object]) -> None:
    with pytest.raises(DocumentError, match="DOC-40"):
        act.write(replace(ACT, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('CISLO="7"', 'CISLO="0"'),
        ('UKON="LOS"', 'UKON="SMAZANI"'),
        ('UZEMI="OBVOD"', 'UZEMI="SVET"'),
        ('CISLA="3 2"', 'CISLA="3,2"'),
        (' DUVOD="', ' NAVIC="1" DUVOD="'),
        (' ROZHODL="Jana Nová; Petr Starý"', ""),
        ('VERZE="1"', 'VERZE="2"'),
    ],
)
def test_another_form_is_refused(before: str, after: str) -> None:
    data = act.write(ACT).decode()
    assert before in data
    refused(data.replace(before, after).encode(), act.read)


def test_the_published_list_says_of_each_act_what_the_act_says_and_no_number_twice() -> None:
    numbered = [replace(each, number=number) for number, each in enumerate(KINDS, start=1)]
    data = act.published(made.ELECTION, Mode.LIVE, reversed(numbered))
    rows = list(xml.parse(data, act.PUBLISHED_SCHEMA, max_bytes=100_000))
    assert [row.get("CISLO") for row in rows] == list("1234567")
    for row, each in zip(rows, numbered, strict=True):
        own = dict(xml.parse(act.write(each), act.SCHEMA, max_bytes=act.MAX_BYTES).items())
        assert dict(row.items()) == {k: v for k, v in own.items() if k not in ("VERZE", "VOLBY", "REZIM")}
    twice = act.published(made.ELECTION, Mode.LIVE, [ACT, ACT])
    refused(twice, lambda data: xml.parse(data, act.PUBLISHED_SCHEMA, max_bytes=100_000))
