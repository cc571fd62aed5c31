"""Which Corral a database is, and which servers it remembers."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from corral.store import Proofs, installation


def test_a_database_gives_itself_one_id_whoever_asks_first(sql: sa.Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: installation(sql), range(16)))
    assert len(found) == 1
    assert re.fullmatch("[0-9a-f]{12}", found.pop())


def test_servers_are_remembered_by_what_was_done_to_them_but_not_by_the_mending_of_leaks(
    sql: sa.Engine, clock: Callable[[], datetime]
) -> None:
    proofs = Proofs(sql, clock)
    adopted, mended, unknown = (str(uuid4()) for _ in range(3))
    proof = {"user": None, "project": "p", "source": "lab", "machine": "m"}
    with sql.begin() as conn:
        proofs.open(conn, {**proof, "operation": str(uuid4()), "server": adopted, "kind": "manage"})
        proofs.open(conn, {**proof, "operation": str(uuid4()), "server": mended, "kind": "mend"})
    many = [str(uuid4()) for _ in range(1200)]
    assert proofs.remembered([adopted, mended, unknown, *many]) == {adopted}
