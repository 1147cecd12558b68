"""Files that were carried to the centre by hand: taken in as if they had come by the line.

The very bytes go through the same ingest, so it does not matter whether they also come by the line, before
or later. The answer is written beside each file and goes back by the same medium.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.central.answers import SIGNED
from app.central.centre import Centre
from app.documents import files, stick
from app.documents import receipt as receipt_document
from app.documents.receipt import Receipt
from app.election.errors import KnownError
from app.trust import message
from app.trust.chain import batch_hash


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file. `code` is that of a refusal of the whole, empty when it was taken; `receipt`
    and where it was `written` are None for a file that is nobody's."""

    path: Path
    code: str
    receipt: Receipt | None
    written: Path | None


def found(paths: Iterable[Path]) -> list[Path]:
    """The files to take: those named, and every batch on a medium or in a folder that was named.

    Raises KnownError CEN-50 for a folder that cannot be read or holds no batch.
    """
    all_: list[Path] = []
    for path in paths:
        if not path.is_dir():
            all_.append(path)
            continue
        try:
            below = stick.batches_below(path)
        except OSError as error:
            raise _unread(path, str(error.strerror)) from error
        if not below:
            raise _unread(path, "davka-*.p7m")
        all_ += below
    return all_


def take(centre: Centre, paths: Iterable[Path]) -> Iterator[Taken]:
    """Take files in, one after the other, and write each one's receipt beside it.

    Raises KnownError: DOC-01…05 for a file that cannot be read, CEN-51 when a receipt cannot be written;
    what was taken before stays, and all of it may be taken again.
    """
    for path in paths:
        answer = centre.ingest.receive(
            files.read_bytes_of(path, centre.settings.max_batch_bytes), centre.clock()
        )
        if answer.content_type != SIGNED:
            yield Taken(path, answer.code, None, None)
            continue
        receipt = receipt_document.read(message.decode(answer.body).content or b"")  # the centre's own
        target = path.with_name(stick.receipt_name(receipt.batch_number, batch_hash(answer.body)))
        try:
            stick.write_whole(target, answer.body)
        except OSError as error:
            raise KnownError(
                "CEN-51",
                f"Dávka {path.name} je přijata, ale potvrzení {target.name} se nepodařilo zapsat "
                f"({error.strerror}). Uvolněte místo na médiu a příkaz opakujte; nic se tím nezdvojí.",
                f"The batch {path.name} is taken, but its receipt {target.name} could not be written "
                f"({error.strerror}). Free space on the medium and repeat the command; nothing is doubled.",
            ) from error
        yield Taken(path, answer.code, receipt, target)


def _unread(path: Path, detail: str) -> KnownError:
    return KnownError(
        "CEN-50",
        f"Ve složce {path} nejsou žádné dávky, nebo ji nelze přečíst ({detail}). Zadejte médium se složkou "
        "prebirka-…, nebo přímo soubory.",
        f"There are no batches in {path}, or it cannot be read ({detail}). Name the medium with a folder "
        "prebirka-…, or the files themselves.",
    )
