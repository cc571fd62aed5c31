"""Fixtures of the lab's own tests: pure logic, no OpenStack, nothing outside tmp_path."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from lab.places import from_environment  # noqa: E402
from lab.setup import SERVICES, Setup  # noqa: E402


@pytest.fixture
def places(tmp_path):
    made = from_environment({"CORRAL_LAB_DIR": str(tmp_path / "lab")})
    made.make()
    return made


@pytest.fixture
def setup(places):
    return Setup(places, {name: 18000 + number for number, name in enumerate((*SERVICES, "mysql"))})
