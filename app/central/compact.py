"""A stored protocol: numbers only, as JSON, so that the publisher rebuilds its tallies quickly.

Always the contest, OBEC, OKRSEK, OKRES, OPRAVA, CHYBA and the four counts; then for the regional councils the
sheets `[[list, votes, [[candidate, votes], …]], …]`, for the Senate OBVOD and `[[candidate, votes], …]`.
"""

from __future__ import annotations

import json
from typing import Any

from app.election.model import (
    Contest,
    Counts,
    PrecinctId,
    Protocol,
    RegionalProtocol,
    SenateProtocol,
    Sheet,
    Votes,
)

_encoder = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def encode(protocol: Protocol) -> bytes:
    """The protocol as it is stored."""
    values: list[object] = [
        protocol.contest.value,
        *protocol.precinct,
        protocol.district,
        int(protocol.corrected),
        int(protocol.passable_error),
        protocol.counts,
    ]
    if isinstance(protocol, SenateProtocol):
        values += [protocol.senate_district, protocol.votes]
    else:
        values.append(protocol.sheets)
    return _encoder(values).encode("ascii")


def decode(data: bytes) -> Protocol:
    """The protocol that `encode` was given."""
    contest, municipality, number, district, corrected, passable, counts, *rest = json.loads(data)
    precinct = PrecinctId(municipality, number)
    if contest == Contest.REGIONAL:
        sheets = tuple(Sheet(list_, votes, _votes(preferences)) for list_, votes, preferences in rest[0])
        return RegionalProtocol(precinct, district, bool(corrected), bool(passable), Counts(*counts), sheets)
    return SenateProtocol(
        precinct,
        district,
        bool(corrected),
        bool(passable),
        rest[0],
        Contest(contest).round,
        Counts(*counts),
        _votes(rest[1]),
    )


def _votes(pairs: list[list[Any]]) -> Votes:
    return tuple([(number, votes) for number, votes in pairs])
