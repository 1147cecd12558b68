"""A database belongs to one election and one mode, from the first centre that opens it on.

On a server a wrong address is quickly written, and a rehearsal's results in a live election's tables could
never be taken out again.
"""

from __future__ import annotations

from sqlalchemy import select

from app.central.database import Database
from app.central.schema import belongs
from app.election.errors import KnownError
from app.election.model import Mode

_OWNER = select(belongs.c.election, belongs.c.mode)


def check(database: Database, election: str, mode: Mode) -> None:
    """Raises KnownError CEN-14 when it is another's. A database that is nobody's is taken."""
    with database.reading() as connection:
        owner = connection.execute(_OWNER).first()
    if owner is None:
        with database.writing() as connection:
            owner = connection.execute(_OWNER).first()
            if owner is None:
                connection.execute(belongs.insert(), {"number": 1, "election": election, "mode": mode.value})
                return
    if tuple(owner) != (election, mode.value):
        raise KnownError(
            "CEN-14",
            f"Databáze patří ústředí voleb {owner.election} ({owner.mode}), toto je ústředí voleb {election} "
            f"({mode}). Opravte adresu databáze v centre.toml; každé ústředí má vlastní.",
            f"The database belongs to the centre of {owner.election} ({owner.mode}), and this is one of "
            f"{election} ({mode}). Mend the database's address in centre.toml; each centre has its own.",
        )
