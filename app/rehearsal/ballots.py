"""What the invented commissions counted, and what some of them wrote down wrong.

Each paper is a function of the seed, the precinct and the contest alone, so that any process can
make it again: the one that writes the files, the one that plays a station, the one that knows the
truth. About three in a hundred first versions carry a believable mistake; one in a hundred is
corrected after acceptance.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum

from app.election import controls
from app.election.model import (
    Contest,
    Counts,
    Protocol,
    Reading,
    RegionalProtocol,
    RegionalReading,
    SenateProtocol,
    SenateReading,
    Sheet,
    Votes,
)
from app.election.reference import CandidateList, Precinct, Reference


class Mistake(StrEnum):
    """What a tired commission does to its first version."""

    NONE = "none"
    CONTROL_NUMBER = "control number mistyped"
    DIGITS_SWAPPED = "two digits of a list's votes swapped"
    SHEET_MISSING = "a list's sheet forgotten"  # only where there are lists
    BLANK_COUNT = "a count left blank"
    ISSUED_TOO_MANY = "issued and registered exchanged"
    EXTRA_ENVELOPE = "one envelope more returned than issued"  # stands: passable, on paper as well
    NEIGHBOURS_SWAPPED = "two lists exchanged, found after acceptance"  # regional only


#: Mistakes that block, so that the commission has to mend its file and come again.
BLOCKING = (
    Mistake.CONTROL_NUMBER,
    Mistake.DIGITS_SWAPPED,
    Mistake.SHEET_MISSING,
    Mistake.BLANK_COUNT,
    Mistake.ISSUED_TOO_MANY,
)
#: How much of their circles candidates keep who are on the ballot and no longer valid.
_WITHDRAWN = 0.01


@dataclass(frozen=True, slots=True)
class Paper:
    """One protocol's story. `truth` is what must be published in the end."""

    first: Reading  # what the first file states
    mended: Reading | None  # the second file, when the first one is blocked
    correction: Reading | None  # the corrected paper that comes after acceptance
    truth: Protocol
    mistake: Mistake


def write(
    reference: Reference, precinct: Precinct, contest: Contest, seed: int, mistake: Mistake | None = None
) -> Paper:
    """The paper of one commission in one contest, with a mistake by chance, or with `mistake` if the protocol
    can carry it."""
    rng = random.Random(f"paper/{seed}/{contest}/{precinct.id}")
    if contest.is_senate:
        counted: Protocol = _count_senate(reference, precinct, contest, rng)
    else:
        counted = _count_regional(reference, precinct, rng, seed)
    commission = _Commission(reference, rng)
    return commission.paper(counted) if mistake is None else commission.paper_with(counted, mistake)


def _turnout(precinct: Precinct, rng: random.Random) -> tuple[int, int, int]:
    """(registered, issued, returned) of one precinct on an ordinary day."""
    expected = precinct.expected_voters or 500
    registered = max(10, expected + rng.randint(-expected // 50 - 1, expected // 50 + 1))
    issued = max(4, min(registered, round(registered * rng.gauss(0.33, 0.07))))
    returned = issued - (rng.randint(1, 2) if rng.random() < 0.2 and issued > 6 else 0)
    return registered, issued, returned


def _valid(returned: int, rng: random.Random) -> int:
    return max(1, returned - min(returned // 25, round(rng.expovariate(0.4))))


def _count_regional(
    reference: Reference, precinct: Precinct, rng: random.Random, seed: int
) -> RegionalProtocol:
    assert precinct.region is not None
    lists = tuple(reference.regions[precinct.region].lists.values())
    taste = random.Random(f"taste/{seed}/{precinct.region}")
    weights = [taste.gammavariate(0.6, 1.0) * rng.gammavariate(9.0, 1 / 9) + 0.002 for _ in lists]
    registered, issued, returned = _turnout(precinct, rng)
    valid = _valid(returned, rng)
    votes = Counter(rng.choices([each.number for each in lists], weights, k=valid))
    sheets = tuple(
        Sheet(each.number, votes[each.number], _preferences(each, votes[each.number], rng))
        for each in lists
        if votes[each.number]
    )
    counts = Counts(registered, issued, returned, valid)
    return RegionalProtocol(precinct.id, precinct.district, False, False, counts, sheets)


def _preferences(list_: CandidateList, votes: int, rng: random.Random) -> Votes:
    """Circles on the ballots of one list: the leaders get most, now and then a local favourite; those who
    withdrew are hardly circled, because a notice in the polling station names them."""
    numbers = list(list_.candidates)
    circles = round(votes * rng.uniform(0.2, 1.2))
    weights = [1 / (place + 1) + (0.5 if rng.random() < 0.02 else 0) for place in range(len(numbers))]
    for place, candidate in enumerate(list_.candidates.values()):
        if not candidate.valid:
            weights[place] *= _WITHDRAWN
    got = Counter(rng.choices(numbers, weights, k=circles))
    return tuple((number, min(got[number], votes)) for number in numbers if got[number])


def _count_senate(
    reference: Reference, precinct: Precinct, contest: Contest, rng: random.Random
) -> SenateProtocol:
    assert precinct.senate_district is not None
    district = reference.senate_districts[precinct.senate_district]
    numbers = sorted(district.finalists if contest.round == 2 else district.candidates)
    registered, issued, returned = _turnout(precinct, rng)
    valid = _valid(returned, rng)
    weights = [rng.gammavariate(4.0, 1.0) / (1 + place % 4) for place in range(len(numbers))]
    got = Counter(rng.choices(numbers, weights, k=valid))
    return SenateProtocol(
        precinct=precinct.id,
        district=precinct.district,
        corrected=False,
        passable_error=False,
        senate_district=district.number,
        round=contest.round,
        counts=Counts(registered, issued, returned, valid),
        votes=tuple((n, got[n]) for n in numbers if got[n]),
    )


class _Commission:
    """Turns a right count into the files that one commission brings."""

    def __init__(self, reference: Reference, rng: random.Random) -> None:
        self._reference = reference
        self._rng = rng

    def paper(self, counted: Protocol) -> Paper:
        dice = self._rng.random()
        mistake = Mistake.NONE
        if dice < 0.02:
            regional = isinstance(counted, RegionalProtocol)
            mistake = self._rng.choice(
                [each for each in BLOCKING if regional or each is not Mistake.SHEET_MISSING]
            )
        elif dice < 0.03:
            mistake = Mistake.EXTRA_ENVELOPE
        elif dice < 0.04:
            mistake = Mistake.NEIGHBOURS_SWAPPED
        return self.paper_with(counted, mistake)

    def paper_with(self, counted: Protocol, mistake: Mistake) -> Paper:
        """The paper of a commission that makes this mistake; none, where the protocol cannot carry it."""
        if mistake is Mistake.EXTRA_ENVELOPE:
            return self._extra_envelope(counted)
        if mistake in BLOCKING:
            first = self._spoil(counted, mistake)
            if first is not None:
                return Paper(first, self._state(counted), None, counted, mistake)
        if mistake is Mistake.NEIGHBOURS_SWAPPED and isinstance(counted, RegionalProtocol):
            swapped = _swap_neighbours(self._reference, counted)
            if swapped is not None:
                truth = replace(counted, corrected=True)
                return Paper(self._state(swapped), None, self._state(truth), truth, mistake)
        return Paper(self._state(counted), None, None, counted, Mistake.NONE)

    def _state(self, protocol: Protocol) -> Reading:
        info = self._reference.election
        return controls.state(protocol, info.code, info.rules.form_version)

    def _extra_envelope(self, counted: Protocol) -> Paper:
        """Issued miscounted by one: nothing can be mended any more, the flaw stays on the paper."""
        counts = counted.counts._replace(envelopes_issued=counted.counts.envelopes_returned - 1)
        flawed = replace(counted, counts=counts)
        truth = replace(flawed, passable_error=True)
        return Paper(self._state(flawed), None, None, truth, Mistake.EXTRA_ENVELOPE)

    def _spoil(self, counted: Protocol, mistake: Mistake) -> Reading | None:
        """The first file with the mistake in it, or `None` where this protocol cannot carry it."""
        right = self._state(counted)
        if mistake is Mistake.CONTROL_NUMBER:
            return replace(right, kc_2=(right.kc_2 or 0) + self._rng.choice((1, 9, 10, 90)))
        if mistake is Mistake.BLANK_COUNT:
            return replace(right, counts=right.counts._replace(envelopes_issued=None))
        if mistake is Mistake.ISSUED_TOO_MANY:
            registered, issued, _returned, _valid_votes = counted.counts
            if registered == issued:
                return None
            counts = counted.counts._replace(registered_voters=issued, envelopes_issued=registered)
            return self._state(replace(counted, counts=counts))
        if mistake is Mistake.SHEET_MISSING:
            assert isinstance(right, RegionalReading)
            return replace(right, sheets=right.sheets[:-1])
        return self._digits_swapped(right)

    def _digits_swapped(self, right: Reading) -> Reading | None:
        if isinstance(right, SenateReading):
            return _first_changed_senate(right)
        for index, sheet in enumerate(right.sheets):
            wrong = _swap_digits(sheet.votes or 0)
            if wrong != sheet.votes and wrong:
                sheets = (*right.sheets[:index], sheet._replace(votes=wrong), *right.sheets[index + 1 :])
                return replace(right, sheets=sheets)
        return None


def _first_changed_senate(right: SenateReading) -> SenateReading | None:
    for index, (number, votes) in enumerate(right.votes):
        wrong = _swap_digits(votes or 0)
        if wrong != votes:
            return replace(right, votes=(*right.votes[:index], (number, wrong), *right.votes[index + 1 :]))
    return None


def _swap_digits(number: int) -> int:
    """47 → 74: the commonest slip of a typing hand."""
    digits = str(number)
    return int(digits[:-2] + digits[-1] + digits[-2]) if len(digits) > 1 else number


def _swap_neighbours(reference: Reference, counted: RegionalProtocol) -> RegionalProtocol | None:
    """Two neighbouring lists' sheets exchanged, as far as their lengths allow: consistent, but not true."""
    region = reference.precincts[counted.precinct].region
    assert region is not None
    lists = reference.regions[region].lists
    for index in range(len(counted.sheets) - 1):
        a, b = counted.sheets[index], counted.sheets[index + 1]
        if a.votes != b.votes:
            swapped = tuple(
                Sheet(onto.list_number, of.votes, tuple(p for p in of.preferences if p[0] in fitting))
                for onto, of in ((a, b), (b, a))
                for fitting in (lists[onto.list_number].candidates,)
            )
            return replace(counted, sheets=(*counted.sheets[:index], *swapped, *counted.sheets[index + 2 :]))
    return None
