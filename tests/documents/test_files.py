"""Reading from a medium: whatever the world does to a file is a known trouble with a sentence."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from app.documents import protocol_file, xml
from app.documents.document_errors import DocumentError
from app.documents.files import read_bytes_of
from app.election.model import Mode
from tests.support import readings as made

GOOD = protocol_file.write([made.REGIONAL, made.SENATE], made.ELECTION, Mode.REHEARSAL)


def refused_path(path: Path, limit: int = protocol_file.MAX_BYTES) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_bytes_of(path, limit)
    return caught.value


def test_a_file_is_read_whole_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "zápis č. 1.xml"
    path.write_bytes(GOOD)
    assert read_bytes_of(path, len(GOOD)) == GOOD
    assert xml.parse(path, "zapisy.xsd", max_bytes=5_000_000, allow_comments=True).get("VOLBY") == "kz2024"


def test_two_hundred_megabytes_are_refused_without_reading_them(tmp_path: Path) -> None:
    path = tmp_path / "velky.xml"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # sparse: takes no room
    error = refused_path(path)
    assert error.code == "DOC-05"
    assert "Soubor má 200 MB, přijmout lze nejvýše 5 MB." in error.cs


def test_a_folder_a_missing_file_and_a_pipe_are_told_apart(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "roura")
    (tmp_path / "soubor").touch()
    assert refused_path(tmp_path).code == "DOC-02"
    assert refused_path(tmp_path / "roura").code == "DOC-02"
    assert refused_path(tmp_path / "neni.xml").code == "DOC-01"
    assert refused_path(tmp_path / "soubor" / "pod.xml").code == "DOC-01"
    assert refused_path(tmp_path / ("x" * 300)).code == "DOC-01"
    assert refused_path(Path("a\0b")).code == "DOC-01"
    assert "„neni.xml“" in refused_path(tmp_path / "neni.xml").cs


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENODEV, "DOC-04"), (errno.EIO, "DOC-04"), (errno.ENXIO, "DOC-04"), (errno.ESTALE, "DOC-04"),
        (errno.EACCES, "DOC-03"), (errno.EPERM, "DOC-03"), (errno.EISDIR, "DOC-02"), (errno.ENOENT, "DOC-01"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("moment", ["stat", "open", "read"])
def test_a_medium_that_fails_at_any_moment_is_a_known_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str, moment: str
) -> None:
    class Failing(type(tmp_path)):  # type: ignore[misc]
        def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
            if moment == "stat":
                raise OSError(number, os.strerror(number))
            return os.stat_result((stat.S_IFREG, 0, 0, 0, 0, 0, 10, 0, 0, 0))

        def open(self, *_: object, **__: object) -> object:
            if moment == "open":
                raise OSError(number, os.strerror(number))
            return self

        def __enter__(self) -> Failing:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def read(self, _: int) -> bytes:
            raise OSError(number, os.strerror(number))

    assert refused_path(Failing(tmp_path / "zapis.xml")).code == code


def test_a_file_that_ends_before_its_size_was_not_read_whole(tmp_path: Path) -> None:
    class Shrunk(type(tmp_path)):  # type: ignore[misc]
        def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
            return os.stat_result((stat.S_IFREG, 0, 0, 0, 0, 0, 99, 0, 0, 0))

    (tmp_path / "a").write_bytes(b"x" * 10)
    assert refused_path(Shrunk(tmp_path / "a")).code == "DOC-04"
