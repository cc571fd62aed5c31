"""What the first start decided holds until a reset; environment variables override places."""

from dataclasses import replace
from pathlib import Path

import pytest

from lab import install, summary
from lab.errors import LabError
from lab.places import CHECKOUT, from_environment, read_json, write_json
from lab.setup import decide, recall


def test_everything_is_kept_in_the_checkout_by_default():
    places = from_environment({})
    assert places.root == CHECKOUT / ".lab"
    assert places.python == CHECKOUT / ".lab" / "venv" / "bin" / "python"


def test_the_environment_overrides_places():
    places = from_environment(
        {"CORRAL_LAB_DIR": "/x/lab", "CORRAL_LAB_VENV": "/x/venv", "CORRAL_LAB_ENDPOINT": "http://127.0.0.1:7000/v1"}
    )
    assert (places.root, places.venv) == (Path("/x/lab"), Path("/x/venv"))
    assert places.endpoint == "http://127.0.0.1:7000/v1"


def test_a_lab_that_never_started_has_nothing_to_recall(places):
    assert recall(places) is None


def test_a_second_start_uses_the_same_ports_and_database(places):
    first = decide(replace(places, wanted_database="mysql"))
    assert recall(places) == replace(first, places=places)
    assert "mysql" in first.ports


def test_the_kind_of_database_can_not_change_under_the_data(places):
    decide(places)
    with pytest.raises(LabError, match="LAB_DB=sqlite"):
        decide(replace(places, wanted_database="mysql"))


def test_an_unknown_database_is_refused(places):
    with pytest.raises(LabError, match="oracle"):
        decide(replace(places, wanted_database="oracle"))


def test_a_start_keeps_what_the_seed_recorded(setup):
    write_json(setup.places.summary, {"seeded": {"nodes": {"a": {}}}, "old": 1})
    summary.write(setup)
    told = read_json(setup.places.summary)
    assert told["seeded"] == {"nodes": {"a": {}}}
    assert told["services"]["ironic"] == f"http://127.0.0.1:{setup.ports['ironic']}"
    assert "old" not in told


def test_an_installation_is_current_only_with_the_same_requirements(places, tmp_path):
    places.python.parent.mkdir(parents=True)
    places.python.touch()
    assert not install.installed(places)
    (places.venv / ".lab-requirements").write_text(install.digest())
    assert install.installed(places)
    (places.venv / ".lab-requirements").write_text(install.digest(_changed(tmp_path)))
    assert not install.installed(places)


def _changed(folder: Path) -> Path:
    file = folder / "requirements.txt"
    file.write_text(install.REQUIREMENTS.read_text() + "more==1\n")
    return file


def test_every_requirement_is_pinned():
    lines = [line for line in install.REQUIREMENTS.read_text().splitlines() if line and not line.startswith("#")]
    assert all("==" in line or line == "setuptools<81" for line in lines)
