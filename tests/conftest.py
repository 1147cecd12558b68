"""What holds for every test: no display, one locale, nobody's own folders, and no trouble left unsaid.

A log record of WARNING or above that the test did not announce fails it, as does any message of Qt
(pytest-qt, `qt_log_level_fail`): a program that nobody watches on an election night must not learn
to complain without reason. Announce an expected record with the fixture `expect_log`.
"""

import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

# Before anything imports Qt. The same locale and the same empty home of settings on every machine.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LC_ALL"] = "C.UTF-8"
_surroundings = tempfile.TemporaryDirectory(prefix="prebirka-tests-")  # gone with the process
for _variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
    _folder = Path(_surroundings.name, _variable.lower())
    _folder.mkdir(mode=0o700)
    os.environ[_variable] = str(_folder)

from hypothesis import HealthCheck, settings  # noqa: E402

CHECKOUT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "fast",
    max_examples=50,
    deadline=None,  # a shared machine pauses at will
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("long", parent=settings.get_profile("fast"), max_examples=5000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


# --- log records -------------------------------------------------------------------------------------


@dataclass
class _Announcement:
    level: int
    pattern: re.Pattern[str]
    seen: int = 0

    def covers(self, record: logging.LogRecord) -> bool:
        return record.levelno == self.level and self.pattern.search(record.getMessage()) is not None


@dataclass
class _LogWatch(logging.Handler):
    announced: list[_Announcement] = field(default_factory=list)
    records: list[logging.LogRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.WARNING)

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def complaints(self) -> list[str]:
        """Records that nobody announced, then announcements that no record came for."""
        unannounced = []
        for record in self.records:
            covering = [announcement for announcement in self.announced if announcement.covers(record)]
            for announcement in covering:
                announcement.seen += 1
            if not covering:
                unannounced.append(f"unannounced {record.levelname} of {record.name}: {record.getMessage()}")
        missing = [
            f"announced, but never logged: {logging.getLevelName(a.level)} {a.pattern.pattern!r}"
            for a in self.announced
            if not a.seen
        ]
        return unannounced + missing


@pytest.fixture(autouse=True)
def log_watch() -> Iterator[_LogWatch]:
    watch = _LogWatch()
    logging.getLogger().addHandler(watch)
    try:
        yield watch
    finally:
        logging.getLogger().removeHandler(watch)
    if complaints := watch.complaints():
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture
def expect_log(log_watch: _LogWatch) -> Callable[[int | str, str], None]:
    """Announce a record: `expect_log("WARNING", r"batch 7 .* again")`. It must come, once or more."""

    def announce(level: int | str, regex: str) -> None:
        number = logging.getLevelNamesMapping()[level] if isinstance(level, str) else level
        log_watch.announced.append(_Announcement(number, re.compile(regex)))

    return announce


# --- the checkout stays as it was --------------------------------------------------------------------

_PASSING = {
    ".git", ".venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache",
    ".hypothesis",
}  # fmt: skip


def _files_of_checkout() -> set[str]:
    found: set[str] = set()
    for folder, folders, files in os.walk(CHECKOUT):
        folders[:] = [name for name in folders if name not in _PASSING]
        found.update(os.path.relpath(Path(folder, name), CHECKOUT) for name in files)
    return found


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--check-tree",
        action="store_true",
        help="fail when the tests leave a file in the checkout (not while somebody edits there)",
    )


#: Unlike a failed test, which is tried once more, a file left behind stays.
_SOILED: Final = 9
_before = pytest.StashKey[set[str]]()


def pytest_sessionstart(session: pytest.Session) -> None:
    is_worker = hasattr(session.config, "workerinput")
    if session.config.getoption("--check-tree") and not is_worker:
        session.config.stash[_before] = _files_of_checkout()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    before = session.config.stash.get(_before, None)
    left = sorted(_files_of_checkout() - before) if before is not None else []
    if left:
        print(f"\nFAILED: the tests left in the checkout: {', '.join(left)}")
        session.exitstatus = _SOILED
