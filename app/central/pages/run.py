"""The public server as a process: it follows the published folder and serves its pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import heap
from app.central.connections import Connections
from app.central.folder_site import folder_server
from app.central.http_server import Server
from app.central.pages.serving import MAX_LISTENERS, PublicPages

#: Seconds for the head of a request; connections beside those that listen.
_HEAD_SECONDS, _ASKING = 10.0, 4000


@contextmanager
def server_of(public: Path) -> Iterator[Server]:
    """The server of a published folder, not running yet; it follows the folder while the block runs."""
    pages = PublicPages(public)
    connections = Connections(MAX_LISTENERS + _ASKING, _HEAD_SECONDS, lambda _code: None)
    with pages.site.followed():
        heap.keep_for_good()
        yield folder_server(pages.site, connections)
