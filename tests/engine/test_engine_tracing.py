"""Traces: operation → step → call, in one trace whichever process goes on, and without anything that is secret."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from engine_world import NOTHING, AnyRun, Start, World, flow, making, until
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from corral.contracts.border import Border, Purpose, Rule, crossing
from corral.contracts.sources import Source
from corral.engine import NewOperation, Postponed, State, Step, Submission
from corral.engine.tables import operations
from corral.tracing import Traces, path_template

NODE = "aaaaaaaa-0000-4000-8000-000000000001"
RULES = (Rule(Purpose.LOOK, "baremetal", "GET", re.compile(".*"), "reads"),)


class Drawn:
    """The traces of one process, and what it sent."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.traces = Traces(provider)
        self.tracer = provider.get_tracer("test")

    def spans(self) -> list[ReadableSpan]:
        return list(self._exporter.get_finished_spans())

    def named(self, name: str) -> ReadableSpan:
        [found] = [span for span in self.spans() if span.name == name]
        return found

    def names(self) -> list[str]:
        return [span.name for span in self.spans()]


@pytest.fixture
def drawn() -> Drawn:
    return Drawn()


def place(span: ReadableSpan) -> tuple[int, int | None]:
    """Trace and parent."""
    assert span.context is not None
    return span.context.trace_id, span.parent.span_id if span.parent else None


def inside(outer: ReadableSpan, inner: ReadableSpan) -> bool:
    assert outer.context is not None
    return place(inner) == (outer.context.trace_id, outer.context.span_id)


def asking(outcome: str) -> Any:
    """A step's deed that makes a call with things in it that nobody else should see."""
    border = Border(RULES)
    source = Source("east", "memory", None, None, None, border=border)  # type: ignore[arg-type]

    def ask(_run: AnyRun) -> None:
        with (
            crossing(Purpose.LOOK),
            border.admit("baremetal", "GET", f"/v1/nodes/{NODE}/vifs", {"secret": "x"}) as call,
        ):
            call.outcome = outcome

    return source, ask


def test_an_operation_a_step_and_a_call_are_spans_within_each_other(engine_of: Start, drawn: Drawn) -> None:
    source, ask = asking("200")
    drawn.traces.watch({"east": source})
    engine = engine_of(flow(making("a", ask)), tracing=drawn.traces)
    with drawn.tracer.start_as_current_span("request"):
        new = NewOperation(subject="s", source="east", machine=NODE)
        uuid = engine.submit("flow", {"password": "x"}, operation=new).uuid
    assert engine.wait(uuid, 90).state is State.SUCCEEDED
    until(lambda: "flow" in drawn.names())
    request, submitted = drawn.named("request"), drawn.named("submit flow")
    operation, step, call = drawn.named("flow"), drawn.named("a"), drawn.named("GET /v1/nodes/{id}/vifs")
    for outer, inner in ((request, submitted), (submitted, operation), (operation, step), (step, call)):
        assert inside(outer, inner), inner.name
    assert dict(operation.attributes or {}) == {
        "corral.operation": uuid,
        "corral.operation.kind": "flow",
        "corral.operation.version": 1,
        "corral.source": "east",
        "corral.machine": NODE,
        "corral.server": "s",
        "corral.worker": engine.owner,
        "corral.outcome": "succeeded",
    }
    assert dict(step.attributes or {}) == {
        "corral.step": "a",
        "corral.step.undoing": False,
        "corral.step.attempt": 1,
        "corral.outcome": "done",
    }
    assert dict(call.attributes or {}) == {
        "corral.source": "east",
        "corral.service": "baremetal",
        "corral.allowed": True,
        "corral.outcome": "200",
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "url.template": "/v1/nodes/{id}/vifs",
    }
    assert (operation.kind, call.kind) == (SpanKind.CONSUMER, SpanKind.CLIENT)
    assert all(span.status.is_ok or span.status.is_unset for span in drawn.spans())


def test_failures_and_what_is_undone_are_told_by_kind_and_never_by_message(engine_of: Start, drawn: Drawn) -> None:
    engine = engine_of(NOTHING, tracing=drawn.traces)
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    assert engine.wait(uuid, 90).state is State.REVERTED
    until(lambda: "flow" in drawn.names())
    assert drawn.names() == ["submit flow", "a", "b", "c", "undo c", "undo b", "undo a", "flow"]
    failed = drawn.named("c")
    assert (failed.status.is_ok, (failed.attributes or {})["error.type"]) == (False, "Broken")
    assert (drawn.named("flow").attributes or {})["corral.outcome"] == "reverted"
    assert all(not span.events and not span.status.description for span in drawn.spans())
    assert "the world refuses" not in "".join(span.to_json() for span in drawn.spans())


def test_another_process_goes_on_with_the_trace(engine_of: Start, sql: sa.Engine, drawn: Drawn) -> None:
    submitting, first, second = drawn, Drawn(), Drawn()
    ready = threading.Event()

    def wait(_run: AnyRun) -> None:
        if not ready.is_set():
            raise Postponed(0.01)

    waiting = flow(Step[Any]("wait", "Wait", wait, None))
    api = engine_of(waiting, start=False, tracing=submitting.traces)
    with submitting.tracer.start_as_current_span("request"):
        uuid = api.submit("flow", {}, operation=NewOperation()).uuid
    one = engine_of(waiting, tracing=first.traces)
    until(lambda: "flow" in first.names())
    one.stop()
    ready.set()
    two = engine_of(waiting, tracing=second.traces)
    assert two.wait(uuid, 90).state is State.SUCCEEDED
    until(lambda: "flow" in second.names())
    begun = submitting.named("submit flow")
    assert all(inside(begun, span) for span in [*first.spans(), *second.spans()] if span.name == "flow")
    held = next(span for span in first.spans() if span.name == "flow")
    assert (held.attributes or {})["corral.outcome"] == "Released"
    assert not any(span.status.status_code is trace.StatusCode.ERROR for span in first.spans())
    with sql.connect() as conn:
        assert len(conn.execute(sa.select(operations.c.trace)).scalar_one()) <= 1024


def test_each_of_many_has_a_trace_of_its_own_that_is_linked_to_who_submitted_it(engine_of: Start, drawn: Drawn) -> None:
    engine = engine_of(flow(making("a")), start=False, tracing=drawn.traces)
    with drawn.tracer.start_as_current_span("feeder") as feeder:
        engine.submit_many([Submission("flow", {}, NewOperation()) for _ in range(3)])
    submitted = [span for span in drawn.spans() if span.name == "submit flow"]
    assert len({place(span)[0] for span in submitted} | {feeder.get_span_context().trace_id}) == 4
    assert [link.context.span_id for span in submitted for link in span.links] == [
        feeder.get_span_context().span_id
    ] * 3


def test_an_operation_that_was_stored_without_a_trace_begins_one(engine_of: Start, drawn: Drawn, world: World) -> None:
    silent = engine_of(flow(making("a")), start=False)
    uuid = silent.submit("flow", {}, operation=NewOperation()).uuid
    engine = engine_of(flow(making("a")), tracing=drawn.traces)
    assert engine.wait(uuid, 90).state is State.SUCCEEDED
    until(lambda: "flow" in drawn.names())
    assert place(drawn.named("flow"))[1] is None
    assert world.things() == {"a"}


def test_a_call_that_is_no_part_of_a_trace_begins_none(drawn: Drawn) -> None:
    source, ask = asking("200")
    drawn.traces.watch({"east": source})
    ask(None)
    assert drawn.spans() == []


@pytest.mark.parametrize(("outcome", "failed"), [("201", False), ("409", True), ("no answer", True)])
def test_a_call_fails_by_its_outcome(drawn: Drawn, outcome: str, failed: bool) -> None:
    source, ask = asking(outcome)
    drawn.traces.watch({"east": source})
    with drawn.tracer.start_as_current_span("step"):
        ask(None)
    [call, _step] = drawn.spans()
    assert (call.status.status_code is trace.StatusCode.ERROR) is failed
    assert (call.attributes or {})["corral.outcome"] == outcome


def test_paths_lose_what_names_a_machine() -> None:
    assert path_template(f"/v1/nodes/{NODE}/states/provision") == "/v1/nodes/{id}/states/provision"
    assert path_template("/v2.0/ports") == "/v2.0/ports"
    assert path_template("/redfish/v1/Systems/437XR1138R2/") == "/redfish/v1/Systems/{id}/"
    assert path_template("/v1/nodes/db-01") == "/v1/nodes/{id}"
