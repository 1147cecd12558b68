"""Sums spread over parts, exactly and in proportion: how protocols are invented whose totals are known.

Largest remainders: every part gets its quota rounded down or up, and the parts add up to the sum. A part's
quota is never above the whole that it is a share of, so what is spread over the result of another spread
never exceeds it: envelopes issued stay within registered voters, and so on down to the votes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.election.model import Counts


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts in proportion to `weights` (not all zero unless `total` is).

    No part is above its weight where `total` is not above their sum. Equal remainders: the earlier first.
    Raises ValueError for a negative number, or where nothing can take the total.
    """
    whole = sum(weights)
    if total < 0 or min(weights, default=0) < 0 or (total and not whole):
        raise ValueError(f"{total} cannot be spread over {len(weights)} parts of weight {whole}")
    if not total:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts


def spread_counts(counts: Counts, weights: Sequence[int]) -> list[Counts]:
    """The four counts over precincts; in each of them valid ≤ returned ≤ issued ≤ registered.

    Raises ValueError where `counts` themselves are not in that order.
    """
    columns: list[list[int]] = []
    for total in counts:
        if columns and total > sum(columns[-1]):
            raise ValueError(f"not in order: {counts}")
        columns.append(spread(total, columns[-1] if columns else weights))
    return [Counts(*row) for row in zip(*columns, strict=True)]


def spread_votes(votes: Mapping[int, int], valid: Sequence[int]) -> list[dict[int, int]]:
    """Votes by candidate over precincts with so many valid votes each; both add up exactly.

    Raises ValueError where the votes and the valid votes are not as many.
    """
    if sum(votes.values()) != sum(valid):
        raise ValueError(f"{sum(votes.values())} votes, {sum(valid)} valid ones")
    left = list(valid)
    rows: list[dict[int, int]] = [{} for _ in valid]
    for number, total in votes.items():
        for index, given in enumerate(spread(total, left)):
            left[index] -= given
            if given:
                rows[index][number] = given
    return rows
