"""Who asks: a token and an endpoint from clouds.yaml, through Keystone.

Rule: credentials are read by openstacksdk, from where it always reads them, and are never kept, printed or logged here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corral.domain.errors import CorralError, Invalid, Unauthenticated, Unreachable

SERVICE_TYPE = "baremetal_compute"
"""Mogan's service type, with the underscore: what existing catalogs and clients have."""


@dataclass(frozen=True, slots=True)
class Access:
    """What Keystone granted. `endpoint` None: the catalog has none for Corral."""

    token: str
    endpoint: str | None

    def __repr__(self) -> str:
        return f"Access(endpoint={self.endpoint!r})"


def access(cloud: str) -> Access:
    """Log in to `cloud` as clouds.yaml and the environment describe it. Raises Invalid, Unauthenticated, Unreachable."""
    import openstack.config
    from keystoneauth1 import exceptions as refusals
    from openstack import exceptions as config_errors

    try:
        region = openstack.config.OpenStackConfig().get_one(cloud=cloud)
        session = region.get_session()
        return Access(str(session.get_token()), _endpoint(session, region))
    except (config_errors.ConfigException, refusals.MissingRequiredOptions) as exc:
        raise Invalid(
            f"Cloud {cloud} can't be used: {exc}", fix="Look at clouds.yaml, or say --url and --token."
        ) from exc
    except refusals.ClientException as exc:
        raise _refused(cloud, exc, refusals) from exc


def _endpoint(session: Any, region: Any) -> str | None:
    found = session.get_endpoint(
        service_type=SERVICE_TYPE,
        interface=region.get_interface(SERVICE_TYPE) or "public",
        region_name=region.get_region_name(SERVICE_TYPE),
    )
    return str(found) if found else None


def _refused(cloud: str, exc: Exception, refusals: Any) -> CorralError:
    if isinstance(exc, refusals.Unauthorized | refusals.Forbidden):
        return Unauthenticated(
            f"Keystone of cloud {cloud} refuses the login.", fix="Check the credentials in clouds.yaml."
        )
    return Unreachable(
        f"Keystone of cloud {cloud} does not answer: {exc}", fix="Check auth_url in clouds.yaml, and the network."
    )
