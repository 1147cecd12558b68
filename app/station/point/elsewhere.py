"""What another workstation of the point took in for a protocol, as a plain value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another workstation took in for a protocol. `at` is when the centre accepted it, or (not
    `confirmed`) when that workstation did; `first_at` the same of its first revision in the point."""

    station: str
    revision: int
    content_hash: str
    confirmed: bool
    at: datetime
    first_at: datetime
    batch_number: int
    processing_order: int | None = None
