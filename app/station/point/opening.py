"""Batches of other workstations: opened only when the one that they name signed them for this election.

What comes from the centre and what comes on a stick goes through the same gate. Nothing is parsed before
the signature holds.
"""

from __future__ import annotations

from datetime import datetime

from app.documents import batch as batches
from app.documents.batch import Batch
from app.election.errors import KnownError
from app.station.config import StationConfig
from app.station.errors import StationError
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role


class FileRefused(StationError):
    """A signed file that is not one of this point's."""


def open_batch(
    data: bytes, config: StationConfig, anchors: Anchors, at: datetime, *, any_point: bool = False
) -> Batch:
    """The batch in a signed file of a workstation of this point, or of `any_point`. Raises `FileRefused`."""
    point = None if any_point else config.transfer_point
    whose_cs = "těchto voleb" if any_point else "tohoto přebíracího místa"
    whose_en = "election" if any_point else "transfer point"
    try:
        verified = cms.verify(data, anchors, at, Expected(Role.STATION, config.election, point))
        batch = batches.read(verified.content)
    except KnownError as error:
        raise FileRefused(
            "STA-115",
            f"Soubor není dávka pracoviště {whose_cs}: {error.cs}",
            f"The file is not a batch of a workstation of this {whose_en}: {error.en}",
        ) from error
    identity = verified.identity
    if (batch.station, batch.transfer_point) != (identity.station, identity.transfer_point):
        raise _foreign(batch.station)
    if (batch.election, batch.mode) != (config.election, config.mode):
        raise FileRefused(
            "STA-117",
            f"Dávka patří volbám {batch.election} ({batch.mode}), pracoviště je pro {config.election} "
            f"({config.mode}). Zkušební a ostrá data se nesmějí míchat; médium vyměňte.",
            f"The batch belongs to {batch.election} ({batch.mode}), the workstation to {config.election} "
            f"({config.mode}). Rehearsal and live data must not mix; change the medium.",
        )
    return batch


def _foreign(station: str) -> FileRefused:
    return FileRefused(
        "STA-116",
        f"Dávka se vydává za dávku pracoviště {station}, ale podepsal ji někdo jiný. Zavolejte technika.",
        f"The batch claims to be of the workstation {station}, but somebody else signed it. "
        "Call the technician.",
    )
