"""Deploying a machine that is free. Errors as in `contracts.sources`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable


class DeployState(StrEnum):
    """How far a deployment is."""

    FREE = "free"  # nothing is deployed, and it could be
    UNDER_WAY = "under way"
    DEPLOYED = "deployed"
    FAILED = "failed"
    OTHER = "other"  # somebody else does something with the machine


@dataclass(frozen=True, slots=True)
class DeployStatus:
    """How far it is, and that in the source's own words."""

    state: DeployState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Deployer:
    """For whom a machine is deployed, and by which operation; both uuids. A machine is the deployer's when it bears both: what an
    earlier operation deployed for the same owner is not."""

    owner: str
    operation: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """What to deploy. `fields`: image and layout as the source takes them. `config_drive`: gzipped and in base64, or an object with
    `meta_data`, `user_data` and `network_data`. `raid`: the arrays to build first."""

    fields: Mapping[str, Any]
    config_drive: str | Mapping[str, Any] | None = field(default=None, repr=False)  # may hold secrets
    raid: Mapping[str, Any] | None = None


@runtime_checkable
class Deploys(Protocol):
    """A source that can deploy machines that are free. It erases their disks: called only because a person asked for it.

    No method changes a machine that is active, claimed by others, in maintenance, retired or protected."""

    def deployable(self, machine: str) -> Mapping[str, Any]:
        """What a deployment changes of the machine, as it is now, as JSON: what `undeploy` restores. Reads only. Raises Refused
        with every reason why it can't be deployed, NotFound."""

    def reserve(self, machine: str, who: Deployer, wish: Deployment, before: Mapping[str, Any]) -> None:
        """The first half of `deploy`, for whoever has something to do in between: the machine is the deployer's from here on, and
        nothing is deployed yet. Raises as `deploy`. Idempotent."""

    def deploy(self, machine: str, who: Deployer, wish: Deployment, before: Mapping[str, Any]) -> None:
        """Claim the machine and ask for its deployment; returns when the source has taken the request. Looks again right before
        each change. `before` is what `deployable` gave. Of a machine that is the deployer's already it asks what is still missing.

        Raises Refused, with nothing sent, as `deployable`; Conflict when the machine is not as `before` any more, or somebody else
        was faster; DriverFailed when the source does not take the wish: then the claim is left for `undeploy`."""

    def deployment(self, machine: str, who: Deployer) -> DeployStatus:
        """How far it is; OTHER for a machine that is not the deployer's. Raises NotFound. May be some seconds old while it is under
        way, so that many who wait cost little."""

    def undeploy(self, machine: str, who: Deployer, wish: Deployment, before: Mapping[str, Any]) -> DeployStatus:
        """Take back what `reserve` and `deploy` did, as far as that can be done now: call it again while the answer is
        UNDER_WAY. Only a machine
        that is the deployer's and not active is torn down. Idempotent.

        FREE: it is as `before`. DEPLOYED: it had come to its end already, and stays. FAILED: the source could not clean up, and
        `detail` says why. OTHER: it is not the deployer's, or gone, and was not touched."""

    def destroy(self, machine: str, who: Deployer) -> DeployStatus:
        """Tear down what is deployed, because the person who has it asked for that, and wipe the machine as its source does. Only a
        machine that bears both marks of the deployer, in whatever state, and is not protected: Refused with the reasons otherwise.
        Call it again while the answer is UNDER_WAY. Idempotent.

        FREE: the machine is nobody's. FAILED: it was torn down, and the source could not clean it. OTHER: it is not the deployer's,
        or gone, and was not touched."""
