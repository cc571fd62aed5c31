"""Which changes are tried at each driver under each word of the policy, and what must come of them: data of the live tests."""

from __future__ import annotations

from collections.abc import Iterator

from docs.generate.markdown import code, table
from docs.generate.registry import page
from tests.e2e.support import step_table as tried

_TITLES = {
    tried.IRONIC: "Ironic",
    tried.LIBVIRT: "libvirt, with QEMU's guests",
    tried.VSPHERE: "vSphere, at govmomi's simulator",
}
_WORDS = {
    tried.NOTHING: "nothing",
    tried.REPORTED: "told",
    tried.ASKED: "waits for a decision",
    tried.TAKEN: "the record follows",
    tried.NOTICED: "taken over as agreed",
    tried.CORRECTED: "the source follows",
    tried.LOST: "the server is lost",
    tried.RETURNED: "lost, and back",
    tried.ADOPTED: "adopted",
}


@page("changes.md", "Changes that are tried")
def changes() -> str:
    return "\n\n".join(
        [
            "Each of these changes is made at a real source, by that source's own client, and the record, the source and the queue "
            "must be as this says afterwards. `strict`: the record counts for what disturbs a machine, and no rule allows that; "
            "`allowed`: a rule does. What each word means: "
            "[Synchronize](../how-to/synchronize.md). The CPU of which nothing is said was added to a machine whose NICs were all "
            "replaced: it may be another machine, of which nothing else is believed.",
            *(part for driver in tried.DRIVERS for part in _driver(driver)),
            "## Not tried here",
            table(["Field", "Why"], [(code(name), why) for name, why in sorted(tried.ELSEWHERE.items())]),
        ]
    )


def _driver(driver: str) -> Iterator[str]:
    yield f"## {_TITLES[driver]}"
    rows = [row for row in tried.ROWS if row.at(driver)]
    yield table(["Field", "Change", *map(code, tried.PHASES)], (_row(row, driver) for row in rows))
    missing = [(code(row.field), row.change, row.absent[driver]) for row in tried.ROWS if driver in row.absent]
    yield "Changes that it can't have:"
    yield table(["Field", "Change", "Why"], missing)


def _row(row: tried.Row, driver: str) -> tuple[str, ...]:
    outcomes = row.at(driver)
    told = (_WORDS[outcomes[phase]] if phase in outcomes else "" for phase in tried.PHASES)
    return code(row.field), row.change, *told
