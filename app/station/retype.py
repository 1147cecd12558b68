"""Rule KC-05 at the desk: the binding totals that the clerk types from the signed paper.

They prove that the file and the paper are the same protocol, so they are typed without seeing what the
file says. A mismatch names the fields; what the file says is shown only after the clerk looked again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from app.documents.batch import Source
from app.election.circumstances import Totals
from app.election.model import CountsStated, Reading, RegionalReading
from app.election.verdict import Case, FieldRef, Verdict
from app.station import journal
from app.station.config import RetypeRule
from app.station.entry.errors import FieldRefused, NotDiffering
from app.station.errors import ReasonMissing
from app.station.figures import COUNTS, box, figures, most, votes_field
from app.station.offers import Answers, Offer
from app.station.reading import Reader
from app.station.states import User
from app.station.store import Store
from app.station.texts import check_texts, named


class Retype:
    """`station.retype`. `required`: whether this point takes no file in without it."""

    def __init__(self, store: Store, reader: Reader, rule: RetypeRule, clock: Callable[[], datetime]) -> None:
        self.required = rule is RetypeRule.ALWAYS
        self._store, self._reader, self._clock = store, reader, clock

    def expected_fields(self, offer: Offer) -> tuple[FieldRef, ...]:
        """What to type, in the order of the paper: the four counts, then the votes of each list of the
        file (T/6) or of each candidate (T/5). No values. Empty for a protocol typed from paper."""
        return () if offer.source is Source.PAPER else binding_fields(offer)

    def missing(self, offer: Offer) -> tuple[FieldRef, ...]:
        """Fields that have to be typed before this offer can be accepted or held; empty where it is not
        required here."""
        return missing(offer) if self.required else ()

    def judged(
        self, offer: Offer, typed: Mapping[FieldRef, int | None], *, passed_cases: bool = True
    ) -> Offer:
        """The offer judged again with what was typed (`Answers.retyped`). Raises `FieldRefused` for a
        field that is not expected, or a number that does not fit."""
        fields = self.expected_fields(offer)
        expected = set(fields)
        for field, value in typed.items():
            if field not in expected or (value is not None and not 0 <= value <= most(field)):
                raise FieldRefused(field)
        answers = replace(offer.answers, retyped=_totals(fields, typed))
        return self._reader.answered(offer, answers, passed_cases=passed_cases)

    def differing(self, offer: Offer) -> tuple[FieldRef, ...]:
        """Typed fields in which paper and file differ; empty also when nothing was typed."""
        typed, stated = typed_figures(offer), figures(offer.reading)
        return tuple(
            field
            for field in self.expected_fields(offer)
            if typed.get(field) is not None and typed[field] != stated.get(field, 0)
        )

    def settle(self, offer: Offer, field: FieldRef, value: int | None, user: User, reason: str) -> Offer:
        """A second look at the paper for a differing field, with the reason; written to the journal.
        When the paper supports the file, the field differs no more. When it does not, it still does
        (`differing`), and the commission mends it, or the protocol is refused."""
        check_texts(user, reason)
        if field not in self.differing(offer):
            raise NotDiffering(field)
        if not reason.strip():
            raise ReasonMissing("retype")
        typed = typed_figures(offer)
        again = self.judged(offer, {**typed, field: value})
        with self._store.transaction() as db:
            journal.write(
                db, self._clock(), user.name, "retype-settled", offer.key, None,
                original=offer.original.sha256, field=named(field), typed=typed[field], settled=value,
                file=figures(offer.reading).get(field, 0), agrees=field not in self.differing(again),
                reason=reason,
            )  # fmt: skip
        return replace(again, hands=tuple(dict.fromkeys((*offer.hands, user.name))))


def veiled(verdict: Verdict, unsettled: Collection[FieldRef]) -> Verdict:
    """The verdict as the clerk may see it: for fields that were not looked at a second time rule KC-05 says
    that they differ, and no figure of either side."""
    if not unsettled:
        return verdict
    return Verdict(
        tuple(
            result._replace(cases=tuple(_veiled(case, unsettled) for case in result.cases))
            if result.rule_id == "KC-05"
            else result
            for result in verdict.results
        )
    )


def _veiled(case: Case, unsettled: Collection[FieldRef]) -> Case:
    if case.ok or not set(case.fields) & set(unsettled):
        return case
    return case._replace(kind=f"veiled_{case.kind}", left=None, right=None)


def binding_fields(offer: Offer) -> tuple[FieldRef, ...]:
    """The counts and the votes of what the file has sheets or rows for; lists without a number left out."""
    if isinstance(offer.reading, RegionalReading):
        numbers = {sheet.list_number for sheet in offer.reading.sheets}
        return (*COUNTS, *(votes_field(number) for number in sorted(n for n in numbers if n is not None)))
    return (*COUNTS, *(box(None, number) for number in sorted({n for n, _ in offer.reading.votes})))


def missing(offer: Offer) -> tuple[FieldRef, ...]:
    """Binding fields of a file that were not typed from its paper."""
    if offer.source is Source.PAPER:
        return ()
    typed = typed_figures(offer)
    return tuple(field for field in binding_fields(offer) if typed.get(field) is None)


def typed_figures(offer: Offer) -> dict[FieldRef, int | None]:
    """What was typed from the paper for the binding fields; empty when nothing was."""
    typed = offer.answers.retyped
    if typed is None:
        return {}
    votes = dict(typed.votes)
    of_lists = {field: votes.get(_number(field)) for field in binding_fields(offer)[len(COUNTS) :]}
    return {**dict(zip(COUNTS, typed.counts, strict=True)), **of_lists}


def mended_totals(offer: Offer, mended: Reading, changes: Mapping[FieldRef, int | None]) -> Answers:
    """Totals typed before a mending, those that it changed with their new figure."""
    if offer.answers.retyped is None:
        return offer.answers
    typed = {**typed_figures(offer), **changes}
    return replace(offer.answers, retyped=_totals(binding_fields(replace(offer, reading=mended)), typed))


def _totals(fields: tuple[FieldRef, ...], typed: Mapping[FieldRef, int | None]) -> Totals:
    counts = CountsStated(*(typed.get(field) for field in COUNTS))
    return Totals(counts, tuple((_number(field), typed.get(field)) for field in fields[len(COUNTS) :]))


def _number(field: FieldRef) -> int:
    """Of a list (T/6) or a candidate (T/5)."""
    number = field.candidate if field.list_number is None else field.list_number
    assert number is not None
    return number
