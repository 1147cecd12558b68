"""The supervisor's page of completeness and the wall: they show what `app.station.overseeing` works out."""
