"""What Corral answers about drifts, for the OpenAPI document: the shapes of `render_drift`, field by field.

Rule: as `bodies`.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from corral.api.bodies import Notified, OperationBody

Link = dict[str, str]
Side = Any


class DriftBody(BaseModel):
    """A field of a machine that is not as recorded. A side is a text, a number, a list, or null for none."""

    id: int
    source: str
    machine: str
    server_uuid: str | None = Field(description="Null for a machine that no server has.")
    name: str
    project_id: str | None
    field: str
    record: Side
    world: Side
    agreed: Side = Field(description="What both sides last had in common; null also when they never had.")
    state: str = Field(description="settling, open, conflict, held, correcting or ignored.")
    why: str = Field(description="What is, or is not, done about it.")
    looks: int = Field(description="How often both sides were seen as they are now.")
    first_seen_at: str
    changed_at: str = Field(description="Since when both sides are as they are now.")
    last_seen_at: str
    operation: str | None = Field(description="The operation that corrects it.")
    links: list[Link]


class DriftPage(BaseModel):
    """A page of drifts, in the order in which they were found."""

    drifts: list[DriftBody]
    next: str | None = Field(None, description="The following page; not there on the last one.")


class Decided(BaseModel):
    """What was decided about a drift."""

    drift: DriftBody
    operation: OperationBody | None = Field(description="What carries it out; null when it is done already.")


class FieldPolicy(BaseModel):
    """What the policy says of one field; null: what it says of the source."""

    policy: str | None
    wins: str | None


class Brake(BaseModel):
    """The brake of a source."""

    on: bool
    since: str | None
    why: str | None
    percent: float
    least: int
    released_at: str | None = Field(description="What was known by then may be settled.")


class HeardPod(BaseModel):
    """A pod that servers of the source are composed of."""

    name: str
    notifications: Notified | None = Field(description="Null before the first try to listen.")


class SyncedSourceBody(BaseModel):
    """A source that the policy names."""

    name: str
    policy: str
    fields: dict[str, FieldPolicy]
    allow: list[str] = Field(description="What corrections may do to machines.")
    rules: int = Field(description="How many rules there are for single servers.")
    adopts: bool = Field(description="Whether new machines are looked for.")
    settle: float = Field(description="Seconds that a difference must last.")
    servers: int | None = Field(description="How many there were in the last whole pass.")
    ended_at: str | None = Field(description="The end of the last whole pass.")
    changed_at: str | None = Field(description="The last pass that found or did something.")
    seconds: float | None = Field(description="How long the last whole pass took.")
    pause: float | None = Field(description="Seconds until the next pass, as it was last chosen.")
    lag: float | None = Field(description="Seconds since the last whole pass.")
    problem: str | None = Field(description="Why the last pass did not come to its end.")
    wanted_at: str | None = Field(description="Somebody wants a pass, and that is not done yet.")
    policy_problem: str | None = Field(description="Why an older policy than the file's is in force.")
    notifications: Notified | None = Field(description="Null where the source has no bus.")
    pods: list[HeardPod] = Field(description="Those that its composed servers are of, and that are to be heard.")
    brake: Brake
    drifts: dict[str, int] = Field(description="How many there are, by state.")


class SyncedSources(BaseModel):
    """Every source that the policy names."""

    sources: list[SyncedSourceBody]


SUCCESS: dict[tuple[str, str, int], type[BaseModel]] = {
    ("GET", "/v1/drift", 200): DriftPage,
    ("GET", "/v1/drift/{drift}", 200): DriftBody,
    ("POST", "/v1/drift/{drift}/accept", 202): Decided,
    ("POST", "/v1/drift/{drift}/restore", 202): Decided,
    ("POST", "/v1/drift/{drift}/ignore", 202): Decided,
    ("GET", "/v1/servers/{uuid}/drift", 200): DriftPage,
    ("GET", "/v1/sync", 200): SyncedSources,
    ("GET", "/v1/sync/{source}", 200): SyncedSourceBody,
    ("POST", "/v1/sync/{source}/release", 202): SyncedSourceBody,
    ("POST", "/v1/sync/{source}/look", 202): SyncedSourceBody,
}
"""By method, path and status."""
