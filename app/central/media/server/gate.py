"""Who is let in, and to what: the address, the list, the phase and the limits in this order.

Asked for each request, never for a connection: what changes in the list or in the phase holds for the next
request of a connection that was open before. Streams that stay open ask again whenever something changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.central.limits import Buckets
from app.central.media.server import refused
from app.central.media.server.allowed import Allowed, Line
from app.central.media.server.counts import Counts
from app.central.media.server.log import RefusalLog
from app.central.media.server.origin import NoOrigin, Origin
from app.central.media.server.phase import Phase, Phases
from app.central.media.server.refused import Refused
from app.central.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests a second and at once, of an organisation and of one of its addresses; 0 sets no limit."""

    organisation_rate: float = 200.0
    organisation_burst: int = 2000
    address_rate: float = 100.0
    address_burst: int = 1000


class Visitor(NamedTuple):
    """Somebody who was let in."""

    address: str
    line: Line
    phase: Phase
    allowed: Allowed


class Gate:
    """Lets requests in or refuses them; counts and logs what it refuses. On one loop."""

    def __init__(
        self,
        origin: Origin,
        phases: Phases,
        limits: Limits,
        counts: Counts,
        clock: Callable[[], datetime],
        listed: Callable[[], Allowed | None],
    ) -> None:
        self.origin, self.phases, self.limits, self.counts = origin, phases, limits, counts
        self.clock = clock
        self._listed = listed
        self._log = RefusalLog()
        self._of_organisations = Buckets(limits.organisation_rate, limits.organisation_burst)
        self._of_addresses = Buckets(limits.address_rate, limits.address_burst)

    @property
    def phase(self) -> Phase | None:
        """The phase now; None while there is no list."""
        allowed = self._listed()
        return None if allowed is None else self.phases.at(allowed.media.live_from)

    def enter(self, peer: str, headers: Iterable[tuple[bytes, bytes]]) -> Visitor:
        """Who asks, by the socket's address and the request's headers. Raises Refused, counted already."""
        try:
            address = self.origin.of(peer, headers)
        except NoOrigin:
            raise self.refuse(refused.NO_ORIGIN) from None
        visitor = self._known(address)
        organisation = visitor.line.organisation
        if not self._of_addresses.take(address):
            raise self.refuse(refused.ADDRESS_TOO_OFTEN, address, visitor.line)
        if not self._of_organisations.take(organisation):
            raise self.refuse(refused.ORGANISATION_TOO_OFTEN, address, visitor.line)
        return visitor

    def may_stay(self, address: str) -> Phase | None:
        """The phase in which this address may read now; None when it may not."""
        allowed = self._listed()
        line = None if allowed is None else allowed.by_address.get(address)
        if allowed is None or line is None:
            return None
        phase = self.phases.at(allowed.media.live_from)
        return None if phase is Phase.LIVE and not line.is_night else phase

    def refuse(self, refusal: Refusal, address: str = "", line: Line | None = None) -> Refused:
        """Count and log; returns what to raise."""
        self.counts.refused(address, line, refusal.code, int(self.clock().timestamp()))
        self._log.refused(refusal, line.organisation if line else "", address)
        return Refused(refusal)

    def sum_up(self) -> None:
        """Let the log say what it left out."""
        self._log.sum_up()

    def _known(self, address: str) -> Visitor:
        allowed = self._listed()
        if allowed is None:
            raise self.refuse(refused.NO_LIST, address)
        line = allowed.by_address.get(address)
        if line is None:
            raise self.refuse(refused.NOT_REGISTERED, address)
        phase = self.phases.at(allowed.media.live_from)
        if phase is Phase.LIVE and not line.is_night:
            raise self.refuse(refused.TEST_IS_OVER, address, line)
        return Visitor(address, line, phase, allowed)
