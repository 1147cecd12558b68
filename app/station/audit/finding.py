"""What a verification finds: the place, and a sentence about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that is not as it was written. `table` is empty for the file as a whole; `row` names the row
    by its key, as JSON arrays of the seals do, or by its number in a chain."""

    table: str
    row: str
    code: str
    cs: str
    en: str

    @property
    def place(self) -> str:
        return f"{self.table} {self.row}".strip() or "store"


def changed(table: str, row: str) -> Broken:
    return Broken(table, row, "AUD-10", "Řádek se liší od toho, co program zapsal.",
                  "The row differs from what the program wrote.")  # fmt: skip


def removed(table: str, row: str) -> Broken:
    return Broken(table, row, "AUD-11", "Řádek chybí, ačkoli ho program zapsal.",
                  "The row is missing although the program wrote it.")  # fmt: skip


def foreign(table: str, row: str) -> Broken:
    return Broken(table, row, "AUD-12", "Řádek program nezapsal.",
                  "The program did not write the row.")  # fmt: skip


def chain_broken(table: str, row: int) -> Broken:
    return Broken(table, str(row), "AUD-13",
                  "Řetěz je v tomto řádku přerušen: řádek byl změněn, smazán nebo přesunut.",
                  "The chain is broken at this row: it was changed, deleted or moved.")  # fmt: skip


def disagrees(table: str, row: str, cs: str, en: str) -> Broken:
    """Two things that have to say the same do not."""
    return Broken(table, row, "AUD-14", cs, en)


def unproved(table: str, row: str, cs: str, en: str) -> Broken:
    """A signature that does not hold, with the sentence of its refusal."""
    return Broken(table, row, "AUD-15", f"Podpis neplatí: {cs}", f"The signature does not hold: {en}")


def unreadable(table: str, row: str, detail: str) -> Broken:
    return Broken(table, row, "AUD-16", f"Databázi nelze na tomto místě přečíst ({detail}).",
                  f"The database cannot be read at this place ({detail}).")  # fmt: skip


def schema_changed(name: str) -> Broken:
    return Broken("sqlite_schema", name, "AUD-17",
                  "Uspořádání databáze bylo změněno (tabulka, index nebo pojistka).",
                  "The layout of the database was changed (a table, an index or a guard).")  # fmt: skip


def behind(row: str, cs: str, en: str) -> Broken:
    """What lies outside the database knows more than it holds."""
    return Broken("", row, "AUD-18", cs, en)
