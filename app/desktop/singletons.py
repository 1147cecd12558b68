"""A workaround: Qt's binding takes references of None, True and False away on Python 3.11.

PySide6 6.12 is built with headers in which these objects are immortal, as they are from Python 3.12 on: it
hands them out without counting the reference. On 3.11 every signal takes one from True and every method of
ours that Qt calls and that returns nothing takes one from None; after some ten thousand the interpreter ends
with "deallocating None". So they get more references here than any night can use up. Harmless where the
binding is right; not needed, and not done, from Python 3.12 on. To be removed with the support of 3.11.
"""

from __future__ import annotations

import ctypes
import sys

_ENOUGH = 1 << 40


def make_immortal() -> None:
    """Before the first call into Qt; calling it again does nothing worse than nothing."""
    if sys.implementation.name != "cpython" or sys.version_info >= (3, 12):
        return
    for single in (None, True, False, NotImplemented):
        # Every object begins with its count of references (Py_ssize_t).
        count = ctypes.c_ssize_t.from_address(id(single))
        if count.value < _ENOUGH:
            count.value += _ENOUGH
