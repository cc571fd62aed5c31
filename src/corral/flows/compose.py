"""compose: a server on a machine that is composed for it, of blocks of a pod.

check → choose blocks, claim them, compose and read back → enroll → manage and provide → claim → plug the network in → deploy →
verify → active. Nothing is scheduled, and nothing rescheduled: the machine is this server's alone. Each step is undone by its own:
the node is removed if anything later fails, and only then is what was composed released.

Rule: an attempt has a name of its own, written down with its claims before the pod is asked. Whoever goes on after a crash, or
after an answer that was lost, looks for that name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

from corral.chooser import NoFit, choose
from corral.contracts.border import Purpose
from corral.contracts.composition import Enrolment
from corral.contracts.enrolling import EnrolState, EnrolStatus, NewMachine, NodeDefaults
from corral.contracts.sources import Source
from corral.domain.blocks import ComposedSystem, Pool, Wanted
from corral.domain.composing import PREFIX, Attempt
from corral.domain.creation import Built
from corral.domain.errors import Conflict, DriverFailed, NotFound, NotSupported, Refused
from corral.domain.placing import sold_class
from corral.engine import Flow, Json, Run, Step
from corral.flows.building import change, deployment, flavor_of, telling, unplaced, who
from corral.flows.create import (
    activate,
    announce,
    check,
    deploy,
    finish,
    give_back,
    give_up,
    tear_down,
    verify,
    with_before,
)
from corral.flows.env import Env, at_border, composer, deployer, enroller, pool_of, source_of, was_lost
from corral.flows.nics import plug, unplug

NO_BLOCKS = "no-blocks"
_MOST_TRIES = 5
_LEASE = 180.0  # seconds; renewed before each thing that is asked of the pod
_LOOK_EVERY = 2.0
_GB = 10**9


def pod_of(run: Run[Env]) -> Source:
    """The pod that is composed at."""
    return run.env.source(run.params["pod"])


# --- compose ----------------------------------------------------------------------------------------------------


@telling
def compose(run: Run[Env]) -> Json:
    """Choose, claim, compose, read back. When somebody else got hold of a block, it is released again and others are tried."""
    wanted, avoid, why = _wanted(run), set[str](), ""
    begun = [one for one in run.env.compositions.of_server(run.params["server"]) if one.operation == run.operation]
    for _ in range(_MOST_TRIES):
        with _alone(run):
            attempt = begun.pop() if begun else _begin(run, wanted, avoid)
            try:
                return _composed(run, attempt, wanted)
            except (Conflict, Refused) as exc:
                # The pod has nothing of that name: the driver says so by these errors alone.
                run.env.compositions.forget(attempt.name)
                avoid |= set(attempt.blocks)
                why = exc.message
    raise Conflict(
        f"Nothing could be composed in {_MOST_TRIES} attempts: {why}", code=NO_BLOCKS, fix="Try again later."
    )


def _wanted(run: Run[Env]) -> Wanted:
    composition = flavor_of(run).compose
    if composition is None:
        raise Conflict("The flavor composes nothing any more.", fix="Choose another flavor.")
    return composition.wanted


@contextmanager
def _alone(run: Run[Env]) -> Iterator[None]:
    """Compose while nobody else does: pods were seen to give a block to two who asked at the same time."""
    pod, waited = run.params["pod"], 0.0
    while not run.env.compositions.lease(pod, run.operation, _LEASE):
        if waited >= run.env.deploy_timeout:
            raise Conflict(f"Others compose at pod {pod} all the time.", fix="Try again later.")
        run.check()
        run.env.sleep(_LOOK_EVERY)
        waited += _LOOK_EVERY
    try:
        yield
    finally:
        run.env.compositions.end_lease(pod, run.operation)


def _begin(run: Run[Env], wanted: Wanted, avoid: set[str]) -> Attempt:
    """Choose blocks, and write attempt and claims down. Raises Conflict when nothing fits."""
    pod, env = pod_of(run), run.env
    with at_border(run, Purpose.LOOK):
        pool = pool_of(pod).pool()
    shares = {block.id: block.limit for block in pool.blocks}
    full = {block for block, count in env.compositions.claimed(pod.name).items() if count >= shares.get(block, 1)}
    blocks = _chosen(pool, wanted, full | avoid)
    name = f"{PREFIX}{run.params['server']}-{uuid4().hex[:8]}"
    attempt = Attempt(name, pod.name, run.params["server"], run.operation, blocks)
    run.check()
    env.compositions.begin(attempt, shares)
    return attempt


def _chosen(pool: Pool, wanted: Wanted, exclude: set[str]) -> tuple[str, ...]:
    if not pool.blocks:
        return ()  # a pod that shows none chooses itself, or says that it can't
    choice = choose(pool, wanted, exclude)
    if isinstance(choice, NoFit):
        raise Conflict(
            f"The pod has no blocks for this server. {choice.message}",
            code=NO_BLOCKS,
            fix="Delete a composed server, add hardware, or choose a smaller flavor.",
        )
    return choice.blocks


def _composed(run: Run[Env], attempt: Attempt, wanted: Wanted) -> dict[str, Any]:
    pod = pod_of(run)
    with at_border(run, Purpose.COMPOSE):
        run.env.compositions.lease(pod.name, run.operation, _LEASE)
        system = composer(pod).compose(attempt.name, wanted, attempt.blocks)
        run.env.compositions.composed(attempt.name, system.id)
        change(run, lambda server: replace(server, system=system.id))
        disk = _biggest_drive(pool_of(pod).pool(), system)
    return {
        "name": attempt.name,
        "system": system.id,
        "macs": list(system.macs),
        "properties": {
            "cpus": system.cores,
            "memory_mb": system.memory,
            "cpu_arch": system.architecture or "x86_64",
            **({"local_gb": disk // _GB} if disk >= _GB else {}),
        },
    }


def _biggest_drive(pool: Pool, system: ComposedSystem) -> int:
    sizes = [drive.size for block in pool.blocks if block.id in system.blocks for drive in block.drives]
    return max(sizes, default=0)


def decompose(run: Run[Env]) -> None:
    """Release whatever the pod has by the name of an attempt of this server, then let the blocks go."""
    for attempt in run.env.compositions.of_server(run.params["server"]):
        with at_border(run, Purpose.COMPOSE):
            release(run, attempt)


def release(run: Run[Env], attempt: Attempt) -> None:
    """Release what an attempt came to, and end it."""
    pod = run.env.source(attempt.pod)
    found = {one.id for one in pool_of(pod).named(attempt.name)}
    for system in sorted(found | ({attempt.system} if attempt.system else set())):
        composer(pod).release(system, attempt.name)
    run.env.compositions.forget(attempt.name)


# --- enroll -----------------------------------------------------------------------------------------------------


@telling
def enroll(run: Run[Env]) -> Json | None:
    """Make a node of the system, by a uuid that was chosen before: one that is there already is the one that was made."""
    made = run.results["compose"]
    added = run.env.node_defaults.get(run.params["pod"], NodeDefaults())
    with at_border(run, Purpose.LOOK):
        # Asked anew each time: it holds secrets, which are kept nowhere.
        enrolment = _enrolment(pod_of(run), made["system"], added)
    machine = NewMachine(
        id=run.params["machine"],
        name=made["name"],
        owner=run.params["server"],
        system=made["system"],
        driver=added.driver or enrolment.driver,
        driver_info={**enrolment.driver_info, **added.driver_info, **enrolment.secrets},
        properties={**made["properties"], **added.properties},
        interfaces=added.interfaces,
        resource_class=sold_class(flavor_of(run)) or "composed",
        macs=tuple(made["macs"]),
    )
    with at_border(run, Purpose.ENROLL):
        enroller(source_of(run)).enroll(machine)
    change(run, lambda server: replace(server, machine_name=made["name"]))
    return None


def _enrolment(pod: Source, system: str, added: NodeDefaults) -> Enrolment:
    """How the pod says that the system is managed. One that can't say it needs an operator who named another driver."""
    try:
        return composer(pod).enrolment(pool_of(pod).system(system))
    except NotSupported:
        if added.driver is None:
            raise
        return Enrolment(added.driver, {}, {})


def unenroll(run: Run[Env]) -> None:
    """Remove the node; its hardware is released afterwards, never before. One that somebody has claimed meanwhile is left, and what
    it is made of with it, until they let it go."""
    remove(run, run.params["machine"])


def remove(run: Run[Env], machine: str) -> None:
    """Remove a node that was enrolled for this server. Raises Conflict while somebody else has it."""
    with at_border(run, Purpose.ENROLL):
        status = _until(run, machine, lambda: enroller(source_of(run)).remove(machine, run.params["server"]))
    if status.state is not EnrolState.GONE:
        # In one text: of what keeps an operation from being undone, people are told the message.
        raise Conflict(
            f"Node {machine} of server {run.params['server']} can't be removed: {status.detail}. What it is made of stays composed "
            "until whoever has the node lets it go; Corral goes on then.",
            code="node-taken",
        )


def _until(run: Run[Env], machine: str, step: Any) -> EnrolStatus:
    """Take `step` until it is through."""
    waited = 0.0
    while True:
        run.check()
        status: EnrolStatus = step()
        if status.state not in (EnrolState.UNDER_WAY, EnrolState.NEW):
            return status
        if waited >= run.env.deploy_timeout:
            raise DriverFailed(f"Node {machine} is {status.detail} after {waited:.0f} s.", fix="Look at its console.")
        run.progress(min(0.95, waited / run.env.deploy_timeout), status.detail)
        run.env.sleep(_LOOK_EVERY)
        waited += _LOOK_EVERY


@telling
def provide(run: Run[Env]) -> Json | None:
    """Have the source verify that it can manage the node, and make it available."""
    machine = run.params["machine"]
    with at_border(run, Purpose.ENROLL):
        status = _until(run, machine, lambda: enroller(source_of(run)).provide(machine, run.params["server"]))
    if status.state is not EnrolState.AVAILABLE:
        raise DriverFailed(
            f"Node {machine} did not become available: {status.detail}.",
            fix="Make sure that the source reaches the pod's systems, and with which credentials.",
        )
    return None


@telling
def claim(run: Run[Env]) -> Json:
    """Claim the node, as if it had been there: from here on it is like any other."""
    machine, machines = run.params["machine"], deployer(source_of(run))
    if Built.of(run.env.servers.get(run.params["server"])).before is None:
        with at_border(run, Purpose.LOOK):
            before = dict(machines.deployable(machine))
        change(run, lambda server: with_before(server, before))
    kept = Built.of(run.env.servers.get(run.params["server"])).before or {}
    with at_border(run, Purpose.DEPLOY):
        machines.reserve(machine, who(run), deployment(run), kept)
    return {"machine": machine}


# --- begin and end ----------------------------------------------------------------------------------------------


def settle(run: Run[Env]) -> None:
    """When an answer was lost: undo once more what may have been done late."""
    if not was_lost(run):
        return
    try:
        tear_down(run)
        unplug(run)
        give_back(run)
    except NotFound:
        run.progress(1.0, "the node is gone")
    unenroll(run)
    decompose(run)
    _look_for_late_ones(run)


def _look_for_late_ones(run: Run[Env]) -> None:
    """The attempts are ended by now, but a pod may have composed one after it was last asked: look for the server's name."""
    prefix = f"{PREFIX}{run.params['server']}-"
    with at_border(run, Purpose.COMPOSE):
        pod = pod_of(run)
        for one in pool_of(pod).systems():
            if one.name.startswith(prefix):
                composer(pod).release(one.id, one.name)


def left(run: Run[Env]) -> None:
    """Everything is undone: the server has neither machine nor system, and says why."""
    change(run, lambda server: replace(unplaced(server), system=None))
    give_up(run)


FLOW: Flow[Env] = Flow(
    name="compose",
    version=1,
    steps=(
        Step("check", "Check what was asked for", check, undo=settle),  # only reads; undone last
        Step("compose", "Choose blocks and compose them", compose, undo=decompose),
        Step("enroll", "Enroll the composed system", enroll, undo=unenroll),
        Step("provide", "Make the node available", provide, undo=None),  # undone by removing the node
        Step("claim", "Claim the node", claim, undo=give_back),
        Step("plug", "Plug the network in", plug, undo=unplug),
        Step("deploy", "Deploy the image", deploy, undo=tear_down),
        Step("verify", "Verify machine and ports", verify, undo=None),  # only reads
        Step("activate", "Complete the record", activate, undo=None),  # the last act
    ),
    on_start=announce,
    on_success=finish,
    on_reverted=left,
)
