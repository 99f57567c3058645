"""Listening to one queue: RQ's worker with short times to live, through every blip of Redis."""

import logging
import time
from contextlib import suppress
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from rq.worker_registration import register

from worker import jobs  # noqa: F401 - before the first job, not with it
from worker.setup import means

TIME_TO_LIVE = 20
"""Seconds. RQ waits 15 less than this for a job before it shows that it lives."""

UPKEEP = 15
"""Seconds between RQ's looks for jobs whose worker died."""

AGAIN = 1.0
"""Seconds between two tries at a Redis that is away."""

log = structlog.get_logger("worker")


class Listener(SimpleWorker):
    """Does each job in its own process (six times the pace of forking), and outlives Redis."""

    max_connection_wait_time = AGAIN
    asked_to_stop = False
    _say_again = 0.0

    def request_stop(self, signum: int, frame: Any) -> None:
        """The job in hand is ended first."""
        self.asked_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        """A Redis that was emptied has forgotten us; say who we are again and again."""
        super().heartbeat(*args, **kwargs)
        if kwargs.get("pipeline") is None and self.birth_date and time.monotonic() > self._say_again:
            self.connection.hset(self.key, mapping={**self.serialize(), "state": self.get_state()})
            register(self)
            self._say_again = time.monotonic() + AGAIN


def listen(redis_url: str, queue: str) -> None:
    """Until told to stop. A Redis that is not there yet, or no more, is waited for."""
    logging.getLogger("rq.worker").setLevel(logging.CRITICAL)  # what matters of it is said here, once
    means()
    with suppress(StopRequested):
        _listen(redis_url, queue)


def _listen(redis_url: str, queue: str) -> None:
    """Who is told to stop while Redis is away stops too, though the farewell to it fails."""
    there, listener = True, None
    while listener is None or not listener.asked_to_stop:
        try:
            listener = _listener(redis_url, queue)
            log.info("listening", queue=queue)
            there = True
            listener.work(logging_level=None)
        except RedisError as away:
            if there:
                log.warning("redis is away; the clock does the work", queue=queue, fault=str(away))
            there = False
        if listener is None or not listener.asked_to_stop:
            time.sleep(AGAIN)


def _listener(redis_url: str, queue: str) -> Listener:
    connection = Redis.from_url(redis_url, socket_connect_timeout=2)
    heard = Queue(queue, connection=connection, serializer=JSONSerializer)
    return Listener(
        [heard], connection=connection, serializer=JSONSerializer, worker_ttl=TIME_TO_LIVE,
        maintenance_interval=UPKEEP, exception_handlers=[_say], disable_default_exception_handler=True,
        log_job_description=False,
    )  # fmt: skip


def _say(job: Any, kind: type[BaseException], fault: BaseException, trace: Any) -> bool:
    """The row is found again by its lease, so that the job itself may be forgotten."""
    log.error("a job failed", job=job.func_name, rows=job.args, exc_info=(kind, fault, trace))
    return False
