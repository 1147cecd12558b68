"""Every page and act of the operations room, under the names that the table of routes gives them."""

from __future__ import annotations

from app.central.room.deeds import Deeds
from app.central.room.views import Views


class Pages(Views, Deeds):
    """What `app.central.room.routes` names."""
