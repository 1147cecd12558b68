"""What was checked, in numbers, and what was not: a verdict is worth as much as what it covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

#: What is counted, in the order of checking: key → Czech, English.
COUNTED = {
    "versions": ("verze", "versions"),
    "files": ("soubory", "files"),
    "signatures": ("podpisy", "signatures"),
    "variants": ("zabalené podoby", "compressed variants"),
    "schemas": ("dokumenty podle schématu", "documents by their schema"),
    "changes": ("změny v řetězu", "changes in the chain"),
    "precincts": ("okrsky v platnosti", "precincts in force"),
    "acts": ("úřední úkony", "acts"),
    "documents": ("přepočítané dokumenty", "documents recomputed"),
    "batches": ("dávky okrsků", "batches of precincts"),
    "rows": ("řádky tabulek CSV", "rows of CSV tables"),
    "sums": ("součty", "sums"),
    "percentages": ("procenta", "percentages"),
    "seats": ("mandáty", "seats"),
    "elected": ("zvolení", "elected"),
    "texts": ("jména a čísla", "names and numbers"),
}


def _silent(_: str, __: int, ___: int) -> None:
    return None


@dataclass
class Report:
    """Counts by the keys of COUNTED; `notes` are (Czech, English) sentences about what was not checked.

    `tell(phase, done, of)` is called as the work goes on.
    """

    election: str = ""
    mode: str = ""
    version: int = 0
    root: str = ""
    signed: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[tuple[str, str]] = field(default_factory=list)
    tell: Callable[[str, int, int], None] = _silent

    def count(self, what: str, by: int = 1) -> None:
        assert what in COUNTED
        self.counts[what] += by

    def note(self, cs: str, en: str) -> None:
        """Say once that something was not checked."""
        if (cs, en) not in self.notes:
            self.notes.append((cs, en))
