"""When Python searches for cyclic garbage: not while the desk starts, and later not among what stays.

At a start there is nothing to find, and the searches cost a tenth of it. Later each full search would go
through the reference data and the widgets, 80 000 objects, and stop the desk for 50 ms in the middle of a
key press.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def unswept() -> Iterator[Callable[[], None]]:
    """Start without searches. The function that is given ends that once everything stands; what exists by
    then is left out of the searches until the block ends."""
    gc.disable()
    try:
        yield _from_now_on
    finally:
        gc.unfreeze()
        gc.enable()


def _from_now_on() -> None:
    gc.freeze()
    gc.enable()
