"""The tests mirror `app/`: the tests of `app/station/outbox.py` are in `tests/station/test_outbox.py`."""
