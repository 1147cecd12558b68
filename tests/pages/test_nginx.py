"""The pages behind a real nginx with the shipped configuration: as the server made them."""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support import nginx
from tests.support.public_pages import KINDS, serving


@pytest.fixture(scope="module")
def server(states: Path) -> Iterator[str]:
    with serving(states / "half") as address:
        yield address


@pytest.fixture(scope="module")
def front(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("nginx")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        configure(folder, port, server.removeprefix("http://"))
        with nginx.started(folder, (listener,)):
            yield f"http://127.0.0.1:{port}"


def configure(folder: Path, port: int, server: str) -> None:
    """`pages.conf` as it is shipped, but for TLS, paths and addresses."""
    shutil.copytree(nginx.SHIPPED, folder / "conf")
    (folder / "log").mkdir()
    (folder / "cache").mkdir()
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in kinds)
    main = f"""
        {"user root;" if os.geteuid() == 0 else ""}
        worker_processes 1; pid {folder}/nginx.pid;
        error_log {folder}/log/error.log warn;
        events {{ worker_connections 512; }}
        http {{ access_log off; {temporary} include prebirka/http.conf; include prebirka/pages.conf; }}
    """
    (folder / "conf" / "nginx.conf").write_text(main)
    own = folder / "conf" / "prebirka"
    changed = {
        "http.conf": {"/var/cache/nginx/prebirka": f"{folder}/cache"},
        "pages.conf": {
            "unix:/run/prebirka-public/public.sock": server,
            "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
            "    listen [::]:443 ssl http2;\n": "",
            "    include prebirka/tls.conf;\n": "",
        },
    }
    for name, pairs in changed.items():
        text = (own / name).read_text()
        for old, new in pairs.items():
            assert old in text, old
            text = text.replace(old, new)
        text = re.sub(r" *ssl_certificate.*\n", "", text)
        plain = re.compile(r"server \{\n    listen 80;.*?\n\}\n", re.DOTALL)  # what redirects to TLS
        (own / name).write_text(plain.sub("", text))


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_comes_through_as_it_was_made(front: str, server: str, kind: str) -> None:
    for coding in ("br", "gzip", "identity"):
        headers = {"accept-encoding": coding}
        mine, theirs = (httpx.get(f"{each}{KINDS[kind]}", headers=headers) for each in (server, front))
        assert (mine.status_code, mine.content) == (theirs.status_code, theirs.content)
        kept = ("content-security-policy", "etag", "cache-control", "content-encoding", "referrer-policy")
        assert {name: mine.headers.get(name) for name in kept} == {
            name: theirs.headers.get(name) for name in kept
        }
        assert theirs.headers.get_list("x-content-type-options") == ["nosniff"]


def test_a_page_that_a_reader_has_is_not_sent_again(front: str) -> None:
    first = httpx.get(f"{front}/")
    again = httpx.get(f"{front}/", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_events_come_at_once(front: str) -> None:
    with httpx.stream("GET", f"{front}/feed/zk2024/events", timeout=10) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert "event: version" in next(stream.iter_text())
