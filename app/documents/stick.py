"""The stick: where signed files lie on a medium, so that whoever finds them there knows what they are.

    prebirka-<election>/<station>/davka-00001.p7m                     a batch
    prebirka-<election>/<station>/potvrzeni-00001-<16 digits>.p7m     a receipt that it got

Names serve people only: what a file is, its signature and content say. Files are written whole and read
back before they count.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

#: A stick holds what one night makes; more files than this are not looked at.
MOST_FILES = 20_000

_BATCH, _RECEIPT, _SUFFIX = "davka-", "potvrzeni-", ".p7m"


def folder_of(root: Path, election: str) -> Path:
    """Where the files of an election lie on the medium that begins at `root`."""
    return root / f"prebirka-{election}"


def batch_name(number: int) -> str:
    return f"{_BATCH}{number:05}{_SUFFIX}"


def receipt_name(number: int | None, digest: str) -> str:
    """`number` is the batch's (None: it could not be read), `digest` the SHA-256 of the receipt's file: a
    batch may get several receipts."""
    return f"{_RECEIPT}{number or 0:05}-{digest[:16]}{_SUFFIX}"


def is_named_receipt(path: Path) -> bool:
    return path.name.startswith(_RECEIPT)


def signed_files(folder: Path) -> list[Path]:
    """The signed files of all stations in an election's folder, batches before receipts, so that a receipt
    finds what it answers. Raises OSError."""
    found = [path for path in sorted(folder.glob(f"*/*{_SUFFIX}"))[:MOST_FILES] if path.is_file()]
    return sorted(found, key=is_named_receipt)


def batches_below(folder: Path) -> list[Path]:
    """Files named as batches anywhere below a folder, by station and number. Raises OSError."""
    return [path for path in sorted(folder.rglob(f"{_BATCH}*{_SUFFIX}"))[:MOST_FILES] if path.is_file()]


def write_whole(path: Path, data: bytes) -> bool:
    """Write one file whole and read it back from the medium; False when it was there with the same bytes.

    Raises OSError, EIO where it does not read back as it was written.
    """
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):  # else what is read back may be the memory's copy
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if draft.read_bytes() != data:
        raise OSError(errno.EIO, "zapsaný soubor se nečte stejně / the file does not read back the same")
    draft.replace(path)
    return True
