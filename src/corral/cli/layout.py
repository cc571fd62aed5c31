"""`corral layout`: disk layouts of a node, computed here from a file. Works without a server and changes nothing.

Other commands of the group are in modules of their own and add themselves to `app`; `computed` is what they share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from corral.cli.output import Format, chosen, write_data
from corral.cli.session import session
from corral.cli.text import clean
from corral.domain.errors import Invalid
from corral.domain.layout import Layout
from corral.layouts import exact, nailgun
from corral.layouts.draw import svg
from corral.layouts.serial import to_json
from corral.layouts.text import load_json

T = TypeVar("T")

app = typer.Typer(help="Disk layouts, computed from a file: no server, no change.", no_args_is_help=True)


class Form(StrEnum):
    """What `--as` takes."""

    KS_SPACES = "ks_spaces"
    DISKS = "disks"
    VOLUMES = "volumes"
    LAYOUT = "layout"
    SVG = "svg"


NodeFile = Annotated[Path, typer.Argument(metavar="NODE.json", help="The node: roles, and meta with disks and memory.")]
SchemaFile = Annotated[
    Path | None,
    typer.Option(
        "--schema", metavar="FILE", help="Which volumes roles have, as YAML or JSON.", show_default="Corral's"
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Mend the faults of the original computation.")]
As = Annotated[
    Form | None,
    typer.Option(
        "--as",
        help="All spaces, the disks, the volumes of the node's roles; or the exact layout, as JSON or as a picture.",
        show_default="ks_spaces; layout for schema version 2",
    ),
]


@dataclass(frozen=True)
class Computed:
    """A node, its schema, and the spaces that come of them."""

    node: nailgun.NodeDisks
    schema: nailgun.Schema
    spaces: nailgun.Spaces

    def layout(self) -> Layout:
        """The exact layout."""
        return nailgun.layout_of(self.node, self.spaces)


@dataclass(frozen=True)
class Exact:
    """What comes of a schema of version 2."""

    allocation: exact.Allocation

    def layout(self) -> Layout:
        """The exact layout."""
        return self.allocation.layout


@app.command()
def compute(
    ctx: typer.Context,
    node: NodeFile,
    schema: SchemaFile = None,
    strict: Strict = False,
    form: As = None,
) -> None:
    """The layout of a node: how big which volume is on which disk, in MiB; or, for a schema of version 2, where to the byte."""
    how, found = session(ctx), computed(node, schema, strict=strict)
    if form is Form.SVG:
        how.out.file.write(svg(found.layout()))
        return
    shape = Format.YAML if chosen(how, None) is Format.YAML else Format.JSON
    write_data(how.out.file, shape, _rendered(found, form))


def computed(node: Path, schema: Path | None, *, strict: bool = False) -> Computed | Exact:
    """Read the files and compute, by the version of the schema. Raises Invalid, with the file and the place in it."""
    rules, data = inputs(node, schema, strict=strict)
    if isinstance(rules, exact.Schema):
        return Exact(exact.allocate(rules, exact.tables(data), exact.roles(data)))
    facts = nailgun.read_node(data)
    return Computed(facts, rules, nailgun.compute(facts, rules))


def inputs(node: Path, schema: Path | None, *, strict: bool) -> tuple[nailgun.Schema | exact.Schema, Any]:
    """The schema, and the node's data, checked where the schema is for roles. Raises Invalid, with the file and the place in it."""
    rules = read_file(schema, _rules) if schema else nailgun.default_schema()
    if isinstance(rules, exact.Schema):
        return rules, read_file(node, load_json)
    if strict:
        rules = nailgun.read_schema({**rules.source, "version": str(nailgun.Version.STRICT)})
    return rules, read_file(node, _readable)


def _rules(text: str) -> nailgun.Schema | exact.Schema:
    return exact.read(text) if exact.is_exact(text) else nailgun.load_schema(text)


def _readable(text: str) -> Any:
    data = load_json(text)
    nailgun.read_node(data)  # raises what is wrong with it
    return data


def read_file(path: Path, read: Callable[[str], T]) -> T:
    """What `read` makes of a file's text. Raises Invalid, with the file's name."""
    try:
        return read(read_text(path))
    except Invalid as error:
        raise Invalid(f"{clean(path)}: {error.message}", fix=error.fix) from error


def read_text(path: Path) -> str:
    """A file's text; `-` is standard input. Raises Invalid."""
    try:
        return typer.get_text_stream("stdin").read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except OSError as exc:
        raise Invalid(f"It can't be read: {exc.strerror}.", fix="Name another file.") from exc
    except UnicodeDecodeError as exc:
        raise Invalid("It is no text in UTF-8.", fix="Name another file.") from exc


def _rendered(found: Computed | Exact, form: Form | None) -> Any:
    if form is Form.LAYOUT or (form is None and isinstance(found, Exact)):
        return to_json(found.layout())
    if isinstance(found, Exact):
        raise Invalid(f"A schema of version 2 has no {form} form.", fix="Use `--as layout` or `--as svg`.")
    if form is Form.DISKS:
        return nailgun.disks_form(found.spaces)
    if form is Form.VOLUMES:
        return nailgun.volumes_form(found.node, found.schema)
    return found.spaces.as_json()
