"""Prometheus metrics of one process: operations, their steps, calls at sources, what waits, and who works.

Rule: labels are few and bounded (kinds, steps, sources, services, methods, outcomes); never a machine, a server or a path.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric

from corral.contracts.border import Call
from corral.contracts.pace import Pace
from corral.contracts.sources import Source
from corral.contracts.watching import Heard
from corral.engine import Event, EventKind, Operation
from corral.services.drift import SyncedSource

_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0)
_STEP_ENDS = {EventKind.STEP_DONE: "done", EventKind.STEP_FAILED: "failed"}


class Metrics:
    """Counts in a registry of its own, so that several may live in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._operations = self._counter("operations", "Operations that ended here.", "kind", "outcome")
        self._durations = self._histogram("operation_seconds", "From request to end.", "kind", "outcome")
        self._steps = self._histogram("step_seconds", "How long a step took.", "step", "outcome")
        self._attention = self._counter("operations_needing_attention", "Times that undoing needed a person.")
        self._calls = self._counter("source_calls", "Calls at sources.", "source", "service", "method", "outcome")
        self._latency = self._histogram("source_call_seconds", "How long calls took.", "source", "service", "method")
        self._hints = self._counter(
            "hints", "Hints of changes at sources of hosts, by what became of them.", "source", "what"
        )
        self._hint_seconds = self._histogram("hint_seconds", "From a hint to the record of what it led to.", "source")
        self._synced = self._counter("sync", "What passes over a source found and did.", "source", "what")
        self._begun: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def ended(self, operation: Operation) -> None:
        """Count an operation that came to its end."""
        labels = (operation.kind, str(operation.state))
        self._operations.labels(*labels).inc()
        if operation.finished_at is not None:
            self._durations.labels(*labels).observe((operation.finished_at - operation.created_at).total_seconds())

    def heard(self, event: Event) -> None:
        """Take the time of steps. Steps of one operation follow each other, in one thread."""
        if event.kind is EventKind.NEEDS_ATTENTION:
            self._attention.inc()
        with self._lock:
            if event.kind is EventKind.STEP_STARTED:
                self._begun[event.operation] = event.at
                return
            began = self._begun.pop(event.operation, None) if event.kind in _STEP_ENDS else None
        if began is not None:
            took = (event.at - began).total_seconds()
            self._steps.labels(event.step or "", _STEP_ENDS[event.kind]).observe(took)

    def hinted(self, source: str, what: Heard) -> None:
        """Count a hint, or what became of one."""
        self._hints.labels(source, str(what)).inc()

    def recorded(self, source: str, seconds: float) -> None:
        """Take the time from a hint to the record."""
        self._hint_seconds.labels(source).observe(seconds)

    def synced(self, source: str, what: str, number: int) -> None:
        """Count what a pass found (found, settled) and did (taken, corrected, lost, returned, adopted, braked)."""
        self._synced.labels(source, what).inc(number)

    def watch(self, sources: Mapping[str, Source]) -> None:
        """Count the calls of these sources from now on."""
        for name, source in sources.items():
            source.border.heard = self.listening(name)

    def collect(self, gauges: Callable[[], Iterable[Metric]]) -> None:
        """Ask for these each time that somebody looks."""
        self._registry.register(_Asked(gauges))

    def text(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self._registry)

    def serve(self, host: str, port: int) -> Callable[[], None]:
        """Serve them over HTTP; gives what stops it. Raises OSError for an address that is taken."""
        server, thread = start_http_server(port, host, self._registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join(5)

        return stop

    def listening(self, source: str) -> Callable[[Call], None]:
        def heard(call: Call) -> None:
            self._calls.labels(source, call.service, call.method, call.outcome).inc()
            self._latency.labels(source, call.service, call.method).observe(call.seconds)

        return heard

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"corral_{name}", words, labels, registry=self._registry)

    def _histogram(self, name: str, words: str, *labels: str) -> Histogram:
        return Histogram(f"corral_{name}", words, labels, buckets=_SECONDS, registry=self._registry)


class _Asked:
    def __init__(self, gauges: Callable[[], Iterable[Metric]]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterable[Metric]:
        return self._gauges()


def gauges(
    counts: Callable[[], Mapping[str, int]],
    leases: Callable[[], Iterable[tuple[str, int]]],
    paces: Callable[[], Iterable[tuple[str, Pace]]],
) -> Callable[[], Iterable[Metric]]:
    """What is true right now: operations by state (those that wait are the queue), by worker, and sources left alone."""

    def now() -> Iterable[Metric]:
        yield _gauge("corral_operations_in_state", "Operations in a state.", "state", counts().items())
        yield _gauge("corral_worker_operations", "Operations that a worker has.", "worker", leases())
        yield _gauge("corral_source_left_alone", "1 while the source's breaker is open.", "source", _breakers(paces()))

    return now


def _breakers(paces: Iterable[tuple[str, Pace]]) -> Iterable[tuple[str, int]]:
    for name, pace in paces:
        yield name, int(pace.state().breaker == "open")


def _gauge(name: str, words: str, label: str, values: Iterable[tuple[Any, float]]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values:
        family.add_metric([str(key)], value)
    return family


def sync_gauges(sources: Callable[[], Iterable[SyncedSource]]) -> Callable[[], Iterable[Metric]]:
    """How the passes over each source go right now."""

    def now() -> Iterable[Metric]:
        found = list(sources())
        drifts = GaugeMetricFamily("corral_drifts", "Drifts in a state.", labels=["source", "state"])
        for one in found:
            for state, number in one.drifts.items():
                drifts.add_metric([one.state.name, state], number)
        yield drifts
        braked = ((one.state.name, int(one.state.braked_at is not None)) for one in found)
        yield _gauge("corral_sync_braked", "1 while the source's brake is on.", "source", braked)
        lags = ((one.state.name, one.lag) for one in found if one.lag is not None)
        broken = ((one.state.name, int(one.policy_problem is not None)) for one in found)
        yield _gauge(
            "corral_sync_policy_broken", "1 while the source's policy is older than its file.", "source", broken
        )
        heard = {state.name: state.hears for one in found for state in (one.state, *one.pods)}
        hears = ((name, int(said)) for name, said in heard.items() if said is not None)
        yield _gauge("corral_notifications_heard", "1 while the source's notifications are heard.", "source", hears)
        yield _gauge("corral_sync_lag_seconds", "Seconds since the last whole pass.", "source", lags)

    return now
