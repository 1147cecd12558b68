"""Judging the course: the end of voting (FM-06), corrections, deadlines, confirmation and mode (rules PR)."""

from __future__ import annotations

from datetime import datetime, tzinfo

from app.election.complete import Incomplete, complete
from app.election.content import content_hash
from app.election.model import Mode
from app.election.subject import UNKNOWN, Found, Subject
from app.election.verdict import FieldRef

MODE_NAMES = {Mode.LIVE: "ostrý", Mode.REHEARSAL: "zkušební"}


def fm_06(subject: Subject) -> Found:
    """Voting ended no earlier than the law's end, an extension has a reason, the handover is no earlier."""
    circumstances, ends = subject.circumstances, subject.reference.election.calendar.voting_ends
    ended, handed_over = circumstances.voting_ended, circumstances.handed_over
    if not subject.tell_all and ended is None and handed_over is not None and handed_over >= ends:
        return UNKNOWN
    found = Found(unknown=ended is None or handed_over is None)
    if ended is not None:
        kind, ok = "ended", ended >= ends
        if ended > ends:
            kind, ok = "extended", bool(circumstances.extension_reason.strip())
        if subject.tell_all or not ok:
            found.add(kind, (), _local(ended, ends.tzinfo), _local(ends, ends.tzinfo), ok)
    if handed_over is not None:
        latest = ends if ended is None else max(ended, ends)
        ok = handed_over >= latest
        if subject.tell_all or not ok:
            left, right = _local(handed_over, ends.tzinfo), _local(latest, ends.tzinfo)
            found.add("handed_over", (), left, right, ok)
    return found


def pr_01(subject: Subject) -> Found:
    """A revision above the first is a correction: next in number, flagged, with reason and author."""
    circumstances = subject.circumstances
    if circumstances.revision <= 1:
        return Found(unknown=True)  # no correction
    found = Found()
    following = circumstances.accepted_revision + 1
    if circumstances.accepted_revision == 0:
        found.add("nothing", (), circumstances.revision, 1, False)
    elif subject.tell_all or circumstances.revision != following:
        same = circumstances.revision == following
        found.add("revision", (), circumstances.revision, following, same)
    if subject.corrected is None:
        found.unknown = True  # FM-01 speaks of the flag
    elif subject.tell_all or subject.corrected != 1:
        found.add("flag", (FieldRef("OPRAVA"),), subject.corrected, 1, subject.corrected == 1)
    for kind, text in (("reason", circumstances.reason), ("author", circumstances.author)):
        if subject.tell_all or not text.strip():
            found.add(kind, (), text or None, None, bool(text.strip()))
    return found


def pr_02(subject: Subject) -> Found:
    handed_over = subject.circumstances.handed_over
    if handed_over is None:
        return Found(unknown=True)
    found = Found()
    ends = subject.reference.election.calendar.delivery_ends
    in_time = handed_over <= ends
    if subject.tell_all or (not in_time and not subject.circumstances.late_permit):
        kind = "time" if in_time or not subject.circumstances.late_permit else "permit"
        left, right = _local(handed_over, ends.tzinfo), _local(ends, ends.tzinfo)
        found.add(kind, (), left, right, in_time or subject.circumstances.late_permit)
    return found


def pr_03(subject: Subject) -> Found:
    circumstances = subject.circumstances
    if not circumstances.printing_confirmation:
        return Found(unknown=True)
    found = Found()
    if circumstances.receipt_hash is None:
        found.add("no_receipt", (), None, None, False)
        return found
    try:
        content = content_hash(complete(subject.reading))
    except Incomplete:
        return Found(unknown=True)
    same = content == circumstances.receipt_hash
    if subject.tell_all or not same:
        found.add("receipt", (), content, circumstances.receipt_hash, same)
    return found


def pr_04(subject: Subject) -> Found:
    stated, ours = subject.circumstances.document_mode, subject.reference.election.mode
    found = Found(unknown=stated is None)
    if stated is not None and (stated is not ours or subject.tell_all):
        found.add("mode", (FieldRef("REZIM"),), stated.value, ours.value, stated is ours)
    return found


def _local(moment: datetime, zone: tzinfo | None) -> str:
    """In the calendar's own time zone, as people write it: 22. 9. 2024 14:05."""
    local = moment.astimezone(zone)
    return f"{local.day}. {local.month}. {local.year} {local.hour}:{local.minute:02d}"
