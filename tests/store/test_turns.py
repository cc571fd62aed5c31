"""What one process does for all is done in turns."""

import time
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from corral.store import Turns


def test_of_many_who_ask_at_once_one_has_the_turn(sql: sa.Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        for _round in range(2):
            taken = list(pool.map(lambda _n: Turns(sql).take("sweep", 0.5), range(8)))
            assert taken.count(True) == 1
            time.sleep(0.6)


def test_a_turn_ends_by_itself_and_says_nothing_of_others(sql: sa.Engine) -> None:
    turns = Turns(sql)
    assert turns.take("sweep", 0.3)
    assert not turns.take("sweep", 0.3)
    assert turns.take("scan", 60.0)
    time.sleep(0.4)
    assert turns.take("sweep", 60.0)
    assert not turns.take("scan", 60.0)
