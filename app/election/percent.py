"""Percentages in hundredths of a per cent, as whole numbers, the two ways in which they are published.

Which of the two applies to which figure is the published documents' business; here is only the
arithmetic. Verified to the last digit on the official documents of four elections.
"""


def truncated(part: int, whole: int) -> int:
    """Share of `part` in `whole` in hundredths of a per cent, cut off: 7 972 of 159 447 is 499 ("4.99").

    Nothing of nothing is 0.
    """
    return part * 10_000 // whole if whole else 0


def rounded(part: int, whole: int) -> int:
    """Share of `part` in `whole` in hundredths of a per cent, rounded half up; nothing of nothing is 0."""
    return (part * 20_000 + whole) // (2 * whole) if whole else 0


def text(hundredths: int) -> str:
    """As printed in the published documents: 499 → "4.99", 10000 → "100.00"."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"
