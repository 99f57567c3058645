"""A short look at the Redis behind the workers: does it answer, and how many workers live?"""

from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError

SHORT = 0.5
"""Seconds: nobody who asks after our health waits for a server that is away."""


@dataclass(frozen=True)
class QueueServer:
    """What was seen."""

    answers: bool
    workers: int = 0


def queue_server(url: str) -> QueueServer:
    """RQ keeps each living worker under a key of its own that lapses soon after the worker died."""
    try:
        with Redis.from_url(url, socket_timeout=SHORT, socket_connect_timeout=SHORT) as redis:
            names = [str(name, "utf-8", "replace") for name in redis.smembers("rq:workers")]
            return QueueServer(True, int(redis.exists(*names)) if names else 0)
    except (RedisError, OSError, ValueError):
        return QueueServer(False)
