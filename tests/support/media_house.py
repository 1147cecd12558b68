"""A centre's media register for tests: rehearsal or live, trusting the tests' authority, on a given store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from app.central.media import register
from app.central.media.intake import Delivery
from app.central.media.register import Officer, Register
from app.central.media.settings import MediaFolder
from app.central.media.state import Entry
from app.documents import media_list
from app.documents.media_application import Application
from app.documents.media_list import MediaList
from app.election.model import Contest, Mode
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role
from app.trust.rehearsal_authority import Person
from tests.support import newsroom
from tests.support.house import Clock, House
from tests.support.invented_election import reference
from tests.support.newsroom import DEADLINE, FORMS, IN_TIME, NEWS

#: When officers work: after the deadline.
NOW = datetime.fromisoformat("2024-09-09T10:00:00+02:00")
OFFICER = Officer("Marie Úřední", "vše v pořádku")


class MediaHouse(House):
    """A house with a register; `mode` is the centre's."""

    def __init__(self, folder: Path, mode: Mode = Mode.REHEARSAL, database: str = "") -> None:
        super().__init__(folder, reference(Contest.REGIONAL, mode=mode), Clock(NOW), database=database)
        self.media = MediaFolder(self.centre_folder / "media")
        self.media.trust.mkdir(parents=True)
        self.media.revoked.mkdir()
        (self.media.trust / "autorita.pem").write_bytes(newsroom.authority().pem)
        self.media.settings.write_text(f"deadline = {DEADLINE}\n", "utf-8")

    @contextmanager
    def register(self) -> Iterator[Register]:
        with register.opened(self.centre_folder, self.clock) as opened:
            yield opened

    def application(self, **changes: object) -> Application:
        election = {"election": self.code, "mode": self.reference.election.mode}
        return newsroom.application(**election | changes)

    def delivery(self, form: str = "data box, inside", by: Person = NEWS, **changes: object) -> Delivery:
        """A right application in one form, with changes of its fields."""
        content = newsroom.encoded(self.application(**changes))
        return FORMS[form].delivery(content, newsroom.signer(by), IN_TIME)

    def received(self, opened: Register, by: Person = NEWS, **changes: object) -> Entry:
        return opened.receive(self.delivery(by=by, **changes), OFFICER)

    def other(self, opened: Register, name: str = "Jiná firma", **changes: object) -> Entry:
        """A right application of somebody else."""
        person = Person("Karel Cizí", name)
        mine = {"organisation": name, "number": "", "person": person.name, "test": (), **changes}
        return self.received(opened, person, **mine)

    def listed(self) -> MediaList:
        """The list as the media server reads it: verified."""
        anchors = Anchors.from_pem(self.authority.to_pem())
        data = self.media.allowed.read_bytes()
        return media_list.decode(
            cms.verify(data, anchors, self.clock.now, Expected(Role.CENTRE, self.code)).content
        )


def later(delivery: Delivery, **by: float) -> Delivery:
    """The same delivery, received later."""
    return replace(delivery, received_at=delivery.received_at + timedelta(**by))
