"""What a supervisor is told about the point: who is missing, how it goes, when it may end, what may hang on
the wall. Everything here is worked out from rows of `app.station.completeness` and the clock; the desktop
only shows it."""
