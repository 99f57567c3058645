"""RQ's queues: how work is handed over, and whether anybody is there to take it."""

import time
from collections.abc import Sequence

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer
from rq.worker_registration import get_keys

from worker.sources import Source

AWAY = 1.0
"""Seconds for which a Redis that did not answer is not asked again."""

DISTRUST = 15.0
"""Seconds for which a queue gets nothing after something given to it was not done in time."""

SOON = 0.5
"""Seconds that a Redis may take to answer, and for which a worker seen alive is taken to be so."""

log = structlog.get_logger("clock")


class Queues:
    """What is given here is done by a worker, or given back at once; Redis is the record of nothing."""

    def __init__(self, redis_url: str) -> None:
        patience = {"socket_timeout": SOON, "socket_connect_timeout": SOON, "retry": Retry(NoBackoff(), 1)}
        self._redis = Redis.from_url(redis_url, **patience)
        self._not_before: dict[str, float] = {}
        self._seen: dict[str, float] = {}

    def take(self, source: Source, ids: Sequence[int]) -> bool:
        """Whether a worker has it now. Where Redis is away or nobody listens: False, and nothing is kept."""
        if time.monotonic() < self._not_before.get(source.queue, 0):
            return False
        try:
            return self._is_listened_to(source.queue) and self._enqueue(source, ids)
        except RedisError as away:
            self._not_before[source.queue] = time.monotonic() + AWAY
            log.debug("redis is away, so the clock does it", fault=str(away))
            return False

    def distrust(self, queue: str) -> None:
        """Something handed out was not done in time: whoever listens may be dead without our knowing."""
        self._not_before[queue] = time.monotonic() + DISTRUST

    def _is_listened_to(self, queue: str) -> bool:
        if time.monotonic() > self._seen.get(queue, 0):
            workers = get_keys(Queue(queue, connection=self._redis))
            if not workers or not self._redis.exists(*workers):
                return False
            self._seen[queue] = time.monotonic() + SOON
        return True

    def _enqueue(self, source: Source, ids: Sequence[int]) -> bool:
        """The job is dropped unread once its lease is over: the clock has then done it."""
        lease = int(source.lease.total_seconds())
        Queue(source.queue, connection=self._redis, serializer=JSONSerializer).enqueue(
            f"worker.jobs.{source.name}", list(ids), job_timeout=max(lease - 1, 10), ttl=lease,
            result_ttl=0, failure_ttl=60,
        )  # fmt: skip
        return True
