"""The readers' weight: whether 5 000 requests a second of pages and of the feed slow the ingest beside them.

All on one machine: the centre that takes a rush's batches in and publishes, the public server and the media's
line, and nginx with our hosts in front of both. Half of the requests are pages, half documents of the feed,
most with an entity tag as programs ask, by two wrk that pause so long between two requests that the rate is
kept. Windows with readers and without take turns in the same run; batches come at one rate throughout. Told
is the slowest hundredth of the waits for a receipt with readers, and as its floor the one without; then the
rate of the readers beside the one that was wanted.

`--seconds 40 --stations 60 --rate 1000` is a small run, to see that all of it stands.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from app.central.settings import CentreFolder
from app.documents import media_list
from app.documents.media_list import MediaList, Organisation
from app.rehearsal.processes import CentreProcess, free_port
from app.trust import cms, keys
from app.trust.certificate import Certificate
from tests.benchmarks._report import line, percentile
from tests.benchmarks._rush_driver import Told, drive
from tests.benchmarks._rush_world import Sending, World, make
from tests.support import nginx

STATIONS, BATCHES_A_SECOND, SECONDS, RATE = 469, 22.65, 240, 5_000
WINDOW = 10.0
AT_MOST_RATIO = 1.1
#: of the wanted rate
AT_LEAST_RATE = 0.95
CONNECTIONS = 40  # for each host; the media's takes 50 from one address
#: After a change of the windows so long is counted to neither: the queues of the one before run empty.
_BETWEEN = 1.0
_READER = "127.0.0.1"
_SCRIPT = """
local paths = {{ {paths} }}
local tags = {{ {tags} }}
local at = 0
function request()
  at = at % #paths + 1
  local headers = {{ ["Accept-Encoding"] = "gzip", ["Host"] = "bench" }}
  if tags[at] ~= "" then headers["If-None-Match"] = tags[at] end
  return wrk.format("GET", paths[at], headers)
end
function delay() return {pause} end
"""


@dataclass(frozen=True)
class Fronts:
    """Addresses of the two hosts of nginx."""

    public: str
    media: str


def main() -> None:
    """Print two lines; exit with 1 when a budget is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--stations", type=int, default=STATIONS)
    parser.add_argument("--rate", type=int, default=RATE)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = max(2 * told.stations, round(told.seconds * BATCHES_A_SECOND * told.stations / STATIONS))
        world = _even(make(folder, count, told.stations, told.seconds), told.seconds)
        waits, rates = _run(world, folder, told.seconds, told.rate)
    quiet, read = waits
    also = f"p99 of {len(read)} batches with readers, of {len(quiet)} without"
    first, kept = line(
        "media-ingest", percentile(read, 0.99), "s", floor=percentile(quiet, 0.99),
        at_most_ratio=AT_MOST_RATIO, also=also,
    )  # fmt: skip
    rate = percentile(rates, 0.5)
    least = told.rate * AT_LEAST_RATE
    second, enough = line("media-readers", rate, "requests/s", floor=told.rate, at_least=least)
    print(first, second, sep="\n", flush=True)
    if not (kept and enough):
        sys.exit(1)


def _even(world: World, seconds: float) -> World:
    """The same batches at one rate: what differs between the windows are the readers alone."""
    ranked = sorted((at, number) for number, one in enumerate(world.sendings) for at, _ in one.batches)
    when: dict[int, list[float]] = {}
    for rank, (_, number) in enumerate(ranked):
        when.setdefault(number, []).append((rank + 0.5) * seconds / len(ranked))
    sendings = [
        replace(one, batches=list(zip(when[number], (data for _, data in one.batches), strict=True)))
        for number, one in enumerate(world.sendings)
    ]
    return replace(world, sendings=sendings)


def _run(
    world: World, folder: Path, seconds: float, rate: int
) -> tuple[tuple[list[float], list[float]], list[float]]:
    """Waits without and with readers, and the readers' rate in each of their windows."""
    house = world.house
    centre = CentreProcess(house.centre_folder, free_port(), folder / "centre.log")
    driver = _Driver(world, world.sendings, centre.url)
    rates: list[float] = []
    try:
        centre.start()
        with _readers_world(world, folder) as fronts:
            scripts = _calibrated(fronts, folder, house.code, rate)
            begins = time.monotonic() + 1
            driver.pipe.send((begins, begins + seconds))
            for window in range(int(seconds / WINDOW)):
                ends = begins + (window + 1) * WINDOW
                if window % 2:
                    rates.append(_read(scripts, max(1, round(ends - time.monotonic()))))
                time.sleep(max(0.0, ends - time.monotonic()))
                centre.check()
            told: Told = driver.pipe.recv()
            assert not told.refused, told.refused
    finally:
        driver.process.kill()
        centre.stop()
    quiet: list[float] = []
    read: list[float] = []
    for due, wait in zip(told.dues, told.waits, strict=True):
        window, into = divmod(due - begins, WINDOW)
        if into >= _BETWEEN:
            (read if int(window) % 2 else quiet).append(wait)
    return (quiet, read), rates


@contextmanager
def _readers_world(world: World, folder: Path) -> Iterator[Fronts]:
    """Both servers of readers, and nginx in front of each."""
    centre = world.house.centre_folder
    _allow(world)
    with ExitStack() as stack:
        sockets = {name: folder / f"{name}.sock" for name in ("public", "media")}
        offset = str(int(world.offset.total_seconds()))
        commands = {
            "public": ["public", str(centre / "public")],
            "media": ["media", "serve", str(centre), "--proxy", "unix", "--operator", "",
                      "--organisation-rate", "0", "--address-rate", "0", "--clock-offset", offset],
        }  # fmt: skip
        ports = {}
        for name, command in commands.items():
            with (folder / f"{name}.log").open("w") as words:
                process = subprocess.Popen(
                    [sys.executable, "-m", "app", "central", *command, "--host", str(sockets[name])],
                    stdout=subprocess.PIPE,
                    stderr=words,
                    text=True,
                )
            stack.callback(_end, process)
            assert process.stdout is not None
            assert process.stdout.readline().startswith("READY"), (folder / f"{name}.log").read_text()
            fronts = stack.enter_context(nginx.host_alone(folder / f"front-{name}", name, str(sockets[name])))
            ports[name] = f"http://127.0.0.1:{fronts}"
        yield Fronts(ports["public"], ports["media"])


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(20)
    if process.stdout is not None:
        process.stdout.close()


def _allow(world: World) -> None:
    """A list with this machine, in live operation since an hour."""
    paths = CentreFolder(world.house.centre_folder)
    (paths.root / "media").mkdir(exist_ok=True)
    election, now = world.house.reference.election, datetime.now(UTC) + world.offset
    readers = (Organisation("bench", "Bench", (_READER,)),)
    made = MediaList(election.code, election.mode, 1, now, now - timedelta(hours=1), readers)
    certificate = Certificate.from_pem(paths.certificate.read_bytes())
    signed = cms.sign(media_list.encode(made), keys.load_key(paths.key, None), certificate, now)
    (paths.root / "media" / "allowed.p7m").write_bytes(signed)


def _calibrated(fronts: Fronts, folder: Path, code: str, rate: int) -> list[tuple[str, Path]]:
    """Scripts whose pause leaves room for what an answer takes on this machine."""
    wanted = 2 * CONNECTIONS * 1000 / rate  # milliseconds from one question of a connection to its next
    first = _scripts(fronts, folder, code, wanted)
    _read(first, 3)  # pages are made when they are first asked for
    seen = 2 * CONNECTIONS * 1000 / _read(first, 5)
    return _scripts(fronts, folder, code, wanted - min(max(seen - wanted, 0.0), wanted / 2))


def _scripts(fronts: Fronts, folder: Path, code: str, pause: float) -> list[tuple[str, Path]]:
    """A script of wrk for each host: half of the questions each, most of them with a tag."""
    feed = [f"/feed/{code}/index.xml"] * 6 + [f"/appdata/{code}/odata/vysledky.xml"] * 2
    feed += [f"/appdata/{code}/odata/vysledky_kandid.xml"]
    pages = ["/"] * 3 + [path for path in _links(fronts.public) if path.startswith("/")][:5]
    made = []
    for host, paths in ((fronts.public, pages), (fronts.media, feed)):
        tags = [_tag(host, path) if number % 3 else "" for number, path in enumerate(paths)]
        named = {"paths": ", ".join(map(_quoted, paths)), "tags": ", ".join(map(_quoted, tags))}
        script = folder / f"{len(made)}.lua"
        script.write_text(_SCRIPT.format(pause=round(pause), **named))
        made.append((host, script))
    return made


def _links(host: str) -> list[str]:
    """Pages to which the first one leads."""
    return sorted(set(re.findall(r'href="(/[a-z0-9/-]*)"', httpx.get(f"{host}/", timeout=20).text)))


def _tag(host: str, path: str) -> str:
    answer = httpx.get(host + path, headers={"accept-encoding": "gzip"}, timeout=20)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.headers.get("etag", "")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _read(scripts: list[tuple[str, Path]], seconds: int) -> float:
    """Ask both hosts for a while; requests a second of both."""
    processes = [
        subprocess.Popen(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script, host],
            stdout=subprocess.PIPE,
            text=True,
        )
        for host, script in scripts
    ]
    total = 0.0
    for process in processes:
        told, _ = process.communicate()
        assert "Non-2xx" not in told, told
        found = re.search(r"Requests/sec:\s+([\d.]+)", told)
        assert found, told
        total += float(found[1])
    return total


class _Driver:
    """The stations' process, forked before there are threads."""

    def __init__(self, world: World, sendings: list[Sending], url: str) -> None:
        self.pipe, other = multiprocessing.Pipe()

        def work() -> None:
            begins, until = other.recv()
            other.send(drive(sendings, url, world.house.code, world.offset, begins, until))

        self.process = multiprocessing.get_context("fork").Process(target=work, daemon=True)
        self.process.start()
        other.close()


if __name__ == "__main__":
    missing = [
        each
        for each in ("wrk", "nginx")
        if shutil.which(each, path="/usr/bin:/usr/sbin:/usr/local/bin") is None
    ]
    if missing:
        sys.exit(f"{', '.join(missing)} missing: python3 packaging/bootstrap.py bench media installs them")
    main()
