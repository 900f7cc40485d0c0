import numpy as np
import pytest

from engine.backends import RATE
from engine.realtime.audio import COMPRESSED, EXPANDED, Chunks, Decoder, Encoder
from engine.realtime.config import Format, Pcm, Pcma, Pcmu

PCMU, PCMA = Pcmu(type="audio/pcmu"), Pcma(type="audio/pcma")


def tone(hertz: float, seconds: float = 1.0) -> bytes:
    place = np.arange(int(RATE * seconds))
    return (8000 * np.sin(2 * np.pi * hertz * place / RATE)).astype(np.int16).tobytes()


def loudness(pcm: bytes) -> float:
    return float(np.frombuffer(pcm, np.int16).astype(float).std())


@pytest.mark.parametrize(
    ("name", "code", "sample"),
    [
        # ITU-T G.711, tables 1a to 2b: the loudest and the quietest of both signs
        ("audio/pcmu", 0x80, 32124),
        ("audio/pcmu", 0x00, -32124),
        ("audio/pcmu", 0xFF, 0),
        ("audio/pcmu", 0xFE, 8),
        ("audio/pcma", 0xAA, 32256),
        ("audio/pcma", 0x2A, -32256),
        ("audio/pcma", 0xD5, 8),
        ("audio/pcma", 0x55, -8),
    ],
)
def test_telephone_codes_are_those_of_the_standard(name: str, code: int, sample: int) -> None:
    assert EXPANDED[name][code] == sample
    assert EXPANDED[name][COMPRESSED[name][sample + 32768]] == sample


@pytest.mark.parametrize("audio_format", [PCMU, PCMA])
@pytest.mark.parametrize("size", [2, 334, 4800, 1_000_000])
def test_a_voice_survives_the_telephone_in_any_chunks(audio_format: Format, size: int) -> None:
    sound, encoder, decoder = tone(440), Encoder(audio_format), Decoder(audio_format)
    sent = b"".join(encoder.encode(sound[place : place + size]) for place in range(0, len(sound), size))
    assert sent == Encoder(audio_format).encode(sound)
    assert len(sent) == 8000
    back = b"".join(decoder.decode(sent[place : place + size]) for place in range(0, len(sent), size))
    assert len(back) == len(sound)
    assert loudness(back) == pytest.approx(loudness(sound), rel=0.05)


def test_what_a_telephone_cannot_carry_does_not_fold_back() -> None:
    kept, gone = (Decoder(PCMU).decode(Encoder(PCMU).encode(tone(hertz))) for hertz in (1000, 6500))
    assert loudness(gone) < loudness(kept) / 50


def test_pcm_goes_through_unchanged_and_only_in_whole_samples() -> None:
    pcm = Pcm(type="audio/pcm")
    assert Encoder(pcm).encode(b"\1\2") == Decoder(pcm).decode(b"\1\2") == b"\1\2"
    with pytest.raises(ValueError, match="whole samples"):
        Decoder(pcm).decode(b"\1")


def test_chunks_hold_back_nothing_at_first_and_half_a_sample_never() -> None:
    chunks = Chunks()
    assert chunks.add(b"\1") == []
    assert chunks.add(b"\1\1") == [b"\1\1"]
    assert chunks.add(b"\1" * 100) == []
    assert chunks.rest() == [b"\1" * 100]
    assert chunks.rest() == []
