"""The documents of setting stations up: what is written is read back, what could hurt is refused."""

from __future__ import annotations

import lzma
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import builds, expected_stations, package
from app.documents.builds import Builds, ListedBuild, Standing
from app.documents.document_errors import DocumentError
from app.documents.expected_stations import ExpectedStation, ExpectedStations
from app.documents.package import Package, PackedReference
from app.election.model import Mode
from app.program import build_of, version_of
from tests.support.inquiries import points
from tests.support.readings import ELECTION, hashes, modes, moments, station_ids

serials = st.integers(1, 999_999_999)
names = st.text("abcdefghijěščřž0123456789.<>&\"' ", min_size=1, max_size=40)
listed = st.builds(ListedBuild, names, hashes, names, st.sampled_from(Standing))
lists = st.builds(
    Builds, st.just(ELECTION), modes, serials, moments, moments, moments, st.sampled_from(Standing),
    st.lists(listed, max_size=4).map(tuple),
)  # fmt: skip
expected = st.builds(
    ExpectedStations, st.just(ELECTION), modes, moments,
    st.lists(st.builds(ExpectedStation, station_ids, serials, hashes), min_size=1, max_size=4).map(tuple),
)  # fmt: skip
files = st.binary(min_size=3, max_size=200)
packages = st.builds(
    Package, st.just(ELECTION), modes, points, station_ids, serials, moments,
    st.just("https://ustredi.example/?a=1&b=2"), files, files, st.builds(PackedReference.of, files, files),
    st.dictionaries(names, names, max_size=3), st.none() | files, st.none() | files, st.just("") | hashes,
)  # fmt: skip


@given(made=lists)
def test_a_list_of_programs_is_read_as_it_was_written(made: Builds) -> None:
    assert builds.read(builds.write(made)) == made


@given(made=expected)
def test_a_list_of_expected_stations_is_read_as_it_was_written(made: ExpectedStations) -> None:
    assert expected_stations.read(expected_stations.write(made)) == made


@given(made=packages)
def test_a_package_is_read_as_it_was_written(made: Package) -> None:
    assert package.read(package.write(made)) == made


def test_a_package_never_unpacks_more_than_it_says() -> None:
    bomb = lzma.compress(bytes(50_000_000))
    stated = PackedReference(bomb, 1000, sha256(bytes(1000)).hexdigest(), b"signature")
    for packed in (
        stated,
        replace(stated, data=bomb[:-50]),
        replace(stated, data=b"no archive"),
        replace(PackedReference.of(b"reference", b"signature"), sha256="0" * 64),
        replace(PackedReference.of(b"reference", b"signature"), data=lzma.compress(b"reference") + b"more"),
    ):
        with pytest.raises(DocumentError, match="DOC-25"):
            packed.content()
    assert PackedReference.of(b"reference", b"signature").content() == b"reference"


def test_a_token_is_in_no_text_about_a_package() -> None:
    made = Package(
        ELECTION, Mode.LIVE, 662, "662-1", 1, datetime.now(UTC),
        "https://x.example", b"a", b"b", PackedReference.of(b"c", b"d"), token="f" * 64,
    )  # fmt: skip
    assert "f" * 64 not in repr(made)


@pytest.mark.parametrize(
    ("signature", "version", "build"),
    [
        (f"prebirka 0.1.0 {'a' * 64}", "0.1.0", "a" * 64),
        ("prebirka 0.1.0", "0.1.0", ""),
        (f"prebirka 0.1.0 {'A' * 64}", "0.1.0", ""),
        (f"other 0.1.0 {'a' * 64}", "", ""),
        ("", "", ""),
    ],
)
def test_a_program_is_known_by_how_it_names_itself(signature: str, version: str, build: str) -> None:
    assert (version_of(signature), build_of(signature)) == (version, build)
