"""Every reason to refuse a signed file, one row each: a stable code and a sentence in two languages.

The codes are a contract: they stand in the manual, in logs, in receipts and in the centre's counters.
A new reason gets a new number at the end; a number is never used for anything else.
"""

from __future__ import annotations

from enum import Enum

from app.election.errors import KnownError


class RefusalReason(Enum):
    """Why a signed file was refused: `code` is stable, `cs` and `en` say what to do about it."""

    EMPTY = (
        "CMS-01",
        "Podepsaný soubor je prázdný. Přeneste ho znovu.",
        "The signed file is empty. Transfer it again.",
    )
    TOO_LARGE = (
        "CMS-02",
        "Podepsaný soubor je větší, než je dovoleno. Ověřte, že jde o správný soubor.",
        "The signed file is larger than allowed. Check that it is the right file.",
    )
    NOT_DER = (
        "CMS-03",
        "Soubor není podepsaná zpráva (CMS SignedData v kódování DER), nebo je poškozen. Přeneste ho znovu.",
        "The file is not a signed message (CMS SignedData in DER), or it is damaged. Transfer it again.",
    )
    NO_CONTENT = (
        "CMS-04",
        "Soubor obsahuje jen podpis bez obsahu. Přiložte podepsaný dokument.",
        "The file holds only a signature without content. Supply the signed document.",
    )
    UNEXPECTED_CONTENT = (
        "CMS-05",
        "Místo samostatného podpisu je v souboru i obsah. Použijte soubor .p7s, který k dokumentu patří.",
        "The file holds content where a detached signature belongs. Use the document's own .p7s file.",
    )
    ALGORITHM = (
        "CMS-06",
        "Zpráva je podepsána jiným způsobem než ECDSA P-256 se SHA-256. Takový podpis se nepřijímá.",
        "The message is signed by something else than ECDSA P-256 with SHA-256. It is not accepted.",
    )
    SIGNER_COUNT = (
        "CMS-07",
        "Zpráva musí mít právě jeden podpis.",
        "The message must have exactly one signature.",
    )
    CERTIFICATE_COUNT = (
        "CMS-08",
        "Zpráva musí obsahovat právě jeden certifikát, a to certifikát podepisujícího.",
        "The message must hold exactly one certificate, the signer's.",
    )
    ATTRIBUTES = (
        "CMS-09",
        "Podepsané údaje zprávy chybějí nebo jsou jiné než předepsané.",
        "The message's signed attributes are missing or not the prescribed ones.",
    )
    CONTENT_TYPE = (
        "CMS-10",
        "Zpráva je podepsána jako jiný druh obsahu než prostá data.",
        "The message is signed as another kind of content than plain data.",
    )
    DIGEST = (
        "CMS-11",
        "Obsah neodpovídá podpisu: po podepsání byl změněn. Vyžádejte si ho znovu od odesílatele.",
        "The content does not match the signature: it was changed later. Ask the sender for it again.",
    )
    SIGNER_MISMATCH = (
        "CMS-12",
        "Přiložený certifikát není ten, kterým byla zpráva podepsána.",
        "The enclosed certificate is not the one that the message was signed with.",
    )
    SIGNATURE = (
        "CMS-13",
        "Podpis je neplatný. Zprávu nepřijímejte a vyžádejte si ji znovu od odesílatele.",
        "The signature is not valid. Do not accept the message; ask the sender for it again.",
    )
    NOT_CANONICAL = (
        "CMS-14",
        "Zpráva je zapsána jinak, než ji zapisuje tento program. Takový zápis se nepřijímá.",
        "The message is written in another way than this program writes it. It is not accepted.",
    )
    UNKNOWN_AUTHORITY = (
        "CMS-15",
        "Certifikát nevydala certifikační autorita těchto voleb.",
        "The certificate was not issued by this election's authority.",
    )
    CERTIFICATE_USE = (
        "CMS-16",
        "Certifikát není určen k podepisování zpráv těchto voleb.",
        "The certificate is not meant for signing messages of an election.",
    )
    NOT_YET_VALID = (
        "CMS-17",
        "Certifikát ještě neplatí. Zkontrolujte datum a čas v počítači.",
        "The certificate is not valid yet. Check the computer's date and time.",
    )
    EXPIRED = (
        "CMS-18",
        "Platnost certifikátu skončila. Zkontrolujte datum a čas v počítači, nebo požádejte o nový.",
        "The certificate has expired. Check the computer's date and time, or ask for a new certificate.",
    )
    REVOKED = (
        "CMS-19",
        "Certifikát byl odvolán. Obraťte se na ústředí a požádejte o nový.",
        "The certificate was revoked. Turn to the centre and ask for a new one.",
    )
    ELECTION = (
        "CMS-20",
        "Podepisující patří k jiným volbám.",
        "The signer belongs to another election.",
    )
    ROLE = (
        "CMS-21",
        "Podepisující nemá oprávnění podepsat tento druh zprávy.",
        "The signer's role may not sign this kind of message.",
    )
    TRANSFER_POINT = (
        "CMS-22",
        "Podepisující patří k jinému přebíracímu místu.",
        "The signer belongs to another transfer point.",
    )
    STATION = (
        "CMS-23",
        "Zprávu podepsala jiná stanice, než která ji odesílá.",
        "The message was signed by another station than the one it speaks for.",
    )

    def __init__(self, code: str, cs: str, en: str) -> None:
        self.code = code
        self.cs = cs
        self.en = en


class SignatureRefused(KnownError):
    """A signed file was not accepted; its content was not handed to anybody."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(code=reason.code, cs=reason.cs, en=reason.en)
        self.reason = reason
