"""The migrations and the tables in code are one schema."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from corral.domain.errors import Conflict
from corral.domain.server import Kind
from corral.engine import metadata as engine_metadata
from corral.store import Servers, check_schema, upgrade
from corral.store.schema import downgrade
from corral.store.servers import ServerFilter
from corral.store.tables import metadata

TASKFLOW = {
    "logbooks",
    "flowdetails",
    "atomdetails",
    "taskflow_alembic_version",
    "alembic_version",
    "corral_alembic_version",
}


def test_the_migrated_schema_is_the_one_that_the_code_uses(sql: sa.Engine) -> None:
    def ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return not (kind == "table" and name in TASKFLOW)

    with sql.connect() as conn:
        context = MigrationContext.configure(conn, opts={"include_object": ours, "compare_type": True})
        differences = compare_metadata(context, [metadata, engine_metadata])
    assert differences == []


def test_upgrading_twice_changes_nothing(sql: sa.Engine) -> None:
    upgrade(sql)
    check_schema(sql)


def test_a_schema_can_be_taken_back_and_brought_up_again(sql: sa.Engine) -> None:
    downgrade(sql, "base")
    assert "servers" not in sa.inspect(sql).get_table_names()
    upgrade(sql)
    assert "servers" in sa.inspect(sql).get_table_names()


def test_a_database_without_the_schema_is_refused_with_the_command_that_mends_it(empty: sa.Engine) -> None:
    with pytest.raises(Conflict, match="corral db upgrade"):
        check_schema(empty)


def test_servers_of_the_release_before_vms_are_there_after_the_upgrade_and_may_still_be_written(sql: sa.Engine) -> None:
    downgrade(sql, "0009")
    former = sa.Table("servers", sa.MetaData(), autoload_with=sql)
    assert "kind" not in former.c
    values = {
        "source": "lab", "project": "bank", "status": "active", "flavor": "gold", "metadata": {}, "locked": False,
        "adopted": True, "warnings": [], "snapshot": {}, "created_at": datetime(2026, 1, 1, tzinfo=UTC), "revision": 1,
    }  # fmt: skip

    def written(number: int) -> None:
        with sql.begin() as conn:
            conn.execute(
                sa.insert(former).values(uuid=f"u-{number}", name=f"s-{number}", machine=f"m-{number}", **values)
            )

    written(1)
    upgrade(sql)
    written(2)  # by a process of the former release, which is still running
    found = Servers(sql, lambda: datetime(2026, 1, 2, tzinfo=UTC)).page(ServerFilter(), limit=9, sort_key="name")
    assert [(one.name, one.kind, one.volumes) for one in found] == [("s-2", Kind.NODE, ()), ("s-1", Kind.NODE, ())]
