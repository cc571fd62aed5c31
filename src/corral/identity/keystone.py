"""Callers by their Keystone tokens, checked by keystonemiddleware.

keystonemiddleware is WSGI and Corral is ASGI. A bridge that carries whole requests over would buffer bodies and event
streams, so only the question is carried: the middleware sees a request made here that has the token and nothing else, in
front of an application that does nothing, and what it makes of that request is the answer.

Rule: nothing that the client sent goes into that request but its token, its method and its path. What a client claims of
itself (X-Roles, X-Project-Id, …) can't be believed by mistake when it never gets there.
"""

from __future__ import annotations

import importlib
import io
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from keystoneauth1 import exceptions as refusals
from keystoneauth1 import loading
from oslo_config import cfg

from corral.domain.errors import CorralError, Invalid, Unauthenticated, Unreachable
from corral.identity.authenticate import presented_token
from corral.identity.caller import Caller, Method, new_request_id
from corral.identity.keystone_settings import KeystoneSettings
from corral.identity.token_cache import TokenCache

_GROUP = "keystone_authtoken"
_CACHE_KEY = "corral.token_cache"
# Twice the longest token that Keystone makes today (JWS); what is longer is not worth a request.
_LONGEST = 8192


class KeystoneAuthenticator:
    """Asks Keystone, or remembers what it said lately. Makes no request before the first caller comes, so that Corral
    starts while Keystone is down."""

    def __init__(self, settings: KeystoneSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Raises Invalid when the settings can't be used."""
        self._settings = settings
        self._cache = TokenCache(clock)
        self._middleware = _middleware(settings)

    @property
    def challenge(self) -> str:
        """Where tokens come from, in keystonemiddleware's own words."""
        return f'Keystone uri="{self._settings.public_url}"'

    def authenticate(
        self,
        headers: Mapping[str, str],
        client_host: str | None,  # noqa: ARG002 — part of the protocol; a token is good from anywhere
        *,
        method: str = "",
        path: str = "",
        request_id: str = "",
    ) -> Caller:
        """See Authenticator. Waits for Keystone unless the token is in the cache."""
        token = _sendable(presented_token(headers))
        environ = {**_environ(token, method, path), _CACHE_KEY: self._cache}
        status = self._asked(environ)
        if status == 200:
            return _caller(environ["keystone.token_auth"].user, request_id or new_request_id())
        raise self._refused(status)

    def _asked(self, environ: dict[str, Any]) -> int:
        """The status that the middleware, or the application behind it, answers with."""
        statuses: list[int] = []

        def start_response(status: str, headers: object, exc_info: object = None) -> None:  # noqa: ARG001 — WSGI's form
            statuses.append(int(status.split()[0]))

        try:
            list(self._middleware(environ, start_response))
        except refusals.ClientException as exc:
            # What keystonemiddleware lets through is trouble between Corral and Keystone, never a verdict on the token.
            raise self._refused(503) from exc
        return statuses[-1]

    def _refused(self, status: int) -> CorralError:
        if status == 401:
            return Unauthenticated(
                "Keystone does not accept the token: it is wrong, expired, revoked or not meant for this call.",
                fix=f"Get a new one from {self._settings.public_url}.",
            )
        return Unreachable(
            f"Keystone at {self._settings.auth_url} can't be asked about the token, so nothing was done.",
            fix="Try again later. If it stays: check that Keystone answers and that it accepts Corral's own account.",
        )


def _middleware(settings: KeystoneSettings) -> Any:
    with warnings.catch_warnings():
        # Its imports use modules that Python and OpenStack have deprecated; there is nothing that we could do about it.
        warnings.simplefilter("ignore", DeprecationWarning)
        auth_token = importlib.import_module("keystonemiddleware.auth_token")
    conf = _configuration(settings, auth_token.list_opts())
    try:
        return auth_token.AuthProtocol(_application, {"oslo_config_config": conf})
    except (refusals.ClientException, cfg.Error) as exc:
        raise _unusable(exc) from exc


def _configuration(settings: KeystoneSettings, known: Iterable[tuple[str, list[Any]]]) -> cfg.ConfigOpts:
    """The settings in a configuration of their own: the global one belongs to whoever embeds or tests Corral."""
    conf = cfg.ConfigOpts()
    conf([], project="corral", default_config_files=[], default_config_dirs=[])
    for group, options in known:
        conf.register_opts(options, group=group)
    for name, value in _values(settings).items():
        conf.set_override(name, value, group=_GROUP)
    try:
        plugin = loading.get_auth_plugin_conf_options(settings.auth_type)
        conf.register_opts(plugin, group=_GROUP)
        for name in {option.dest for option in plugin} & settings.auth.keys():
            conf.set_override(name, settings.auth[name], group=_GROUP)
    except (refusals.ClientException, cfg.Error, ValueError) as exc:
        raise _unusable(exc) from exc
    return conf


def _values(settings: KeystoneSettings) -> dict[str, Any]:
    return {
        "auth_type": settings.auth_type,
        # Set, because the middleware would otherwise ask Keystone for it before it can refuse anybody.
        "www_authenticate_uri": settings.public_url,
        "interface": settings.interface,
        "region_name": settings.region_name,
        "cafile": settings.cafile,
        "certfile": settings.certfile,
        "keyfile": settings.keyfile,
        "insecure": settings.insecure,
        "http_connect_timeout": settings.timeout,
        # Clients wait meanwhile: one more try is for a connection that Keystone has just closed.
        "http_request_max_retries": 1,
        "token_cache_time": settings.cache_seconds,
        "cache": _CACHE_KEY,
        "service_type": settings.service_type,
    }


def _unusable(exc: Exception) -> Invalid:
    return Invalid(f"Keystone's settings can't be used: {exc}", fix="Correct the entry in clouds.yaml.")


def _application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:  # noqa: ARG001 — WSGI's form
    """What stands behind the middleware: that it is reached is the answer."""
    start_response("200 OK", [("Content-Length", "0")])
    return []


def _sendable(token: str) -> str:
    """A token that can be a header's value. Anything else would make the request to Keystone fail, and look as if Keystone
    were down."""
    if len(token) <= _LONGEST and token.isascii() and token.isprintable():
        return token
    raise Unauthenticated("What was sent is no Keystone token.", fix="Get one with `openstack token issue`.")


def _environ(token: str, method: str, path: str) -> dict[str, Any]:
    """A WSGI request with the token. Method and path are for access rules of application credentials, which no empty
    method matches. X-Service-Token is not carried over: it would make expired tokens good and those access rules void."""
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "corral",
        "SERVER_PORT": "0",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_X_AUTH_TOKEN": token,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _caller(access: Any, request_id: str) -> Caller:
    """The caller as the token has it. Not by X-Roles: that header joins names with commas, so a role whose name has one
    would be taken for two, of which the second could be `admin`."""
    return Caller(
        user=access.user_id,
        user_name=access.username,
        project=access.project_id,
        project_name=access.project_name,
        roles=frozenset(access.role_names),
        system=access.system_scoped,
        request_id=request_id,
        method=Method.KEYSTONE,
        admin_project=access.is_admin_project,
    )
