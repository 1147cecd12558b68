"""What a verification can end with besides agreement: the first difference, or a source that cannot be read.

Each kind has a stable code VER-NN; the sentence names the exact place (file, element and attribute, number
of a change), what is said there and what it should be.
"""

from __future__ import annotations

from app.election.errors import KnownError

#: What each code is about, for the manual: Czech, English.
CODES = {
    "VER-01": ("Zdroj nelze přečíst.", "The source cannot be read."),
    "VER-02": ("Není to zveřejněná složka ani adresa.", "It is no published folder or address."),
    "VER-03": ("Taková verze tu není.", "There is no such version."),
    "VER-04": (
        "Certifikát volební autority nelze použít.",
        "The election authority's certificate is no use.",
    ),
    "VER-10": ("Podpis chybí nebo neplatí.", "A signature is missing or not valid."),
    "VER-11": ("Dokument patří jiným volbám, režimu nebo verzi.", "Another election, mode or version."),
    "VER-12": ("Soubor chybí.", "A file is missing."),
    "VER-13": ("Soubor navíc.", "A file too many."),
    "VER-14": ("Soubor není ten, který je v seznamu.", "A file is not the one that is listed."),
    "VER-15": ("Zabalená podoba se liší od souboru.", "A compressed variant differs from its file."),
    "VER-16": ("Dokument neodpovídá svému schématu.", "A document does not follow its schema."),
    "VER-20": ("Řada změn je přerušená.", "The chain of changes is broken."),
    "VER-21": ("Otisk nepatří k textu zápisu.", "A hash is not that of the protocol's text."),
    "VER-22": ("Předchozí otisk nesouhlasí.", "The previous hash is another one."),
    "VER-23": ("Časy jdou pozpátku.", "Times run backwards."),
    "VER-24": ("Zápis, který se nečeká nebo je jinak zapsaný.", "A protocol not expected or not written so."),
    "VER-25": ("Zápis si odporuje.", "A protocol contradicts itself."),
    "VER-30": ("Kontrolní bod nesouhlasí.", "The checkpoint does not agree."),
    "VER-31": ("Úřední úkon nesouhlasí s tím, čeho se týká.", "An act does not fit what it is about."),
    "VER-40": ("Hodnota ve výsledcích nesouhlasí.", "A value of the results does not agree."),
    "VER-41": (
        "Prvek ve výsledcích chybí nebo přebývá.",
        "An element of the results is missing or too many.",
    ),
    "VER-42": ("Výsledkový dokument chybí nebo je navíc.", "A result document is missing or too many."),
    "VER-43": ("Dávky okrsků nenavazují.", "The batches of precincts do not follow."),
}


class Difference(KnownError):
    """The first thing that does not agree. `file` is its path in the source, `place` an element or
    attribute in it (XPath), a change or a byte; `said` and `found` are the two values, where there are."""

    def __init__(
        self,
        code: str,
        file: str,
        cs: str,
        en: str,
        *,
        place: str = "",
        said: object = "",
        found: object = "",
    ) -> None:
        where = f"{file} {place}".strip()
        super().__init__(code, f"{where}: {cs}", f"{where}: {en}")
        self.file = file
        self.place = place
        self.said = str(said)
        self.found = str(found)


class Unreadable(KnownError):
    """The source is not there, is no published folder, or does not answer."""


def other_value(code: str, file: str, place: str, said: object, found: object) -> Difference:
    """Something says one value and the recomputation another."""
    return Difference(
        code,
        file,
        f"uvedeno „{said}“, přepočítáno „{found}“.",
        f"said “{said}”, recomputed “{found}”.",
        place=place,
        said=said,
        found=found,
    )
