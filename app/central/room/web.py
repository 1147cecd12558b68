"""The door of the operations room: what every request passes before a page or an act hears of it.

In this order: the name of the host, the form of the address, the route, the session (bound to browser and
address), the account, its own password, the permission, for acts the origin and the token of the form. Every
answer forbids frames, foreign content and keeping a copy. Pages and acts run in a few threads, signing in in
one; nothing changes by GET.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.cookies import CookieError, SimpleCookie
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.central.gate import origin_of
from app.central.room import asked, operators
from app.central.room.asked import LARGEST_FORM, Asked, Language, Reply, Who
from app.central.room.errors import (
    BadRequest,
    Forged,
    NotAllowed,
    NotHere,
    NotSignedIn,
    OtherHost,
    RoomError,
    TooSoon,
)
from app.central.room.pages import Pages
from app.central.room.permissions import may
from app.central.room.place import Place
from app.central.room.routes import PUBLIC, TABLE, Route, find
from app.central.room.sessions import Stolen, bound_to
from app.central.room.signing import FAILURE_SECONDS
from app.election.errors import KnownError

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
LANGUAGE_COOKIE = "prebirka_lang"
#: Signings in that may wait for one another.
_WAITING = 8
#: Seconds in which a form has to arrive.
_PATIENCE = 10
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex",
}
#: What a person with a temporary password may reach.
_BEFORE_OWN_PASSWORD = frozenset({"/password", "/logout"})


class Room:
    """The ASGI application."""

    def __init__(self, place: Place, failure_seconds: float = FAILURE_SECONDS) -> None:
        """`failure_seconds`: a refused signing in takes at least so long."""
        self._place, self._failure_seconds = place, failure_seconds
        self._pages = Pages(place)
        self._handlers = {(route.method, route.pattern): self._handler(route) for route in TABLE}
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="room")
        self._signing = ThreadPoolExecutor(1, thread_name_prefix="signing-in")
        self._signings = 0

    def close(self) -> None:
        self._pool.shutdown()
        self._signing.shutdown()

    def _handler(self, route: Route) -> Callable[[Asked], Reply]:
        found: Callable[[Asked], Reply] = getattr(self._pages, route.handler)
        return found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            reply = await self._answer(request)
        except ClientDisconnect:
            return
        body = b"" if request.method == "HEAD" else reply.body
        response = Response(body, reply.status, _HEADERS, reply.content_type)
        if self._place.secure:
            response.headers["strict-transport-security"] = "max-age=31536000"
        for name, value in reply.headers:
            response.headers.append(name, value)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Reply:
        language = _language(request)
        bare = self._asked(request, "/", {}, {}, {}, language)
        try:
            return await self._passed(request, language)
        except KnownError as error:
            if isinstance(error, NotSignedIn) and request.method in ("GET", "HEAD"):
                return asked.see_other("/login")
            refused = error
            return await self._run(lambda: self._pages.error(bare, refused))
        except DBAPIError as error:
            _log.error("store failed: %s", type(error.orig).__name__, exc_info=error)
            unwell = RoomError(
                "ROM-19",
                "Databáze ústředí teď neodpovídá. Zkuste to za chvíli znovu; nevíte-li, zda se úkon "
                "provedl, podívejte se do deníku.",
                "The centre's database does not answer now. Try again in a while; look into the journal if "
                "you do not know whether an act was done.",
            )
            unwell.status = 503
            return self._pages.error(bare, unwell)

    async def _passed(self, request: Request, language: Language) -> Reply:
        place = self._place
        path = asked.path_of(request.scope["raw_path"])
        if request.headers.getlist("host") != [request.headers.get("host", "")] or (
            request.headers.get("host", "").lower() not in place.hosts and path != "/metrics"
        ):
            raise OtherHost
        if path is None or request.method not in ("GET", "HEAD", "POST"):
            raise NotHere
        found = find(request.method, path)
        if found is None:
            raise NotHere
        route, parts = found
        query = asked.fields_of(request.scope["query_string"])
        form = await _form(request) if request.method == "POST" else {}
        one = self._asked(request, path, query, form, parts, language)
        if path == "/metrics":
            return await self._run(lambda: self._pages.metrics(one, request))
        if request.method == "POST" and request.headers.get("origin") != place.origin:
            raise Forged  # a browser always says where a form came from
        if request.method != "POST" and query.get("lang") in ("cs", "en"):
            return asked.see_other(path, ("set-cookie", self._language_cookie(query["lang"])))
        if route.permission is PUBLIC:
            return await (self._sign_in(one, request) if request.method == "POST" else self._open(route, one))
        one = replace(one, who=await self._run(lambda: self._who(one, request)))
        if one.operator.temporary and path not in _BEFORE_OWN_PASSWORD:
            return asked.see_other("/password")
        if not may(one.operator.role, route.permission):
            raise NotAllowed(route.permission)
        if request.method == "POST" and not (one.who and one.who.session.accepts(form.get("csrf", ""))):
            raise Forged
        return await self._open(route, one)

    async def _open(self, route: Route, one: Asked) -> Reply:
        handler = self._handlers[route.method, route.pattern]
        return await self._run(lambda: handler(one))

    async def _run(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def _sign_in(self, one: Asked, request: Request) -> Reply:
        """One at a time; a refusal takes as long whatever its cause."""
        if self._signings >= _WAITING:
            raise TooSoon(_WAITING)
        began, place = time.monotonic(), self._place
        login, password = one.form.get("login", ""), one.form.get("password", "")
        self._signings += 1
        try:
            loop = asyncio.get_running_loop()
            found = await loop.run_in_executor(self._signing, place.signing.sign_in, login, password)
        except RoomError as error:
            await asyncio.sleep(max(0.0, began + self._failure_seconds - time.monotonic()))
            refused = error
            return await self._run(lambda: self._pages.refused_login(one, refused))
        finally:
            self._signings -= 1
        place.sessions.end(_cookie(request, place.cookie))
        token = place.sessions.begin(found.login, one.bound, one.now)
        where = "/password" if found.temporary else "/"
        return asked.see_other(where, ("set-cookie", place.cookie_of(token)))

    def _who(self, one: Asked, request: Request) -> Who:
        """Who is asking. Raises NotSignedIn."""
        place, token = self._place, _cookie(request, self._place.cookie)
        looked = "x-refresh" not in request.headers and "refresh" not in one.query
        try:
            session = place.sessions.find(token, one.bound, one.now, looked=looked)
        except Stolen as stolen:
            _log.warning("ROM-21 the session of %s came from elsewhere (%s) and is over", stolen, one.address)
            place.note_theft(stolen.login, one.now)
            raise NotSignedIn from None
        if session is None:
            raise NotSignedIn
        with place.database.reading() as connection:
            operator = operators.find(connection, session.login)
        if operator is None or not operator.active:
            place.sessions.end_all(session.login)
            raise NotSignedIn
        return Who(operator, session, token)

    def _asked(
        self,
        request: Request,
        path: str,
        query: Mapping[str, str],
        form: Mapping[str, str],
        parts: Mapping[str, str],
        language: Language,
    ) -> Asked:
        address = origin_of(request)
        bound = bound_to(request.headers.get("user-agent", "")[:500], address)
        return Asked(path, query, form, parts, language, address, bound, self._place.clock())

    def _language_cookie(self, language: str) -> str:
        secure = "; Secure" if self._place.secure else ""
        return f"{LANGUAGE_COOKIE}={language}; Path=/; Max-Age=31536000; SameSite=Strict; HttpOnly{secure}"


async def _form(request: Request) -> dict[str, str]:
    """The fields of a posted form. Raises BadRequest."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/x-www-form-urlencoded":
        raise BadRequest
    data = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in request.stream():
                data += chunk
                if len(data) > LARGEST_FORM:
                    raise BadRequest
    except TimeoutError:
        raise BadRequest from None
    return asked.fields_of(bytes(data))


def _cookie(request: Request, name: str) -> str:
    """The value of a cookie, empty where there is none or the header is no list of cookies."""
    try:
        found = SimpleCookie(request.headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _language(request: Request) -> Language:
    return "en" if _cookie(request, LANGUAGE_COOKIE) == "en" else "cs"
