"""Numbers for Prometheus: how fast the phone line answers, what is open, how far behind the clock is."""

import hmac
import ipaddress
import os
import time
from collections.abc import Iterator
from dataclasses import asdict

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from callbacks import queue
from callbacks.work import Desk
from console.health import behind
from console.room import Room

BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)
"""Seconds. 50 ms is the aim of a turn, 15 s the carrier's end of patience."""


class Metrics:
    """Measured requests, and counts made at the scrape."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.own = CollectorRegistry()
        self.seconds = Histogram(
            "ringback_request_seconds", "Time to answer a request", ["route", "code"],
            buckets=BUCKETS, registry=self.own,
        )  # fmt: skip

    def watch(self, app: Flask) -> None:
        """Measure every request by its route, never by its address: a reference is no label."""
        app.before_request(self._begin)
        app.after_request(self._end)

    def show(self) -> Response:
        """To the machine itself, or to who holds the token; nobody else learns that it is there."""
        if not self._may_see():
            raise NotFound
        return Response(generate_latest(self._gathered()), content_type=CONTENT_TYPE_LATEST)

    def _begin(self) -> None:
        g.began = time.perf_counter()

    def _end(self, response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        spent = time.perf_counter() - g.get("began", time.perf_counter())
        self.seconds.labels(route, response.status_code).observe(spent)
        return response

    def _gathered(self) -> CollectorRegistry:
        """With several web processes each writes its own file, and whichever is asked adds them up."""
        registry = self.own
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        whole = CollectorRegistry()
        whole.register(_Both(registry, self.room.desk))
        return whole

    def _may_see(self) -> bool:
        token = self.room.place.metrics_token
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token and hmac.compare_digest(given.encode(), token.encode()):
            return True
        return not _came_through_a_proxy() and _is_loopback(request.remote_addr or "")


class _Both(Collector):
    """What was measured and what is counted now."""

    def __init__(self, measured: CollectorRegistry, desk: Desk) -> None:
        self.measured = measured
        self.desk = desk

    def collect(self) -> Iterator[Metric]:
        """A database that is away leaves the counts out, and never the rest."""
        yield from self.measured.collect()
        try:
            with self.desk.reading() as work:
                counts, lag = queue.backlog(work.session, work.now), behind(work)
        except SQLAlchemyError:
            return
        gauge = GaugeMetricFamily("ringback_open_requests", "Requests open now", labels=["which"])
        for name, count in asdict(counts).items():
            gauge.add_metric([name], count)
        yield gauge
        yield GaugeMetricFamily(
            "ringback_clock_behind_seconds", "Age of the most overdue alarm", value=lag.total_seconds()
        )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _came_through_a_proxy() -> bool:
    """Behind a proxy on the same machine every stranger seems to come from it."""
    return any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip"))
