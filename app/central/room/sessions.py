"""Sessions of the operations room: who a request comes from. They live in this process and nowhere else.

A browser holds a random token, the room only its hash. A session is bound to the browser's name and address
that signed in: a token that comes from elsewhere ends it. It ends by itself after half an hour without an
act or a look (a page that refreshes itself is neither) and after twelve hours in any case; each signing in
makes a new token, and a restart signs everybody out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
#: Open sessions; beyond that the one that was silent longest ends.
MOST = 500


@dataclass(slots=True)
class Session:
    """One signing in; `csrf` has to come with every form, `bound` is where it may be used from."""

    login: str
    csrf: str
    bound: str
    began: datetime
    seen: datetime

    def accepts(self, token: str) -> bool:
        """Whether a form's token is this session's; compared in constant time."""
        return hmac.compare_digest(self.csrf.encode(), token.encode("utf-8", "replace"))


class Stolen(Exception):
    """A token came from elsewhere; the session is over."""

    def __init__(self, login: str) -> None:
        super().__init__(login)
        self.login = login


class Sessions:
    """Safe from any thread."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}
        self._guard = Lock()

    def begin(self, login: str, bound: str, now: datetime) -> str:
        """A new session; returns its token, which is nowhere else."""
        token = secrets.token_urlsafe(32)
        with self._guard:
            if len(self._open) >= MOST:
                self._open.pop(min(self._open, key=lambda each: self._open[each].seen))
            self._open[_kept(token)] = Session(login, secrets.token_urlsafe(32), bound, now, now)
        return token

    def find(self, token: str, bound: str, now: datetime, *, looked: bool) -> Session | None:
        """The session of a token, None when there is none any more. `looked`: somebody did something, so that
        the idle time begins anew. Raises Stolen, and ends the session, for a token from elsewhere."""
        with self._guard:
            found = self._open.get(_kept(token))
            if found is None:
                return None
            if now >= found.seen + IDLE or now >= found.began + LONGEST:
                del self._open[_kept(token)]
                return None
            if not hmac.compare_digest(found.bound.encode(), bound.encode()):
                del self._open[_kept(token)]
                raise Stolen(found.login)
            if looked:
                found.seen = now
            return found

    def end(self, token: str) -> None:
        with self._guard:
            self._open.pop(_kept(token), None)

    def end_all(self, login: str) -> None:
        """End every session of an account."""
        with self._guard:
            self._open = {key: each for key, each in self._open.items() if each.login != login}


def bound_to(agent: str, address: str) -> str:
    """Where a session may be used from."""
    return hashlib.sha256(f"{address}\n{agent}".encode("utf-8", "replace")).hexdigest()


def _kept(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
