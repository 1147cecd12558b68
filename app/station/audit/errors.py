"""The known troubles of a store that is not what it was."""

from __future__ import annotations

from app.station.errors import StationError


class RolledBack(StationError):
    """The database lacks what it held before: it was replaced by an older copy, or by another one."""

    def __init__(self, has: int, had: int) -> None:
        super().__init__(
            "AUD-01",
            f"Databáze stanice je starší kopie: zápisů změn má {has}, ale už jich měla {had}. Otevřít ji by "
            "znamenalo ztratit převzaté zápisy, proto se nic nezměnilo. Nepokračujte a obnovte stanici ze "
            "zálohy a z ústředí (prebirka station restore), nebo zavolejte technika.",
            f"The station's database is an older copy: it has {has} sealed changes but had {had} before. "
            "Opening it would lose accepted protocols, so nothing was changed. Do not go on: restore the "
            "station from its backup and the centre (prebirka station restore), or call the technician.",
        )


class Replaced(StationError):
    """The database holds another history than the one that was there before."""

    def __init__(self) -> None:
        super().__init__(
            "AUD-02",
            "Databáze stanice není ta, se kterou se tu pracovalo: její historie se liší. Nic se nezměnilo. "
            "Vraťte původní soubor, nebo obnovte stanici ze zálohy a z ústředí (prebirka station restore).",
            "The station's database is not the one that was worked with here: its history differs. Nothing "
            "was changed. Put the right file back, or restore the station from its backup and the centre "
            "(prebirka station restore).",
        )


class Gone(StationError):
    """There is a mark, but no database."""

    def __init__(self, had: int) -> None:
        super().__init__(
            "AUD-03",
            f"Databáze stanice chybí, ačkoli už v ní bylo {had} zápisů změn. Prázdná se nezaloží. "
            "Obnovte stanici ze zálohy a z ústředí (prebirka station restore), nebo zavolejte technika.",
            f"The station's database is missing although it held {had} sealed changes. No empty one is "
            "begun. Restore the station from its backup and the centre (prebirka station restore), or call "
            "the technician.",
        )


class CentreAhead(StationError):
    """The centre has batches of this station that its database does not know: it went back in time."""

    def __init__(self, has: int, centre_has: int) -> None:
        super().__init__(
            "AUD-04",
            f"Ústředí má od této stanice dávku {centre_has}, ale databáze končí dávkou {has}: je to starší "
            "kopie. Nic nového se neodesílá, aby se výsledky nerozešly. Přestaňte přebírat a obnovte stanici "
            "(prebirka station restore), nebo zavolejte technika.",
            f"The centre has batch {centre_has} of this station, but the database ends with batch {has}: it "
            "is an older copy. Nothing new is sent, so that the results do not part. Take in nothing more "
            "and restore the station (prebirka station restore), or call the technician.",
        )
