from .history import HistoryIsFixed, PriceChange, StatusChange
from .knowledge import KnowledgeEntry
from .media import Media
from .open_house import OpenHouse
from .private import PropertyPrivate
from .property import Property
from .room import Room
from .slug import SlugRedirect
from .tour import Hotspot, TourLink, TourNode

__all__ = [
    "HistoryIsFixed",
    "Hotspot",
    "KnowledgeEntry",
    "Media",
    "OpenHouse",
    "PriceChange",
    "Property",
    "PropertyPrivate",
    "Room",
    "SlugRedirect",
    "StatusChange",
    "TourLink",
    "TourNode",
]
