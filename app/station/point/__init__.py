"""Several workstations of one transfer point: what the others took in, and what becomes of a conflict.

- `asking`     signed inquiries at the centre, and their answers proved
- `memory`     what was told of the point, kept append-only
- `standing`   which revision of a protocol stands, in the whole point
- `pulling`    when the point's state is asked for
- `exchange`   the same signed files by a stick
- `carried`    signed files of other points, delivered for them
- `assigning`  precincts given to workstations, which is possible and not required
- `conflicts`  the same precinct taken in twice, and how that is settled

Nothing is imported here, so that `import app.station.point` costs nothing.
"""
