"""One target under atheris, in a process of its own: `python -m tests.fuzzing.child TARGET …`, the rest being
libFuzzer's own arguments.

The program is imported under the fuzzer's eyes, so that it sees which branches an input reaches. It ends as
libFuzzer does: 0 at the end of its time, another status with the input beside when a target failed.
"""

from __future__ import annotations

import logging
import random
import sys

import atheris


def main() -> None:
    name, *arguments = sys.argv[1:]
    from tests.fuzzing import mutations
    from tests.fuzzing.targets import named

    logging.disable(logging.CRITICAL)
    with atheris.instrument_imports(include=["app", "h11", "uvicorn", "starlette"]):
        made = named(name).made()

    def mutator(data: bytes, longest: int, seed: int) -> bytes:
        """Half of the changes know what the readers' texts look like, the other half are libFuzzer's own."""
        chance = random.Random(seed)
        if chance.random() < 0.5:
            return bytes(atheris.Mutate(data, longest))
        return mutations.changed(data, chance, made.seeds, longest)

    atheris.Setup(["fuzzing", *arguments], made.run, custom_mutator=mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
