"""`python -m tests.fuzzing --minutes 30`: fuzz every target, print what came of it, exit 1 after a crash."""

from __future__ import annotations

import argparse
import logging
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.fuzzing import campaign
from tests.fuzzing.targets import TARGETS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="of the wall's clock, for all targets")
    parser.add_argument("--processes", type=int, default=2, help="targets at once")
    parser.add_argument("--target", action="append", choices=TARGETS, help="only this one; may be repeated")
    parser.add_argument("--folder", type=Path, default=campaign.KEPT, help="where what was found is kept")
    parser.add_argument(
        "--replay", nargs=2, metavar=("TARGET", "FILE"), help="run one input, without atheris"
    )
    parser.add_argument("--keep", action="store_true", help="store the shortest telling inputs in the corpus")
    told = parser.parse_args()
    if told.replay:
        name, file = told.replay
        campaign.replay(TARGETS[name], [Path(file).read_bytes()])
        print("the target took this input as it should")
        return
    names = told.target or list(TARGETS)
    if told.keep:
        logging.disable(logging.CRITICAL)
        campaign.keep(names, told.folder)
        return
    if find_spec("atheris") is None:
        sys.exit("atheris is not installed; it exists for Linux and Python 3.11 to 3.13")
    outcomes = campaign.run(names, told.minutes * 60, told.processes, told.folder)
    print(campaign.table(outcomes))
    for one in outcomes:
        for crash in one.crashes:
            print(f"\n{crash}\nreplay: python -m tests.fuzzing --replay {one.target} {crash}")
        if one.failed:
            print("\n".join(one.words.splitlines()[-40:]))
    if any(one.failed for one in outcomes):
        sys.exit(1)


if __name__ == "__main__":
    main()
