"""The centre's tables for SQLAlchemy. The SQL that makes them is in `resources/migrations/central`,
where each column is explained; a test holds the two together.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()


def _table(
    name: str, *columns: tuple[str, type[Integer] | type[Text] | type[LargeBinary] | type[Boolean]]
) -> Table:
    # 64 bits, as every integer of SQLite may have
    wide = [(column, BigInteger if kind is Integer else kind) for column, kind in columns]
    return Table(name, metadata, *(Column(column, kind) for column, kind in wide))


station_act = _table(
    "station_act",
    ("id", Integer),
    ("station", Text),
    ("transfer_point", Integer),
    ("fingerprint", Text),
    ("act", Text),
    ("at", Text),
    ("reason", Text),
)
batch = _table(
    "batch",
    ("id", Integer),
    ("sha256", Text),
    ("station", Text),
    ("number", Integer),
    ("previous_hash", Text),
    ("status", Text),
    ("received_at", Text),
    ("raw", LargeBinary),
    ("receipt", LargeBinary),
)
set_aside = _table(
    "set_aside",
    ("id", Integer),
    ("sha256", Text),
    ("station", Text),
    ("number", Integer),
    ("status", Text),
    ("code", Text),
    ("received_at", Text),
    ("raw", LargeBinary),
    ("receipt", LargeBinary),
)
revision = _table(
    "revision",
    ("id", Integer),
    ("contest", Text),
    ("municipality", Integer),
    ("precinct", Integer),
    ("revision", Integer),
    ("content_hash", Text),
    ("batch", Integer),
    ("station", Text),
    ("processing_order", Integer),
    ("processed_at", Text),
    ("resent", Integer),
    ("protocol", LargeBinary),
    ("signed_at", Text),
)
verdict = _table(
    "verdict",
    ("batch", Integer),
    ("position", Integer),
    ("contest", Text),
    ("municipality", Integer),
    ("precinct", Integer),
    ("revision", Integer),
    ("outcome", Text),
    ("code", Text),
    ("rules", Text),
    ("content_hash", Text),
)
journal = _table(
    "journal",
    ("id", Integer),
    ("at", Text),
    ("act", Text),
    ("subject", Text),
    ("detail", Text),
    ("previous_hash", Text),
    ("hash", Text),
)
permit = _table(
    "permit",
    ("number", Integer),
    ("contest", Text),
    ("municipality", Integer),
    ("precinct", Integer),
    ("transfer_point", Integer),
    ("valid_until", Text),
    ("reason", Text),
    ("at", Text),
    ("raw", LargeBinary),
)
act = _table(
    "act",
    ("number", Integer),
    ("after_revision", Integer),
    ("kind", Text),
    ("contest", Text),
    ("municipality", Integer),
    ("precinct", Integer),
    ("processing_order", Integer),
    ("processed_at", Text),
    ("cancels", Integer),
    ("raw", LargeBinary),
)
chain_act = _table(
    "chain_act",
    ("id", Integer),
    ("station", Text),
    ("act", Text),
    ("chain", Text),
    ("parent", Text),
    ("fork_number", Integer),
    ("code", Text),
    ("sha256", Text),
    ("at", Text),
    ("reason", Text),
)
released = _table("released", ("sha256", Text), ("settlement", Integer))
publication = _table(
    "publication", ("version", Integer), ("at", Text), ("last_revision", Integer), ("processed", Text)
)
change = _table(
    "change",
    ("number", Integer),
    ("version", Integer),
    ("contest", Text),
    ("municipality", Integer),
    ("precinct", Integer),
    ("revision", Integer),
    ("kind", Text),
    ("reason", Text),
    ("taken_at", Text),
    ("previous_hash", Text),
    ("content_hash", Text),
    ("source", Integer),
    ("leaf", Text),
)
published_batch = _table(
    "published_batch",
    ("contest", Text),
    ("number", Integer),
    ("generated_at", Text),
    ("first_order", Integer),
    ("last_order", Integer),
    ("precincts_processed", Integer),
)
operator_act = _table(
    "operator_act",
    ("id", Integer),
    ("login", Text),
    ("act", Text),
    ("name", Text),
    ("role", Text),
    ("active", Integer),
    ("password", Text),
    ("temporary", Integer),
    ("failures", Integer),
    ("done_by", Text),
    ("at", Text),
)
proposal = _table(
    "proposal",
    ("number", Integer),
    ("kind", Text),
    ("content", Text),
    ("reason", Text),
    ("proposed_by", Text),
    ("at", Text),
)
proposal_act = _table(
    "proposal_act",
    ("proposal", Integer),
    ("decision", Text),
    ("reason", Text),
    ("decided_by", Text),
    ("at", Text),
)
incident = _table(
    "incident",
    ("number", Integer),
    ("severity", Text),
    ("transfer_point", Integer),
    ("words", Text),
    ("noted_by", Text),
    ("at", Text),
)
readiness = _table(
    "readiness",
    ("number", Integer),
    ("station", Text),
    ("transfer_point", Integer),
    ("standing", Text),
    ("tried_at", Text),
    ("received_at", Text),
    ("sha256", Text),
    ("raw", LargeBinary),
)
media_submission = _table(
    "media_submission",
    ("id", Integer),
    ("way", Text),
    ("name", Text),
    ("received_at", Text),
    ("at", Text),
    ("officer", Text),
    ("raw", LargeBinary),
    ("detached", LargeBinary),
    ("outcome", Text),
    ("reasons", Text),
    ("detail", Text),
    ("signer", Text),
    ("signed_at", Text),
    ("application", LargeBinary),
)
media_event = _table(
    "media_event",
    ("id", Integer),
    ("submission", Integer),
    ("act", Text),
    ("officer", Text),
    ("at", Text),
    ("reason", Text),
    ("detail", Text),
)
media_list = _table("media_list", ("serial", Integer), ("at", Text), ("raw", LargeBinary))
setting_up = _table(
    "setting_up",
    ("id", Integer),
    ("kind", Text),
    ("station", Text),
    ("subject", Text),
    ("raw", Text),
    ("at", Text),
)
belongs = _table("belongs", ("number", Integer), ("election", Text), ("mode", Text))
