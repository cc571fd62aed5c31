"""`corral layout write`: a layout, as an agent or an installer reads it. Nothing is sent anywhere, and no disk is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from corral.cli.layout import SchemaFile, Strict, computed, read_file
from corral.cli.session import Session, session
from corral.cli.text import clean
from corral.domain.errors import Invalid, Refused
from corral.domain.layout import SECTOR, Layout
from corral.domain.reasons import Reason
from corral.layouts.check import check
from corral.layouts.serial import from_json
from corral.layouts.text import load_json
from corral.layouts.writers.abilities import in_place
from corral.layouts.writers.deployment import Deployment, Image
from corral.layouts.writers.targets import TARGETS, Files, Order

TargetName = StrEnum("TargetName", {name: name for name in TARGETS})  # type: ignore[misc]  # the registry is the one list

Source = Annotated[
    Path,
    typer.Argument(metavar="NODE_OR_LAYOUT.json", help="A node (roles, and meta with disks and memory), or a layout."),
]
To = Annotated[TargetName, typer.Option("--target", help="Who is to read it.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="FILE", help="For the agents: provisioning data to put the layout into, as JSON."),
]
Hostname = Annotated[str | None, typer.Option("--hostname", help="For the agents: the node's name.")]
Images = Annotated[
    list[str] | None,
    typer.Option(
        "--image", metavar="MOUNT=URI", help="For the agents: the image of a file system. May be given often."
    ),
]
ConfigDrive = Annotated[
    Path | None,
    typer.Option("--config-drive", metavar="FILE", help="For Ironic: the config drive, gzipped and in base64."),
]
InPlace = Annotated[
    bool, typer.Option("--in-place", help="All of it is there already; only file systems are made, but for those kept.")
]
Directory = Annotated[
    Path | None,
    typer.Option("--directory", metavar="DIR", help="Write files to this new or empty folder, not to the terminal."),
]


def register(app: typer.Typer) -> None:
    """Put the command into `corral layout`."""
    app.command("write")(write)


def write(
    ctx: typer.Context,
    source: Source,
    target: To,
    schema: SchemaFile = None,
    strict: Strict = False,
    data: Data = None,
    hostname: Hostname = None,
    image: Images = None,
    config_drive: ConfigDrive = None,
    already: InPlace = False,
    directory: Directory = None,
) -> None:
    """A layout, as an agent or an installer reads it; what it can't express is refused, all at once."""
    how = session(ctx)
    layout = _layout(source, schema, strict=strict)
    given = read_file(data, _object) if data else None
    order = Order(in_place(layout) if already else layout, _deployment(hostname, image, config_drive), given)
    files = TARGETS[target.value].write(order)
    if directory is None:
        _print(how, files)
    else:
        _save(how, files, directory)


def _layout(source: Path, schema: Path | None, *, strict: bool) -> Layout:
    """The node's layout, or the one in the file. Only a node may come from standard input."""
    if str(source) != "-" and isinstance(data := read_file(source, load_json), dict) and "tables" in data:
        return read_file(source, lambda _text: _sound(from_json(data)))
    return computed(source, schema, strict=strict).layout()


def _sound(layout: Layout) -> Layout:
    """The layout, if nothing is wrong with it: a writer takes for granted that partitions do not overlap."""
    # Data disks alone are a layout too: whether there must be one to boot from is the target's to say.
    flaws = [flaw for flaw in check(layout, alignment=SECTOR) if flaw.code != "no-boot-disk"]
    if flaws:
        reasons = [Reason(flaw.code, f"{flaw.where}: {flaw.message}".removeprefix(": "), flaw.fix) for flaw in flaws]
        raise Refused("The layout is not sound.", reasons, fix="Mend what each reason says; nothing was written.")
    return layout


def _object(text: str) -> Mapping[str, Any]:
    found = load_json(text)
    if not isinstance(found, dict):
        raise Invalid("It holds no JSON object.", fix="Give the provisioning data of one node.")
    return found


def _deployment(hostname: str | None, images: list[str] | None, config_drive: Path | None) -> Deployment:
    found = Deployment()
    found = replace(found, hostname=hostname) if hostname else found
    found = replace(found, images=tuple(map(_image, images))) if images else found
    return replace(found, config_drive=read_file(config_drive, str.strip)) if config_drive else found


def _image(text: str) -> Image:
    mount, _, uri = text.partition("=")
    if not mount.startswith("/") or "://" not in uri:
        raise Invalid(
            f"{clean(text)!r} names no image.", fix="Write it as MOUNT=URI, such as /=http://host/root.img.gz."
        )
    return Image(mount, uri)


def _print(how: Session, files: Files) -> None:
    """One document as it is; several with their paths above them."""
    for path, text in files.items():
        how.out.file.write(text if len(files) == 1 else f"# {path}\n{text}\n")


def _save(how: Session, files: Files, directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            # A definition left over from another layout would be carried out along with these.
            raise Invalid(f"{clean(directory)} is not empty.", fix="Name a new folder.")
        for path, text in files.items():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_text(text, encoding="utf-8")
    except OSError as exc:
        raise Invalid(f"{clean(directory)} can't be written: {exc.strerror}.", fix="Name another folder.") from exc
    how.out.print(f"Wrote {len(files)} file(s) to {clean(directory)}.")
