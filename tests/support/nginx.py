"""A real nginx with the configuration of `packaging/nginx`, unprivileged, in front of a centre under test.

The files are taken as they are, but for addresses and paths of this machine; a line that is to be replaced
and is not there any more fails the test. Its sockets are opened here and inherited, so a client that
connects at once waits in their queue: nobody has to guess when the server is ready.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[2] / "packaging" / "nginx"
#: Debian keeps servers where only root's PATH leads.
PROGRAM = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
MODULES = Path("/usr/lib/nginx/modules")
BROTLI = (MODULES / "ngx_http_brotli_static_module.so").is_file()


@dataclass
class Front:
    """A running nginx: the ports of its hosts, by the name of their file."""

    results: int = 0
    stations: int = 0
    folder: Path = field(default_factory=Path)


@dataclass(frozen=True)
class Site:
    """What stands behind: the centre's address, its public folder, TLS files by the name that they have in
    the configuration (`server.pem`, `ca.pem`, …)."""

    centre: str
    public: Path
    tls: Mapping[str, Path]


@contextmanager
def running(
    folder: Path, site: Site, *, mirror: bool = False, tls: bool = True, **changes: str
) -> Iterator[Front]:
    """nginx in `folder` while the block runs. With `mirror` it is the second provider's; `changes` are
    replacements of the configuration's text by the name of its file, as "old => new"."""
    with (
        socket.create_server(("127.0.0.1", 0)) as results,
        socket.create_server(("127.0.0.1", 0)) as stations,
    ):
        front = Front(results.getsockname()[1], stations.getsockname()[1], folder)
        _configure(front, site, mirror, changes)
        if not tls:
            _without_tls(folder / "conf")
        with started(folder, (results, stations) if tls and not mirror else (results,)):
            yield front


@contextmanager
def started(folder: Path, sockets: Sequence[socket.socket]) -> Iterator[None]:
    """nginx by `folder`/conf/nginx.conf while the block runs, listening on sockets that listen already; they
    are closed here. Fails when it ends before."""
    assert PROGRAM, "nginx is missing: python3 packaging/bootstrap.py test installs it, or names it"
    with (folder / "words").open("wb") as said:
        process = subprocess.Popen(
            [PROGRAM, "-p", folder, "-c", folder / "conf" / "nginx.conf", "-g", "daemon off;"],
            env={**os.environ, "NGINX": "".join(f"{each.fileno()};" for each in sockets)},
            pass_fds=[each.fileno() for each in sockets],
            stderr=said,
        )
    for each in sockets:
        each.close()
    try:
        yield
        assert process.poll() is None, words(folder)
    except Exception:
        print(words(folder))
        raise
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def words(folder: Path) -> str:
    """What it wrote to its log and on its standard error."""
    files = (folder / "words", folder / "log" / "error.log")
    return "".join(file.read_text() for file in files if file.exists())


@contextmanager
def host_alone(folder: Path, name: str, behind: str, fence: Path | None = None) -> Iterator[int]:
    """nginx in `folder` with one host alone (`media` or `public`), in plain HTTP, in front of the server's
    socket `behind`; yields its port. `fence` is the file that the media's line exports."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        file = _alone(folder, name, port)
        _replace(file, {f"/run/prebirka-{name}/{name}.sock": behind})
        if fence is not None:
            file.with_name("media-allowed.conf").symlink_to(fence)
        with started(folder, (listener,)):
            yield port


@contextmanager
def room_host(folder: Path, room: str) -> Iterator[int]:
    """nginx in `folder` with the host of the operations room alone, in plain HTTP and for this machine, in
    front of the room at the address `room`; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        file = _alone(folder, "room", port)
        _replace(
            file,
            {
                "server 127.0.0.1:8100;": f"server {room.removeprefix('http://')};",
                "allow 10.0.0.0/8;": "allow 127.0.0.0/8;",
            },
        )
        with started(folder, (listener,)):
            yield port


def _alone(folder: Path, name: str, port: int) -> Path:
    """The files of an nginx with one host alone, in plain HTTP on a port; returns the host's own."""
    _base(folder)
    conf = folder / "conf"
    hosts = "    include prebirka/results.conf;\n    include prebirka/stations.conf;\n"
    _replace(conf / "nginx.conf", {hosts: f"    include prebirka/{name}.conf;\n"})
    file = conf / "prebirka" / f"{name}.conf"
    _listen(file, port)
    _plain(file)
    return file


def _configure(front: Front, site: Site, mirror: bool, changes: Mapping[str, str]) -> None:
    _base(front.folder)
    conf = front.folder / "conf"
    if mirror:
        _replace(conf / "nginx.conf", {"    include prebirka/stations.conf;\n": ""})
        _replace(conf / "nginx.conf", {"prebirka/results.conf": "prebirka/mirror.conf"})
    _replace(
        conf / "prebirka" / "http.conf",
        {"server 127.0.0.1:8000;": f"server {site.centre.removeprefix('http://')};"},
    )
    _replace(conf / "prebirka" / "published.conf", {"/var/lib/prebirka/centre/public": str(site.public)})
    for name, port in (("results", front.results), ("mirror", front.results), ("stations", front.stations)):
        _listen(conf / "prebirka" / f"{name}.conf", port)
        for file, path in site.tls.items():
            _replace(
                conf / "prebirka" / f"{name}.conf", {f"/etc/prebirka/tls/{file}": str(path)}, needed=False
            )
    for name, change in changes.items():
        old, _, new = change.partition(" => ")
        _replace(conf / "prebirka" / f"{name}.conf", {old: new}, times=1)
    if BROTLI:
        (conf / "prebirka" / "with-brotli.conf").symlink_to("brotli.conf")


def _base(folder: Path) -> None:
    """The shipped files in `folder`, for a server without rights on this machine."""
    conf = folder / "conf"
    shutil.copytree(SHIPPED, conf)
    for name in ("log", "cache"):
        (folder / name).mkdir()
    (folder / "modules").symlink_to(MODULES)  # those that the system enables are named from here
    temporary = "".join(
        f"    {kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    _replace(
        conf / "nginx.conf",
        {
            "user www-data;": "user root;" if os.geteuid() == 0 else "",
            "worker_processes auto;": "worker_processes 1;",
            "worker_rlimit_nofile 65536;": "",
            "worker_connections 16384;": "worker_connections 512;",
            "/run/nginx.pid": f"{folder}/nginx.pid",
            "/var/log/nginx": f"{folder}/log",
            "http {": f"http {{\n{temporary}    access_log off;",
        },
    )
    _replace(conf / "prebirka" / "http.conf", {"/var/cache/nginx/prebirka": f"{folder}/cache"})


def _replace(file: Path, pairs: Mapping[str, str], *, needed: bool = True, times: int = -1) -> None:
    text = file.read_text()
    for old, new in pairs.items():
        assert old in text or not needed, f"{file.name} has no longer: {old}"
        text = text.replace(old, new, times)
    file.write_text(text)


def _listen(file: Path, port: int) -> None:
    """Only the TLS server of a file, on one port of this machine."""
    text = file.read_text()
    if "listen 80;" in text:
        begin = text.index("server {")
        text = text[:begin] + text[text.index("server {", begin + 1) :]
    text = re.sub(r" *listen \[::\]:443[^;]*;\n", "", text)
    assert text.count("listen 443 ") == 1
    file.write_text(text.replace("listen 443 ", f"listen 127.0.0.1:{port} "))


def _without_tls(conf: Path) -> None:
    """The host of the results alone in plain HTTP, where what is measured is not TLS."""
    _replace(conf / "nginx.conf", {"    include prebirka/stations.conf;\n": ""})
    _plain(conf / "prebirka" / "results.conf")


def _plain(file: Path) -> None:
    """A host without TLS."""
    lines = file.read_text().replace(" ssl http2;", ";").splitlines()
    file.write_text("\n".join(each for each in lines if " ssl_" not in each and "tls.conf" not in each))
