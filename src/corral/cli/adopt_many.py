"""`corral adopt --from FILE`: one plan for all machines, a preview, one word of consent, and a result for each.

Rule: one machine's trouble never stops the others, and every machine of the file is in the result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import typer

from corral.cli.api import Json
from corral.cli.batch import read_wishes
from corral.cli.exits import Exit
from corral.cli.faults import InvalidFields, reasons_of
from corral.cli.output import Column, Format, chosen, field, show_list, show_one
from corral.cli.plan_machines import Row, machines, row_of, watch_plan, whole
from corral.cli.plan_view import print_plan
from corral.cli.progress import failure, finished, watch_many
from corral.cli.reasons import brief, codes, next_step
from corral.cli.session import Session
from corral.cli.text import counted
from corral.cli.wishes import Draft, Wish, body, draft
from corral.cli.wishes_vms import draft_vm, hypervisors
from corral.domain.reasons import Reason

COLUMNS = (
    field("Node", "node", keep=True),
    field("Server", "name"),
    field("Outcome"),
    field("Server UUID", "server_uuid", keep=True),
    field("Operation", keep=True, extra=True),
    Column("Reasons", lambda row: codes(reasons_of(row["reasons"])), lambda row: brief(reasons_of(row["reasons"]))),
    field("Error"),
)


def adopt_file(
    how: Session, path: Path, source: str | None, *, plan_only: bool, yes: bool, wait: bool, output: Format | None
) -> None:
    """The whole run. Exits 4 when a machine was blocked, 1 when an operation failed."""
    drafts = _drafts(how, path, source)
    plan = _plan(how, drafts)
    is_result = plan_only and chosen(how, output) is Format.TABLE
    print_plan(how, plan, result=is_result)
    if plan_only:
        only_plan(how, plan, output, printed=is_result)
        return
    rows = [row_of(item) for item in plan["items"]]
    adoptable = int(plan["counts"]["adoptable"])
    if adoptable:
        how.confirm(f"Adopt {counted(adoptable, 'machine')}?", yes=yes)
        apply_plan(how, plan, rows, wait=wait)
    report(how, rows, output)


def _drafts(how: Session, path: Path, source: str | None) -> list[Draft]:
    wishes = read_wishes(path)
    at_hypervisors = hypervisors(how.api) if any(wish.source or source for wish in wishes) else set()
    index: dict[str, list[Json]] = defaultdict(list)
    of_nodes = any((wish.source or source) not in at_hypervisors for wish in wishes)
    asked = {"source": None if source in at_hypervisors else source}
    for node in how.api.pages("adoptable_nodes", "adoptable_nodes", asked) if of_nodes else ():
        for key in {str(node.get("name")), str(node.get("uuid")).lower()}:
            index[key].append(node)
    flavors = list(how.api.pages("flavors", "flavors"))
    found = {wish.node: [*index[wish.node], *index[wish.node.lower()]] for wish in wishes}
    vms = {at: _vms(how, at) for at in {wish.source or source for wish in wishes} & at_hypervisors if at}

    def drafted(wish: Wish) -> Draft:
        at = wish.source or source
        if at in vms:
            return draft_vm(wish, at, vms[at].get(wish.node, ()), flavors)
        return draft(wish, _unique(found[wish.node]), flavors)

    return [drafted(wish) for wish in wishes]


def _vms(how: Session, source: str) -> dict[str, list[Json]]:
    """The VMs of a source, by name and by id."""
    index: dict[str, list[Json]] = defaultdict(list)
    for vm in how.api.pages("adoptable_vms", "adoptable_vms", {"source": source}):
        for key in {str(vm.get("name")), str(vm.get("id"))}:
            index[key].append(vm)
    return index


def _unique(nodes: Sequence[Json]) -> list[Json]:
    return list({(node.get("source"), node.get("uuid")): node for node in nodes}.values())


def _plan(how: Session, drafts: Sequence[Draft]) -> Json:
    """The server's plan for all that could be asked, with the machines that could not beside them as blocked."""
    plan: Json = {"uuid": None, "items": []}
    while sendable := [one for one in drafts if one.request is not None]:
        try:
            made = how.api.post("plans", {"machines": [body(one.request) for one in sendable if one.request]})
            plan = whole(how, made)
            break
        except InvalidFields as error:
            drafts = _without_invalid(drafts, sendable, error)
    items = [*plan["items"], *(_blocked(one) for one in drafts if one.request is None)]
    adoptable = sum(1 for item in items if item.get("adoptable"))
    counts = {"total": len(items), "adoptable": adoptable, "blocked": len(items) - adoptable}
    return {**plan, "items": items, "counts": counts}


def _without_invalid(drafts: Sequence[Draft], sent: Sequence[Draft], error: InvalidFields) -> list[Draft]:
    """The drafts, those that the server can't read turned into blocked ones. Raises `error` if it names no machine."""
    wrong: dict[int, list[Reason]] = defaultdict(list)
    for path, problem in error.fields:
        _, _, rest = path.partition("machines.")
        number, _, key = rest.partition(".")
        if number.isdigit() and int(number) < len(sent):
            wrong[id(sent[int(number)])].append(Reason("invalid", f"{key}: {problem}.", "Correct it in the file."))
    if not wrong:
        raise error
    return [replace(one, request=None, reasons=tuple(wrong[id(one)])) if id(one) in wrong else one for one in drafts]


def _blocked(one: Draft) -> Json:
    reasons = [reason.as_json() for reason in one.reasons]
    blank: Json = {"node_uuid": None, "source": one.wish.source, "steps": [], "request": None}
    name = one.wish.name or one.wish.node
    return {"name": name, "node_name": one.wish.node, "adoptable": False, "reasons": reasons, **blank}


def only_plan(how: Session, plan: Json, output: Format | None, *, printed: bool) -> None:
    """Print the plan, unless it was, and how to apply it. Exits 4 when a machine was blocked."""
    if not printed:
        show_one(how, output, plan)
    if plan["counts"]["adoptable"]:
        some = " --skip-blocked` adopts those that can be." if plan["counts"]["blocked"] else "` adopts them."
        next_step(how, f"`corral plan apply {plan['uuid']}{some}")
    if plan["counts"]["blocked"]:
        raise typer.Exit(Exit.REFUSED)


def apply_plan(how: Session, plan: Json, rows: Sequence[Row], *, wait: bool) -> None:
    """Apply a plan to those that can be adopted, and write each end into its row."""
    skip = True if plan["counts"]["blocked"] else None
    applied = how.api.post(f"plans/{plan['uuid']}/apply", skip_blocked=skip)
    if applied.get("operation"):
        _fed(how, plan, rows, wait=wait)
        return
    operations = applied.get("operations") or []
    names = {str(row["node_uuid"]): str(row["node"]) for row in rows}
    done = watch_many(how, operations, names) if wait else {one["uuid"]: one for one in operations}
    rows_of = {(row["source"], row["node_uuid"]): row for row in rows}
    for operation in done.values():
        row = rows_of.get((operation.get("source"), operation.get("machine")))
        if row is not None:
            record(row, operation)


def _fed(how: Session, plan: Json, rows: Sequence[Row], *, wait: bool) -> None:
    """A plan so large that an operation starts its machines one after another."""
    if not wait:
        next_step(how, f"Accepted. `corral plan result {plan['uuid']}` shows how far it is.")
        return
    watch_plan(how, plan["uuid"])
    rows_of = {(row["source"], row["node_uuid"]): row for row in rows if row["outcome"] != "blocked"}
    for machine in machines(how, plan, adoptable="true"):
        rows_of[machine["source"], machine["node_uuid"]].update(row_of(machine))


def record(row: Row, operation: Json) -> None:
    """Write an operation's end into its machine's row."""
    row.update(operation=operation["uuid"], server_uuid=operation.get("server_uuid"))
    if operation.get("state") == "succeeded":
        row["outcome"] = "adopted"
    elif finished(operation):
        error = failure(operation)
        found = [reason.as_json() for reason in error.reasons]
        row.update(outcome="failed", error=error.message, fix=error.fix, reasons=[*row["reasons"], *found])


def report(how: Session, rows: Sequence[Row], output: Format | None) -> None:
    """Print the result of every machine. Exits 1 when one failed, 4 when one was blocked."""
    show_list(how, output, rows, COLUMNS)
    outcomes = [row["outcome"] for row in rows]
    count = {outcome: outcomes.count(outcome) for outcome in ("adopted", "accepted", "failed", "cancelled", "blocked")}
    how.note(", ".join(f"{number} {outcome}" for outcome, number in count.items() if number) + ".")
    if count["failed"]:
        next_step(how, "`corral operation show OPERATION` tells more; run the same file again once it is repaired.")
        raise typer.Exit(Exit.FAILED)
    if count["blocked"]:
        next_step(
            how, "Fix what the reasons say, then run the same file again: what is managed by then is only reported."
        )
        raise typer.Exit(Exit.REFUSED)
