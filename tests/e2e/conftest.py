"""The lab, a Corral process over it, and machines of a test's own. Nothing that others made is ever changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2])
)  # so that `tests.e2e.support` is found wherever pytest starts

from tests.e2e.support.building import deploying
from tests.e2e.support.corral import Corral
from tests.e2e.support.lab import Lab, read_lab
from tests.e2e.support.machines import Made, Wish, make, remove


@pytest.fixture(scope="session")
def lab_as_it_is() -> Iterator[Lab]:
    """The lab that runs. Without one these tests are skipped, or fail where CORRAL_REQUIRE_LAB says so."""
    try:
        found = read_lab()
    except LookupError as exc:
        if os.environ.get("CORRAL_REQUIRE_LAB") == "1":
            pytest.fail(str(exc))
        pytest.skip(str(exc))
    yield found
    found.close()


@pytest.fixture(scope="session")
def lab(lab_as_it_is: Lab) -> Lab:
    """The lab; modules may have another in its place."""
    return lab_as_it_is


@pytest.fixture(scope="session")
def deploying_lab(lab_as_it_is: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab with an Ironic that can deploy what is composed of an emulated pod."""
    with deploying(lab_as_it_is, tmp_path_factory.mktemp("ironic")) as found:
        yield found


@pytest.fixture(scope="session")
def corral(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corral]:
    """A server that runs for all tests."""
    yield from _serve(lab, tmp_path_factory.mktemp("corral"))


@pytest.fixture(scope="module")
def rival(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corral]:
    """A second server, with a database of its own, over the same lab."""
    yield from _serve(lab, tmp_path_factory.mktemp("rival"))


def _serve(lab: Lab, home: Path) -> Iterator[Corral]:
    served = Corral(home, lab.clouds)
    try:
        served.start()
        yield served
    finally:
        served.stop()
        served.http.close()


@pytest.fixture
def machine(lab: Lab) -> Iterator[Callable[..., Made]]:
    """Makes machines that run, and removes them with all that was put on them."""
    made: list[Made] = []

    def one(**wish: object) -> Made:
        made.append(make(lab, Wish(**wish)))  # type: ignore[arg-type]
        return made[-1]

    yield one
    for each in made:
        remove(lab, each)
