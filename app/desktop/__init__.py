"""The desk: Qt windows, pages and table models for the clerk and the supervisor.

No logic lives here: a button is a call on the station. The only floor that knows Qt.
"""

from app.desktop.singletons import make_immortal

make_immortal()
