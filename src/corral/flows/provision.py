"""provision: a node is erased and laid out anew, because a person said so.

check → ask the extensions → make the data → set the node to provisioning → run the task → provisioned. With an extension that
gives a task, that is run on the node; without, the source deploys the machine.

Rule: never a machine that runs for somebody. One that is managed, claimed or not available is refused, with all reasons, before
anything is asked, and again right before the act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from corral.contracts.agents import AgentAddress, Command, RunsCommands
from corral.contracts.border import Purpose
from corral.contracts.provisioning import DeployState
from corral.domain.cluster import Cluster, Node, NodeStatus
from corral.domain.deployability import deploy_reasons
from corral.domain.errors import Conflict, Invalid, NotSupported, OutcomeUnknown, Refused
from corral.domain.reasons import reason
from corral.engine import Flow, Json, Run, Step
from corral.extensions.contract import ProvisioningTask
from corral.extensions.pipelines import Data, provisioning_data
from corral.extensions.registry import Extensions
from corral.flows import deploy
from corral.flows.cluster import call_hooks, change_of, remember, restore
from corral.flows.env import Env, at_border, note_change

PROVISIONABLE = (NodeStatus.DISCOVER, NodeStatus.ERROR)
"""A node in another status has something on its disks that is wanted: it must be reset first."""


def _node(run: Run[Env]) -> Node:
    return change_of(run).node(run.params["subject"])[0]


def _cluster(run: Run[Env]) -> Cluster | None:
    return (change_of(run).clusters or {}).get(_node(run).cluster or "")


def refuse_in_use(env: Env, node: Node) -> None:
    """Raise Conflict for a node with something on it, and Refused, with all reasons, for one whose machine is not free."""
    refuse_status(node)
    if node.source is None or node.machine is None:
        return
    machine = env.source(node.source).machines.observe(node.machine)
    if reasons := deploy_reasons(machine, _server(env, node.source, machine.id)):
        raise Refused(f"Machine {machine.label} of {node.source} can't be provisioned.", reasons)


def refuse_status(node: Node) -> None:
    """Raise Conflict unless the record says that nothing on the node is wanted."""
    if node.status not in PROVISIONABLE and node.status is not NodeStatus.PROVISIONING:
        raise Conflict(
            f"Node {node.name} is {node.status}: provisioning would erase what is on it.",
            fix="Reset the node first (POST /v1/nodes/{node}/reset) when that is what you want.",
        )


def refuse_managed(env: Env, node: Node) -> None:
    """Raise Refused for a machine that Corral manages by now."""
    if node.source is None or node.machine is None:
        return
    if server := _server(env, node.source, node.machine):
        raise Refused(
            f"Machine {node.machine} of {node.source} can't be provisioned.", [reason("already-managed", server=server)]
        )


def _server(env: Env, source: str, machine: str) -> str | None:
    return env.servers.managed(source, [machine]).get(machine)


def check(run: Run[Env]) -> Json | None:
    """Refuse a node whose machine is in use. Only reads."""
    with at_border(run, Purpose.LOOK):
        refuse_in_use(run.env, _node(run))
    return None


def make_data(run: Run[Env]) -> Json:
    """Run the pipelines and ask for the task. Only reads."""
    node, cluster = _node(run), _cluster(run)
    data = node_provisioning(run.env.extensions, cluster, node)
    task = _task(run, cluster, node, data)
    if task is None:
        return {"deploy": deploy.plan(run, node, cluster), "task": None}
    _agents(run)
    address_of(node)
    return {"deploy": None, "task": {**asdict(task), "files": dict(task.files)}}


def node_provisioning(extensions: Extensions, cluster: Cluster | None, node: Node) -> Data:
    """The provisioning data of one node."""
    (data,) = provisioning_data(extensions, cluster, [node])["nodes"]
    return dict(data)


def _task(run: Run[Env], cluster: Cluster | None, node: Node, data: Data) -> ProvisioningTask | None:
    for extension in run.env.extensions.enabled(cluster):
        asked = partial(extension.provisioning_task, node, data)
        task: ProvisioningTask | None = run.env.hooks.ask(
            extension, "provisioning_task", asked, run.operation, run.check
        )
        if task is not None:
            return task
    return None


def begin(run: Run[Env]) -> Json | None:
    """From here on the node counts as being written to."""
    run.check()
    run.env.estate.change(run.operation, node=run.params["subject"], status=NodeStatus.PROVISIONING)
    return None


def step_back(run: Run[Env]) -> None:
    """Nothing was written to the node: it is what it was. When something may have been, it stays in error."""
    run.check()
    now = run.env.estate.nodes.get(run.params["subject"])
    if now.status is NodeStatus.PROVISIONING:
        run.env.estate.change(run.operation, node=now.id, status=_node(run).status)


def carry_out(run: Run[Env]) -> Json | None:
    """Run the task on the node, or have its source deploy it. What an earlier run began is not begun again."""
    node, made = _node(run), run.results["data"]
    if made["task"] is None:
        # What the source says of the machine is looked at there, right before each change.
        refuse_managed(run.env, node)
        return deploy.carry_out(run, node, made["deploy"])
    with at_border(run, Purpose.LOOK):
        refuse_in_use(run.env, node)
    run.check()
    return _run_on_node(run, made["task"])


def _run_on_node(run: Run[Env], task: Mapping[str, Any]) -> Json:
    if run.attempt > 1:
        raise OutcomeUnknown(
            f"{task['name']} was started, and nobody knows how far it came.",
            fix="Look at the node's console. Reset the node and provision it again when it does not run any more.",
        )
    command = Command(tuple(task["command"]), task["files"], task["timeout"], tuple(task["success"]))
    told: Callable[[str], None] = partial(run.progress, 0.5)
    return {"status": _agents(run).run(address_of(_node(run)), command, told, run.check)}


def _agents(run: Run[Env]) -> RunsCommands:
    if run.env.agents is None:
        raise NotSupported(
            "Commands can't be run on nodes here.", fix="Install the extra: `pip install corral[agent]`."
        )
    return run.env.agents


def address_of(node: Node) -> AgentAddress:
    """Where the node's agent listens: `meta.agent` {host, host_key, port, user}. Raises Invalid."""
    told = node.meta.get("agent")
    if not isinstance(told, Mapping) or not told.get("host") or not told.get("host_key"):
        raise Invalid(
            f"Nobody knows where the agent of node {node.name} listens.",
            fix="Set meta.agent of the node: {host, host_key, port, user}; host_key as `ssh-keyscan` prints it.",
        )
    return AgentAddress(
        str(told["host"]), str(told["host_key"]), int(told.get("port") or 22), str(told.get("user") or "root")
    )


def give_up(run: Run[Env]) -> None:
    """Something may have been written to the node: it is in error until it is provisioned or reset. What its source deployed for
    this operation is taken back; where that had come to its end already, the node is what it was to be."""
    run.check()
    made, status = run.results["data"]["deploy"], NodeStatus.ERROR
    if made is not None and deploy.take_back(run, _node(run), made) is DeployState.DEPLOYED:
        status = NodeStatus.PROVISIONED
    run.check()
    run.env.estate.change(run.operation, node=run.params["subject"], status=status)


def record(run: Run[Env]) -> Json | None:
    """The node is provisioned."""
    run.check()
    run.env.estate.change(run.operation, node=run.params["subject"], status=NodeStatus.PROVISIONED)
    return {"node": run.params["subject"], "status": str(NodeStatus.PROVISIONED)}


def finish(run: Run[Env]) -> None:
    """Let the node go, with the status that it came to."""
    _release(run)
    note_change(run, "succeeded")


def let_go(run: Run[Env]) -> None:
    """Let the node go; it is in error if anything may have been written to it."""
    _release(run)
    note_change(run, "reverted")


def _release(run: Run[Env]) -> None:
    node = run.env.estate.nodes.find(run.params["subject"])
    if node is not None:
        run.env.estate.record(run.operation, [(node.id, node)], None)


FLOW: Flow[Env] = Flow(
    name="provision",
    version=1,
    steps=(
        Step("check", "Make sure that the node is not in use", check, undo=None),  # only reads
        Step("remember", "Remember what extensions keep", remember, undo=None),  # only reads
        Step("hooks", "Ask the extensions", call_hooks, undo=restore),
        Step("data", "Make the provisioning data", make_data, undo=None),  # only reads
        Step("begin", "Mark the node as being provisioned", begin, undo=step_back),
        Step("task", "Provision the node", carry_out, undo=give_up),
        Step("record", "Record the node as provisioned", record, undo=None),  # the last act
    ),
    on_success=finish,
    on_reverted=let_go,
)
