"""One look at the store at a time: many changes while it is under way are answered by one more look."""

from __future__ import annotations


class Looks:
    """Ask `begin` before a look, tell `end` when its answer or its trouble came. On the main thread."""

    def __init__(self) -> None:
        self.under_way = False
        self._again = False

    def begin(self) -> bool:
        """Whether to look now; while a look is under way another one is only remembered."""
        if self.under_way:
            self._again = True
            return False
        self.under_way, self._again = True, False
        return True

    def end(self) -> bool:
        """Whether another look was wanted meanwhile, so that this one may be old."""
        self.under_way = False
        return self._again
