"""What one process does for all is done in turns."""

import time
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from corral.store import Turns


def test_of_many_who_ask_at_once_one_has_the_turn(sql: sa.Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        for what in ("sweep", "scan"):
            taken = list(pool.map(lambda _n, what=what: Turns(sql).take(what, 3600.0), range(8)))
            assert taken.count(True) == 1


def test_a_turn_ends_by_itself_and_says_nothing_of_others(sql: sa.Engine) -> None:
    turns = Turns(sql)
    assert turns.take("scan", 3600.0)
    assert turns.take("sweep", 2.0)
    begun = time.monotonic()
    assert not turns.take("sweep", 2.0) or time.monotonic() - begun > 1.9
    time.sleep(2.1)
    assert turns.take("sweep", 3600.0)
    assert not turns.take("scan", 3600.0)
