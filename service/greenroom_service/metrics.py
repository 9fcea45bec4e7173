"""Prometheus metrics of one service process, in a registry of its own."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_GRADING_BUCKETS = (0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 20.0, 60.0)


class Metrics:
    """What is counted. Labels are bounded: routes, not paths; verdicts, not users."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "greenroom_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self.request_seconds = Histogram(
            "greenroom_request_seconds",
            "Time to answer",
            ["route"],
            buckets=_REQUEST_BUCKETS,
            registry=self.registry,
        )
        self.submissions = Counter("greenroom_submissions", "Submissions graded", ["verdict"], registry=self.registry)
        self.grading_seconds = Histogram(
            "greenroom_grading_seconds", "Time to grade", buckets=_GRADING_BUCKETS, registry=self.registry
        )
        self.limited = Counter("greenroom_rate_limited", "Requests refused with 429", ["limit"], registry=self.registry)
        self.limiter_failures = Counter(
            "greenroom_rate_limiter_failures", "Requests let through because the store was down", registry=self.registry
        )
        self.listeners = Gauge("greenroom_event_listeners", "Open event streams", registry=self.registry)
        self.waiting = Gauge("greenroom_submissions_waiting", "Submissions in the queue", registry=self.registry)
        self.running = Gauge("greenroom_submissions_running", "Submissions being graded", registry=self.registry)

    def text(self) -> bytes:
        """The registry in Prometheus' text format."""
        return generate_latest(self.registry)
