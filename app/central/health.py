"""Whether a centre is well, from what it says of itself in `/v1/status`: one line and a status.

The status is that of the plugins that monitoring programs run: 0 well, 1 warning, 2 critical. A warning is
what people should see to, critical is what readers or stations feel. That nothing answers at all is the
caller's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

WELL, WARNING, CRITICAL = 0, 1, 2
_WORDS = ("OK", "WARNING", "CRITICAL")
#: Batches that wait: of those that may (`max_waiting_batches`, 64) half.
_MANY = 32


class Health(NamedTuple):
    """`status` 0, 1 or 2; `troubles` are sentences, the worst first."""

    status: int
    troubles: tuple[str, ...]
    line: str


def judge(told: Mapping[str, Any], late: timedelta) -> Health:
    """The health of a centre that answered `told`; received protocols may wait `late` for publication.

    Raises KeyError, TypeError or ValueError for what is no centre's status.
    """
    found = sorted(_found(told, late), key=lambda each: -each[0])
    status = found[0][0] if found else WELL
    troubles = tuple(words for _, words in found)
    received, published = told["received"], told["published"]
    figures = (
        f"batches={received['batches']} revisions={received['revisions']} version={published['version']}"
    )
    said = "; ".join(troubles) or f"{told['election']} {told['mode']}"
    return Health(status, troubles, f"{_WORDS[status]} {said} | {figures} waiting={told['waiting']}")


def _found(told: Mapping[str, Any], late: timedelta) -> list[tuple[int, str]]:
    published, received = told["published"], told["received"]
    found = []
    if published["stopped"]:
        found.append((CRITICAL, f"publication is stopped: {published['stopped']}"))
    if told["clock"]:
        found.append((CRITICAL, f"clocks disagree, nothing is published: {told['clock']}"))
    behind = received["revisions"] - published["last_revision"]
    if behind > 0 and not told["embargo"] and _age(told) > late:
        found.append((CRITICAL, f"{behind} protocols are not published"))
    if told["quarantine"]:
        found.append((WARNING, f"in quarantine: {', '.join(map(str, told['quarantine']))}"))
    if told["heard_beyond"]:
        found.append((WARNING, "the database went back to an older copy (CEN-26)"))
    if told["undecided"]:
        found.append((WARNING, f"{len(told['undecided'])} results wait for a decision"))
    if told["waiting"] > _MANY:
        found.append((WARNING, f"{told['waiting']} batches wait"))
    return found


def _age(told: Mapping[str, Any]) -> timedelta:
    """How old the newest publication is; without one, longer than anybody may wait."""
    at = told["published"]["at"]
    if at is None:
        return timedelta.max
    return datetime.fromisoformat(told["time"]) - datetime.fromisoformat(at)
