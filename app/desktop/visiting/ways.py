"""Which ways on the verdict page offers for a card, and in words why acceptance is closed. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.desktop.texts import t
from app.desktop.visit import Card
from app.station.offers import Standing


@dataclass(frozen=True, slots=True)
class Ways:
    """Acts whose buttons are shown, those of them that are open, and why the protocol cannot be accepted."""

    shown: frozenset[str]
    open: frozenset[str]
    why: str = ""


def ways(card: Card) -> Ways:
    """The ways of a card: held ones are approved or sent back, others taken in, mended or refused."""
    if card.held is not None:
        acts = frozenset({"approve", "send_back"})
        return Ways(acts, acts)
    offer = card.offer
    different = offer.standing is Standing.DIFFERENT and not offer.is_correction
    # Totals are typed only for what could be taken in otherwise: any other fault is mended or refused first.
    others = [result for result in offer.verdict.blocking if result.rule_id != "KC-05"]
    to_paper = card.has_paper_to_compare and not different and not others and not offer.provisional
    shown = {
        "retype": to_paper,
        "accept": not to_paper,
        "correct": different,
        "hold": offer.can_hold and not card.has_paper_to_compare,
        "mend": not offer.provisional and not different,
        "refuse": not offer.accepted_revision,
    }
    acts = frozenset(name for name, is_shown in shown.items() if is_shown)
    closed = set() if offer.can_accept and not card.has_paper_to_compare else {"accept"}
    return Ways(acts, acts - closed, _why_closed(card, different))


def _why_closed(card: Card, different: bool) -> str:
    offer = card.offer
    others = [result.rule_id for result in offer.verdict.blocking if result.rule_id != "KC-05"]
    if different:
        return t("verdict.why_different")
    if others:
        return t("verdict.why_blocked", rules=", ".join(others))
    if card.differing:
        return t("visit.why_differs")
    if card.to_retype:
        return t("visit.why_retype")
    if offer.verdict.blocking:
        return t("verdict.why_blocked", rules=", ".join(r.rule_id for r in offer.verdict.blocking))
    if offer.verdict.needs_reason and not offer.can_accept:
        return t("verdict.why_hold")
    return ""
