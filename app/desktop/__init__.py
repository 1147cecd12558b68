"""The desk: Qt windows, pages and table models for the clerk and the supervisor.

No logic lives here: a button is a call on the station. The only floor that knows Qt.
"""

# PySide6 reads the source of every module that is imported after it, to find out whether its features are
# meant to hold there. What knows nothing of Qt is loaded before it, which takes a tenth off the start.
from app.heap import without_collections

with without_collections():
    import app.station.station  # noqa: F401

from app.desktop.singletons import make_immortal

make_immortal()
