"""Asking the centre: an inquiry is signed as a batch is, and its answer proved before it is read.

An answer is believed only when the centre's role signed it, it names this very inquiry by its hash, and
it speaks of this election, mode, station and transfer point.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from app.documents import inquiry as inquiries
from app.documents import own_batches, point_state
from app.documents.inquiry import Inquiry, Kind
from app.documents.own_batches import OwnBatches
from app.documents.point_state import PointState
from app.election.errors import KnownError
from app.program import current
from app.station.config import StationConfig
from app.station.errors import StationError
from app.station.outbox import Signer
from app.station.wire import CMS_TYPE, Answer, named_code
from app.trust import chain, cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role


@runtime_checkable
class Asking(Protocol):
    """A transport that can carry an inquiry; raises `Unreachable` or `NoAnswer` (`app.station.wire`)."""

    def ask(self, data: bytes) -> Answer: ...


class InquiryRefused(StationError):
    """The centre did not answer an inquiry, or what came does not prove to be its answer.

    `retry_after`: seconds that a busy centre asked to wait, None when it did not say.
    """

    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A proved answer with its signed bytes as they came."""

    state: PointState
    signed: bytes


class Inquirer:
    """Asks for one station. Use one transport from one thread at a time."""

    def __init__(self, config: StationConfig, signer: Signer, anchors: Anchors) -> None:
        self._config = config
        self._signer = signer
        self._anchors = anchors

    def state(self, transport: Asking, after: int, waiting: int, now: datetime) -> Told:
        """What changed at the point after the cursor `after`; `waiting` protocols have no answer here. A
        centre that knows fewer decisions than that says so by its own cursor.

        Raises `Unreachable`, `NoAnswer` or `InquiryRefused`.
        """
        asked = self._inquiry(Kind.STATE, after, self._config.station, waiting, now)
        signed, body, content = self._ask(transport, asked, now)
        try:
            state = point_state.read(content)
        except KnownError as error:
            raise _unread(error) from error
        self._check_head(state, signed)
        if state.after != after:
            raise _foreign()
        return Told(state, body)

    def batches(
        self, transport: Asking, after: int, now: datetime, *, of_station: str | None = None
    ) -> OwnBatches:
        """Batches of this station (or another one of the point) with numbers above `after`, as many as one
        answer holds. The files in it are the stations': verify them as such.

        Raises `Unreachable`, `NoAnswer` or `InquiryRefused`.
        """
        asked = self._inquiry(Kind.BATCHES, after, of_station or self._config.station, 0, now)
        signed, _, content = self._ask(transport, asked, now)
        try:
            answer = own_batches.read(content)
        except KnownError as error:
            raise _unread(error) from error
        self._check_head(answer, signed)
        if (answer.after, answer.batches_of) != (after, asked.batches_of):
            raise _foreign()
        return answer

    def _inquiry(self, kind: Kind, after: int, batches_of: str, waiting: int, now: datetime) -> Inquiry:
        config = self._config
        return Inquiry(
            config.election, config.mode, config.station, config.transfer_point, kind, after, batches_of,
            waiting, now, current().signature if kind is Kind.STATE else "",
        )  # fmt: skip

    def _ask(self, transport: Asking, asked: Inquiry, now: datetime) -> tuple[bytes, bytes, bytes]:
        """The signed inquiry, the signed answer, and the content of the answer once it is proved."""
        signed = cms.sign(inquiries.write(asked), self._signer.key, self._signer.certificate, now)
        answer = transport.ask(signed)
        if answer.content_type.partition(";")[0].strip() != CMS_TYPE:
            code = named_code(answer)
            refused = InquiryRefused(
                "STA-110",
                f"Ústředí na dotaz neodpovědělo ({code}). Stav ostatních pracovišť se obnoví později; "
                "nemizí-li hlášení, volejte technika.",
                f"The centre did not answer the inquiry ({code}). The other workstations' state will be "
                "brought up later; call the technician if this stays.",
            )
            refused.retry_after = answer.retry_after
            raise refused
        try:
            verified = cms.verify(
                answer.body, self._anchors, now, Expected(Role.CENTRE, self._config.election)
            )
        except KnownError as error:
            raise _unread(error) from error
        return signed, answer.body, verified.content

    def _check_head(self, answer: PointState | OwnBatches, signed: bytes) -> None:
        config = self._config
        ours = (config.election, config.mode, config.station, config.transfer_point)
        if (answer.election, answer.mode, answer.station, answer.transfer_point) != ours or (
            answer.inquiry_hash != chain.batch_hash(signed)
        ):
            raise _foreign()


def _unread(error: KnownError) -> InquiryRefused:
    return InquiryRefused(
        "STA-111",
        f"Odpověď ústředí na dotaz nelze uznat: {error.cs} Platí, co stanice věděla předtím.",
        f"The centre's answer to the inquiry is not accepted: {error.en} What the station knew "
        "before stands.",
    )


def _foreign() -> InquiryRefused:
    return InquiryRefused(
        "STA-112",
        "Odpověď ústředí patří jinému dotazu, stanici nebo jiným volbám. Platí, co stanice věděla předtím.",
        "The centre's answer belongs to another inquiry, station or election. What the station knew before "
        "stands.",
    )
