"""Inquiries and the centre's answers to them: hypothesis strategies."""

from __future__ import annotations

from hypothesis import strategies as st

from app.documents.inquiry import Inquiry, Kind
from app.documents.own_batches import ChainHead, KeptBatch, OwnBatches
from app.documents.point_state import Decision, PointState, Workstation
from app.documents.receipt import Outcome
from app.election.model import Contest, PrecinctId, ProtocolKey
from tests.support.readings import ELECTION, codes, hashes, modes, moments, station_ids

points = st.integers(1, 999_999)
cursors = st.integers(0, 999_999_999)
orders = st.integers(1, 999_999_999)
counts = st.integers(0, 9_999)

inquiries = st.builds(
    Inquiry,
    election=st.just(ELECTION),
    mode=modes,
    station=station_ids,
    transfer_point=points,
    kind=st.sampled_from(Kind),
    after=cursors,
    batches_of=station_ids,
    waiting=counts,
    asked_at=moments,
)
decisions = st.builds(
    Decision,
    key=st.builds(
        ProtocolKey,
        st.builds(PrecinctId, st.integers(1, 999_999), st.integers(1, 99_999)),
        st.sampled_from(Contest),
    ),
    revision=st.integers(1, 99),
    station=station_ids,
    batch_number=orders,
    outcome=st.sampled_from(Outcome),
    code=codes,
    content_hash=hashes,
    processing_order=st.none() | orders,
    received_at=moments,
)
workstations = st.builds(
    Workstation,
    station=station_ids,
    in_force=st.booleans(),
    last_heard=st.none() | moments,
    last_batch=counts,
    waiting=st.none() | counts,
)
point_states = st.builds(
    PointState,
    election=st.just(ELECTION),
    mode=modes,
    station=station_ids,
    transfer_point=points,
    inquiry_hash=hashes,
    answered_at=moments,
    after=cursors,
    cursor=cursors,
    more=st.booleans(),
    decisions=st.lists(decisions, max_size=5).map(tuple),
    workstations=st.lists(workstations, max_size=3).map(tuple),
)
kept_batches = st.builds(
    KeptBatch, orders, st.binary(min_size=1, max_size=200), st.binary(min_size=1, max_size=200)
)
own_batches = st.builds(
    OwnBatches,
    election=st.just(ELECTION),
    mode=modes,
    station=station_ids,
    transfer_point=points,
    batches_of=station_ids,
    inquiry_hash=hashes,
    answered_at=moments,
    after=cursors,
    more=st.booleans(),
    head=st.none() | st.builds(ChainHead, orders, hashes, st.none() | orders, hashes),
    batches=st.lists(kept_batches, max_size=3).map(tuple),
)
