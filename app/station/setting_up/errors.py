"""Why a package, a certificate or a folder is not taken: stable codes, one sentence each."""

from __future__ import annotations

from pathlib import Path

from app.station.errors import StationError


class PackageRefused(StationError):
    """A workstation's package is not taken; nothing of it was stored."""


class CertificateRefused(StationError):
    """A certificate is not this workstation's; the station waits as before."""


class SettingUpRefused(StationError):
    """A folder cannot be set up, or there is nothing to set up in it."""


def unreadable(path: Path, error: OSError) -> PackageRefused:
    return PackageRefused(
        "PRO-01",
        f"Soubor {path} nelze přečíst: {error.strerror}. Zkontrolujte médium a vyberte ho znovu.",
        f"The file {path} cannot be read: {error.strerror}. Check the medium and choose it again.",
    )


def not_a_package(detail_cs: str, detail_en: str) -> PackageRefused:
    return PackageRefused(
        "PRO-02",
        f"Soubor není podepsaný balíček pracoviště, nebo není celý: {detail_cs}",
        f"The file is no signed package of a workstation, or not all of it: {detail_en}",
    )


def altered(detail_en: str) -> PackageRefused:
    return PackageRefused(
        "PRO-03",
        "Balíček byl po podepsání změněn nebo poškozen. Nepoužívejte ho a vyžádejte si ho znovu od ústředí.",
        f"The package was changed or damaged after signing ({detail_en}). Do not use it; ask for it again.",
    )


def of_another(detail_cs: str, detail_en: str) -> PackageRefused:
    return PackageRefused(
        "PRO-04",
        f"Podpis balíčku nelze uznat: {detail_cs} Vyžádejte si balíček od přípravy těchto voleb.",
        f"The package's signature is not accepted: {detail_en} Ask this election's preparation for it.",
    )


def other_authority() -> PackageRefused:
    return PackageRefused(
        "PRO-06",
        "Balíček patří jiné volební autoritě, než jakou má toto pracoviště uznávat. Nepoužívejte ho a "
        "zavolejte ústředí.",
        "The package belongs to another election authority than this workstation is to trust. Do not use it; "
        "call the centre.",
    )


def does_not_fit(detail_cs: str, detail_en: str) -> PackageRefused:
    return PackageRefused(
        "PRO-07",
        f"Části balíčku k sobě nepatří: {detail_cs} Vyžádejte si balíček znovu.",
        f"The package's parts do not belong together: {detail_en} Ask for the package again.",
    )


def unwritable(folder: Path, error: OSError) -> SettingUpRefused:
    return SettingUpRefused(
        "PRO-12",
        f"Složku {folder} nelze připravit: {error.strerror}. Zkontrolujte místo na disku a oprávnění.",
        f"The folder {folder} cannot be prepared: {error.strerror}. Check space on the disk and permissions.",
    )
