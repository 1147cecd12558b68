"""Formats in which a commission's file may come: one adapter each, asked in turn.

The desk and the centre know one thing only, `ProtocolFile`. Another format (the official one, should
it be published) is one new module with a `recognises` and a `read`, and one line in `ADAPTERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.documents import protocol_file
from app.documents.document_errors import refusal
from app.documents.protocol_file import ProtocolFile
from app.documents.xml_gates import check_size


@dataclass(frozen=True, slots=True)
class Adapter:
    """A format of protocol files. `recognises` looks at the first bytes only and never raises; `read`
    raises `DocumentError`; no file larger than `max_bytes` reaches it."""

    name: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes], ProtocolFile]
    max_bytes: int


def _is_anything(_: bytes) -> bool:
    return True


#: In the order of asking. Our own format comes last and takes whatever nobody else knows, so that
#: its reader says in one sentence what is wrong with the file.
ADAPTERS: tuple[Adapter, ...] = (
    Adapter(protocol_file.FORMAT, _is_anything, protocol_file.read, protocol_file.MAX_BYTES),
)

#: Bytes: no file of any known format is larger.
MAX_BYTES = max(adapter.max_bytes for adapter in ADAPTERS)
_HEAD = 4096  # bytes that an adapter may look at to recognise its format


def recognise(data: bytes, adapters: tuple[Adapter, ...] = ADAPTERS) -> ProtocolFile:
    """The protocols of a file in whatever known format. Raises `DocumentError` (DOC-17: none fits)."""
    head = data[:_HEAD]
    for adapter in adapters:
        if adapter.recognises(head):
            check_size(len(data), adapter.max_bytes)
            return adapter.read(data)
    raise refusal("DOC-17")
