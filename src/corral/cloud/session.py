"""Keystone-authenticated requests by the cloud names of clouds.yaml.

Rule: raw requests. openstacksdk's own retries (a 409 five times, 15 s) and polling would hide the answers that a claim
depends on, so the SDK reads the configuration, keystoneauth holds the token, and everything else is ours.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from keystoneauth1 import session as keystone_session
from keystoneauth1.exceptions import ClientException
from openstack.config import OpenStackConfig
from openstack.exceptions import ConfigException

from corral.cloud.answers import Answer, answer
from corral.cloud.transport import BorderAdapter, Limits, Routes
from corral.contracts.border import Border
from corral.domain.errors import DriverFailed, Invalid

_VERSION = re.compile(r"/v\d+(\.\d+)?(?:/(?:AUTH_)?[0-9a-f-]{32,36})?/?$")
"""A version, and the project that some catalogues have after Cinder's."""
# Neutron answers a system-scoped token with an empty list, which would make every port look as if it were missing.
_PROJECT_ONLY = ("network", "image", "block-storage")
_FORMER_TYPES = {"block-storage": ("volumev3",)}
"""What catalogues called a service before."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which cloud of clouds.yaml, and which of its endpoints. `project`: the id of another one than that of clouds.yaml, with the
    same login. Timeouts are seconds."""

    cloud: str
    project: str | None = None
    region: str | None = None
    interface: str | None = None
    connect_timeout: float = 5.0
    read_timeout: float = 60.0


class CloudWire:
    """A wire to the services of one cloud. Opens itself at the first request: opening a source does no I/O."""

    def __init__(self, place: Place, border: Border) -> None:
        self.place = place
        self._border = border
        self._routes = Routes()
        self._lock = threading.Lock()
        self._opened: tuple[Any, Any] | None = None
        self._roots: dict[str, str] = {}

    def send(
        self, service: str, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        session, _ = self._session()
        try:
            response = session.request(
                self._root(service) + target,
                method,
                json=body,
                headers={"Accept": "application/json", **(headers or {})},
                raise_exc=False,
                redirect=False,
                log=False,  # keystoneauth would log bodies
                connect_retries=0,
                status_code_retries=0,
            )
        except ClientException as exc:
            raise self._refused(exc) from exc
        return answer(response.status_code, response.content, response.headers)

    def check_settings(self) -> None:
        """Read clouds.yaml, and ask nobody. Raises Invalid when this cloud is not in it, or can't be used as it is."""
        self._session()

    def close(self) -> None:
        """Close the pooled connections."""
        with self._lock:
            if self._opened is not None:
                self._opened[0].session.close()
                self._opened = None

    def _session(self) -> tuple[Any, Any]:
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> tuple[Any, Any]:
        try:
            elsewhere = {} if self.place.project is None else {"auth": {"project_id": self.place.project}}
            config = OpenStackConfig(app_name="corral").get_one(
                cloud=self.place.cloud, region_name=self.place.region, **elsewhere
            )
            auth = config.get_auth()
            verify, cert = config.get_requests_verify_args()
        except (ConfigException, ClientException, OSError, ValueError) as exc:
            # Nothing was asked of anybody yet: what is wrong is what was written down.
            raise Invalid(
                f"Cloud {self.place.cloud!r} can't be used: {exc}",
                fix="Describe it in clouds.yaml (OS_CLIENT_CONFIG_FILE, ~/.config/openstack or /etc/openstack).",
            ) from exc
        # A standalone Ironic has no Keystone: its clouds.yaml says `auth_type: none` and where each service is.
        if auth_url := config.get_auth_args().get("auth_url"):
            self._routes.add("identity", _VERSION.sub("", auth_url.rstrip("/")))
        session = keystone_session.Session(auth=auth, session=self._http(), verify=verify, cert=cert, redirect=False)
        return session, config

    def _http(self) -> requests.Session:
        http = requests.Session()
        limits = Limits(self.place.connect_timeout, self.place.read_timeout)
        adapter = BorderAdapter(self._border, self._routes, limits)
        http.mount("http://", adapter)
        http.mount("https://", adapter)
        return http

    def _root(self, service: str) -> str:
        """Where a service is, without the version, as the catalogue or clouds.yaml says."""
        if service not in self._roots:
            root = _VERSION.sub("", self._endpoint(service).rstrip("/"))
            self._routes.add(service, root)
            self._roots[service] = root
        return self._roots[service]

    def _endpoint(self, service: str) -> str:
        session, config = self._session()
        if override := config.get_endpoint(service):
            return str(override)
        try:
            access = session.auth.get_access(session)
            if service in _PROJECT_ONLY and getattr(access, "system_scoped", False):
                raise DriverFailed(
                    f"Cloud {self.place.cloud!r} has a system-scoped login; the {service} service shows it nothing.",
                    fix="Name a cloud with a project-scoped admin login in the source's option network_cloud.",
                )
            self._check_project(access)
            return self._catalogued(access.service_catalog, config, service)
        except ClientException as exc:
            raise self._refused(exc) from exc

    def _check_project(self, access: Any) -> None:
        # A login that is bound to one project, as an application credential is, stays in it whatever it is asked for.
        if self.place.project not in (None, getattr(access, "project_id", None)):
            raise DriverFailed(
                f"The login of cloud {self.place.cloud!r} stays in its own project.",
                fix="Use a login by password, with the role admin in the projects that records are made in.",
            )

    def _catalogued(self, catalogue: Any, config: Any, service: str) -> str:
        where = {
            "interface": self.place.interface or config.get_interface(service) or "public",
            "region_name": self.place.region or config.get_region_name(service),
        }
        for kind in _FORMER_TYPES.get(service, ()):
            if not catalogue.get_urls(service_type=service, **where) and catalogue.get_urls(service_type=kind, **where):
                service = kind
        return str(catalogue.url_for(service_type=service, **where))

    def _refused(self, exc: ClientException) -> DriverFailed:
        """A login that is refused, a service that is not in the catalogue."""
        status = getattr(exc, "http_status", None)
        text = f"Cloud {self.place.cloud!r}: {type(exc).__name__}{f' ({status})' if status else ''}: {exc}"
        return DriverFailed(text[:500], fix="Check this cloud's login in clouds.yaml and the service catalogue.")
