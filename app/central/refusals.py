"""Every reason for which the centre refuses something, with a stable code.

The table is the one home of the codes ING-NN: the HTTP status, a sentence for people in both languages
and whether somebody at the centre has to look at once. A station, a log and the manual speak of a
refusal by its code; no sentence here carries a value from a protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason; `alarm` wakes the operator: honest stations never cause it."""

    code: str
    http_status: int
    cs: str
    en: str
    alarm: bool = False


_TABLE = (
    # a whole request: the answer is a problem document, because no station is known to answer to
    Refusal(
        "ING-01", 413, "Dávka je větší, než ústředí přijímá.", "The batch is larger than the centre takes."
    ),
    Refusal(
        "ING-02",
        415,
        "Dávka se posílá jako application/pkcs7-mime.",
        "A batch is sent as application/pkcs7-mime.",
    ),
    Refusal(
        "ING-03",
        400,
        "Soubor není podepsaná dávka nebo podpis neplatí.",
        "The file is not a signed batch, or its signature does not hold.",
    ),
    Refusal(
        "ING-04",
        403,
        "Certifikát nepatří stanici této volby nebo neplatí.",
        "The certificate is not one of a station of this election, or is not valid.",
    ),
    Refusal(
        "ING-05",
        403,
        "Stanice není v ústředí zapsána, nebo byla odvolána.",
        "The station is not registered at the centre, or was revoked.",
    ),
    Refusal(
        "ING-06",
        422,
        "Obsah dávky neodpovídá předepsanému tvaru.",
        "The content of the batch is not of the prescribed form.",
    ),
    Refusal(
        "ING-07",
        403,
        "Dávka uvádí jinou stanici nebo jiné přebírací místo než certifikát.",
        "The batch names another station or transfer point than the certificate.",
        alarm=True,
    ),
    Refusal("ING-08", 422, "Dávka patří jiným volbám.", "The batch belongs to another election."),
    Refusal(
        "ING-09",
        422,
        "Zkušební a ostrá data se nesmějí míchat.",
        "Rehearsal and live data must not mix.",
        alarm=True,
    ),
    Refusal(
        "ING-10",
        409,
        "Pod tímto číslem už ústředí od stanice přijalo dávku s jiným obsahem.",
        "The centre has already taken another batch under this number from the station.",
        alarm=True,
    ),
    Refusal(
        "ING-11",
        409,
        "Dávka nenavazuje na řetěz stanice; ústředí ji odložilo k prověření.",
        "The batch does not continue the station's chain; the centre set it aside to be looked into.",
        alarm=True,
    ),
    Refusal(
        "ING-12",
        429,
        "Ústředí je vytíženo, pošlete dávku znovu.",
        "The centre is busy, send the batch again.",
    ),
    Refusal("ING-13", 408, "Dávka nepřišla celá včas.", "The batch did not arrive whole in time."),
    Refusal(
        "ING-14",
        503,
        "Ústředí nemůže dávku uložit, pošlete ji znovu.",
        "The centre cannot store the batch, send it again.",
        alarm=True,
    ),
    Refusal(
        "ING-15",
        409,
        "Stanice je v karanténě, dávka čeká, až ústředí rozhodne.",
        "The station is in quarantine; the batch waits until the centre has decided.",
    ),
    Refusal(
        "ING-16",
        409,
        "Dávka navazuje na větev, která podle rozhodnutí ústředí nepokračuje.",
        "The batch continues a branch that does not go on, as the centre has decided.",
        alarm=True,
    ),
    Refusal(
        "ING-17",
        403,
        "Stanice pracuje s programem, který pro tyto volby není schválen; dávka počká na schválený.",
        "The station works with a program that is not approved for this election; the batch waits for one.",
    ),
    # a new station's certificate request
    Refusal(
        "ING-50",
        403,
        "Heslo žádosti ústředí nezná, nebo pro pracoviště platí novější balíček.",
        "The centre does not know the request's token, or a newer package holds for the workstation.",
    ),
    Refusal(
        "ING-51",
        409,
        "S tímto balíčkem už požádal jiný klíč; zavolejte ústředí a vyžádejte si nový balíček.",
        "Another key has asked with this package; call the centre and ask for a new package.",
        alarm=True,
    ),
    Refusal(
        "ING-52",
        422,
        "Žádost o certifikát je poškozená, nebo není žádostí stanice.",
        "The certificate request is damaged, or is none of a station.",
    ),
    Refusal(
        "ING-53",
        403,
        "Žádost je pro jiné pracoviště než balíček.",
        "The request is for another workstation than the package.",
        alarm=True,
    ),
    # the door itself: nothing of the request was read, or not all of it
    Refusal(
        "ING-40",
        429,
        "Z této adresy přichází příliš mnoho požadavků, zkuste to později.",
        "Too many requests come from this address, try later.",
    ),
    Refusal(
        "ING-41",
        429,
        "Stanice posílá příliš mnoho požadavků, zkuste to později.",
        "The station sends too many requests, try later.",
    ),
    Refusal(
        "ING-42",
        503,
        "Ústředí má příliš mnoho spojení, zkuste to později.",
        "The centre has too many connections, try later.",
    ),
    Refusal(
        "ING-43", 408, "Hlavička požadavku nepřišla celá včas.", "The request's head did not arrive in time."
    ),
    Refusal("ING-44", 400, "Toto není požadavek protokolu HTTP.", "This is no request of HTTP."),
    Refusal(
        "ING-45",
        415,
        "Ústředí nepřijímá komprimovaný obsah; pošlete dávku tak, jak je podepsána.",
        "The centre takes no compressed content; send the batch as it was signed.",
    ),
    Refusal(
        "ING-46",
        411,
        "Požadavek musí předem říct svou délku (Content-Length).",
        "The request has to state its length (Content-Length).",
    ),
    Refusal("ING-47", 404, "Na této adrese ústředí nic nemá.", "The centre has nothing at this address."),
    Refusal("ING-48", 405, "Takto se tato adresa nepoužívá.", "This address is not used with this method."),
    # an inquiry: it changes nothing, so nothing of it is kept
    Refusal(
        "ING-30",
        422,
        "Obsah dotazu neodpovídá předepsanému tvaru.",
        "The content of the inquiry is not of the prescribed form.",
    ),
    Refusal(
        "ING-31",
        403,
        "Čas dotazu se od času ústředí liší příliš; zkontrolujte hodiny stanice.",
        "The inquiry's time is too far from the centre's; check the station's clock.",
    ),
    Refusal(
        "ING-32",
        403,
        "Dotaz uvádí jinou stanici nebo jiné přebírací místo než certifikát.",
        "The inquiry names another station or transfer point than the certificate.",
        alarm=True,
    ),
    # one protocol of a batch: the answer is in the receipt
    Refusal(
        "ING-20",
        200,
        "Tuto revizi okrsku už přijala jiná stanice s jiným obsahem; platí první.",
        "Another station's revision of the precinct with other content was first and stands.",
        alarm=True,
    ),
    Refusal(
        "ING-21", 200, "Protokol nesplnil závaznou kontrolu.", "The protocol failed a check that blocks."
    ),
    Refusal(
        "ING-22",
        200,
        "K pustitelné chybě nebo upozornění chybí důvod a schválení.",
        "A passable error or a warning has no reason and approval.",
    ),
    Refusal(
        "ING-23",
        200,
        "Otisk obsahu v dávce nesouhlasí s protokolem.",
        "The content hash in the batch does not fit the protocol.",
        alarm=True,
    ),
    Refusal(
        "ING-24",
        200,
        "Zápis byl převzat po 24 hodinách a ústředí k tomu nedalo povolení, nebo už neplatí.",
        "The protocol was accepted after the 24 hours without a permit of the centre, or after it ended.",
    ),
)

REFUSALS: Mapping[str, Refusal] = {refusal.code: refusal for refusal in _TABLE}

OVERSIZE = REFUSALS["ING-01"]
WRONG_TYPE = REFUSALS["ING-02"]
NOT_SIGNED = REFUSALS["ING-03"]
WRONG_CERTIFICATE = REFUSALS["ING-04"]
UNKNOWN_STATION = REFUSALS["ING-05"]
UNREADABLE = REFUSALS["ING-06"]
OTHER_STATION = REFUSALS["ING-07"]
OTHER_ELECTION = REFUSALS["ING-08"]
OTHER_MODE = REFUSALS["ING-09"]
OTHER_BYTES = REFUSALS["ING-10"]
FORK = REFUSALS["ING-11"]
BUSY = REFUSALS["ING-12"]
TOO_SLOW = REFUSALS["ING-13"]
CANNOT_STORE = REFUSALS["ING-14"]
IN_QUARANTINE = REFUSALS["ING-15"]
GIVEN_UP = REFUSALS["ING-16"]
OTHER_PROGRAM = REFUSALS["ING-17"]
UNKNOWN_TOKEN = REFUSALS["ING-50"]
TOKEN_USED = REFUSALS["ING-51"]
UNREADABLE_REQUEST = REFUSALS["ING-52"]
OTHER_REQUEST = REFUSALS["ING-53"]
TOO_OFTEN_ADDRESS = REFUSALS["ING-40"]
TOO_OFTEN_STATION = REFUSALS["ING-41"]
TOO_MANY_CONNECTIONS = REFUSALS["ING-42"]
LATE_HEAD = REFUSALS["ING-43"]
NOT_HTTP = REFUSALS["ING-44"]
COMPRESSED = REFUSALS["ING-45"]
NO_LENGTH = REFUSALS["ING-46"]
NO_SUCH_ADDRESS = REFUSALS["ING-47"]
OTHER_METHOD = REFUSALS["ING-48"]
UNREADABLE_INQUIRY = REFUSALS["ING-30"]
STALE_INQUIRY = REFUSALS["ING-31"]
OTHER_INQUIRER = REFUSALS["ING-32"]
CONFLICT = REFUSALS["ING-20"]
BLOCKED = REFUSALS["ING-21"]
NOT_APPROVED = REFUSALS["ING-22"]
OTHER_CONTENT = REFUSALS["ING-23"]
NOT_PERMITTED = REFUSALS["ING-24"]

#: A batch that contradicts its station's earlier ones: the station is in quarantine from then on.
QUARANTINES = (OTHER_BYTES, FORK)
#: A batch that is set aside because of such a one.
OF_A_QUARANTINE = (IN_QUARANTINE, GIVEN_UP)
