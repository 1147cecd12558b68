"""Newsrooms that apply: a rehearsal authority, signers, and applications in each way, as tests bend them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from app.central.media.intake import Delivery
from app.central.media.records import Way
from app.documents import media_application
from app.documents.media_application import Application, Filming
from app.election.model import Mode
from app.rehearsal import media_applications as made
from app.trust import rehearsal_authority as authorities
from app.trust.rehearsal_authority import Credential, Person
from app.trust.rehearsal_signatures import sign
from tests.support.invented_election import POINT, VOTING_ENDS

DAY = timedelta(days=1)
#: The application's deadline of the tests is this day's end in Prague.
DEADLINE = date(2024, 9, 6)
#: An application that is in time comes at this moment.
IN_TIME = datetime.fromisoformat("2024-09-05T10:00:00+02:00")
NEWS = Person("Ing. Jana Nová", "Televize Lhota, a.s.", "12345678")
STRANGER = Person("Karel Cizí", "Jiná firma s.r.o.", "87654321")


@cache
def authority() -> Credential:
    return authorities.make_authority(IN_TIME - 1000 * DAY, IN_TIME + 1000 * DAY)


@cache
def other_authority() -> Credential:
    return authorities.make_authority(IN_TIME - 1000 * DAY, IN_TIME + 1000 * DAY)


@cache
def key_of(name: str, *, elliptic: bool = True) -> authorities.Key:
    """Each person has one key: making RSA ones takes time."""
    return authorities.make_key(elliptic=elliptic)


def signer(person: Person = NEWS, issuer: Credential | None = None, **changes: object) -> Credential:
    """A certificate for the tests' days; `before` and `after` are days around them."""
    begins = IN_TIME - 100 * DAY + changes.pop("begins", 0) * DAY  # type: ignore[operator]
    ends = IN_TIME + 100 * DAY + changes.pop("ends", 0) * DAY  # type: ignore[operator]
    elliptic = bool(changes.pop("elliptic", True))
    key = key_of(person.name, elliptic=elliptic)
    return authorities.issue(issuer or authority(), person, begins, ends, key, **changes)  # type: ignore[arg-type]


def application(election: str, mode: Mode, **changes: object) -> Application:
    """A right application of `NEWS`."""
    wish = Filming(POINT, VOTING_ENDS, VOTING_ENDS + timedelta(hours=4), ("Petr Kamera", "Eva Zvuk"))
    one = Application(
        election, mode, NEWS.organisation, NEWS.number, "Jana Nová", "vysilani@televize.example",
        "+420 222 333 444", ("192.0.2.1", "2001:db8::1"), ("192.0.2.2",), (wish,),
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


Wrap = Callable[[bytes, bytes, Credential, datetime], tuple[bytes, bytes]]


@dataclass(frozen=True)
class Form:
    """One form of a delivery. `wrap` signs the one content and shows the other, which is as long."""

    way: Way
    wrap: Wrap

    def delivery(
        self,
        content: bytes,
        by: Credential,
        at: datetime,
        received: datetime | None = None,
        shown: bytes | None = None,
    ) -> Delivery:
        data, detached = self.wrap(content, content if shown is None else shown, by, at)
        return Delivery(self.way, data, received or at, "podani", detached)


def _pdf(content: bytes, shown: bytes, by: Credential, at: datetime) -> tuple[bytes, bytes]:
    return made.pdf(content, by, at).replace(content, shown), b""


def _mail(content: bytes, shown: bytes, by: Credential, at: datetime) -> tuple[bytes, bytes]:
    signature = sign(made.mail_part(content), by, at, attached=False)
    return made.mail(made.mail_part(shown), signature), b""


def _wrapped(content: bytes, shown: bytes, by: Credential, at: datetime) -> tuple[bytes, bytes]:
    part, other = made.mail_part(content), made.mail_part(shown)
    return made.wrapped_mail(sign(part, by, at, attached=True).replace(part, other)), b""


def _inside(content: bytes, shown: bytes, by: Credential, at: datetime) -> tuple[bytes, bytes]:
    return sign(content, by, at, attached=True).replace(content, shown), b""


def _beside(content: bytes, shown: bytes, by: Credential, at: datetime) -> tuple[bytes, bytes]:
    return shown, sign(content, by, at, attached=False)


FORMS = {
    "pdf": Form(Way.PDF, _pdf),
    "mail": Form(Way.SMIME, _mail),
    "wrapped mail": Form(Way.SMIME, _wrapped),
    "data box, inside": Form(Way.DATABOX, _inside),
    "data box, beside": Form(Way.DATABOX, _beside),
}


def encoded(one: Application) -> bytes:
    return media_application.encode(one)
