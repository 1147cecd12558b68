"""Catching the refusal of a document."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.documents import protocol_file
from app.documents.document_errors import DocumentError


def refused(data: bytes, read: Callable[[bytes], object] = protocol_file.read) -> DocumentError:
    """The error with which `read` refuses `data`; the test fails when it does not."""
    with pytest.raises(DocumentError) as caught:
        read(data)
    return caught.value
