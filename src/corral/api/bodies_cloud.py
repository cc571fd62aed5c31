"""What Corral answers about gaps, records in Cinder and Neutron, and Nova's needs, for the OpenAPI document: the shapes of
`render_cloud`, field by field.

Rule: as `bodies`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from corral.api.bodies import OperationBody, Reason

GapKind = Literal["volume", "port"]


class Candidate(BaseModel):
    """A volume that a disk may be. `reference`: what the backend's driver calls it. `by`: what both sides tell."""

    backend: str
    reference: dict[str, str]
    gib: int | None
    safe_to_manage: bool
    reason_not_safe: str | None
    volume: str | None = Field(description="Its id in Cinder, if Cinder has it.")
    by: list[str]


class VolumeMatch(BaseModel):
    """A disk on a host, and the volumes of Cinder's backends that it may be."""

    machine: str
    machine_name: str
    disk: str
    identifiers: dict[str, str]
    size: int
    managed: str | None = Field(description="The volume of Cinder's that it is already.")
    candidates: list[Candidate]


class VolumeMatches(BaseModel):
    """Every disk on the host."""

    matches: list[VolumeMatch]


class CloudGap(BaseModel):
    """A disk (`part`: its id) or a NIC (`part`: its MAC). `wanted`: the body that would be sent, but for the mark."""

    machine: str
    machine_name: str
    server_uuid: str | None
    kind: GapKind
    part: str
    project_id: str | None
    fillable: bool
    there: str | None = Field(description="The volume or port that there is already.")
    wanted: dict[str, Any]
    evidence: list[str]
    reasons: list[Reason]


class GapCounts(BaseModel):
    """How many gaps."""

    total: int
    fillable: int
    there: int
    blocked: int


class GapPlan(BaseModel):
    """What would be recorded. `digest` is sent to have it done."""

    cloud: str
    source: str
    host: str
    digest: str
    counts: GapCounts
    gaps: list[CloudGap]


class CloudRecord(BaseModel):
    """What was recorded. `made`: the id of the volume or port."""

    id: str
    kind: GapKind
    state: Literal["making", "made", "reverting"]
    source: str
    machine: str
    machine_name: str
    part: str
    project_id: str
    cloud: str
    made: str | None
    wanted: dict[str, Any]
    operation: str
    created_at: str


class CloudRecords(BaseModel):
    """A page of records."""

    records: list[CloudRecord]
    next: str | None = None


class CloudOperations(BaseModel):
    """What was started: an operation for each VM."""

    operations: list[OperationBody]


class NovaNeed(BaseModel):
    """Something that must be as Nova wants it. `met` is null where surveys don't tell."""

    what: str
    met: bool | None
    detail: str
    fix: str | None


class NovaNeeds(BaseModel):
    """What Nova would need to have a VM."""

    machine: str
    machine_name: str
    possible: bool
    needs: list[NovaNeed]
    instance: dict[str, Any]
    image_properties: dict[str, str]
    disks: list[dict[str, Any]]
    ports: list[dict[str, Any]]
    untold: list[str] = Field(description="What surveys don't tell, to be looked up by hand.")


SUCCESS: dict[tuple[str, str, int], type[BaseModel]] = {
    ("GET", "/v1/hosts/{host}/volumes/matches", 200): VolumeMatches,
    ("GET", "/v1/hosts/{host}/machines/{machine}/nova", 200): NovaNeeds,
    ("POST", "/v1/cloud/plans", 200): GapPlan,
    ("POST", "/v1/cloud/records", 202): CloudOperations,
    ("GET", "/v1/cloud/records", 200): CloudRecords,
    ("POST", "/v1/cloud/records/revert", 202): CloudOperations,
}
"""By method, path and status."""
