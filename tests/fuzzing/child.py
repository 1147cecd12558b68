"""One target under atheris, in a process of its own: `python -m tests.fuzzing.child TARGET …`, the rest being
libFuzzer's own arguments.

The program is imported under the fuzzer's eyes, so that it sees which branches an input reaches. It ends as
libFuzzer does: 0 at the end of its time, another status with the input beside when a target failed.
"""

from __future__ import annotations

import logging
import sys

import atheris


def main() -> None:
    name, *arguments = sys.argv[1:]
    from tests.fuzzing.targets import named

    logging.disable(logging.CRITICAL)
    with atheris.instrument_imports(include=["app", "h11", "uvicorn", "starlette"]):
        made = named(name).made()
    atheris.Setup(["fuzzing", *arguments], made.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
