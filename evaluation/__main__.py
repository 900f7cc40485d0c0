"""`python -m evaluation [--failures] [name of a case file ...]`: score the engine, and show what it got wrong."""

import asyncio
import sys
import time
from collections.abc import Sequence

from evaluation.judge import Verdict
from evaluation.run import evaluate, read_cases, running_engine
from evaluation.score import ADMITTED, RIGHT, score

REACHED = {True: "reached", False: "not reached"}


def main() -> int:
    names = [word for word in sys.argv[1:] if not word.startswith("-")]
    cases = [case for case in read_cases() if not names or case.origin in names]
    begun = time.monotonic()
    with running_engine() as base_url:
        verdicts = asyncio.run(evaluate(base_url, cases))
    took = time.monotonic() - begun
    if "--failures" in sys.argv[1:]:
        show_failures(verdicts)
    print_table(verdicts)
    homes = len({verdict.case.listing for verdict in verdicts})
    print(f"\n{len(cases)} conversations about {homes} homes in {took:.0f} s.")
    total, apart = score(verdicts), score(held_out(verdicts))
    print(f"Held out: {apart.right:.1%} right of {apart.cases}.")
    print(
        f"Wanted of all: {RIGHT:.0%} right, 0 wrong figures, {ADMITTED:.0%} admitted: {REACHED[total.is_good_enough]}."
    )
    return 0 if total.is_good_enough else 1


def held_out(verdicts: Sequence[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.case.held_out]


def print_table(verdicts: Sequence[Verdict]) -> None:
    print(f"{'':22}   cases    right  wrong figures  admitted")
    for category in sorted({verdict.case.category for verdict in verdicts}):
        _row(category, [verdict for verdict in verdicts if verdict.case.category == category])
    print()
    for origin in sorted({verdict.case.origin for verdict in verdicts}):
        _row(f"({origin})", [verdict for verdict in verdicts if verdict.case.origin == origin])
    _row("all", verdicts)


def _row(name: str, verdicts: Sequence[Verdict]) -> None:
    part = score(verdicts)
    admitted = f"{part.admitted:8.1%} of {part.unknown}" if part.unknown else ""
    print(f"{name:22} {part.cases:7} {part.right:8.1%} {part.wrong_figures:14} {admitted}")


def show_failures(verdicts: Sequence[Verdict]) -> None:
    for verdict in verdicts:
        if verdict.is_right:
            continue
        case, heard = verdict.case, verdict.heard
        print(f"{case.origin} / {case.listing} / {case.category}: {' >> '.join(case.say)}")
        print(f"    wanted   {case.expect} {case.right or ''} {case.tool} {case.arguments or ''} not {case.wrong}")
        print(f"    answered {heard.text}")
        print(f"    called   {[(name, list(arguments.values())) for name, arguments in heard.calls]}")
        if verdict.wrong_figures:
            print(f"    WRONG FIGURES {verdict.wrong_figures}")


if __name__ == "__main__":
    sys.exit(main())
