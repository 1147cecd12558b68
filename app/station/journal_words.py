"""The journal in words: what each act is called, and a row's details as a person reads them.

An act or a detail that is not in the tables is shown by its own name, so that a row written by a newer
program can still be read; a test holds the tables complete for this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from app.election.catalogue import RULES
from app.election.model import Contest
from app.election.sentences import MEANINGS
from app.election.verdict import FieldRef
from app.station.journal import Detail, Entry
from app.station.problems import place_cs, place_en

#: Languages that there are words in; the place of each in a pair.
LANGUAGES: Final = ("cs", "en")


class Words(NamedTuple):
    """The same in both languages."""

    cs: str
    en: str

    def of(self, language: str) -> str:
        return self[LANGUAGES.index(language)]


ACTS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "accept": Words("zápis převzat", "protocol accepted"),
        "hold": Words("zápis předložen ke schválení", "protocol put up for approval"),
        "approve": Words("zápis schválen", "protocol approved"),
        "send-back": Words("zápis vrácen bez schválení", "protocol sent back without approval"),
        "refuse": Words("zápis odmítnut", "protocol refused"),
        "correct": Words("zápis opraven", "protocol corrected"),
        "confirm": Words("zápis potvrzen ústředím", "protocol confirmed by the centre"),
        "return": Words("zápis vrácen ústředím", "protocol returned by the centre"),
        "mend": Words("zápis opraven komisí na místě", "protocol mended by the commission on the spot"),
        "retype-settled": Words("rozdíl papíru a souboru vyřešen", "difference of paper and file settled"),
        "entry-begun": Words("opisování z papíru začato", "typing from paper begun"),
        "entry-finished": Words("opisování dokončeno", "typing finished"),
        "entry-reopened": Words("opisování znovu otevřeno", "typing opened again"),
        "entry-taken-over": Words("opisování převzato po jiném", "typing taken over from somebody"),
        "entry-discarded": Words("opis odložen", "typing discarded"),
        "entry-restored": Words("odložený opis obnoven", "discarded typing restored"),
        "entry-mended": Words("opis opraven komisí", "typing mended by the commission"),
        "entry-compared": Words("oba opisy porovnány", "both typings compared"),
        "entry-closed": Words("opisování z papíru uzavřeno", "typing from paper closed"),
        "settle": Words("rozdíl obou opisů vyřešen", "difference of both typings settled"),
        "settle-refused": Words("řešení rozdílu nepřijato", "settling of a difference refused"),
        "batch": Words("dávka vytvořena", "batch made"),
        "batch-unknown": Words("dávka bez odpovědi, pošle se znovu", "batch without an answer, sent again"),
        "receipt": Words("odpověď ústředí přijata", "answer of the centre received"),
        "centre-went-back": Words("ústředí zná méně než dřív", "the centre knows less than before"),
        "point-batch": Words("dávka jiného pracoviště přijata", "batch of another workstation taken"),
        "point-receipt": Words("odpověď ústředí pro jiné pracoviště", "the centre's answer to another one"),
        "carried-batch": Words("dávka jiného místa převzata k doručení", "batch of another point to carry"),
        "carried-receipt": Words("odpověď ústředí pro jiné místo", "the centre's answer to another point"),
        "assign": Words("okrsky určeny pracovišti", "precincts assigned to a workstation"),
        "assign-dealt": Words("okrsky rozděleny mezi pracoviště", "precincts dealt out to workstations"),
        "assign-ended": Words("určení okrsků ukončeno", "assignment of precincts ended"),
        "withdraw": Words("zápis stažen, platí zápis jiného pracoviště", "withdrawn, another one's stands"),
        "stick-written": Words("dávky zapsány na médium", "batches written to a medium"),
        "signed-in": Words("přihlášení", "signed in"),
        "signed-out": Words("odhlášení", "signed out"),
        "sign-in-failed": Words("nezdařené přihlášení", "failed to sign in"),
        "screen-locked": Words("obrazovka zamčena", "screen locked"),
        "screen-unlocked": Words("obrazovka odemčena", "screen unlocked"),
        "vouched": Words("potvrzeno heslem jiné osoby", "vouched for by another person's password"),
        "account-made": Words("účet založen", "account made"),
        "account-role": Words("účtu změněna role", "role of an account changed"),
        "account-activated": Words("účet znovu otevřen", "account opened again"),
        "account-deactivated": Words("účet uzavřen", "account closed"),
        "account-new-password": Words("účtu nastaveno nové heslo", "new password set for an account"),
        "account-own-password": Words("vlastní heslo změněno", "own password changed"),
        "account-locked": Words("účet zablokován", "account locked out"),
        "account-released": Words("účet odblokován", "account released"),
        "package-taken": Words("novější balíček pracoviště přijat", "newer package of the workstation taken"),
        "accounts-delivered": Words("účty dodány s nastavením stanice", "accounts delivered with the set-up"),
        "journal-exported": Words("deník vyvezen do souboru", "journal exported to a file"),
        "backup-place": Words("místo pro zálohy zvoleno", "place for backups chosen"),
        "restored": Words("stanice obnovena ze zálohy", "station restored from a backup"),
        "recover": Words("zápis obnoven z dávky od ústředí", "protocol put back from the centre's batch"),
        "batch-recovered": Words("dávka obnovena od ústředí", "batch put back from the centre"),
        "explain": Words("nepotvrzený zápis vysvětlen", "unconfirmed protocol explained"),
        "permit-taken": Words("povolení pozdního převzetí uloženo", "permit of a late acceptance taken"),
        "point-closed": Words("přebírací místo uzavřeno", "transfer point closed"),
        "point-reopened": Words("přebírací místo znovu otevřeno", "transfer point opened again"),
    }
)

DETAILS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "accepted_by": Words("Převzal", "Accepted by"),
        "approved_by": Words("Schválil", "Approved by"),
        "centre_asked": Words("Ústředí dotázáno", "Centre asked"),
        "confirmed": Words("Potvrzených zápisů", "Confirmed protocols"),
        "copy": Words("Záloha", "Backup"),
        "expected": Words("Očekávaných zápisů", "Expected protocols"),
        "explained": Words("Vysvětlených zápisů", "Explained protocols"),
        "journal_head": Words("Otisk konce deníku (SHA-256)", "Hash of the journal's head (SHA-256)"),
        "journal_row": Words("Řádek deníku", "Row of the journal"),
        "journal_then": Words("Řádků deníku v záloze", "Rows of the journal in the backup"),
        "decisions": Words("Rozhodnutí ústředí známých zde", "Decisions of the centre known here"),
        "decisions_left": Words("Rozhodnutí v ústředí", "Decisions at the centre"),
        "lost_batches": Words("Dávky, které ústředí nemá", "Batches that the centre lacks"),
        "lost_journal": Words("Otisk ztraceného deníku (SHA-256)", "Hash of the lost journal (SHA-256)"),
        "lost_journal_seq": Words("Řádek ztraceného deníku", "Row of the lost journal"),
        "lost_original": Words("Otisk ztraceného souboru (SHA-256)", "Hash of the lost file (SHA-256)"),
        "made_at": Words("Záloha z", "Backup of"),
        "place": Words("Místo", "Place"),
        "recovered": Words("Dávky od ústředí", "Batches from the centre"),
        "report": Words("Otisk závěrečné zprávy (SHA-256)", "Hash of the closing report (SHA-256)"),
        "state": Words("Stav", "State"),
        "account": Words("Účet", "Account"),
        "accounts": Words("Účty", "Accounts"),
        "agrees": Words("Souhlasí se souborem", "Agrees with the file"),
        "authorised": Words("Komise má zmocnění k opravě", "Commission is authorised to correct"),
        "batch": Words("Číslo dávky", "Number of the batch"),
        "before": Words("Předtím", "Before"),
        "changes": Words("Změněné údaje", "Changed figures"),
        "code": Words("Kód", "Code"),
        "content_hash": Words("Otisk obsahu (SHA-256)", "Hash of the content (SHA-256)"),
        "counts": Words("Počty", "Counts"),
        "draft": Words("Číslo opisu", "Number of the typing"),
        "failed": Words("Nesplněná pravidla", "Failed rules"),
        "failures": Words("Počet nezdařených pokusů", "Failed attempts"),
        "field": Words("Údaj", "Figure"),
        "file": Words("V souboru", "In the file"),
        "filter": Words("Výběr řádků", "Rows chosen"),
        "format": Words("Formát", "Format"),
        "hash": Words("Otisk dávky (SHA-256)", "Hash of the batch (SHA-256)"),
        "idle": Words("Zamčeno samo po nečinnosti", "Locked by itself when idle"),
        "known": Words("Takový účet je", "There is such an account"),
        "last": Words("Poslední řádek deníku", "Last row of the journal"),
        "login": Words("Přihlašovací jméno", "Login"),
        "mended": Words("Otisk opraveného zápisu (SHA-256)", "Hash of the mended protocol (SHA-256)"),
        "name": Words("Soubor", "File"),
        "number": Words("Kolikátý opis", "Which typing"),
        "original": Words("Otisk souboru (SHA-256)", "Hash of the file (SHA-256)"),
        "outcome": Words("Výsledek u ústředí", "Outcome at the centre"),
        "precincts": Words("Okrsky", "Precincts"),
        "protocols": Words("Počet zápisů", "Number of protocols"),
        "reason": Words("Důvod", "Reason"),
        "receipt": Words("Otisk odpovědi (SHA-256)", "Hash of the answer (SHA-256)"),
        "rehearsal": Words("Zkušební režim", "Rehearsal"),
        "role": Words("Role", "Role"),
        "station": Words("Pracoviště", "Workstation"),
        "other_hash": Words("Otisk platného obsahu (SHA-256)", "Hash of the standing content (SHA-256)"),
        "other_revision": Words("Platná revize", "Standing revision"),
        "files": Words("Počet souborů", "Number of files"),
        "rows": Words("Počet řádků", "Number of rows"),
        "serial": Words("Číslo balíčku", "Number of the package"),
        "settled": Words("Vyřešeno jako", "Settled as"),
        "sha256": Words("Otisk souboru (SHA-256)", "Hash of the file (SHA-256)"),
        "signer": Words("Podepsal", "Signed by"),
        "situation": Words("S čím se shoduje", "What it agrees with"),
        "source": Words("Odkud", "Source"),
        "status": Words("Stav dávky", "State of the batch"),
        "typed": Words("Opsáno z papíru", "Typed from the paper"),
        "value": Words("Hodnota", "Value"),
        "signatures": Words("Podpisy", "Signatures"),
        "voting_ended": Words("Konec hlasování", "End of voting"),
        "extension_reason": Words("Důvod prodloužení", "Reason of the extension"),
        "permit": Words("Číslo povolení", "Number of the permit"),
        "valid_until": Words("Platí do", "Valid until"),
    }
)

#: (detail, stored value) → what people call it.
VALUES: Final[Mapping[tuple[str, str], Words]] = MappingProxyType(
    {
        ("source", "SOUBOR"): Words("soubor", "file"),
        ("source", "PAPIR"): Words("papír", "paper"),
        ("signatures", "all"): Words("všichni členové", "all members"),
        ("signatures", "annex"): Words("chybí, příloha uvádí důvody", "missing, an annex says why"),
        ("signatures", "missing"): Words("chybí i příloha", "missing, and so is the annex"),
        ("status", "PRIJATO"): Words("přijata", "accepted"),
        ("status", "ZARAZENO"): Words(
            "zařazena, chybějí dřívější dávky", "kept, earlier batches are missing"
        ),
        ("status", "ODMITNUTO"): Words("odmítnuta", "refused"),
        ("status", "KARANTENA"): Words("v karanténě", "quarantined"),
        ("outcome", "PRIJATO"): Words("přijat", "accepted"),
        ("outcome", "ZNAMO"): Words("týž obsah už ústředí má", "the centre has the same content already"),
        ("outcome", "ODMITNUTO"): Words("odmítnut", "refused"),
        ("outcome", "KONFLIKT"): Words("ústředí má jiný obsah", "the centre has other content"),
        ("situation", "others-reading"): Words("s opisem jiné osoby", "another person's typing"),
        ("situation", "own-reading"): Words("jen s vlastním opisem", "one's own typing only"),
        ("situation", "third-value"): Words("s žádným opisem", "neither typing"),
        ("role", "clerk"): Words("obsluha", "clerk"),
        ("role", "supervisor"): Words("vedoucí", "supervisor"),
        ("role", "technician"): Words("technik", "technician"),
        ("role", "program"): Words("program", "program"),
    }
)

_YES_NO: Final = {True: Words("ano", "yes"), False: Words("ne", "no")}
_COUNTS: Final = ("VOL_SEZNAM", "VYD_OBALKY", "ODEVZ_OBAL", "PL_HL_CELK")
_FIELDS: Final = frozenset({"field", "settled"})


def act_name(act: str, language: str) -> str:
    """What an act is called."""
    known = ACTS.get(act)
    return known.of(language) if known else act


def detail_name(detail: str, language: str) -> str:
    known = DETAILS.get(detail)
    return known.of(language) if known else detail


def told(entry: Entry, language: str) -> tuple[tuple[str, str], ...]:
    """Details as (name, text) for people, the reason first, hashes last; what is empty is left out."""
    contest = entry.key.contest if entry.key else None
    lines = [
        (name, text)
        for name, value in sorted(entry.details.items(), key=lambda item: _rank(*item))
        if (text := _text(name, value, contest, language))
    ]
    return tuple((detail_name(name, language), text) for name, text in lines)


def in_one_line(entry: Entry, language: str) -> str:
    """The details for a cell: without hashes, which say nothing to an eye that passes over."""
    contest = entry.key.contest if entry.key else None
    parts = []
    for name, value in sorted(entry.details.items(), key=lambda item: _rank(*item)):
        if _is_hash(value):
            continue
        text = " ".join(_text(name, value, contest, language, short=True).split())
        if text:
            parts.append(text if name == "reason" else f"{detail_name(name, language)}: {text}")
    return " · ".join(parts)


def _rank(name: str, value: Detail) -> tuple[bool, bool, str]:
    return _is_hash(value), name != "reason", name


def _is_hash(value: Detail) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


def _text(name: str, value: Detail, contest: Contest | None, language: str, *, short: bool = False) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _YES_NO[value].of(language)
    if isinstance(value, list):
        return (", " if short else "\n").join(_item(name, one, contest, language, short) for one in value)
    if isinstance(value, int):
        return str(value)
    if name == "counts":
        return _counts(value, language, short)
    if name in _FIELDS:
        return _place(value, contest, language)
    known = VALUES.get((name, value))
    return known.of(language) if known else value


def _item(name: str, item: str, contest: Contest | None, language: str, short: bool) -> str:
    if name == "failed" and item in RULES:
        rule = RULES[item]
        return item if short else f"{item} {rule.title_cs if language == 'cs' else rule.title_en}"
    if name == "changes":
        field, _, value = item.partition("=")
        return f"{_place(field, contest, language)} → {value}"
    return _place(item, contest, language) if name in _FIELDS else item


def _place(text: str, contest: Contest | None, language: str) -> str:
    """Where a field is on the paper; the text itself where it names none."""
    name, *numbers = text.split(" ")
    if contest is None or not all(number.isascii() and number.isdigit() for number in numbers):
        return text
    field = _field(name, [int(number) for number in numbers], contest)
    return place_cs(field, contest) if language == "cs" else place_en(field, contest)


def _field(name: str, numbers: list[int], contest: Contest) -> FieldRef:
    """A field as `app.station.texts.named` writes it: a lone number of T/5 is the candidate."""
    if contest.is_senate:
        return FieldRef(name, None, *numbers[:1])
    return FieldRef(name, *numbers[:2])


def _counts(text: str, language: str, short: bool) -> str:
    parts = text.split(" ")
    if short or len(parts) != len(_COUNTS):
        return text
    place = LANGUAGES.index(language)
    return "\n".join(f"{MEANINGS[name][place]}: {part}" for name, part in zip(_COUNTS, parts, strict=True))
