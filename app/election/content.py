"""The identity of a protocol's content: one hash over everything it says.

The same protocol by two routes has the same hash and counts once; an approval binds to the hash
of what was shown; the centre's receipt names the hash of what was received.
"""

from __future__ import annotations

from hashlib import sha256

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


def content_text(protocol: Protocol) -> str:
    """The canonical text that is hashed: key, flags, counts, then one line per sheet.

    Every part is a decimal number or a fixed word and has its own delimiter, so two different
    protocols never share a text.
    """
    head = (
        f"zapis:1 {protocol.contest.value} {protocol.precinct.municipality} {protocol.precinct.number} "
        f"{protocol.district} {int(protocol.corrected)} {int(protocol.passable_error)} "
        f"{' '.join(map(str, protocol.counts))}"
    )
    if isinstance(protocol, RegionalProtocol):
        lines = [head]
        lines += [f"{s.list_number} {s.votes}{_votes(s.preferences)}" for s in protocol.sheets]
        return "\n".join(lines)
    return f"{head}\n{protocol.senate_district} {protocol.round}{_votes(protocol.votes)}"


def content_hash(protocol: Protocol) -> str:
    """SHA-256 of `content_text` as 64 lower-case hexadecimal digits."""
    return text_hash(content_text(protocol))


def text_hash(text: str) -> str:
    """The same for whoever has the text already."""
    return sha256(text.encode("ascii")).hexdigest()


def _votes(votes: Votes) -> str:
    return "".join([f" {number}:{given}" for number, given in votes])


def protocol_of(text: str) -> Protocol:
    """The protocol of a canonical text. Raises ValueError for anything else."""
    try:
        return _protocol_of(text)
    except (TypeError, LookupError) as error:  # too many or too few words
        raise ValueError("not a stored protocol") from error


def _protocol_of(text: str) -> Protocol:
    head, *lines = text.split("\n")
    _, contest, municipality, number, district, corrected, passable, *counts = head.split(" ")
    precinct = PrecinctId(int(municipality), int(number))
    flags = corrected == "1", passable == "1"
    sums = Counts(*map(int, counts))
    kind = Contest(contest)
    if kind is Contest.REGIONAL:
        return RegionalProtocol(
            precinct, int(district), *flags, sums, tuple([_sheet_of(line) for line in lines])
        )
    [line] = lines
    senate_district, round_, *votes = line.split(" ")
    if int(round_) != kind.round:
        raise ValueError("another round")
    return SenateProtocol(
        precinct, int(district), *flags, int(senate_district), int(round_), sums, _votes_of(votes)
    )


def _sheet_of(line: str) -> Sheet:
    number, votes, *preferences = line.split(" ")
    return Sheet(int(number), int(votes), _votes_of(preferences))


def _votes_of(pairs: list[str]) -> Votes:
    split = [pair.split(":") for pair in pairs]
    return tuple([(int(number), int(votes)) for number, votes in split])
