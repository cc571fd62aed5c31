"""Every setting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from corral import config
from docs.generate.markdown import code, plain, table
from docs.generate.registry import page


@page("settings.md", "Settings")
def settings() -> str:
    return "\n\n".join(
        [
            "Settings come from a YAML file; the environment overrides the file, and arguments of `corral serve` override both. "
            "The file is the one that `CORRAL_CONFIG` names, else `corral.yaml` in the working directory, else "
            "`/etc/corral/corral.yaml`. Corral does not start with a setting that it does not know, and says which one.",
            "A secret is never a setting. A setting names the environment variable, or the entry of clouds.yaml, that has it.",
            *_section(config.Settings, "", "Top level"),
            "## Example",
            _EXAMPLE,
        ]
    )


def _section(model: type[BaseModel], prefix: str, title: str) -> Iterator[str]:
    yield f"## {title}"
    if prefix:
        yield plain(model.__doc__)
    yield table(
        ["Setting", "Environment", "Type", "Default", "Meaning"],
        (_row(name, field, prefix) for name, field in model.model_fields.items()),
    )
    for name, field in model.model_fields.items():
        if inner := _model(field.annotation):
            yield from _section(inner, f"{prefix}{name}{'[]' if get_origin(field.annotation) is list else ''}.", name)


def _row(name: str, field: FieldInfo, prefix: str) -> tuple[str, str, str, str, str]:
    # A list of objects can't be written as single variables, only as one variable with JSON.
    variable = "" if "[]" in prefix else code(f"CORRAL_{(prefix + name).replace('.', '__').upper()}")
    return code(prefix + name), variable, _type(field.annotation), _default(field), plain(field.description)


def _model(annotation: Any) -> type[BaseModel] | None:
    candidates = [annotation, *get_args(annotation)]
    found = [one for one in candidates if isinstance(one, type) and issubclass(one, BaseModel)]
    return found[0] if found else None


def _type(annotation: Any) -> str:
    inner = _model(annotation)
    if inner is not None:
        return "list of objects" if get_origin(annotation) is list else "object"
    if get_origin(annotation) is list:
        return f"list of {_type(get_args(annotation)[0])}"
    if get_origin(annotation) is dict:
        return "object"
    known: dict[Any, str] = {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path"}
    if annotation in known:
        return known[annotation]
    return " or ".join(_type(one) for one in get_args(annotation) if one is not type(None)) or str(annotation)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        return ""
    if isinstance(value, Path):
        home = Path.home()
        return code(f"~/{value.relative_to(home)}" if value.is_relative_to(home) else str(value))
    shown: dict[Any, str] = {None: "none", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return shown[value]
    return code(re.sub(r"'", '"', str(value)))


_EXAMPLE = """A service on a host of its own, with Keystone and one Ironic:

```yaml
host: 192.0.2.10
public_url: https://corral.example.org
database_url: postgresql://corral@db.example.org/corral
identity:
  keystone_cloud: corral
sources:
  - name: ironic-a
    driver: ironic
    options:
      cloud: ironic-a-system
      network_cloud: ironic-a-project
      bmc:
        networks: [192.0.2.128/25]
        username: readonly
        password_env: BMC_PASSWORD
```

The options of each driver are in [Drivers](drivers.md)."""
