"""Hooks: a time limit each, again after a failure, and the extension's name in every error."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import ClassVar

import pytest

from corral.domain.cluster import Node
from corral.domain.errors import Conflict, ExtensionFailed, Invalid, Unreachable
from corral.engine import Cancelled
from corral.extensions.contract import HookCall
from corral.extensions.hooks import HOOKS, GivenUp, Hooks, Terms, wants
from tests.extension_doubles import NO_CONTEXT, Quiet, Shelf

NODE = Node("n" * 36, "n1", "bank")


def nothing() -> None:
    """A check that finds nothing in the way."""


def call(hooks: Hooks, extension: Shelf, check: Callable[[], None] = nothing, attempt: int = 1) -> None:
    hooks.call(extension, "on_node_create", [NODE, None], "op", attempt, check)


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def hooks(waits: list[float]) -> Hooks:
    return Hooks(Terms(limit=5.0, tries=4, first=0.5, cap=1.5), waits.append)


def failing(shelf: Shelf, *errors: BaseException) -> None:
    """Have the shelf raise these, one at a call."""
    left = list(errors)

    def fault(_hook: str, moment: str) -> None:
        if moment == "before" and left:
            raise left.pop(0)

    shelf.fault = fault


def test_every_hook_of_the_contract_is_known() -> None:
    assert {"on_node_create", "on_node_collection_delete", "on_cluster_delete", "on_before_provisioning"} <= set(HOOKS)


def test_only_hooks_that_an_extension_overrides_are_called(hooks: Hooks) -> None:
    assert wants(Shelf(), "on_node_reset")
    assert not wants(Shelf(), "on_before_provisioning")
    hooks.call(Quiet(NO_CONTEXT), "on_node_create", ["no", "such", "arguments"], "op", 1, nothing)


def test_a_failure_is_tried_again_with_growing_waits(hooks: Hooks, waits: list[float]) -> None:
    shelf = Shelf()
    failing(shelf, Unreachable("away"), OSError("away"), ZeroDivisionError())
    call(hooks, shelf)
    assert shelf.hooks() == ["on_node_create"]
    assert waits == [0.5, 1.0, 1.5]


def test_each_try_is_told_that_it_is_one(hooks: Hooks) -> None:
    attempts = []

    class Counting(Shelf):
        def on_node_create(self, node: Node, cluster: object, call: HookCall) -> None:
            attempts.append((call.operation, call.attempt))
            if len(attempts) < 3:
                raise Unreachable("away")

    call(hooks, Counting(), attempt=2)
    assert attempts == [("op", 2), ("op", 3), ("op", 4)]


def test_after_the_last_try_the_failure_names_extension_and_hook(hooks: Hooks, waits: list[float]) -> None:
    shelf = Shelf()
    failing(shelf, *[Unreachable(f"away {number}") for number in range(9)])
    with pytest.raises(ExtensionFailed, match="Extension shelf, on_node_create: away 3") as caught:
        call(hooks, shelf)
    assert (caught.value.status, caught.value.code) == (502, "extension-failed")
    assert len(waits) == 3


@pytest.mark.parametrize("refusal", [Invalid("no", fix="do"), Conflict("no", code="precise")])
def test_what_an_extension_refuses_is_final_and_keeps_status_and_code(
    hooks: Hooks, waits: list[float], refusal: Invalid
) -> None:
    shelf = Shelf()
    failing(shelf, refusal)
    with pytest.raises(ExtensionFailed) as caught:
        call(hooks, shelf)
    told = caught.value.as_json()
    assert (caught.value.status, caught.value.code) == (refusal.status, refusal.code)
    assert (told["extension"], told["hook"], told["fix"]) == ("shelf", "on_node_create", refusal.fix)
    assert waits == []


def test_an_extension_that_ends_the_interpreter_only_fails(hooks: Hooks) -> None:
    shelf = Shelf()
    failing(shelf, *[SystemExit(3)] * 9)
    with pytest.raises(ExtensionFailed, match="SystemExit"):
        call(hooks, shelf)


def test_a_timeout_that_the_extension_raises_is_no_end_of_its_time(hooks: Hooks) -> None:
    shelf = Shelf()
    failing(shelf, TimeoutError("the service did not answer"))
    call(hooks, shelf)
    assert shelf.hooks() == ["on_node_create"]


def test_a_cancelled_operation_gets_through_to_the_flow(hooks: Hooks) -> None:
    checks = iter([None, Cancelled("stop")])

    def check() -> None:
        if (found := next(checks)) is not None:
            raise found

    with pytest.raises(Cancelled):
        call(hooks, Shelf(), check)


class Slow(Shelf):
    """Waits in a hook until it is let go, then goes on as the contract says, or does not."""

    def __init__(self, *, polite: bool) -> None:
        super().__init__()
        self.polite, self.release, self.ended = polite, threading.Event(), threading.Event()

    def on_node_create(self, node: Node, cluster: object, call: HookCall) -> None:
        try:
            self.release.wait(60)
            if self.polite:
                call.check()
            self.kept[node.id] = {}
        finally:
            self.ended.set()


def test_a_hook_that_hangs_is_given_up_in_time_and_changes_nothing_later() -> None:
    hooks, slow = Hooks(Terms(limit=0.1)), Slow(polite=True)
    start = time.monotonic()
    with pytest.raises(ExtensionFailed, match=r"within 0\.1 s") as caught:
        call(hooks, slow)
    assert time.monotonic() - start < 50
    assert caught.value.final
    slow.release.set()
    assert slow.ended.wait(60)
    assert slow.kept == {}


def test_undoing_waits_for_a_hook_that_still_runs() -> None:
    hooks, slow = Hooks(Terms(limit=0.1)), Slow(polite=False)
    with pytest.raises(ExtensionFailed):
        call(hooks, slow)
    with pytest.raises(ExtensionFailed, match=r"Extension shelf, restore: .* still running"):
        hooks.settle("op", slow)
    hooks.settle("another operation", slow)
    slow.release.set()
    assert slow.ended.wait(60)
    hooks.settle("op", slow)


def test_a_check_after_the_time_is_over_is_no_exception_that_code_could_swallow() -> None:
    assert not issubclass(GivenUp, Exception)


def test_an_extension_may_ask_for_more_time_for_one_hook() -> None:
    class Patient(Slow):
        time_limits: ClassVar = {"on_node_create": 60.0}

    hooks, patient = Hooks(Terms(limit=0.05)), Patient(polite=True)
    threading.Timer(0.3, patient.release.set).start()
    call(hooks, patient)
    assert NODE.id in patient.kept


def test_a_call_tells_how_much_time_is_left() -> None:
    assert 40 < HookCall("op", 1, time.monotonic() + 100, nothing).left() <= 100
    assert HookCall("op", 1, time.monotonic() - 10, nothing).left() == 0.1
