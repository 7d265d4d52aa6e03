"""Deliveries: planned once by key, claimed by a conditional update, settled by what the messenger said."""

from storage.repositories.deliveries.ahead import Ahead
from storage.repositories.deliveries.ends import Ends
from storage.repositories.deliveries.line import Line
from storage.repositories.deliveries.past import Past
from storage.repositories.deliveries.returned import Returned
from storage.repositories.deliveries.shown import Shown
from storage.repositories.deliveries.undone import Undone

__all__ = ["Deliveries"]


class Deliveries(Line, Ends, Undone, Past, Returned, Ahead, Shown):
    """Outgoing messages: the line they wait in, how they end, how they are taken back, what is left of them."""
