"""One of everything that the operations room writes, for tests of what the store has to prove."""

from __future__ import annotations

from datetime import datetime

from app.central import journal, recorded
from app.central.database import Database
from app.central.room import incidents
from app.central.room.incidents import Severity
from app.central.room.operators import Operators
from app.central.room.permissions import Role
from app.central.schema import proposal, proposal_act
from app.trust.passwords import Passwords
from tests.support.people import CHEAP


def put_into(database: Database, at: datetime) -> None:
    """Two accounts, a proposal refused, an incident."""
    accounts = Operators(database, Passwords(CHEAP))
    for login, name in (("jana", "Jana Nová"), ("petr", "Petr Starý")):
        accounts.add(login, name, Role.OPERATOR, "modrá tramvaj jede", "test", at)
    accounts.disable("petr", "jana", at)
    content = '{"content": {"act": "1"}, "shown": {}}'
    with database.writing() as connection:
        row: dict[str, object] = {
            "number": 1, "kind": "cancel", "content": content, "reason": "omyl", "proposed_by": "petr",
        }  # fmt: skip
        recorded.write(connection, proposal, row, journal.Act.ACT_PROPOSED, "proposal 1 cancel", at)
        row = {"proposal": 1, "decision": "REFUSED", "reason": "není omyl", "decided_by": "jana"}
        recorded.write(connection, proposal_act, row, journal.Act.PROPOSAL_DECIDED, "proposal 1 REFUSED", at)
    incidents.note(database, Severity.WARNING, 41, "výpadek proudu", "jana", at)
