"""Sentences of the checks in Czech and English (filled in below)."""

from app.election.verdict import Case, Result


def text_cs(result: Result, case: Case) -> str:
    """The case as a complete Czech sentence with its numbers."""
    return f"{result.rule_id} {case.kind}: {case.left} / {case.right}."


def text_en(result: Result, case: Case) -> str:
    """The case as a complete English sentence with its numbers."""
    return f"{result.rule_id} {case.kind}: {case.left} / {case.right}."
