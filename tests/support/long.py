"""Whether the long form of tests runs: every width, colour scheme, form and row, not one of each kind.

The suite runs the short form, which tries every rule at least once; PREBIRKA_LONG=1 runs the whole.
"""

from __future__ import annotations

import os

LONG = os.environ.get("PREBIRKA_LONG", "") not in ("", "0")
