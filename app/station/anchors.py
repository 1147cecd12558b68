"""The election authorities that a station trusts, read from its folder."""

from __future__ import annotations

from pathlib import Path

from app.station.config import CA_FILE
from app.station.errors import FolderRefused
from app.trust.anchors import Anchors


def read_anchors(folder: Path) -> Anchors:
    """Raises `FolderRefused` when they cannot be read."""
    try:
        pem = (folder / CA_FILE).read_bytes()
    except OSError as error:
        raise FolderRefused(
            "STA-38",
            f"Certifikát volební autority ({CA_FILE}) ve složce {folder} nelze přečíst. "
            "Vyžádejte si ho znovu.",
            f"The election authority's certificate ({CA_FILE}) in {folder} cannot be read "
            f"({error.strerror}). Ask for it again.",
        ) from error
    return Anchors.from_pem(pem)
