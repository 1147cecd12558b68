"""The application of one of the media: who asks, from which addresses, where and with whom they would film.

The applicant fills it in and signs it, in a PDF, a message or a data-box attachment; those wrappings are read
by `signed_pdf` and `signed_mail`, and what they hold is this document. It says what is asked for, right or
wrong: how many addresses and which ones are allowed is judged by the register.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.documents import xml
from app.documents.xml_text import DECLARATION, SHORT_TEXT, escaped, free_text, time_of, time_text
from app.election.model import Mode

SCHEMA = "zadost.xsd"
NAMESPACE = "urn:prebirka:zadost:1"
#: The name under which it lies in a PDF or a message.
FILE_NAME = "zadost.xml"
#: Bytes. A hundred addresses and fifty crews of twenty have about 150 kB.
MAX_BYTES = 400_000
_NIGHT, _TEST = "NOC", "TEST"


@dataclass(frozen=True, slots=True)
class Filming:
    """A wish to film at one transfer point."""

    transfer_point: int
    begins: datetime
    ends: datetime
    crew: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Application:
    """`number` is the organisation's IČO, or empty; `person` signs; addresses stand as they were written."""

    election: str
    mode: Mode
    organisation: str
    number: str
    person: str
    email: str
    telephone: str
    night: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    filming: tuple[Filming, ...] = ()


def encode(application: Application) -> bytes:
    """The canonical bytes. Raises `DocumentError` DOC-40 for a text that no document carries."""
    one = application
    number = f' ICO="{escaped(one.number)}"' if one.number else ""
    parts = [
        f'{DECLARATION}<ZADOST xmlns="{NAMESPACE}" VERZE="1" VOLBY="{escaped(one.election)}"'
        f' REZIM="{one.mode}" ORGANIZACE="{free_text(one.organisation, "ORGANIZACE", SHORT_TEXT)}"{number}'
        f' OSOBA="{free_text(one.person, "OSOBA", SHORT_TEXT)}"'
        f' EMAIL="{free_text(one.email, "EMAIL", SHORT_TEXT)}"'
        f' TELEFON="{free_text(one.telephone, "TELEFON", SHORT_TEXT)}">\n'
    ]
    for kind, addresses in ((_NIGHT, one.night), (_TEST, one.test)):
        parts += [
            f'<ADRESA DRUH="{kind}" IP="{free_text(address, "IP", SHORT_TEXT)}"/>\n' for address in addresses
        ]
    for wish in one.filming:
        crew = "".join(f'<STAB JMENO="{free_text(name, "JMENO", SHORT_TEXT)}"/>' for name in wish.crew)
        parts.append(
            f'<NATACENI CPOU="{wish.transfer_point}" OD="{time_text(wish.begins)}"'
            f' DO="{time_text(wish.ends)}">{crew}</NATACENI>\n'
        )
    parts.append("</ZADOST>\n")
    return "".join(parts).encode()


def decode(data: bytes) -> Application:
    """The application in `data` (the exact bytes whose signature was verified). Raises `DocumentError`."""
    root = xml.parse(data, SCHEMA, max_bytes=MAX_BYTES)
    told = xml.attributes_of(root)
    lines = [xml.attributes_of(element) for element in root if element.tag == f"{{{NAMESPACE}}}ADRESA"]
    night, test = (tuple(line["IP"] for line in lines if line["DRUH"] == kind) for kind in (_NIGHT, _TEST))
    return Application(
        election=told["VOLBY"],
        mode=Mode(told["REZIM"]),
        organisation=told["ORGANIZACE"],
        number=told.get("ICO", ""),
        person=told["OSOBA"],
        email=told["EMAIL"],
        telephone=told["TELEFON"],
        night=night,
        test=test,
        filming=tuple(_filming(element) for element in root if element.tag == f"{{{NAMESPACE}}}NATACENI"),
    )


def _filming(element: xml.Element) -> Filming:
    told = xml.attributes_of(element)
    crew = tuple(xml.attributes_of(child)["JMENO"] for child in element)
    return Filming(int(told["CPOU"]), time_of(told["OD"]), time_of(told["DO"]), crew)
