"""What the leak scanner can find."""

from __future__ import annotations

from corral.domain.leak_kinds import CATALOGUE, Kind
from docs.generate.markdown import code, plain, table, template
from docs.generate.registry import page


@page("leaks.md", "Leaks")
def leaks() -> str:
    return "\n\n".join(
        [
            "What `corral leaks` and `GET /v1/leaks` can find. Kinds are stable. How to look and how to repair: "
            "[Find leaks](../how-to/find-leaks.md). Words in capitals stand for what is filled in.",
            "## Repaired by --fix",
            "If it is certainly this Corral's own.",
            _kinds(mends=True, title="What --fix does"),
            "## Told, for a person to decide",
            _kinds(mends=False, title="What to do"),
        ]
    )


def _kinds(*, mends: bool, title: str) -> str:
    found = [kind for kind in Kind if CATALOGUE[kind].mends is mends]
    return table(["Kind", "What it is", title], (_kind(kind) for kind in found))


def _kind(kind: Kind) -> tuple[str, str, str]:
    told = CATALOGUE[kind]
    return code(kind), plain(template(told.what)), template(told.fix)
