"""What the centre knows of a station's chain, asked without opening the station: its key signs the inquiry.

A database that went back in time together with its mark is whole in itself; the centre is what lies outside.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.documents.own_batches import ChainHead
from app.station.anchors import read_anchors
from app.station.config import read_config
from app.station.outbox import Signer
from app.station.point.asking import Asking, Inquirer
from app.station.transport import HttpTransport

#: A number that no batch has: only the head is wanted.
_BEYOND = 999_999_999


def ask_centre(
    folder: Path, now: datetime, passphrase: str | None = None, transport: Asking | None = None
) -> ChainHead | None:
    """The station's last batch at the centre; None when it has none. Raises `KnownError`, or `Unreachable`
    and `NoAnswer` of the line."""
    config, anchors = read_config(folder), read_anchors(folder)
    signer = Signer.load(folder, config, anchors, now, passphrase)
    inquirer = Inquirer(config, signer, anchors)
    if transport is not None:
        return inquirer.batches(transport, _BEYOND, now).head
    with HttpTransport.of(config, folder, signer) as line:
        return inquirer.batches(line, _BEYOND, now).head
