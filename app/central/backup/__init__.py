"""Copies of a centre, and putting one together again from a copy.

- `copy`      what lies in a copy, its signed manifest, which copies stay
- `making`    one copy of a running centre: one moment of its database, whatever database it is
- `restoring` a centre's folder made from a copy; nothing is overwritten
- `carrying`  rows of one database into another: a copy is always one SQLite file
- `upgrading` what a newer program will do to a database, and the copy that is made before it does

A copy holds all that a centre needs but its private key, which is in it only when it is asked for and when
a passphrase encrypts it. What is published is not in it: the centre makes it again from the database.
"""
