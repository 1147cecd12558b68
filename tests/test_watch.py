"""The watch over log records is itself watched: what nobody announced, and what never came, is told."""

import logging

import pytest


def test_a_warning_that_nobody_announced_is_a_complaint(log_watch) -> None:
    logging.getLogger("outbox").warning("batch %d goes again", 7)
    assert log_watch.complaints() == ["unannounced WARNING of outbox: batch 7 goes again"]
    log_watch.records.clear()


def test_an_announced_record_may_come_more_than_once(expect_log) -> None:
    expect_log("ERROR", r"batch \d+ refused")
    logging.getLogger("outbox").error("batch 7 refused")
    logging.getLogger("outbox").error("batch 8 refused")


def test_an_announcement_is_for_its_level_only(log_watch, expect_log) -> None:
    expect_log("ERROR", "refused")
    logging.getLogger("outbox").warning("batch 7 refused")
    assert log_watch.complaints() == [
        "unannounced WARNING of outbox: batch 7 refused",
        "announced, but never logged: ERROR 'refused'",
    ]
    log_watch.records.clear()
    log_watch.announced.clear()


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_what_is_no_trouble_needs_no_announcement(level: int) -> None:
    logging.getLogger("outbox").log(level, "batch 7 sent")
