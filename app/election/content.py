"""The identity of a protocol's content: one hash over everything it says.

The same protocol by two routes has the same hash and counts once; an approval binds to the hash
of what was shown; the centre's receipt names the hash of what was received.
"""

from __future__ import annotations

from hashlib import sha256

from app.election.model import Protocol, RegionalProtocol, Votes


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
