"""The feed: how many documents a second readers get, and how long the slowest hundredth waits.

Asked for is the document of candidates of an invented nation, packed as a browser takes it, whole and as one
that the reader has already (304). Served by the built-in server, and by nginx with our configuration in front
of it; the floor is nginx that serves the same folder with nothing set but `gzip_static`. One nginx worker,
one process of the centre, plain HTTP and 32 connections for each; the load generator (wrk) takes the other
core. A second line of each tells the slowest hundredth, floor beside it.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx

from app.election.model import Contest
from app.rehearsal import generator
from app.rehearsal.generator import Plan
from tests.benchmarks._report import line
from tests.support import nginx
from tests.support.centre_process import CentreProcess
from tests.support.house import Clock, House

PLAN = Plan(precincts=1_500, stations=50, contests=(Contest.REGIONAL,))
SECONDS, CONNECTIONS, ROUNDS = 2, 32, 4
#: How many times slower than the floor: requests a second, and the slowest hundredth's wait, which on a busy
#: machine is mostly waiting for a core.
BUILT_IN = 6.5, 20.0
BEHIND_NGINX = 2.0, 10.0
_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}
BARE = """
worker_processes 1; error_log {folder}/words; pid {folder}/pid; user root;
events {{ worker_connections 512; }}
http {{
    sendfile on; tcp_nopush on; access_log off; keepalive_requests 100000;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    server {{ listen 127.0.0.1:{port}; root {public}/current; gzip_static on; }}
}}
"""


@dataclass(frozen=True)
class Load:
    rate: float  # requests a second
    slowest: float  # milliseconds; 99 of 100 were faster


def main() -> None:
    """Print a line for each server and kind of answer; exit with 1 beyond a budget."""
    with tempfile.TemporaryDirectory() as name, servers(Path(name)) as urls:
        path = usual_aggregate(urls["built-in"])
        kept = [
            _report(kind, served, measured)
            for kind in ("200", "304")
            for served, measured in _measured(urls, path, kind).items()
            if isinstance(measured, tuple)
        ]
    if not all(kept):
        sys.exit(1)


@contextmanager
def servers(folder: Path) -> Iterator[dict[str, str]]:
    """Addresses by name: floor, built-in, nginx."""
    reference = generator.invent(PLAN)
    night = reference.election.calendar.voting_ends + timedelta(hours=1)
    house = House(folder, reference, Clock(night))
    centre = CentreProcess(house.centre_folder, night)
    public = house.centre_folder / "public"
    try:
        site = nginx.Site(centre.url, public, {})
        with (
            bare(folder / "bare", public) as floor,
            nginx.running(folder / "front", site, tls=False) as front,
        ):
            yield {"floor": floor, "built-in": centre.url, "nginx": f"http://127.0.0.1:{front.results}"}
    finally:
        centre.kill()


@contextmanager
def bare(folder: Path, public: Path) -> Iterator[str]:
    (folder / "conf").mkdir(parents=True)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    text = BARE.format(folder=folder, port=port, public=public)
    (folder / "conf" / "nginx.conf").write_text(text)
    with nginx.started(folder, (listener,)):
        yield f"http://127.0.0.1:{port}"


def usual_aggregate(url: str) -> str:
    """The aggregate nearest to 60 kB, which is what the office's own has."""
    base = f"/appdata/{httpx.get(url + '/v1/status').json()['election']}/odata"
    names = [f"{base}/vysledky.xml", f"{base}/vysledky_kandid.xml", f"{base}/vysledky_krajmesta.xml"]
    sizes = {name: len(httpx.get(url + name).content) for name in names}
    return min(names, key=lambda name: abs(sizes[name] - 60_000))


def _measured(urls: dict[str, str], path: str, kind: str) -> dict[str, tuple[Load, Load]]:
    """The best of a few rounds for each server, with the floor of the same rounds."""
    best: dict[str, Load] = {}
    for _ in range(ROUNDS):
        for name, url in urls.items():
            now = load(url, path, kind)
            before = best.get(name, now)
            best[name] = Load(max(now.rate, before.rate), min(now.slowest, before.slowest))
    return {name: (best[name], best["floor"]) for name in urls if name != "floor"}


def load(url: str, path: str, kind: str) -> Load:
    """Ask as fast as it goes for a while."""
    headers = {"accept-encoding": "gzip"}
    if kind == "304":
        headers["if-none-match"] = httpx.get(url + path, headers=headers).headers["etag"]
    assert httpx.get(url + path, headers=headers).status_code == int(kind)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    told = subprocess.run([*command, url + path], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    assert "Socket errors" not in told, told
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    slowest = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    assert rate, told
    assert slowest, told
    return Load(float(rate[1]), float(slowest[1]) * _UNITS[slowest[2]])


def _report(kind: str, served: str, measured: tuple[Load, Load]) -> bool:
    ours, floor = measured
    rate, wait = BEHIND_NGINX if served == "nginx" else BUILT_IN
    name = f"feed {served} {kind}"
    one = line(f"{name}", ours.rate, "requests/s", floor=floor.rate, at_least=0, at_most_ratio=rate)
    other = line(f"{name} p99", ours.slowest, "ms", floor=floor.slowest, at_most_ratio=wait)
    for text, _ in (one, other):
        print(text, flush=True)
    return one[1] and other[1]


if __name__ == "__main__":
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: python3 packaging/bootstrap.py bench feed installs it, or names it")
    main()
