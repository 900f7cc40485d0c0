"""The core of a Realtime session, without I/O; the doors and the backends are joined to it by their runner."""

from engine.realtime.config_patch import check_config
from engine.realtime.limits import Limits
from engine.realtime.session import Session
from engine.realtime.turns import Detector

__all__ = ["Detector", "Limits", "Session", "check_config"]
