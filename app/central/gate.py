"""What every request to the door passes, whatever it asks for: its number, how often its sender may come,
and the forms of a request that the door does not know.

Plain ASGI, between the published documents, which anybody may read as often as they like, and the door.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.central import asked, refusals
from app.central.answers import Answer, Refused, refuse
from app.central.limits import Admission
from app.central.metrics import Counters

_HEADERS = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
#: addresses that are counted by their name; anything else that is asked for is "other"
_KNOWN = frozenset(
    {
        "/v1/batches",
        "/v1/inquiries",
        "/v1/enrolments",
        "/v1/builds",
        "/v1/readiness",
        "/v1/trials",
        "/v1/status",
        "/metrics",
    }
)


class Gate:
    """Lets through to `behind` what may pass. Answers of the door carry the request's number."""

    def __init__(self, behind: ASGIApp, admit: Admission, counters: Counters) -> None:
        self._behind, self._admit, self._counters = behind, admit, counters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        number = asked.begin().encode()
        path = scope["path"] if scope["path"] in _KNOWN else "other"

        async def numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", number)]
                self._counters.answered(path, message["status"])
            await send(message)

        client = scope.get("client")
        origin = client[0] if client else ""
        try:
            self._admit(origin)
            _check_form(scope)
        except Refused as refused:
            answer = refuse(refused.refusal, refused.cause, origin=origin)
            await respond(answer, self._counters)(scope, receive, numbered)
            return
        await self._behind(scope, receive, numbered)


def respond(answer: Answer, counters: Counters) -> Response:
    """The HTTP response of an answer; a refusal is counted."""
    if answer.code:
        counters.refused(answer.code)
    headers = dict(_HEADERS)
    if answer.retry_after is not None:
        headers["retry-after"] = str(answer.retry_after)
    return Response(answer.body, answer.http_status, headers, answer.content_type)


def origin_of(request: Request) -> str:
    """The address that a request came from: what `X-Forwarded-For` names when one of the `front_proxies` of
    `centre.toml` sent it, else the sender's own, whatever its headers say."""
    return request.client.host if request.client else ""


def may_read_counters(request: Request, readers: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Whether a request comes straight from one of these networks, not through a front proxy."""
    if not {"x-forwarded-for", "forwarded", "x-real-ip"}.isdisjoint(request.headers.keys()):
        return False
    try:
        address = ip_address(origin_of(request))
    except ValueError:
        return False
    return any(address in network for network in readers)


def _check_form(scope: Scope) -> None:
    """Raises `Refused`: an absolute address, a body that does not state its length, or a compressed one."""
    if not scope["raw_path"].startswith(b"/"):
        raise Refused(refusals.NOT_HTTP)
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            raise Refused(refusals.NO_LENGTH)
        if name == b"content-encoding" and value.strip().lower() != b"identity":
            raise Refused(refusals.COMPRESSED)
