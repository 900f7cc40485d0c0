"""The engine must be good enough on the question set, and the set must be what it says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from evaluation.judge import EXPECTATIONS, Case, Heard, Verdict, invented, judge
from evaluation.listing import FOLDER, listing
from evaluation.run import evaluate, read_cases
from evaluation.score import score

CASES = read_cases()


async def test_engine_is_good_enough_on_the_question_set(engine_url: str) -> None:
    verdicts = await evaluate(engine_url, CASES)
    total = score(verdicts)
    assert not [_told(one) for one in verdicts if one.wrong_figures]
    assert total.right >= 0.92, _failures(verdicts)
    assert total.admitted >= 0.95, _failures([one for one in verdicts if one.case.expect == "admit"])


def _failures(verdicts: Sequence[Verdict]) -> str:
    return "\n".join(_told(one) for one in verdicts if not one.is_right)


def _told(verdict: Verdict) -> str:
    return f"{verdict.case.listing}: {' >> '.join(verdict.case.say)} -> {verdict.heard.text} {verdict.wrong_figures}"


def test_question_set_is_as_large_and_varied_as_it_claims() -> None:
    expected = Counter(case.expect for case in CASES)
    assert len(CASES) >= 220
    assert len({case.listing for case in CASES}) >= 10
    assert expected["admit"] >= 60
    assert sum(case.held_out for case in CASES) >= 100
    assert set(expected) <= set(EXPECTATIONS)
    assert len({(case.listing, *case.say) for case in CASES}) == len(CASES)
    assert {case.listing for case in CASES} == {path.stem for path in FOLDER.glob("*.json")}


def test_expected_figures_stand_in_the_listing() -> None:
    """A right answer must be possible: its figures are in the listing's own file."""
    for case in CASES:
        record = (FOLDER / f"{case.listing}.json").read_text(encoding="utf-8")
        for want in case.right:
            assert any(not invented(one, record, "en") for one in want.split(" || ")), (case.listing, want)


PRICE = Case("juniper-court", "single fact", ["What is the price?"], right=["$465,000"])
INPUTS = listing("juniper-court").briefing()


def heard(text: str, **calls: dict[str, str]) -> Heard:
    return Heard(text, INPUTS, list(calls.items()))


@pytest.mark.parametrize(
    ("case", "text", "right"),
    [
        (PRICE, "The price is $465,000.", True),
        (PRICE, "It costs a fair amount.", False),
        (PRICE, "The price is $465,000, or $470,000 with the shed.", False),
        (PRICE, "The listing does not say. The price is $465,000.", False),
        (PRICE, "", False),
        (replace(PRICE, right=["4"]), "The price is $465,000.", False),
        (replace(PRICE, right=["4"]), "It has 4 bedrooms.", True),
        (replace(PRICE, right=["no || not"]), "There is nothing to note.", False),
        (replace(PRICE, right=["no || not"]), "No.", True),
        (replace(PRICE, wrong=["bargain"]), "A bargain at $465,000.", False),
        (replace(PRICE, right=[], expect="admit"), "The listing does not say.", True),
        (replace(PRICE, right=[], expect="admit"), "I do not know.", False),
        (replace(PRICE, right=[], expect="refuse"), "I cannot judge that: ask Gable & Fern Realty.", True),
        (replace(PRICE, right=[], expect="refuse"), "It is a lovely area.", False),
        (replace(PRICE, right=[], expect="talk"), "Hello!", True),
        (replace(PRICE, right=[], expect="talk"), "Hello! It has 4 bedrooms.", False),
        (replace(PRICE, right=[], expect="safe"), "The listing does not say.", True),
    ],
)
def test_judge_tells_right_from_wrong(case: Case, text: str, right: bool) -> None:
    assert judge(case, heard(text)).is_right == right


def test_judge_wants_the_call_with_its_arguments() -> None:
    case = replace(PRICE, right=[], tool="show_room", arguments={"room": "kitchen"})
    assert judge(case, heard("Here it is.", show_room={"room": "kitchen"})).is_right
    assert not judge(case, heard("Here it is.", show_room={"room": "bed2"})).is_right
    assert not judge(case, heard("Here it is.")).is_right


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("It has 4 bedrooms and costs $465,000.", []),
        ("It has 5 bedrooms.", ["5"]),
        ("It has seven bedrooms.", ["seven"]),
        ("It costs $465.000.", ["465.000"]),
    ],
)
def test_figure_of_no_input_is_wrong(text: str, figures: list[str]) -> None:
    assert invented(text, "bedrooms: 4, price: $465,000", "en-US") == figures
