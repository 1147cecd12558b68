"""Copies of a station in a second place, and rebuilding it from one of them and the centre.

- `place`    what lies in a place for backups: one folder a copy, each with its manifest
- `making`   one copy: SQLite's own online backup, flushed, verified, renamed
- `keeper`   when a copy is due, how old the last is, the drill
- `choosing` which copy a station is rebuilt from
- `restore`  a station's folder made from a copy
- `replay`   the batches that the centre has and the copy lacks, put back

A copy holds all that a rebuild needs: database, configuration, certificates, reference data. The private
key is in it only when a passphrase encrypts it; otherwise whoever found the stick could sign as the station.
"""
