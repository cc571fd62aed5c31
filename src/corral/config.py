"""Every setting, explained. Read from a YAML file, overridden by the environment (`CORRAL_…`), overridden by arguments.

The file is the one that CORRAL_CONFIG names, else ./corral.yaml, else /etc/corral/corral.yaml, whichever exists first.
Rule: a secret is never a value here, only the name of the environment variable or of the clouds.yaml entry that has it.
docs/reference/settings.md is generated from this module.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from corral.config_errors import wrong_settings
from corral.config_sources import BusSettings as BusSettings
from corral.config_sources import HypervisorSettings as HypervisorSettings
from corral.config_sources import LimitSettings as LimitSettings
from corral.config_sources import NodeSettings as NodeSettings
from corral.config_sources import SourceSettings as SourceSettings
from corral.domain.errors import Invalid
from corral.written import read_yaml


class IdentitySettings(BaseModel):
    """Who may call. Without Keystone and without local tokens Corral serves the loopback interface only."""

    model_config = ConfigDict(extra="forbid")

    keystone_cloud: str | None = Field(
        default=None, description="Entry of clouds.yaml whose Keystone checks tokens, and whose user does the checking."
    )
    tokens: bool = Field(
        default=False, description="Accept local tokens (`corral token create`), and nothing without one."
    )
    policy_file: Path | None = Field(default=None, description="An oslo.policy YAML file that overrides default rules.")


class BoardSettings(BaseModel):
    """The job board of a Corral of several processes. With one, `corral serve` runs no operation and `corral worker` does."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = Field(
        default=None,
        description="`redis://host:port/db`, `rediss://…`, `etcd://host:port/path` or `etcds://…`. Needs PostgreSQL. By default the"
        " server process carries out operations itself.",
    )
    password_env: str | None = Field(default=None, description="Environment variable with the board's password.")
    lease: float = Field(
        default=9.0,
        ge=2.0,
        le=600.0,
        description="Seconds after which the operations of a worker that died may be taken by another, which takes about 3 more.",
    )


class BareonApiSettings(BaseModel):
    """The Bareon-API service, `corral bareon-api`: a process and a database of its own."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field(
        default="127.0.0.1", description="Address to listen on. Beyond loopback, `token_env` must be set."
    )
    port: int = Field(default=9322, ge=0, le=65535, description="Port to listen on.")
    database_url: str | None = Field(
        default=None, description="`postgresql://…`; by default SQLite, the file bareon-api.db in data_dir."
    )
    token_env: str | None = Field(
        default=None,
        description="Environment variable with the token that every request must bring; without it only this machine is served.",
    )


class TracingSettings(BaseModel):
    """OpenTelemetry traces. Needs the extra `corral[otel]`."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = Field(
        default=False,
        description="Draw traces of requests, operations, steps and calls at sources, and send them by OTLP over HTTP. Where to, "
        "and how many, is told by the standard variables: `OTEL_EXPORTER_OTLP_ENDPOINT` (by default http://localhost:4318), "
        "`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`, ….",
    )


class NotificationSettings(BaseModel):
    """Where `server.manage.*` and `server.unmanage.*` go."""

    model_config = ConfigDict(extra="forbid")

    driver: str = Field(default="log", description="oslo.messaging's notification driver: log, messagingv2, noop, …")
    transport_url_env: str | None = Field(
        default=None, description="Environment variable with the transport URL (it may hold a password)."
    )
    topics: list[str] = Field(default=["notifications"], description="Topics to publish on.")


class RetentionSettings(BaseModel):
    """For how long what is over is kept. Of a server that exists everything stays, however old it is."""

    model_config = ConfigDict(extra="forbid")

    operations_days: int = Field(
        default=90,
        ge=0,
        le=36500,
        description="Days after which an operation that is over goes, with its events, its proof, and the plan that was applied; "
        "0 keeps them for ever. After that its Idempotency-Key is free again.",
    )
    plans_days: int = Field(
        default=30,
        ge=0,
        le=36500,
        description="Days after which a plan that was never applied goes; 0 keeps it for ever.",
    )
    audit_days: int = Field(
        default=365, ge=0, le=36500, description="Days after which an audit entry goes; 0 keeps it for ever."
    )
    gone_days: int = Field(
        default=30,
        ge=0,
        le=36500,
        description="Days after which a host or a VM goes that its source does not tell any more; 0 keeps it for ever.",
    )


class SyncSettings(BaseModel):
    """Keeping record and world in step."""

    model_config = ConfigDict(extra="forbid")

    policy_file: Path | None = Field(
        default=None,
        description="A YAML file that says what is done about differences between record and world, source by source; see "
        "[Synchronize](../how-to/synchronize.md). Without it nothing is compared.",
    )


class ExtensionSettings(BaseModel):
    """What acts on the nodes of clusters."""

    model_config = ConfigDict(extra="forbid")

    default: list[str] = Field(
        default=["volume_manager"],
        description="Extensions of a new cluster, and of nodes without cluster, in the order in which they act.",
    )
    options: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="Each extension's own options, by its name."
    )
    hook_timeout: float = Field(
        default=30.0, gt=0, description="Seconds that one call of an extension's hook may take."
    )
    hook_tries: int = Field(
        default=4, ge=1, le=20, description="How often a hook is called before the change is taken back."
    )
    ssh_keys: list[Path] = Field(
        default_factory=list,
        description="Files with private keys that let Corral in on nodes that are provisioned by a command on them.",
    )
    answer_within: float = Field(
        default=5.0,
        ge=0,
        le=60,
        description="Seconds that a change of a node or cluster is waited for; after that the answer is 202 with the operation.",
    )

    @field_validator("options")
    @classmethod
    def _one_address(cls, options: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        if "address" in options.get("bareon", {}):
            raise ValueError(
                "bareon has no option `address` here: set `bareon_address`, or the variable BAREON_ADDRESS"
            )
        return options


class Settings(BaseSettings):
    """The settings of one Corral process."""

    model_config = SettingsConfigDict(env_prefix="CORRAL_", env_nested_delimiter="__", extra="forbid")

    host: str = Field(
        default="127.0.0.1", description="Address to listen on. Beyond loopback, identity must be configured."
    )
    port: int = Field(default=6688, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: str | None = Field(
        default=None, description="The URL that links in answers start with; by default the one the client used."
    )
    data_dir: Path = Field(
        default_factory=lambda: Path.home() / ".local" / "share" / "corral",
        description="Directory of the embedded database. One process uses it at a time.",
    )
    database_url: str | None = Field(
        default=None, description="`postgresql://…`; by default SQLite, the file corral.db in data_dir."
    )
    workers: int = Field(
        default=16, ge=1, le=200, description="Operations carried out at the same time, a thread each."
    )
    worker_metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port on which `corral worker` serves its Prometheus metrics, on `host`. `corral serve` has them at /metrics.",
    )
    default_source: str | None = Field(default=None, description="The source that is meant when a request names none.")
    power_timeout: float = Field(
        default=600.0, gt=0, description="Seconds to wait for a power change that was asked for."
    )
    deploy_timeout: float = Field(
        default=3600.0, gt=0, description="Seconds to wait for a source to deploy a machine, or to give it back."
    )
    settle_timeout: float = Field(
        default=60.0,
        ge=0,
        description="Seconds after which a call that was not answered is surely over. What is undone then is looked at again.",
    )
    plan_ahead: int = Field(
        default=400,
        ge=1,
        le=10_000,
        description="How many machines of a large plan are under way at a time: enough to keep all workers busy between two looks, "
        "a second apart. So many still come to their end after the plan was paused.",
    )
    listing_threads: int = Field(default=4, ge=1, le=32, description="Sources that are listed at the same time.")
    sources: list[SourceSettings] = Field(default_factory=list, description="The places that have machines.")
    hypervisors: list[HypervisorSettings] = Field(
        default_factory=list, description="The sources of hypervisor hosts, which are surveyed in the background."
    )
    board: BoardSettings = Field(
        default_factory=BoardSettings, description="The job board of a Corral of several processes."
    )
    extensions: ExtensionSettings = Field(
        default_factory=ExtensionSettings, description="What acts on the nodes of clusters."
    )
    bareon_address: str = Field(
        default="127.0.0.1:9322",
        description="Where the extension `bareon` finds the Bareon-API service: `host:port`, or a URL. The variable "
        "`BAREON_ADDRESS` says it too; `CORRAL_BAREON_ADDRESS` goes before it, and either before the file.",
    )
    identity: IdentitySettings = Field(default_factory=IdentitySettings, description="Who may call.")
    bareon_api: BareonApiSettings = Field(default_factory=BareonApiSettings, description="The Bareon-API service.")
    notifications: NotificationSettings = Field(
        default_factory=NotificationSettings, description="Where notifications go."
    )
    tracing: TracingSettings = Field(default_factory=TracingSettings, description="OpenTelemetry traces.")
    sync: SyncSettings = Field(default_factory=SyncSettings, description="Keeping record and world in step.")
    retention: RetentionSettings = Field(
        default_factory=RetentionSettings, description="For how long what is over is kept."
    )

    @field_validator("sources", "hypervisors")
    @classmethod
    def _named_once(cls, sources: list[Any]) -> list[Any]:
        _check_names(sources)
        return sources

    @model_validator(mode="after")
    def _named_once_in_all(self) -> Self:
        _check_names([*self.sources, *self.hypervisors])
        return self

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'corral.db'}"

    @property
    def embedded(self) -> bool:
        """True for SQLite: then one process has the data directory to itself."""
        return self.url.startswith("sqlite")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The file's values are given as the lowest layer by `load`, arguments as the highest.
        return (init_settings, env_settings, _BareonLayer(settings_cls), _FileLayer(settings_cls))


def _check_names(sources: Sequence[SourceSettings | HypervisorSettings]) -> None:
    names = [source.name for source in sources]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two sources are called {', '.join(twice)}: machines are told apart by their source's name")


class _Layer(PydanticBaseSettingsSource):
    """Where settings come from, all at once."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False


class _BareonLayer(_Layer):
    """The variable by whose name others know where the Bareon-API service is, below Corral's own variables."""

    def __call__(self) -> dict[str, Any]:
        address = os.environ.get("BAREON_ADDRESS")
        return {"bareon_address": address} if address else {}


class _FileLayer(_Layer):
    """The YAML file, below the environment."""

    def __call__(self) -> dict[str, Any]:
        path = config_file()
        return {} if path is None else _read(path)


def config_file() -> Path | None:
    """The settings file that applies, or None. Raises Invalid when CORRAL_CONFIG names one that is not there."""
    named = os.environ.get("CORRAL_CONFIG")
    if named:
        if not Path(named).is_file():
            raise Invalid(
                f"CORRAL_CONFIG names {named}, which is no file.", fix="Correct the path, or unset CORRAL_CONFIG."
            )
        return Path(named)
    return next((path for path in (Path("corral.yaml"), Path("/etc/corral/corral.yaml")) if path.is_file()), None)


def _read(path: Path) -> dict[str, Any]:
    content = read_yaml(path, "settings file")
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise Invalid(
            f"The settings file {path} is not a mapping.",
            fix="Write `name: value` lines; see docs/reference/settings.md.",
        )
    return content


def load(**overrides: Any) -> Settings:
    """The settings that apply; `overrides` win. Raises Invalid, naming each setting that is wrong, and where it was said."""
    given = {key: value for key, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as exc:
        file = config_file()
        wrong = wrong_settings(exc, Settings, given, file, {} if file is None else _read(file))
        raise Invalid(
            f"The settings are wrong: {wrong}.", fix="Correct them; see docs/reference/settings.md."
        ) from None
