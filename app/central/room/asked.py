"""A request to the operations room and its answer, as pages and acts see them: text, and who is asking."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qsl

from app.central.room.errors import BadRequest, FieldRefused
from app.central.room.operators import Operator
from app.central.room.permissions import Permission, may
from app.central.room.sessions import Session

Language = Literal["cs", "en"]
#: Bytes of a form's body.
LARGEST_FORM = 64 * 1024
_FIELDS = 40
#: Addresses are of these characters alone: nothing is ever escaped in one.
_PATH = re.compile(rb"/[A-Za-z0-9._~/-]*")


@dataclass(frozen=True, slots=True)
class Who:
    """Who is signed in, and by which session."""

    operator: Operator
    session: Session
    token: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `parts` are those of the address, `query` and `form` text by name."""

    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    parts: Mapping[str, str]
    language: Language
    address: str
    bound: str
    now: datetime
    who: Who | None = None

    @property
    def operator(self) -> Operator:
        """Whoever is signed in; a route that is open to everybody does not ask."""
        assert self.who is not None
        return self.who.operator

    def may(self, permission: Permission) -> bool:
        return self.who is not None and may(self.who.operator.role, permission)

    def number(self, name: str) -> int:
        """A number of the address; its pattern let only digits through."""
        return int(self.parts[name])

    def text(self, name: str, longest: int = 200) -> str:
        """A field of the form. Raises FieldRefused ROM-20."""
        found = self.form.get(name, "").strip()
        if not found or len(found) > longest:
            raise FieldRefused(name)
        return found


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; the server adds what every answer says about safety."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = field(default=())


def see_other(path: str, *headers: tuple[str, str]) -> Reply:
    """Send the browser to another page of the room; `path` is the program's own text."""
    return Reply(status=303, headers=(("location", path), *headers))


def attachment(name: str, body: bytes, content_type: str) -> Reply:
    """A file to be kept; `name` is the program's own text."""
    return Reply(
        body, content_type=content_type, headers=(("content-disposition", f'attachment; filename="{name}"'),)
    )


def path_of(raw: bytes) -> str | None:
    """The path of a request, None for one that no page has."""
    path = raw.partition(b"?")[0]
    if len(path) > 200 or not _PATH.fullmatch(path) or b"//" in path or b"/." in path:
        return None
    return path.decode("ascii")


def fields_of(data: bytes) -> dict[str, str]:
    """The fields of a query or a form, each once. Raises BadRequest ROM-08."""
    try:
        pairs = parse_qsl(
            data.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, encoding="utf-8",
            errors="strict",
        )  # fmt: skip
    except ValueError:
        raise BadRequest from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRequest
    return found
