"""What may be proposed in the operations room: the fields of each kind, as one table, and their reading.

The table makes the forms, the page that shows a proposal, and the content that is kept: text by field, in
one canonical spelling, so that what was shown, what is approved and what is done are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.central import spoken
from app.central.goes_on import GoesOn
from app.central.judging import Wanted
from app.central.room.errors import FieldRefused
from app.documents.act import Kind as ActKind
from app.election.model import Contest, ProtocolKey
from app.election.reference import Reference

PRAGUE = ZoneInfo("Europe/Prague")
Content = Mapping[str, str]


class Kind(StrEnum):
    """What may be proposed; the value stands in the database and in addresses."""

    WITHDRAW = "withdraw"
    NEVER = "never"
    LOT = "lot"
    SEATS = "seats"
    REPLACE = "replace"
    COMPLETE = "complete"
    CANCEL = "cancel"
    SETTLE = "settle"
    PERMIT = "permit"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: how it is called, an example of what belongs there, and `choices` where there are few."""

    name: str
    cs: str
    en: str
    example: str = ""
    choices: tuple[tuple[str, str, str], ...] = ()  # value, Czech, English
    kind: str = "text"
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What a proposal is called, what it does in a sentence, and its fields."""

    cs: str
    en: str
    does_cs: str
    does_en: str
    fields: tuple[Field, ...]


_CONTEST = Field(
    "contest", "Volba", "Contest",
    choices=(
        ("KZ", "kraje", "regions"),
        ("SE1", "Senát, 1. kolo", "Senate, round 1"),
        ("SE2", "Senát, 2. kolo", "Senate, round 2"),
    ),
)  # fmt: skip
_PRECINCT = Field("precinct", "Okrsek (obec/okrsek)", "Precinct (municipality/precinct)", "550001/3")
_AREA = Field(
    "area", "Území", "Area",
    choices=(
        ("region", "kraj", "region"),
        ("district", "okres", "district"),
        ("senate", "senátní obvod", "Senate district"),
        ("country", "celek", "the country"),
    ),
)  # fmt: skip

FORMS: Mapping[Kind, Form] = {
    Kind.WITHDRAW: Form(
        "Odvolat výsledek okrsku", "Withdraw a precinct's result",
        "Součty klesnou a okrsek zase chybí, dokud přebírací místo nepošle opravu. Odvolání se neruší.",
        "The sums fall and the precinct is missing until its transfer point sends a correction. A withdrawal "
        "is not undone.",
        (_CONTEST, _PRECINCT),
    ),
    Kind.NEVER: Form(
        "Prohlásit zápis za nedodaný", "Declare a protocol never delivered",
        "Na zápis se přestane čekat. Přijde-li přece, započítá se.",
        "The protocol is waited for no more. If it comes after all, it counts.",
        (_CONTEST, _PRECINCT),
    ),
    Kind.LOT: Form(
        "Zaznamenat los", "Record a lot",
        "Losují lidé; zde se výsledek jen zaznamená. Mezi kým se losuje, ukazuje stránka Rozhodnutí.",
        "People draw; this records what they drew. Between whom: see the page Decisions.",
        (
            _CONTEST,
            Field("number", "Kraj nebo obvod", "Region or Senate district", "14", kind="number"),
            Field("order", "Vylosovaná čísla v pořadí", "Numbers in the order drawn", "3, 1"),
        ),
    ),
    Kind.SEATS: Form(
        "Zaznamenat mandáty", "Record seats",
        "Jen tam, kde je hlasy samy nedají.", "Only where votes alone do not give them.",
        (
            Field("number", "Kraj", "Region", "3", kind="number"),
            Field("seats", "Mandáty listin", "Seats by list", "7:40, 12:5"),
        ),
    ),
    Kind.REPLACE: Form(
        "Nahradit finalistu", "Replace a finalist",
        "Finalista odstoupil, ztratil volitelnost nebo zemřel; postupuje další v pořadí.",
        "A finalist withdrew, lost eligibility or died; the next in the order advances.",
        (
            Field("number", "Senátní obvod", "Senate district", "14", kind="number"),
            Field("candidate", "Číslo kandidáta", "The candidate's number", "3", kind="number"),
        ),
    ),
    Kind.COMPLETE: Form(
        "Prohlásit úplnost", "Declare completeness",
        "Nelze, dokud v území chybí zápis, který není prohlášen za nedodaný.",
        "Not while a protocol is missing that is not declared as never delivered.",
        (
            _CONTEST, _AREA,
            Field("number", "Číslo území (okres: CZ0201; celek: 0)",
                  "The area's number (district: CZ0201; country: 0)", "3"),
        ),
    ),
    Kind.CANCEL: Form(
        "Zrušit úkon", "Undo an act",
        "Úkon zůstane zapsán, jen přestane platit. Odvolání výsledku zrušit nelze.",
        "The act stays on record and holds no longer. Withdrawals cannot be undone.",
        (Field("act", "Číslo úkonu", "The act's number", "7", kind="number"),),
    ),
    Kind.SETTLE: Form(
        "Rozhodnout o karanténě", "Settle a quarantine",
        "Zavolejte vedoucímu místa, který počítač má pokračovat. Co už platí, se nezmění.",
        "Call the point's supervisor which computer goes on. What counts already does not change.",
        (
            Field("station", "Stanice", "Station", "662-1"),
            Field("goes_on", "Pokračuje", "Goes on",
                  choices=((GoesOn.CENTRE, "řetěz v ústředí", "the centre's chain"),
                           (GoesOn.BRANCH, "odložená větev", "the branch set aside"))),
            Field("branch", "Začátek otisku větve, je-li jich víc", "Beginning of its hash, if several",
                  "3fa2b1", optional=True),
        ),
    ),
    Kind.PERMIT: Form(
        "Povolit pozdní převzetí", "Permit a late acceptance",
        "Po 24 hodinách přijme ústředí zápis jen s povolením; soubor se pošle na přebírací místo.",
        "After the 24 hours the centre takes a protocol only with a permit; its file is sent to the point.",
        (
            _CONTEST, _PRECINCT,
            Field("until", "Platí do (pražský čas)", "Valid until (Prague time)", "2024-09-22T20:00",
                  kind="datetime-local"),
        ),
    ),
}  # fmt: skip

_ACTS = {
    Kind.WITHDRAW: ActKind.WITHDRAWAL, Kind.NEVER: ActKind.NEVER, Kind.LOT: ActKind.LOT,
    Kind.SEATS: ActKind.SEATS, Kind.REPLACE: ActKind.LEFT, Kind.COMPLETE: ActKind.COMPLETE,
    Kind.CANCEL: ActKind.CANCEL,
}  # fmt: skip
_LONGEST = 200


def read(kind: Kind, form: Mapping[str, str], reference: Reference) -> dict[str, str]:
    """The content of a proposal from its form's fields. Raises FieldRefused, KnownError CEN-44, CEN-45."""
    content = {}
    for field in FORMS[kind].fields:
        text = " ".join(form.get(field.name, "").split())
        if (not text and not field.optional) or len(text) > _LONGEST or not text.isprintable():
            raise FieldRefused(field.cs)
        if field.choices and text not in {value for value, _, _ in field.choices}:
            raise FieldRefused(field.cs)
        if field.kind == "number" and not (text.isascii() and text.isdecimal() and len(text) <= 6):
            raise FieldRefused(field.cs)
        content[field.name] = text
    return _canonical(kind, content, reference)


def _canonical(kind: Kind, content: dict[str, str], reference: Reference) -> dict[str, str]:
    if "precinct" in content:
        content["precinct"] = str(spoken.precinct_of(content["precinct"]))
    if "order" in content:
        content["order"] = ",".join(map(str, spoken.numbers(content["order"], "order")))
    if "seats" in content:
        content["seats"] = ",".join(f"{number}:{won}" for number, won in spoken.seats(content["seats"]))
    if kind is Kind.COMPLETE:
        content["number"] = str(_area_number(content, reference))
    if kind is Kind.PERMIT:
        try:
            until = datetime.fromisoformat(content["until"])
        except ValueError:
            raise FieldRefused("until") from None
        content["until"] = until.replace(tzinfo=None).isoformat(timespec="minutes")
    return content


def _area_number(content: Content, reference: Reference) -> int:
    text = content["number"]
    if content["area"] == "country":
        return 0
    if content["area"] == "district" and text.upper() in reference.district_by_nuts:
        return reference.district_by_nuts[text.upper()].code
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise FieldRefused("number")
    return int(text)


def wanted(kind: Kind, content: Content) -> Wanted:
    """The act that a proposal asks for; of the kinds that are acts."""
    act = _ACTS[kind]
    number = int(content.get("number", "0"))
    if kind is Kind.CANCEL:
        return Wanted(act, Contest.REGIONAL, cancels=int(content["act"]))
    if kind is Kind.SEATS:
        return Wanted(act, Contest.REGIONAL, "region", number, seats=spoken.seats(content["seats"]))
    if kind is Kind.REPLACE:
        left = (int(content["candidate"]),)
        return Wanted(act, Contest.SENATE_ROUND_1, "senate", number, numbers=left)
    contest = Contest(content["contest"])
    if kind is Kind.LOT:
        area = "senate" if contest.is_senate else "region"
        return Wanted(act, contest, area, number, numbers=spoken.numbers(content["order"]))
    if kind is Kind.COMPLETE:
        return Wanted(act, contest, content["area"], number)
    return Wanted(act, contest, precinct=spoken.precinct_of(content["precinct"]))


def key_of(content: Content) -> ProtocolKey:
    """The protocol that a content names."""
    return ProtocolKey(spoken.precinct_of(content["precinct"]), Contest(content["contest"]))


def until_of(content: Content) -> datetime:
    """Until when a permit is to hold."""
    return datetime.fromisoformat(content["until"]).replace(tzinfo=PRAGUE)
