import random

import pytest

from engine.realtime.sentences import LONGEST, Sentences


def cut(text: str, pieces: list[str]) -> list[str]:
    sentences = Sentences()
    done = [sentence for piece in pieces for sentence in sentences.add(piece)] + sentences.rest()
    assert "".join(done) == text
    return [sentence.strip() for sentence in done]


CASES = [
    ["It lists for $1.5 million.", "That is a lot!"],
    ["The home has 1,850 sq. ft. of space.", "It is big."],
    ["It measures 900 sq. ft.", "The rest is garden."],
    ["Open at 9 a.m. on Sunday.", "Come at 10 a.m.", "We are there."],
    ["Ask Dr. Smith about No. 5.", "She knows."],
    ["Is there a pool?", "No.", "There is a pond."],
    ["Mr. J. Smith lives in St. Louis, e.g. downtown.", "Nice."],
    ["Well... it depends.", "Fine…", "Or not?", "Yes!"],
    ["He said “Hello.”", "Then he left."],
    ["Die Miete ab 3. Mai beträgt 5,50 Euro.", "Fertig."],
    ["Das kostet ca. 450 Euro, d.h. wenig.", "Gut."],
    ["First line", "Second line"],
    ["価格は高い。", "安い！"],
    ["Really?!", "Really."],
    ["Version 2.0 is in apt. 4.", "It costs 3.", "That is all."],
]


@pytest.mark.parametrize("sentences", CASES, ids=lambda sentences: sentences[0])
@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_sentences_end_where_a_reader_would_end_them(sentences: list[str], size: int) -> None:
    joint = "\n" if sentences[0] == "First line" else "" if sentences[0].endswith("。") else " "
    text = joint.join(sentences)
    assert cut(text, [text[place : place + size] for place in range(0, len(text), size)]) == sentences


def test_a_sentence_is_ready_as_soon_as_the_next_begins() -> None:
    sentences = Sentences()
    assert sentences.add("The fee is $450.") == []
    assert sentences.add(" I") == ["The fee is $450."]


@pytest.mark.parametrize("text", ["word " * 300, "x" * 2000, "one, two and three; " * 60, "… " * 300, "." * 1000])
def test_what_grows_too_long_is_cut_without_loss(text: str) -> None:
    assert all(len(sentence) <= LONGEST for sentence in cut(text, [text])[:-1])


def test_nothing_is_lost_or_doubled_whatever_comes() -> None:
    chance = random.Random(7)
    for _ in range(300):
        text = "".join(chance.choices("aB3 .!?…\n,\"'。St.No", k=chance.randrange(600)))
        pieces, place = [], 0
        while place < len(text):
            size = chance.randrange(1, 20)
            pieces.append(text[place : place + size])
            place += size
        cut(text, pieces)
