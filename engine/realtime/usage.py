"""Counting honestly: sound by its length, text by its words (openai.md, 3.8)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from engine.realtime.config import RealtimeConfig
from engine.realtime.history import item_words, words
from engine.realtime.items import Item

USER_TOKEN_MS = 100
ASSISTANT_TOKEN_MS = 50


def input_tokens(config: RealtimeConfig, items: Sequence[Item]) -> tuple[int, int]:
    """Text and audio tokens of what one answer was thought from."""
    text, audio = words(config.instructions), 0
    text += sum(words(json.dumps(tool.model_dump(), ensure_ascii=False)) for tool in config.tools)
    for item in items:
        if sound := item.sound:
            audio += math.ceil(sound.ms / (USER_TOKEN_MS if item.role == "user" else ASSISTANT_TOKEN_MS))
        else:
            text += item_words(item)
    return text, audio


def output_tokens(items: Sequence[Item], sound_ms: int) -> tuple[int, int]:
    """Text and audio tokens of what was made, also of what nobody heard to its end."""
    text = sum(words(part.text or "") for item in items for part in item.parts)
    text += sum(words(item.arguments) + words(item.name) for item in items if item.type == "function_call")
    return text, math.ceil(sound_ms / ASSISTANT_TOKEN_MS)


def usage(taken: tuple[int, int], made: tuple[int, int]) -> dict[str, Any]:
    """`response.usage`. Nothing is cached and there are no images here."""
    kinds = ("text_tokens", "audio_tokens")
    cached = {"text_tokens": 0, "audio_tokens": 0, "image_tokens": 0}
    return {
        "total_tokens": sum(taken) + sum(made),
        "input_tokens": sum(taken),
        "output_tokens": sum(made),
        "input_token_details": {
            **dict(zip(kinds, taken, strict=True)),
            "image_tokens": 0,
            "cached_tokens": 0,
            "cached_tokens_details": cached,
        },
        "output_token_details": dict(zip(kinds, made, strict=True)),
    }
