"""OpenTelemetry traces: request → operation → step → outgoing call, across processes.

Imported only where tracing is configured. Spans hold names, ids, kinds and outcomes: never a body, a header, a message of the
world or a query's values. Where they go is told by the standard variables (`OTEL_EXPORTER_OTLP_ENDPOINT`, …).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from corral.contracts.border import Call
from corral.contracts.sources import Source
from corral.engine import Interrupted, Operation
from corral.engine.tracing import Tell

_STORABLE = 1024
_WORD = re.compile(r"[A-Za-z_]+|v\d+(\.\d+)*")
_FAILED = Status(StatusCode.ERROR)
_FINE = frozenset({"succeeded", "cancelled"})


class Traces:
    """Draws spans with a provider of its own, so that several may live in one process."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("corral")
        self._context = TraceContextTextMapPropagator()

    # --- what the engine tells: `engine.tracing.Tracing` -----------------------------------------------------

    def submitted(self, kind: str, operation: str, *, among: int) -> str | None:
        """One of many begins a trace of its own, linked to whoever submitted it: no trace grows with a plan."""
        now = trace.get_current_span().get_span_context()
        alone: dict[str, Any] = {"context": Context(), "links": [Link(now)] if now.is_valid else []}
        span = self._tracer.start_span(
            f"submit {kind}",
            kind=SpanKind.PRODUCER,
            attributes={"corral.operation": operation, "corral.operation.kind": kind},
            **(alone if among > 1 else {}),
        )
        carrier: dict[str, str] = {}
        self._context.inject(carrier, trace.set_span_in_context(span))
        span.end()
        stored = json.dumps(carrier)
        return stored if carrier and len(stored) <= _STORABLE else None

    @contextmanager
    def running(self, operation: Operation, stored: str | None, worker: str) -> Iterator[Tell]:
        """One span for each worker that has the operation, all in its trace."""
        known = {"source": operation.source, "machine": operation.machine, "server": operation.subject}
        attributes = {f"corral.{name}": value for name, value in known.items() if value is not None}
        attributes |= {"corral.operation": operation.uuid, "corral.operation.kind": operation.kind}
        with self._tracer.start_as_current_span(
            operation.kind,
            context=self._context.extract(json.loads(stored)) if stored else Context(),
            kind=SpanKind.CONSUMER,
            attributes={**attributes, "corral.operation.version": operation.flow_version, "corral.worker": worker},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:

            def tell(outcome: str) -> None:
                _end(span, outcome, failed=outcome not in _FINE)

            try:
                yield tell
            except BaseException as exc:
                # Given back, or lost to another worker: no failure of the operation.
                _end(span, type(exc).__name__, failed=not isinstance(exc, Interrupted))
                raise

    @contextmanager
    def step(self, name: str, *, undoing: bool, attempt: int) -> Iterator[None]:
        """One span for each attempt."""
        with self._tracer.start_as_current_span(
            f"undo {name}" if undoing else name,
            attributes={"corral.step": name, "corral.step.undoing": undoing, "corral.step.attempt": attempt},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except BaseException as exc:
                _end(span, type(exc).__name__, failed=not isinstance(exc, Interrupted))
                raise
            _end(span, "done", failed=False)

    # --- what leaves for sources ------------------------------------------------------------------------------

    def watch(self, sources: Mapping[str, Source]) -> None:
        """Draw the calls of these sources from now on, beside whoever heard of them before."""
        for name, source in sources.items():
            source.border.heard = self._listening(name, source.border.heard)

    def _listening(self, source: str, before: Callable[[Call], None] | None) -> Callable[[Call], None]:
        def heard(call: Call) -> None:
            if before is not None:
                before(call)
            # A look that nothing asked for, such as a probe, is no trace.
            if trace.get_current_span().is_recording():
                self._call(source, call)

        return heard

    def _call(self, source: str, call: Call) -> None:
        ended = time.time_ns()
        template = path_template(call.path)
        attributes: dict[str, Any] = {
            "corral.source": source,
            "corral.service": call.service,
            "corral.allowed": call.allowed,
        }
        attributes |= {"http.request.method": call.method, "url.template": template}
        span = self._tracer.start_span(
            f"{call.method} {template}",
            kind=SpanKind.CLIENT,
            attributes=attributes,
            start_time=ended - int(call.seconds * 1e9),
        )
        if call.outcome.isdigit():
            span.set_attribute("http.response.status_code", int(call.outcome))
        _end(span, call.outcome, failed=not call.outcome.isdigit() or int(call.outcome) >= 400)
        span.end(ended)

    # --- what comes in ----------------------------------------------------------------------------------------

    def around(self, app: Any) -> Any:
        """An ASGI application that draws a span for each request to `app`, in the trace that its client began."""

        async def traced(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            method = str(scope["method"])
            with self._tracer.start_as_current_span(
                method,
                context=self._context.extract(headers, Context()),
                kind=SpanKind.SERVER,
                attributes={"http.request.method": method},
                record_exception=False,
            ) as span:
                await app(scope, receive, _noting(span, scope, send))

        return traced

    def close(self) -> None:
        """Send what is left, and stop."""
        self._provider.shutdown()


def open_traces() -> Traces:
    """Traces that go where the standard variables say, by default to http://localhost:4318."""
    resource = Resource.create()
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: "corral"}))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(provider)


def path_template(path: str) -> str:
    """A path with `{id}` for everything that is no word of the API: the same for all machines."""
    return "/".join(part if not part or _WORD.fullmatch(part) else "{id}" for part in path.split("/"))


def _end(span: Span, outcome: str, *, failed: bool) -> None:
    span.set_attribute("corral.outcome", outcome)
    if failed:
        span.set_attribute("error.type", outcome)
        span.set_status(_FAILED)


def _noting(span: Span, scope: MutableMapping[str, Any], send: Any) -> Any:
    async def noted(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            status = int(message["status"])
            span.set_attribute("http.response.status_code", status)
            if status >= 500:
                span.set_status(_FAILED)
            # Known once the request has found its route; a path that has none may be anything.
            if (route := getattr(scope.get("route"), "path", None)) is not None:
                span.set_attribute("http.route", route)
                span.update_name(f"{scope['method']} {route}")
        await send(message)

    return noted
