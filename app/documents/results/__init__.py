"""The published result documents, byte for byte what newsrooms' programs read: volby.cz's own XML.

One module for each document; each is a plain function from tallies (and from what people decided) to UTF-8
bytes, the same bytes for the same input. The time of generation is a parameter and is written as local
Prague time. Regional elections have `vysledky`, `vysledky_kandid`, `vysledky_krajmesta`, `vysledky_okres`;
the Senate `senate_vysledky` and `senate_obce_obvod`; both `vysledky_okrsky`.
"""

from app.documents.results.senate_obce_obvod import no_such_senate_district, senate_obce_obvod
from app.documents.results.senate_vysledky import no_such_senate_election, round_of, senate_vysledky
from app.documents.results.vysledky import vysledky
from app.documents.results.vysledky_kandid import vysledky_kandid
from app.documents.results.vysledky_krajmesta import vysledky_krajmesta
from app.documents.results.vysledky_okres import no_such_district, vysledky_okres
from app.documents.results.vysledky_okrsky import Processed, not_yet, vysledky_okrsky

__all__ = [
    "Processed",
    "no_such_district",
    "no_such_senate_district",
    "no_such_senate_election",
    "not_yet",
    "round_of",
    "senate_obce_obvod",
    "senate_vysledky",
    "vysledky",
    "vysledky_kandid",
    "vysledky_krajmesta",
    "vysledky_okres",
    "vysledky_okrsky",
]
