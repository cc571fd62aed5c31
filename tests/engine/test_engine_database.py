"""The database that the store and the engine share."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from corral.engine import DatabaseUnusable, DataDirectoryBusy, lock_data_directory, open_database, read
from corral.engine.patience import BackOff
from corral.engine.tables import UtcDateTime

LOCK = "import sys; from corral.engine import lock_data_directory; lock_data_directory(sys.argv[1]).release()"
T = sa.Table("t", sa.MetaData(), sa.Column("n", sa.Integer, primary_key=True), sa.Column("at", UtcDateTime))


@pytest.fixture
def file(tmp_path: Path) -> sa.Engine:
    engine = open_database(f"sqlite:///{tmp_path}/corral.db")
    T.create(engine)
    return engine


def test_sqlite_is_tuned_to_keep_what_was_committed(file: sa.Engine) -> None:
    with file.connect() as conn:
        found = [
            conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]


def test_readers_neither_wait_for_a_writer_nor_see_what_it_has_not_committed(file: sa.Engine) -> None:
    with file.begin() as writer:
        writer.execute(sa.insert(T), {"n": 1})
        with read(file) as reader:
            assert reader.execute(sa.select(sa.func.count()).select_from(T)).scalar() == 0
    with read(file) as reader:
        assert reader.execute(sa.select(sa.func.count()).select_from(T)).scalar() == 1


def test_writers_that_read_first_wait_for_each_other_and_lose_nothing(file: sa.Engine) -> None:
    with file.begin() as conn:
        conn.execute(sa.insert(T), {"n": 0})

    def increment() -> None:
        for _ in range(20):
            with file.begin() as conn:
                n = conn.execute(sa.select(T.c.n)).scalar_one()
                conn.execute(sa.update(T).values(n=n + 1))

    threads = [threading.Thread(target=increment) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with read(file) as conn:
        assert conn.execute(sa.select(T.c.n)).scalar() == 80


def test_a_failed_transaction_leaves_nothing_and_no_lock(file: sa.Engine) -> None:
    with pytest.raises(ZeroDivisionError), file.begin() as conn:
        conn.execute(sa.insert(T), {"n": 1})
        raise ZeroDivisionError
    with file.begin() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(T)).scalar() == 0


def test_times_come_back_as_the_same_instant_in_utc(file: sa.Engine) -> None:
    at = datetime(2030, 5, 6, 7, 8, 9, 123456, tzinfo=timezone(timedelta(hours=5)))
    with file.begin() as conn:
        conn.execute(sa.insert(T), {"n": 1, "at": at})
        found = conn.execute(sa.select(T.c.at)).scalar_one()
    assert (found, found.tzinfo) == (at, UTC)


def test_a_time_without_a_zone_is_refused(file: sa.Engine) -> None:
    with pytest.raises(sa.exc.StatementError, match="no time zone"), file.begin() as conn:
        conn.execute(sa.insert(T), {"n": 1, "at": datetime(2030, 1, 1)})


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql+pymysql://h/db"])
def test_databases_that_cannot_keep_the_promise_are_refused(url: str) -> None:
    with pytest.raises(DatabaseUnusable):
        open_database(url)


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg2"])
def test_the_driver_of_postgresql_is_written_out(scheme: str) -> None:
    assert open_database(f"{scheme}://u@localhost/db").url.drivername == "postgresql+psycopg2"


def test_a_data_directory_belongs_to_one_process(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    with lock_data_directory(directory):
        other = subprocess.run([sys.executable, "-c", LOCK, directory], capture_output=True, text=True)
        assert "DataDirectoryBusy" in other.stderr and str(directory) in other.stderr
        assert "ResourceWarning" not in other.stderr
        assert directory.stat().st_mode & 0o077 == 0
    subprocess.run([sys.executable, "-c", LOCK, directory], check=True)


def test_a_data_directory_is_locked_once_within_a_process_too(tmp_path: Path) -> None:
    with lock_data_directory(tmp_path), pytest.raises(DataDirectoryBusy):
        lock_data_directory(tmp_path)
    lock_data_directory(tmp_path).release()


def test_the_back_off_grows_to_its_cap_and_is_spread() -> None:
    back_off = BackOff(first=1.0, factor=2.0, cap=10.0, jitter=0.5)
    assert [back_off.delay(attempt, 0.5) for attempt in (1, 2, 3, 4, 5, 500)] == [1, 2, 4, 8, 10, 10]
    assert (back_off.delay(5, 0.0), back_off.delay(5, 1.0)) == (5.0, 15.0)
