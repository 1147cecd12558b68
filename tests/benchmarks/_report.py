"""How a benchmark measures and reports: a figure beside a floor of the same run, never a bare time.

Machines differ and so does one machine from hour to hour; a ratio to the least that the work can cost
(raw parse, raw signature, raw commit) does not. A benchmark is a module with a `main()` that ends in
`report(...)`: one line on the output, and the exit code 1 when it is short of its budget.

    from tests.benchmarks._report import best_of, report

    def main() -> None:
        floor = best_of(lambda: etree.fromstring(raw))
        figure = best_of(lambda: read_protocol(raw))
        report("read-protocol", figure * 1000, "ms", floor=floor * 1000, at_most_ratio=4)

    if __name__ == "__main__":
        main()
"""

import sys
import time
from collections.abc import Callable


def best_of(work: Callable[[], object], *, repeats: int = 5) -> float:
    """The least of some durations in seconds: what the work costs when nothing else disturbs it."""
    durations = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        durations.append(time.perf_counter() - start)
    return min(durations)


def percentile(values: list[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def line(
    name: str,
    figure: float,
    unit: str,
    *,
    floor: float,
    at_most: float | None = None,
    at_least: float | None = None,
    at_most_ratio: float | None = None,
    also: str = "",
) -> tuple[str, bool]:
    """The line of one figure, and whether it keeps its budget; `also` is told beside it.

    Give `at_least` for a rate (more is better): its floor is then the most that is possible. The ratio
    always says how many times worse than the floor, so that less is better.
    """
    ratio = floor / figure if at_least is not None else figure / floor
    shortfalls = []
    if at_most is not None and figure > at_most:
        shortfalls.append(f"at most {at_most:.4g} {unit} allowed")
    if at_least is not None and figure < at_least:
        shortfalls.append(f"at least {at_least:.4g} {unit} wanted")
    if at_most_ratio is not None and ratio > at_most_ratio:
        shortfalls.append(f"a ratio of at most {at_most_ratio:.4g} allowed")
    beside = f" ({also})" if also else ""
    text = f"{name}: {figure:.4g} {unit}{beside}, floor {floor:.4g} {unit}, ratio {ratio:.2f}"
    return text + "".join(f"; SHORT: {shortfall}" for shortfall in shortfalls), not shortfalls


def report(
    name: str,
    figure: float,
    unit: str,
    *,
    floor: float,
    at_most: float | None = None,
    at_least: float | None = None,
    at_most_ratio: float | None = None,
) -> None:
    """Print the line of a figure; end the program with exit code 1 when it is short of its budget."""
    text, kept = line(
        name, figure, unit, floor=floor, at_most=at_most, at_least=at_least, at_most_ratio=at_most_ratio
    )
    print(text, flush=True)
    if not kept:
        sys.exit(1)
