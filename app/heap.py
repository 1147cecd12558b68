"""What a process keeps until its end is not searched for garbage again and again.

The reference data are hundreds of thousands of objects that live as long as the program. Without this,
every full collection walks through all of them: a fifth of the centre's time on a busy night. One batch of
protocols is tens of thousands of tuples that die by themselves; the usual threshold has the young ones
searched dozens of times meanwhile, a tenth of the time of taking it in.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

#: Objects made and not let go before the young ones are searched; Python's own is 700.
_YOUNG = 20_000


def keep_for_good() -> None:
    """Call once, when a program has opened everything: all that lives now is left out of collections, and
    what comes is searched in larger lots."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])


#: Of glibc's <malloc.h>: buffers from this size on are the system's own and go back to it at once; arenas
#: for threads.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_LARGE, _ARENAS = 128 * 1024, 2


def give_back() -> None:
    """Call once, before there are threads: large buffers go back to the system when they are let go.

    A server makes and drops documents of a megabyte each second on several threads. Left alone, the C
    library keeps such places for the next one, in an arena for each thread, and they never fit quite.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc's; another library may have none
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
        mallopt(_M_ARENA_MAX, _ARENAS)


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
