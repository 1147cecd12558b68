"""What a process keeps until its end is not searched for garbage again and again.

The reference data are hundreds of thousands of objects that live as long as the program. Without this,
every full collection walks through all of them: a fifth of the centre's time on a busy night.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def keep_for_good() -> None:
    """Call once, when a program has opened everything: all that lives now is left out of collections."""
    gc.collect()
    gc.freeze()


@contextmanager
def without_collections() -> Iterator[None]:
    """Load what stays: the collections on the way would find nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
