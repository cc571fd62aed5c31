"""What Prometheus sees, and how a source that does not answer is left alone."""

from __future__ import annotations

from typing import Any

from api_world import Api, Serve, fleet, wish

from corral.contracts.pace import Limits, Pace
from corral.domain.errors import Unreachable


def values(api: Api) -> dict[str, float]:
    told = [line.rpartition(" ") for line in api.get("/metrics").text.splitlines() if line[0] != "#"]
    return {name: float(value) for name, _, value in told}


def adopted(serve: Serve) -> tuple[Api, dict[str, Any]]:
    memory = fleet()
    api = serve(memory.source)
    answer = api.post("/v1/servers/manage", json=wish(memory, "bank-db-01", api.flavor()))
    return api, api.ended(answer.json()["operation"])


def test_an_adoption_is_counted_with_its_steps_and_its_calls(serve: Serve) -> None:
    api, _operation = adopted(serve)
    seen = values(api)
    assert seen['corral_operations_total{kind="manage",outcome="succeeded"}'] == 1
    assert seen['corral_step_seconds_count{outcome="done",step="claim"}'] == 1
    assert any(name.startswith("corral_source_calls_total") and 'method="PATCH"' in name for name in seen)
    assert seen['corral_operations_in_state{state="succeeded"}'] == 1


def test_no_metric_names_a_machine(serve: Serve) -> None:
    api, operation = adopted(serve)
    assert operation["machine"] not in api.get("/metrics").text


def test_a_source_that_is_silent_is_shown_as_left_alone(serve: Serve) -> None:
    memory = fleet()
    memory.source.border.pace = Pace("demo", Limits(failures=2, pause=60.0))

    def silent(_moment: str) -> None:
        raise Unreachable("nobody answers")

    api = serve(memory.source)
    memory.faults = silent
    for _ in range(3):
        api.get("/v1/sources")
    [source] = api.seen("/v1/sources")["sources"]
    assert source["pace"]["breaker"] == "open"
    assert {one["service"] for one in source["pace"]["left_alone"]} == {"baremetal"}
    assert [value for name, value in values(api).items() if name.startswith("corral_source_left_alone")] == [1.0]
    assert "left alone" in source["detail"]
