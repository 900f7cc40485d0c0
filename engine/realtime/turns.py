"""When somebody starts and stops speaking, from one probability per frame."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal, Protocol

from engine.realtime.audio import BYTES_PER_MS, size_of
from engine.realtime.config import SemanticVad, TurnDetection

FRAME_MS = 32
FRAME_BYTES = FRAME_MS * BYTES_PER_MS

# Speech begins with two likely frames of three: one alone is a click, and 64 ms are well below the 200 ms in which
# a visitor expects us to fall silent.
WINDOW, LIKELY = 3, 2
# A voice fades: below this much under the threshold counts as silence (the hysteresis of Silero's own iterator).
HYSTERESIS = 0.15

# We have no model of meaning. `semantic_vad` is a wait in silence, by eagerness, without the hosted service's
# reading of the words; its maximum waits of 8, 4 and 2 s would be dead air here.
EAGERNESS_MS = {"low": 1200, "medium": 600, "auto": 600, "high": 350}
SEMANTIC_THRESHOLD = 0.5
SEMANTIC_PADDING_MS = 300


class Detector(Protocol):
    def probability(self, frame: bytes) -> float:
        """That somebody speaks in exactly 1,536 bytes: 32 ms of PCM16 24 kHz. Frames come in order."""

    def reset(self) -> None:
        """What comes next does not follow what came before."""


@dataclass(frozen=True, slots=True)
class Rules:
    threshold: float
    padding_bytes: int
    silence_ms: int

    @classmethod
    def of(cls, detection: TurnDetection) -> Rules:
        if isinstance(detection, SemanticVad):
            silence = EAGERNESS_MS[detection.eagerness]
            return cls(SEMANTIC_THRESHOLD, size_of(SEMANTIC_PADDING_MS), silence)
        return cls(detection.threshold, size_of(detection.prefix_padding_ms), detection.silence_duration_ms)

    @property
    def silent_frames(self) -> int:
        return max(math.ceil(self.silence_ms / FRAME_MS), 1)


class Turns:
    def __init__(self, detector: Detector) -> None:
        self.speaking = False
        self._detector = detector
        self._window: deque[bool] = deque(maxlen=WINDOW)
        self._silent = 0

    def look(self, frame: bytes, rules: Rules) -> Literal["started", "stopped"] | None:
        probability = self._detector.probability(frame)
        if not self.speaking:
            self._window.append(probability >= rules.threshold)
            if sum(self._window) < LIKELY:
                return None
            self.speaking, self._silent = True, 0
            return "started"
        self._silent = 0 if probability >= rules.threshold - HYSTERESIS else self._silent + 1
        if self._silent < rules.silent_frames:
            return None
        self.rest()
        return "stopped"

    @property
    def onset_frames(self) -> int:
        """How many of the last frames belong to the speech that has just started."""
        return len(self._window) - list(self._window).index(True)

    def rest(self) -> None:
        """Nobody speaks, from here on."""
        self.speaking = False
        self._window.clear()

    def reset(self) -> None:
        self.rest()
        self._detector.reset()
