"""The acts of the operations room: what each form does. The permission was asked for before; who may decide
about a proposal is asked again in the act's own transaction.
"""

from __future__ import annotations

import logging

from app.central import stations
from app.central.media.register import Officer, Register
from app.central.room import incidents, wishes
from app.central.room.asked import Asked, Reply, see_other
from app.central.room.errors import FieldRefused, NotHere
from app.central.room.incidents import Severity
from app.central.room.permissions import Role
from app.central.room.proposals import checked_reason
from app.central.room.shown import Shown
from app.central.room.wishes import Kind
from app.trust.passwords import LONGEST, suggested

_log = logging.getLogger(__name__)


class Deeds(Shown):
    """POST acts; each ends with a page that shows what is now."""

    def propose(self, asked: Asked) -> Reply:
        if asked.parts["word"] not in set(Kind):
            raise NotHere
        kind, place = Kind(asked.parts["word"]), self._place
        content = wishes.read(kind, asked.form, place.watch.reference)
        number = place.proposals.propose(kind, content, asked.form.get("reason", ""), asked.operator.login)
        place.watch.forget()
        return see_other(f"/proposals/{number}?done=proposed")

    def approve(self, asked: Asked) -> Reply:
        place, number = self._place, asked.number("n")
        done = place.proposals.approve(number, asked.form.get("digest", ""), asked.operator.login)
        _log.info("proposal %d approved by %s: %s", number, asked.operator.login, done)
        place.watch.forget()
        return see_other(f"/proposals/{number}?done=approved")

    def refuse(self, asked: Asked) -> Reply:
        place, number = self._place, asked.number("n")
        place.proposals.refuse(number, asked.form.get("reason", ""), asked.operator.login)
        place.watch.forget()
        return see_other(f"/proposals/{number}?done=refused")

    def revoke_station(self, asked: Asked) -> Reply:
        """At once, by one administrator; a new certificate is the way back."""
        place, station = self._place, asked.parts["word"]
        reason = f"{checked_reason(asked.form.get('reason', ''))} ({asked.operator.name})"
        stations.revoke(place.database, station, reason, asked.now)
        place.watch.forget()
        return see_other(f"/points/{station.partition('-')[0]}?done=revoked")

    def approve_application(self, asked: Asked) -> Reply:
        """By the media officer alone; the reason is kept inside."""
        register, officer = self._officer(asked)
        register.approve(asked.number("n"), officer, replace=asked.form.get("replace") == "yes")
        return see_other("/media?done=media")

    def refuse_application(self, asked: Asked) -> Reply:
        register, officer = self._officer(asked)
        register.refuse(asked.number("n"), officer)
        return see_other("/media?done=media")

    def _officer(self, asked: Asked) -> tuple[Register, Officer]:
        if self._place.media is None:
            raise NotHere
        return self._place.media, Officer(asked.operator.name, asked.form.get("reason", "").strip())

    def note_incident(self, asked: Asked) -> Reply:
        severity, point = asked.form.get("severity", ""), asked.form.get("point", "").strip()
        if severity not in set(Severity):
            raise FieldRefused("Závažnost · Severity")
        if point and point not in {str(each.number) for each in self._place.watch.look().points}:
            raise FieldRefused("Přebírací místo · Transfer point")
        incidents.note(
            self._place.database, Severity(severity), int(point) if point else None,
            asked.form.get("words", ""), asked.operator.login, asked.now,
        )  # fmt: skip
        return see_other("/incidents?done=noted")

    def add_operator(self, asked: Asked) -> Reply:
        role = asked.form.get("role", "")
        if role not in set(Role):
            raise FieldRefused("Role")
        password = suggested()
        made = self._place.operators.add(
            asked.text("login"), asked.text("name"), Role(role), password, asked.operator.login, asked.now
        )
        return self._given(asked, made.login, password)

    def new_password(self, asked: Asked) -> Reply:
        login, password = asked.parts["word"], suggested()
        self._place.operators.new_password(login, password, asked.operator.login, asked.now)
        self._place.sessions.end_all(login)
        return self._given(asked, login, password)

    def disable_operator(self, asked: Asked) -> Reply:
        login = asked.parts["word"]
        if login == asked.operator.login:
            raise FieldRefused("login")  # nobody shuts himself out
        self._place.operators.disable(login, asked.operator.login, asked.now)
        self._place.sessions.end_all(login)
        return see_other("/operators?done=account")

    def enable_operator(self, asked: Asked) -> Reply:
        self._place.operators.enable(asked.parts["word"], asked.operator.login, asked.now)
        return see_other("/operators?done=account")

    def release_operator(self, asked: Asked) -> Reply:
        self._place.operators.release(asked.parts["word"], asked.operator.login, asked.now)
        return see_other("/operators?done=account")

    def own_password(self, asked: Asked) -> Reply:
        """All other sessions of the account end, and this one begins anew."""
        place, login = self._place, asked.operator.login
        old, new = asked.form.get("old", "")[: LONGEST + 1], asked.form.get("new", "")[: LONGEST + 1]
        if new != asked.form.get("again", "")[: LONGEST + 1]:
            raise FieldRefused("Nové heslo znovu · The new password again")
        place.operators.own_password(login, old, new, asked.now)
        place.sessions.end_all(login)
        token = place.sessions.begin(login, asked.bound, asked.now)
        return see_other("/?done=password", ("set-cookie", place.cookie_of(token)))

    def sign_out(self, asked: Asked) -> Reply:
        assert asked.who is not None
        self._place.sessions.end(asked.who.token)
        self._place.operators.signed_out(asked.operator.login, asked.now)
        return see_other(
            "/login", ("set-cookie", self._place.cookie_of("")), ("clear-site-data", '"cache", "storage"')
        )

    def _given(self, asked: Asked, login: str, password: str) -> Reply:
        """The list of accounts with a temporary password, shown this once."""
        accounts = self._place.operators.all()
        return self._page("operators.html", asked, accounts=accounts, given=(login, password))
