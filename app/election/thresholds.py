"""Where the checks draw their lines: data of the election, with the defaults that were measured.

A field is named by its rule and its own name: `pl_03_share` is the threshold `share` of PL-03. Whole
numbers are counts, fractions are shares or ratios, and evidence is counted in bits: so many times two
are the votes likelier in the other order of rows (see `app.election.evidence`).

Several rules have two lines. Beyond the first the number is unusual: the clerk is told, which costs
nothing. Beyond the second (`least`, `approval_…`, `expected`) a reason and approval are asked for. Where
they lie was measured on the real protocols of 2016, so that at most 3 % of them ask for an approval (see
`tests/conformance/incidents.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The lines of one election."""

    #: LG-08 preferential votes of one invalid candidate from which approval is asked; below, a note
    lg_08_votes: int = 5

    #: PL-01 votes from which a list has some preferential vote
    pl_01_votes: int = 30
    #: … approval only where by the neighbours so many preferential votes would be there
    pl_01_expected: int = 20

    #: PL-02 votes of the lists that reach overleaf, from which some preference is there
    pl_02_votes: int = 50
    #: … preferences that would be there by the neighbours' proportion of overleaf to front page
    pl_02_expected: int = 6
    #: … number of the first candidate overleaf
    pl_02_first_overleaf: int = 46

    #: PL-03 share of the envelopes returned that gave no valid vote; and so many that it is strong
    pl_03_share: Fraction = Fraction(65, 1000)
    pl_03_strong_share: Fraction = Fraction(93, 1000)
    #: … from so many envelopes returned
    pl_03_from_returned: int = 50
    #: … invalid votes from which approval is asked (two digits exchanged make nine at least); below, a note
    pl_03_least: int = 9

    #: PL-04 envelopes issued and not returned; from so many approval is asked; from so many it is strong
    pl_04_missing: int = 5
    pl_04_least: int = 9
    pl_04_strong_missing: int = 15

    #: PL-05 turnout (issued of registered) outside of which approval is asked
    pl_05_lowest: Fraction = Fraction(6, 100)
    pl_05_highest: Fraction = Fraction(77, 100)
    #: … outside of which it is noted
    pl_05_usual_from: Fraction = Fraction(16, 100)
    pl_05_usual_to: Fraction = Fraction(64, 100)
    #: … change against the previous election (in shares of one) that is noted
    pl_05_change: Fraction = Fraction(25, 100)

    #: PL-06 preferences for each vote of a list; and so many that approval is asked
    pl_06_per_vote: Fraction = Fraction(25, 10)
    pl_06_approval_per_vote: Fraction = Fraction(3)
    #: … from so many votes of the list
    pl_06_votes: int = 20

    #: PL-07 there are surroundings from so many protocols with so many votes together
    pl_07_protocols: int = 3
    pl_07_around: int = 300
    #: … bits for two neighbouring rows by their votes; for any two rows
    pl_07_rows: int = 26
    pl_07_any_rows: int = 40
    #: … bits for the only two rows of a ballot (the finalists of round 2), where chance has one pair only
    pl_07_two_rows: int = 11
    #: … bits for two neighbouring lists by votes and preferences together
    pl_07_sheets: int = 19
    #: … bits for rows shifted by one
    pl_07_shifted: int = 30
    #: … bits for two neighbouring candidates of a list, and the least difference of their preferences
    pl_07_candidates: int = 41
    pl_07_difference: int = 5
    #: … bits for a sheet's candidates shifted down by one (up: twice as many), and its least preferences
    pl_07_shifted_candidates: int = 17
    pl_07_preferences: int = 15

    #: PL-08 difference between the two protocols of a joint precinct: share of the larger, and at least
    pl_08_share: Fraction = Fraction(10, 100)
    pl_08_least: int = 10

    #: PL-09 difference from the expected voters as a share of them; and so great that approval is asked
    pl_09_share: Fraction = Fraction(20, 100)
    pl_09_approval_share: Fraction = Fraction(40, 100)
    #: … voters that it is at least
    pl_09_least: int = 30

    #: PL-10 valid votes from which the same votes by list are no chance
    pl_10_votes: int = 20

    #: PR-06 minutes before a refusal's deadline
    pr_06_minutes: int = 30

    def of(self, rule_id: str) -> dict[str, int | Fraction]:
        """The lines of one rule by their own names: {"share": …} of PL-03."""
        prefix = f"{rule_id.lower().replace('-', '_')}_"
        return {
            each.name.removeprefix(prefix): getattr(self, each.name)
            for each in fields(self)
            if each.name.startswith(prefix)
        }


DEFAULTS = Thresholds()
