"""The cache and the channel layer over a real Redis, where TEST_REDIS_URL names one."""

import os
import uuid

import pytest
from channels_redis.core import RedisChannelLayer
from django.core.cache.backends.redis import RedisCache

URL = os.environ.get("TEST_REDIS_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="TEST_REDIS_URL is not set")


def test_cache_keeps_a_value_in_redis():
    cache = RedisCache(URL, {"TIMEOUT": 30})
    key = uuid.uuid4().hex
    assert cache.get(key) is None
    cache.set(key, "kept")
    assert cache.get(key) == "kept"


async def test_channel_layer_carries_a_group_message():
    layer = RedisChannelLayer(hosts=[URL], prefix=uuid.uuid4().hex)
    channel = await layer.new_channel()
    await layer.group_add("conversation", channel)
    await layer.group_send("conversation", {"type": "changed"})
    assert await layer.receive(channel) == {"type": "changed"}
    await layer.close_pools()
