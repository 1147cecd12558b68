"""Where the files of `resources/` are: schemas, SQL, reference facts, texts, pictures.

Any floor of the house may ask. In a checkout they lie beside `app/`; in a program frozen by
PyInstaller they are unpacked beside it, at the place that the frozen interpreter names.
"""

import sys
from pathlib import Path


def path(*parts: str) -> Path:
    """The path of one resource: `path("xsd", "davka.xsd")`; whether it exists is the caller's to find out."""
    frozen_root: str | None = getattr(sys, "_MEIPASS", None)
    root = Path(frozen_root) if frozen_root is not None else Path(__file__).resolve().parent.parent
    return root.joinpath("resources", *parts)
