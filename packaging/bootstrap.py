#!/usr/bin/env python3
"""Prepare this checkout and do one thing with it; nothing but Python 3.11 or newer is needed to begin.

    python3 packaging/bootstrap.py demo [ARGS]        an election night to try, with its window
    python3 packaging/bootstrap.py test [ARGS]        everything that must hold; with ARGS only pytest ARGS
    python3 packaging/bootstrap.py setup [--fresh]    only prepare: .venv with the command `prebirka` in it
    python3 packaging/bootstrap.py bench [NAME ...]   measure against a floor; all benchmarks without a NAME
    python3 packaging/bootstrap.py run ARGS           any command of the program: run --help lists them

What it prepares, each time only what is missing:
  - the system libraries of Qt, fonts with Czech letters and openssl, for tests also nginx and rsync, for
    benchmarks nginx and wrk: as root on Debian or Ubuntu they are installed (and no server is started),
    otherwise one line to copy says what to install and the exit code is 3;
  - .venv in this checkout: the versions of packaging/requirements.lock, each checked by its hash, and
    the program itself in development mode. Interrupted or damaged, it is mended at the next run.

Examples:
  python3 packaging/bootstrap.py test tests/station -k outbox     some tests
  python3 packaging/bootstrap.py test --pdb                       one process, stop at the first failure
  HYPOTHESIS_PROFILE=long python3 packaging/bootstrap.py test     search longer for counter-examples
  .venv/bin/prebirka --help                                       after setup, without this file

A handful of tests that failed run once more, alone; what passes then is named as unsteady at the end.

Exit codes: 0 done; 1 a test or a benchmark failed; 2 wrong arguments; 3 system packages are missing;
4 the environment could not be made; otherwise that of the command that was run.
"""

import sys

# Said before anything that an older Python could not read; so this file keeps to the syntax of Python 3.6.
if sys.version_info < (3, 11):  # noqa: UP036
    found = "{}.{} ({})".format(sys.version_info[0], sys.version_info[1], sys.executable)  # noqa: UP032
    sys.exit("Prebirka needs Python 3.11 or newer; this is Python " + found + ". Run it with a newer one.")

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NoReturn

import system_needs

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
LOCK = CHECKOUT / "packaging" / "requirements.lock"
PYPROJECT = CHECKOUT / "pyproject.toml"
BENCHMARKS = CHECKOUT / "tests" / "benchmarks"
LAST_FAILED = CHECKOUT / ".pytest_cache" / "v" / "cache" / "lastfailed"

#: How pytest says that tests failed, and up to how many may have failed for the machine's sake.
PYTEST_FAILED, MOST_UNSTEADY = 1, 5

EXIT_USAGE, EXIT_SYSTEM, EXIT_ENVIRONMENT, EXIT_INTERRUPTED = 2, 3, 4, 130

Plan = Literal["ready", "update", "rebuild"]


class SetupError(Exception):
    """The environment could not be made; the message says what to do."""


def say(text: str) -> None:
    print(text, flush=True)


# --- the virtual environment -------------------------------------------------------------------------


class Environment:
    """One virtual environment: whether it fits the lock, and how it is made to.

    The stamp is written last, so it stands only in a finished environment. The mark of an unfinished
    one is written first: pip takes a half-installed package for an installed one, so whatever was
    interrupted is built anew.
    """

    def __init__(self, venv: Path) -> None:
        self.venv = venv
        self.scripts = venv / ("Scripts" if os.name == "nt" else "bin")
        self.suffix = ".exe" if os.name == "nt" else ""
        version = "python{}.{}".format(*sys.version_info[:2])
        self.site_packages = venv / (
            Path("Lib", "site-packages") if os.name == "nt" else Path("lib", version, "site-packages")
        )
        self.stamp = venv / "prebirka-stamp.json"
        self.unfinished = venv / "prebirka-unfinished"

    def script(self, name: str) -> Path:
        return self.scripts / (name + self.suffix)

    @property
    def python(self) -> Path:
        return self.script("python")

    def plan(self, fingerprint: str) -> Plan:
        """What has to be done so that the environment fits; reads only."""
        sound = self.python.exists() and self.site_packages.is_dir() and (self.venv / "pyvenv.cfg").is_file()
        if not sound or self.unfinished.exists():
            return "rebuild"
        try:
            stamp = json.loads(self.stamp.read_text("utf-8"))
            complete = all((self.site_packages / name).is_dir() for name in stamp["packages"])
        except (OSError, ValueError, KeyError, TypeError):
            return "update"
        fits = stamp["fingerprint"] == fingerprint and self.script("prebirka").exists()
        if fits and not complete:
            return "rebuild"
        return "ready" if fits else "update"

    def finish(self, fingerprint: str) -> None:
        """Say that the environment is whole: the last step of a set-up."""
        packages = sorted(entry.name for entry in self.site_packages.glob("*.dist-info"))
        draft = self.stamp.with_suffix(".draft")
        draft.write_text(json.dumps({"fingerprint": fingerprint, "packages": packages}, indent=1), "utf-8")
        draft.replace(self.stamp)
        self.unfinished.unlink(missing_ok=True)

    def create(self) -> None:
        """Make an empty environment in place of whatever stands there."""
        if self.venv.is_symlink() or self.venv.is_file():
            self.venv.unlink()
        elif self.venv.exists():
            shutil.rmtree(self.venv)
        self.venv.mkdir()
        self.unfinished.touch()
        without_pip = [] if has_module("ensurepip") else ["--without-pip"]
        call([base_python(), "-m", "venv", *without_pip, str(self.venv)])

    def pip(self) -> list[str]:
        """The pip that installs here: the environment's own, or else the one of the Python that runs this."""
        if (self.site_packages / "pip").is_dir():
            return [str(self.python), "-m", "pip"]
        return [base_python(), "-m", "pip", "--python", str(self.python)]

    def install(self) -> None:
        """Bring the environment to the lock and the program into it."""
        self.unfinished.touch()
        self.stamp.unlink(missing_ok=True)
        options = ["install", "-qq"]  # errors only
        locked = ["--require-hashes", "--only-binary=:all:", "-r", str(LOCK)]
        call([*self.pip(), *options, *locked])
        call([*self.pip(), *options, "--no-deps", "--no-build-isolation", "--editable", str(CHECKOUT)])
        shutil.rmtree(
            CHECKOUT / "prebirka.egg-info", ignore_errors=True
        )  # setuptools' scratch, not needed again


def fingerprint(*contents: bytes) -> str:
    """Changes when the lock or the project changes, and when the checkout moves or Python is another."""
    digest = hashlib.sha256()
    for part in (*contents, os.fsencode(CHECKOUT), repr(sys.version_info[:2]).encode()):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def base_python() -> str:
    """The interpreter itself, also when this file is run by the Python of a virtual environment."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def has_module(name: str) -> bool:
    importlib.invalidate_caches()  # it may have been installed a moment ago
    return importlib.util.find_spec(name) is not None


def clean_environ() -> dict[str, str]:
    """The surroundings without what would lead pip or the program out of the environment."""
    environ = {key: value for key, value in os.environ.items() if key not in {"PYTHONHOME", "PYTHONPATH"}}
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore", "PIP_NO_INPUT": "1"}
    return environ | quiet | {"PIP_USER": "0"}


def call(command: Sequence[str]) -> None:
    if subprocess.run(command, cwd=CHECKOUT, env=clean_environ()).returncode != 0:
        raise SetupError("This step failed, its own message is above: " + " ".join(command))


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the checkout's set-up for this process; a second one waits. Freed by the system at any death."""
    try:
        import fcntl
    except ImportError:  # Windows: two set-ups at once are the developer's own affair
        yield
        return
    with LOCK.open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another set-up of this checkout is running; waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def set_up(command: str, *, fresh: bool = False) -> Environment:
    """System packages, then the environment; quick when there is nothing to do."""
    # Without ensurepip the environment can still be filled by the pip of the Python that runs this.
    modules = [] if has_module("ensurepip") or has_module("pip") else ["ensurepip"]
    system_needs.satisfy(window=command == "demo", modules=modules, command=command)
    environment = Environment(VENV)
    with alone():
        wanted = fingerprint(LOCK.read_bytes(), PYPROJECT.read_bytes())
        plan = "rebuild" if fresh else environment.plan(wanted)
        if plan == "update":
            say("Bringing .venv to the versions of packaging/requirements.lock ...")
            try:
                environment.install()
            except SetupError:
                plan = "rebuild"
        if plan == "rebuild":
            say("Making .venv from packaging/requirements.lock; the first time it takes a minute ...")
            environment.create()
            environment.install()
        if plan != "ready":
            environment.finish(wanted)
            say("The environment is ready: .venv/bin/prebirka")
    return environment


# --- the commands ------------------------------------------------------------------------------------


def program_environ(*, window: bool) -> dict[str, str]:
    """What the program runs in: windows are drawn on a display only where one is wanted and there."""
    environ = clean_environ()
    if not (window and system_needs.has_display()):
        environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environ


def become(command: Sequence[str | Path], environ: dict[str, str]) -> NoReturn:
    """Run the program in place of this one, so that signals and the exit code are its own."""
    arguments = [str(part) for part in command]
    sys.stdout.flush()
    if os.name == "nt":
        sys.exit(subprocess.run(arguments, env=environ).returncode)
    os.execve(arguments[0], arguments, environ)


def run_setup(arguments: list[str]) -> int:
    unknown = [argument for argument in arguments if argument != "--fresh"]
    if unknown:
        say(f"setup does not know {' '.join(unknown)}; it takes only --fresh (build .venv from nothing).")
        return EXIT_USAGE
    set_up("setup", fresh="--fresh" in arguments)
    return 0


def run_demo(arguments: list[str]) -> NoReturn:
    environment = set_up("demo")
    become([environment.script("prebirka"), "demo", *arguments], program_environ(window=True))


def run_run(arguments: list[str]) -> NoReturn:
    environment = set_up("demo" if arguments[:1] in (["demo"], ["desk"]) else "run")
    become([environment.script("prebirka"), *arguments], program_environ(window=True))


def pytest_arguments(arguments: list[str]) -> list[str]:
    """Two processes, unless the caller says how many or wants to stop in a debugger."""
    decided = any(
        argument in {"--numprocesses", "--pdb", "--trace", "-s"}
        or argument.startswith(("-n", "--numprocesses="))
        for argument in arguments
    )
    return arguments if decided else ["-n", "2", *arguments]


def run_test(arguments: list[str]) -> int:
    environment = set_up("test")
    environ = program_environ(window=False)
    # Hundreds of processes are started, each of which would else compile the whole program for itself.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    pytest = [str(environment.python), "-m", "pytest"]
    if arguments:
        return subprocess.run([*pytest, *pytest_arguments(arguments)], cwd=CHECKOUT, env=environ).returncode
    steps: dict[str, list[str | Path]] = {
        "ruff check": [environment.script("ruff"), "check", "."],
        "ruff format": [environment.script("ruff"), "format", "--check", "."],
        "mypy": [environment.python, "-m", "mypy", "--strict", "app"],
        "import-linter": [environment.script("lint-imports"), "--no-logo"],
    }
    failed = []
    for name, command in steps.items():
        say(f"\n===== {name}")
        if subprocess.run([str(part) for part in command], cwd=CHECKOUT, env=environ).returncode != 0:
            failed.append(name)
    say("\n===== pytest")
    if failed:
        say(f"FAILED before the tests, see above: {', '.join(failed)}")
    code = subprocess.run(
        [*pytest, *pytest_arguments(["--check-tree"])], cwd=CHECKOUT, env=environ
    ).returncode
    if code == PYTEST_FAILED:
        code = once_more_alone(pytest, environ)
    return code or (1 if failed else 0)


def once_more_alone(pytest: list[str], environ: dict[str, str]) -> int:
    """A few tests that failed beside others run again with the machine to themselves.

    A wrong program fails twice. What passes now waited too short a time on a busy machine, or depends on
    what ran before it: it is named, because it is to be mended, and does not stop anybody's work.
    """
    try:
        unsteady = sorted(json.loads(LAST_FAILED.read_text("utf-8")))
    except (OSError, ValueError):
        return PYTEST_FAILED
    if len(unsteady) > MOST_UNSTEADY:
        return PYTEST_FAILED
    say("\n===== the failed tests once more, alone")
    again = [*pytest, "-n", "0", "--last-failed", "--last-failed-no-failures", "none"]
    code = subprocess.run(again, cwd=CHECKOUT, env=environ).returncode
    if code == 0:
        say("\nUNSTEADY, passed only the second time; to be mended: " + ", ".join(unsteady))
    return code


def benchmark_names() -> list[str]:
    return sorted(file.stem for file in BENCHMARKS.glob("*.py") if not file.stem.startswith("_"))


def run_bench(arguments: list[str]) -> int:
    known = benchmark_names()
    unknown = [name for name in arguments if name not in known]
    if unknown:
        say(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(known) or 'none yet'}.")
        return EXIT_USAGE
    if not known:
        say("There is no benchmark in tests/benchmarks, so nothing was measured.")
        return 1
    environment = set_up("bench")
    short = [
        name
        for name in arguments or known
        if subprocess.run(
            [str(environment.python), "-m", f"tests.benchmarks.{name}"],
            cwd=CHECKOUT,
            env=program_environ(window=False),
        ).returncode
    ]
    if short:
        say(f"Short of the budget, or failed: {', '.join(short)}")
    return 1 if short else 0


COMMANDS = {"setup": run_setup, "demo": run_demo, "test": run_test, "bench": run_bench, "run": run_run}
OWN_HELP = {"setup", "test", "bench"}  # the others hand --help on to the program


def main(arguments: list[str]) -> int:
    """Do what the first argument names, with the rest."""
    name, *rest = arguments or ["help"]
    wants_help = name in OWN_HELP and bool({"-h", "--help"} & set(rest))
    if name in {"help", "-h", "--help"} or wants_help:
        say((__doc__ or "").strip())
        return 0 if arguments else EXIT_USAGE
    if name not in COMMANDS:
        say(f"Unknown command {name!r}; there are: {', '.join(COMMANDS)}. See --help.")
        return EXIT_USAGE
    try:
        return COMMANDS[name](rest)
    except system_needs.MissingError as missing:
        say(str(missing))
        return EXIT_SYSTEM
    except SetupError as error:
        say(f"{error}\nOnce the cause is gone, run the same command again; it goes on where it must.")
        return EXIT_ENVIRONMENT
    except KeyboardInterrupt:
        say("\nInterrupted; the next run mends what was left unfinished.")
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
