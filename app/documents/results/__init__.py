"""The published result documents of regional elections, byte for byte what newsrooms' programs read.

One module for each document; each is a plain function from tallies to UTF-8 bytes, the same bytes for
the same input. The time of generation is a parameter and is written as local Prague time.
"""

from app.documents.results.vysledky import vysledky
from app.documents.results.vysledky_kandid import vysledky_kandid
from app.documents.results.vysledky_okres import vysledky_okres
from app.documents.results.vysledky_okrsky import Processed, not_yet, vysledky_okrsky

__all__ = ["Processed", "not_yet", "vysledky", "vysledky_kandid", "vysledky_okres", "vysledky_okrsky"]
