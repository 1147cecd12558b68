"""What the operations room tells Prometheus: counts of what waits or is wrong, no station and no result."""

from __future__ import annotations

from app.central.room.watch import Look


def of(look: Look) -> dict[str, tuple[str, int]]:
    """Name → what it is, and its value now."""
    behind = look.publication.behind
    answers = {None: -1, False: 0, True: 1}[look.told.answers]
    return {
        "prebirka_points": ("Transfer points.", len(look.points)),
        "prebirka_points_silent": ("Points that miss protocols and were not heard lately.", len(look.silent)),
        "prebirka_points_behind": ("Points well below the country's share.", len(look.behind)),
        "prebirka_protocols_missing": (
            "Protocols that are expected and not there.", sum(each.missing for each in look.country),
        ),
        "prebirka_publication_lag_seconds": (
            "How long the oldest taken protocol waits for publication; 0 under the embargo.",
            0 if behind is None or look.embargo else int(behind.total_seconds()),
        ),
        "prebirka_publication_waiting": (
            "Protocols that are taken and not published.", look.publication.waiting,
        ),
        "prebirka_published_version": ("The last published version.", look.publication.version),
        "prebirka_quarantine_open": ("Stations in quarantine.", len(look.quarantine)),
        "prebirka_conflicts_open": (
            "Conflicts that nothing came after.", sum(not each.settled for each in look.conflicts),
        ),
        "prebirka_undecided": ("Areas that wait for a decision of people.", len(look.undecided)),
        "prebirka_proposals_open": ("Proposals that wait for a second person.", look.proposals),
        "prebirka_centre_answers": ("Whether the centre answers: 1 or 0; -1 where nobody asks.", answers),
        "prebirka_store_is_older": ("Whether stations heard of more than the store holds (CEN-26).",
                                    int(look.told.beyond > 0)),
    }  # fmt: skip
