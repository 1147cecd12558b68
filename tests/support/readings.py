"""Readings for tests of documents: hypothesis strategies and a few fixed examples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from app.documents.batch import Acceptance, Batch, BatchItem, Source
from app.documents.receipt import Outcome, Receipt, ReceiptItem, Status
from app.election.model import (
    Contest,
    CountsStated,
    Mode,
    PrecinctId,
    ProtocolKey,
    Reading,
    RegionalReading,
    SenateReading,
    SheetStated,
    VotesStated,
)

ELECTION = "kz2024"
HASH = "0123456789abcdef" * 4
WHEN = datetime(2024, 9, 21, 14, 31, 5, 123456, tzinfo=timezone(timedelta(hours=2)))

REGIONAL = RegionalReading(
    election=ELECTION,
    precinct=PrecinctId(506737, 1),
    district=7201,
    form_type=1,
    form_version="1",
    corrected=0,
    passable_error=0,
    kc_1=1,
    counts=CountsStated(400, 200, 199, 195),
    kc_2=994,
    lists_mark="01" + "0" * 97,
    sheets=(SheetStated(2, 195, ((1, 2), (43, 1)), 197, 45, 0, 242, 43, 500000),),
)
SENATE = SenateReading(
    election=ELECTION,
    precinct=PrecinctId(506737, 1),
    district=7201,
    form_type=1,
    form_version="1",
    corrected=0,
    passable_error=0,
    kc_1=1,
    senate_district=80,
    round=1,
    counts=CountsStated(400, 200, 199, 195),
    votes=((1, 100), (2, 95)),
    kc_2=995,
    kc_3=290,
    kc_4=1285,
    last_candidate=2,
    kc_sum=510000,
)

numbers = st.none() | st.integers(-9, 99_999) | st.integers(-(10**9) + 1, 10**9 - 1)
form_versions = st.sampled_from(["", "1", "2024/1", "T6-v.2"])
precincts = st.builds(PrecinctId, st.integers(0, 999_999), st.integers(0, 99_999))
counts = st.builds(CountsStated, numbers, numbers, numbers, numbers)


def votes(highest: int) -> st.SearchStrategy[VotesStated]:
    """Boxes 1…highest, some stated, some blank, in order."""
    return st.dictionaries(st.integers(1, highest), numbers, max_size=12).map(
        lambda d: tuple(sorted(d.items()))
    )


sheets = st.builds(
    SheetStated, numbers, numbers, votes(70), numbers, numbers, numbers, numbers, numbers, numbers
)
regional_readings = st.builds(
    RegionalReading,
    election=st.just(ELECTION),
    precinct=precincts,
    district=numbers,
    form_type=numbers,
    form_version=form_versions,
    corrected=numbers,
    passable_error=numbers,
    kc_1=numbers,
    counts=counts,
    kc_2=numbers,
    lists_mark=st.text("01", max_size=110),
    sheets=st.lists(sheets, max_size=5).map(tuple),
)
senate_readings = st.builds(
    SenateReading,
    election=st.just(ELECTION),
    precinct=precincts,
    district=numbers,
    form_type=numbers,
    form_version=form_versions,
    corrected=numbers,
    passable_error=numbers,
    kc_1=numbers,
    senate_district=numbers,
    round=st.sampled_from([1, 2]),
    counts=counts,
    votes=votes(22),
    kc_2=numbers,
    kc_3=numbers,
    kc_4=numbers,
    last_candidate=numbers,
    kc_sum=numbers,
)
readings: st.SearchStrategy[Reading] = regional_readings | senate_readings

modes = st.sampled_from(Mode)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
moments = st.datetimes(
    datetime(2000, 1, 1),
    datetime(2099, 12, 31),
    timezones=st.sampled_from(
        [UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-5, minutes=-30))]
    ),
)
#: Whatever a person may type and XML can carry: quotes, angles, ampersands, line ends, any script.
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\"'&<>\t\n\r ěščřžýáíéúůťďňĚŠČŘŽ"),
    min_size=1,
    max_size=100,
)
station_ids = st.builds("{}-{}".format, st.integers(1, 999_999), st.integers(1, 999))

acceptances = st.builds(
    Acceptance,
    revision=st.integers(1, 99),
    accepted_at=moments,
    accepted_by=texts,
    approved_by=st.none() | texts,
    reason=st.just("") | texts,
    source=st.sampled_from(Source),
    source_sha256=st.none() | hashes,
    content_hash=hashes,
    handed_over=st.none() | moments,
)
batches = st.builds(
    Batch,
    election=st.just(ELECTION),
    mode=modes,
    station=station_ids,
    transfer_point=st.integers(1, 999_999),
    number=st.integers(1, 999_999_999),
    previous_hash=hashes,
    created_at=moments,
    software=texts,
    journal_head=hashes,
    items=st.lists(
        st.builds(BatchItem, readings, acceptances),
        max_size=4,
        unique_by=lambda item: (item.reading.key, item.acceptance.revision),
    ).map(tuple),
    journal_seq=st.none() | st.integers(1, 999_999_999),
)
codes = st.sampled_from(["", "ING-07", "DOC-23", "CHN-01"])
receipts = st.builds(
    Receipt,
    election=st.just(ELECTION),
    mode=modes,
    station=station_ids,
    batch_number=st.none() | st.integers(1, 999_999_999),
    batch_hash=hashes,
    received_at=moments,
    status=st.sampled_from(Status),
    code=codes,
    items=st.lists(
        st.builds(
            ReceiptItem,
            key=st.builds(ProtocolKey, precincts, st.sampled_from(Contest)),
            revision=st.integers(1, 99),
            outcome=st.sampled_from(Outcome),
            code=codes,
            rules=st.lists(st.sampled_from(["KC-01", "LG-05", "FM-01"]), unique=True).map(tuple),
            content_hash=hashes,
            processing_order=st.none() | st.integers(1, 20_000),
        ),
        max_size=5,
    ).map(tuple),
    missing=st.lists(st.tuples(st.integers(1, 99), st.integers(100, 200)), max_size=3).map(tuple),
)


def acceptance(revision: int = 1, reason: str = "", accepted_by: str = "Jana Nováková") -> Acceptance:
    """An acceptance of no special kind."""
    return Acceptance(revision, WHEN, accepted_by, None, reason, Source.FILE, HASH, HASH)


def batch_of(*items: BatchItem) -> Batch:
    """A batch of no special kind with these items."""
    return Batch(ELECTION, Mode.REHEARSAL, "662-1", 662, 1, HASH, WHEN, "0.1.0", HASH, items)
