"""The known troubles of backups and of rebuilding a station."""

from __future__ import annotations

from pathlib import Path

from app.election.model import ProtocolKey
from app.station.errors import StationError


class BackupTrouble(StationError):
    """A copy could not be made or does not prove itself; the station works on."""


class RestoreRefused(StationError):
    """A station cannot be rebuilt this way; nothing was changed."""


def no_place() -> BackupTrouble:
    return BackupTrouble(
        "BAK-01",
        "Není zvoleno místo pro zálohy. Zvolte na stránce Uzavření jiný disk, flash disk nebo "
        "sdílenou složku.",
        "No place for backups is chosen. Choose another disk, a stick or a share on the page Closing.",
    )


def not_written(place: Path, detail: str) -> BackupTrouble:
    return BackupTrouble(
        "BAK-02",
        f"Zálohu nelze zapsat do {place}. Připojte disk, uvolněte na něm místo, nebo zvolte jiné místo.",
        f"The backup cannot be written to {place} ({detail}). Attach the disk, free space on it, or choose "
        "another place.",
    )


def differs(place: Path, detail: str) -> BackupTrouble:
    return BackupTrouble(
        "BAK-03",
        f"Záloha v {place} po zapsání nesouhlasí, a proto se zahodila. Disk může být vadný: zvolte jiný.",
        f"The backup in {place} differed after it was written and was dropped ({detail}). The disk may be "
        "faulty: choose another.",
    )


def inside(place: Path) -> BackupTrouble:
    return BackupTrouble(
        "BAK-09",
        f"Místo {place} leží ve složce stanice, takže by zmizelo s ní. Zvolte jiný disk nebo "
        "sdílenou složku.",
        f"The place {place} lies in the station's own folder and would be lost with it. Choose another disk "
        "or a share.",
    )


def nothing_usable(place: Path, detail: str) -> RestoreRefused:
    return RestoreRefused(
        "BAK-04",
        f"V {place} není žádná použitelná záloha stanice. Zvolte jiné místo, nebo zavolejte ústředí.",
        f"There is no usable backup of a station in {place} ({detail}). Choose another place, or call the "
        "centre.",
    )


def several(place: Path, stations: list[str]) -> RestoreRefused:
    listed = ", ".join(stations)
    return RestoreRefused(
        "BAK-04",
        f"V {place} jsou zálohy více stanic ({listed}). Řekněte volbou --station, kterou obnovit.",
        f"There are backups of several stations in {place} ({listed}). Say which with --station.",
    )


def target_taken(folder: Path) -> RestoreRefused:
    return RestoreRefused(
        "BAK-05",
        f"Složka {folder} není prázdná. Zvolte jinou, ať se nic nepřepíše.",
        f"The folder {folder} is not empty. Choose another, so that nothing is overwritten.",
    )


def key_missing() -> RestoreRefused:
    return RestoreRefused(
        "BAK-06",
        "V záloze není klíč stanice, protože nebyl chráněn heslem. Přidejte volbou --key klíč ze složky "
        "staré stanice, nebo nový i s certifikátem od ústředí (--certificate).",
        "The backup does not hold the station's key because no passphrase protected it. Add the old "
        "station's key with --key, or a new one and its certificate from the centre (--certificate).",
    )


def centre_silent(detail: str) -> RestoreRefused:
    return RestoreRefused(
        "BAK-07",
        "Ústředí neodpovědělo, co od stanice má, a bez toho by se mohly ztratit převzaté zápisy. Připojte "
        "síť a zopakujte obnovu; v nouzi ji udělejte s volbou --without-centre.",
        f"The centre did not say what it has from the station ({detail}); without that, accepted protocols "
        "could be lost. Connect the network and restore again; in an emergency use --without-centre.",
    )


def does_not_continue(detail: str) -> RestoreRefused:
    return RestoreRefused(
        "BAK-08",
        "Dávky, které ústředí od stanice má, na tuto zálohu nenavazují. Nic se nezměnilo. Volejte ústředí.",
        f"The batches that the centre has from the station do not continue this backup ({detail}). Nothing "
        "was changed. Call the centre.",
    )


def taken_otherwise(key: ProtocolKey, revision: int) -> RestoreRefused:
    return RestoreRefused(
        "BAK-08",
        f"Ústředí má zápis {key} (revize {revision}) s jiným obsahem než tato databáze. Nic se nezměnilo. "
        "Obnovte ze starší zálohy, nebo volejte ústředí.",
        f"The centre has protocol {key} (revision {revision}) with another content than this database. "
        "Nothing was changed. Restore from an older backup, or call the centre.",
    )
