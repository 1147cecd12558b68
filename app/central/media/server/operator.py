"""What the operator hears: counters for Prometheus and the whole statistics, at an address of its own.

Never at the address of the line: it names organisations and addresses. Who may come there is decided by
where it listens (the loopback address by default, or a socket of the file system).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from starlette.types import Receive, Scope, Send

from app.central import metrics
from app.central.conditional import Response, send_response
from app.central.media.server.phase import Phase
from app.central.site import Headers

_KINDS = ("requests", "answered", "unchanged", "bytes")


class OperatorPage:
    """`/metrics` and `/statistics.json`."""

    def __init__(self, told: Callable[[], Mapping[str, Any]]) -> None:
        """`told` gives what is written to the file of statistics."""
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path, told = scope["path"], self._told()
        if path == "/metrics":
            response = _response(200, metrics.CONTENT_TYPE, text(told))
        elif path == "/statistics.json":
            response = _response(200, "application/json", json.dumps(told, ensure_ascii=False, indent=1))
        else:
            response = _response(404, "text/plain; charset=utf-8", "/metrics, /statistics.json\n")
        await send_response(response, scope["method"], send)


def text(told: Mapping[str, Any]) -> str:
    """The counters in Prometheus's format: by organisation's short name and by code, never by address."""
    organisations = told["organisations"]
    lines: list[str] = []
    for kind in _KINDS:
        name = f"prebirka_media_{kind}_total"
        lines += [f"# TYPE {name} counter"]
        lines += [f'{name}{{organisation="{one}"}} {seen[kind]}' for one, seen in organisations.items()]
    lines += ["# TYPE prebirka_media_refused_total counter"]
    for one, seen in [*organisations.items(), ("", told["strangers"])]:
        lines += [
            f'prebirka_media_refused_total{{organisation="{one}",code="{code}"}} {count}'
            for code, count in seen["refused"].items()
        ]
    lines += _lags(told)
    gauges = {
        "prebirka_media_live": int(told["phase"] == Phase.LIVE.value),
        "prebirka_media_list": told["list"]["serial"],
        "prebirka_media_list_organisations": told["list"]["organisations"],
        "prebirka_media_list_refused": told["list"]["refused"],
        "prebirka_media_version": told["version"],
        "prebirka_media_connections": told["connections"],
        "prebirka_media_listeners": told["listeners"],
    }
    for name, value in gauges.items():
        lines += [f"# TYPE {name} gauge", f"{name} {value}"]
    return "\n".join(lines) + "\n"


def _lags(told: Mapping[str, Any]) -> Iterator[str]:
    """How many versions each organisation is behind that read any."""
    yield "# TYPE prebirka_media_lag_versions gauge"
    for one, seen in told["organisations"].items():
        if seen["version"]:
            lag = max(0, told["version"] - seen["version"])
            yield f'prebirka_media_lag_versions{{organisation="{one}"}} {lag}'


def _response(status: int, kind: str, body: str) -> Response:
    data = body.encode()
    headers: Headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(data)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    return Response(status, headers, data)
