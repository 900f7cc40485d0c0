"""Two ways of doing one thing, measured turn by turn, so that a busy machine is busy for both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

Once = Callable[[], float]  # does it once; milliseconds


class Compared(NamedTuple):
    ours: list[float]
    bare: list[float]

    def row(self, name: str, note: str = "") -> str:
        ours, bare = statistics.median(self.ours), statistics.median(self.bare)
        slow = statistics.quantiles(self.ours, n=20)[-1]
        return f"{name:<34}{ours:>9.2f}{bare:>9.2f}{ours / bare:>8.1f}×{ours - bare:>9.2f}{slow:>9.2f}   {note}"


HEADINGS = f"{'median of each, in ms':<34}{'ours':>9}{'bare':>9}{'ratio':>9}{'added':>9}{'95 %':>9}"


def compare(ours: Once, bare: Once, rounds: int, warm_up: int) -> Compared:
    for _ in range(warm_up):
        ours()
        bare()
    pairs = [(ours(), bare()) for _ in range(rounds)]
    return Compared([first for first, _ in pairs], [second for _, second in pairs])


def timed(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return (time.perf_counter() - start) * 1000
