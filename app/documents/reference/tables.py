"""The tables of the reference file, as data: the builder makes them from here, the reader names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.election.errors import KnownError

#: Changes whenever a table does; a program opens only the format that it knows.
FORMAT = 2
#: "PRBK", so that `file` and a careless double click can tell the file from any other database.
APPLICATION_ID = 0x5052424B


class ReferenceFileError(KnownError):
    """The reference file is missing, is none, or lacks what was asked for."""


@dataclass(frozen=True)
class Table:
    """A table's columns with their types; a name that ends with `?` may be NULL."""

    columns: Mapping[str, type]
    key: tuple[str, ...]
    nullable: frozenset[str] = frozenset()
    indexed: tuple[str, ...] = ()
    optional: bool = False  # a file that was built before this table was thought of is whole without it


_PERSON = {"first_name": str, "last_name": str, "title_before": str, "title_after": str, "valid": int}
TABLES: Mapping[str, Table] = {
    "election": Table({"name": str, "value": str}, ("name",)),
    "severity": Table({"rule": str, "severity": str}, ("rule",)),
    "threshold": Table({"name": str, "value": str}, ("name",)),
    "feed": Table({"name": str, "value": str}, ("name",)),
    "region": Table({"number": int, "name": str, "seats": int}, ("number",)),
    "list": Table(
        {"region": int, "number": int, "party_code": int, "name": str, "short_name": str},
        ("region", "number"),
    ),
    "candidate": Table(
        {"region": int, "list": int, "number": int, **_PERSON, "party_code": int},
        ("region", "list", "number"),
        frozenset({"party_code"}),
    ),
    "district": Table(
        {"code": int, "nuts": str, "name": str, "region": int}, ("code",), frozenset({"region"})
    ),
    "municipality": Table(
        {
            "code": int,
            "name": str,
            "district": int,
            "transfer_point": int,
            "presented_under": int,
            "presented_name": str,
        },
        ("code",),
    ),
    "precinct": Table(
        {
            "municipality": int,
            "number": int,
            "district": int,
            "transfer_point": int,
            "region": int,
            "senate_district": int,
            "expected_voters": int,
            "seat": str,
            "contact": str,
            "previous_voters": int,
            "previous_issued": int,
        },
        ("municipality", "number"),
        frozenset({"region", "senate_district", "expected_voters", "previous_voters", "previous_issued"}),
        ("transfer_point",),
    ),
    "senate_district": Table({"number": int, "name": str}, ("number",)),
    "senate_candidate": Table(
        {"district": int, "number": int, **_PERSON, "party_code": int},
        ("district", "number"),
        frozenset({"party_code"}),
    ),
    "senate_finalist": Table({"district": int, "number": int}, ("district", "number")),
    # Round 1 as published, for round 2: municipality 0 is the whole district.
    "senate_round1": Table(
        {
            "district": int,
            "municipality": int,
            "precincts_expected": int,
            "precincts_processed": int,
            "registered_voters": int,
            "envelopes_issued": int,
            "envelopes_returned": int,
            "valid_votes": int,
            "elected": int,
        },
        ("district", "municipality"),
        frozenset({"elected"}),
        optional=True,
    ),
    "senate_round1_votes": Table(
        {"district": int, "municipality": int, "number": int, "votes": int},
        ("district", "municipality", "number"),
        optional=True,
    ),
}
