from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.judge import Verdict

RIGHT, ADMITTED = 0.92, 0.95


@dataclass(frozen=True)
class Score:
    cases: int
    right: float
    wrong_figures: int
    unknown: int
    admitted: float

    @property
    def is_good_enough(self) -> bool:
        return self.right >= RIGHT and self.admitted >= ADMITTED and not self.wrong_figures


def score(verdicts: Sequence[Verdict]) -> Score:
    """`admitted` is the share of the out-of-record questions that were admitted; 1 when there were none."""
    unknown = [verdict for verdict in verdicts if verdict.case.expect == "admit"]
    return Score(
        cases=len(verdicts),
        right=_share([verdict.is_right for verdict in verdicts]),
        wrong_figures=sum(bool(verdict.wrong_figures) for verdict in verdicts),
        unknown=len(unknown),
        admitted=_share([verdict.admitted for verdict in unknown]),
    )


def _share(marks: Sequence[bool]) -> float:
    return sum(marks) / len(marks) if marks else 1.0
