"""Configuration files say what the setup decided."""

import configparser
import json
from dataclasses import replace

import pytest

from lab import config, services
from lab.config import clouds, ini, sushy

INI_FILES = [name for name in config.FILES if name.endswith(".conf") and not name.startswith("sushy")]


def _parsed(setup, name):
    parser = configparser.RawConfigParser(default_section="none", strict=True)
    parser.read_string(config.FILES[name](setup))
    return parser


def test_sections_keep_their_order_and_booleans_are_lower_case():
    assert ini.render({"b": {"on": True, "empty": ""}, "a": {"n": 1}}) == "[b]\non = true\nempty =\n\n[a]\nn = 1\n"


@pytest.mark.parametrize("name", INI_FILES)
def test_every_file_is_valid_and_has_no_section_twice(setup, name):
    assert _parsed(setup, name).sections()


@pytest.mark.parametrize("name", INI_FILES)
def test_services_write_only_below_the_lab_directory(setup, name):
    values = [value for section in _parsed(setup, name).values() for value in section.values()]
    elsewhere = [value for value in values if "/" in value and str(setup.places.root) not in value]
    assert all(value.startswith("http://127.0.0.1:") or value == "fake://" for value in elsewhere)


@pytest.mark.parametrize("name", ["keystone", "glance", "neutron", "cinder", "ironic"])
def test_each_service_has_a_database_of_its_own(setup, name):
    file = next(file for file in INI_FILES if file.startswith(name))
    assert _parsed(setup, file)["database"]["connection"] == setup.database_url(name)


def test_sqlite_writers_wait_for_each_other(setup):
    assert setup.database_url("ironic").endswith("ironic.sqlite?timeout=60")


def test_mysql_replaces_sqlite(setup):
    url = replace(setup, database="mysql").database_url("ironic")
    assert url == f"mysql+pymysql://lab:lab@127.0.0.1:{setup.ports['mysql']}/ironic?charset=utf8mb3"


def test_ironic_never_corrects_power_by_itself(setup):
    assert _parsed(setup, "ironic/ironic.conf")["conductor"]["sync_power_state_interval"] == "0"


def test_neutron_binds_baremetal_ports_through_the_driver_of_the_lab(setup):
    assert _parsed(setup, "neutron/neutron.conf")["ml2"]["mechanism_drivers"] == "labbaremetal"


def test_the_clouds_are_those_that_tests_log_in_to(setup):
    told = json.loads(clouds.text(setup))["clouds"]
    assert set(told) == {"system", "admin", "demo", "reader", "ironic", "corral", "corral-system"}
    assert told["system"]["auth"]["system_scope"] == "all"
    assert told["corral"]["auth"]["project_name"] == "service"
    assert all(cloud["auth"]["auth_url"] == setup.url("keystone") for cloud in told.values())


def test_the_catalog_lists_corral_at_its_own_port(setup):
    assert ["baremetal_compute", "corral", "http://127.0.0.1:6688/v1"] in services.catalog(setup)


def test_the_emulator_has_systems_that_are_on(setup):
    told = {}
    exec(sushy.text(setup), told)
    systems = told["SUSHY_EMULATOR_FAKE_SYSTEMS"]
    assert len({system["uuid"] for system in systems}) == sushy.SYSTEMS
    assert systems[0]["uuid"] == sushy.system_uuid(1)
    assert systems[0]["nics"][0]["mac"] == sushy.system_mac(1)
    assert {system["power_state"] for system in systems} == {"On"}


def test_writing_makes_the_files_and_folders(setup):
    config.write(setup)
    assert setup.places.clouds.exists()
    assert (setup.places.data / "glance" / "images").is_dir()
    assert not list(setup.places.etc.rglob("*.new"))
