"""`python -m evaluation [-v]`: score the engine; -v shows what it got wrong."""

import sys
from collections.abc import Callable, Iterable

from evaluation.judge import Verdict
from evaluation.run import evaluate
from evaluation.score import Score, score


def main() -> int:
    verdicts = evaluate()
    if "-v" in sys.argv[1:]:
        _show(verdict for verdict in verdicts if not verdict.is_right)
    _table("category", verdicts, lambda verdict: verdict.case.category)
    _table("listing", verdicts, lambda verdict: verdict.case.listing)
    total = score(verdicts)
    print(
        f"\n{total.cases} questions over {len({verdict.case.listing for verdict in verdicts})} listings: "
        f"{total.right:.1%} right, {total.wrong_figures} wrong figures, "
        f"{total.admitted:.1%} of {total.unknown} out of the record admitted."
    )
    print("Good enough." if total.is_good_enough else "Not good enough: 92 % right, 0 wrong figures, 95 % admitted.")
    return 0 if total.is_good_enough else 1


def _show(verdicts: Iterable[Verdict]) -> None:
    for verdict in verdicts:
        case = verdict.case
        print(f"{case.listing} / {case.category}: {' >> '.join(case.say)}")
        print(f"    wanted   {case.expect} {case.right or ''} {case.tool} {case.arguments or ''}")
        print(f"    answered {verdict.heard.text}")
        print(f"    called   {[(name, list(args.values())) for name, args in verdict.heard.calls]}")
        if verdict.wrong_figures:
            print(f"    WRONG FIGURES {verdict.wrong_figures}")


def _table(heading: str, verdicts: list[Verdict], group: Callable[[Verdict], str]) -> None:
    print(f"\n{heading:24} right")
    for name in sorted({group(verdict) for verdict in verdicts}):
        part: Score = score([verdict for verdict in verdicts if group(verdict) == name])
        print(f"{name:24} {part.right:6.1%}  of {part.cases}")


if __name__ == "__main__":
    sys.exit(main())
