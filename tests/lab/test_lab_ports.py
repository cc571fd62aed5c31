"""Ports are free when they are chosen, and stay the same afterwards."""

import socket

import pytest

from lab import ports
from lab.errors import LabError


def test_every_service_gets_a_port_of_its_own():
    chosen = ports.choose("abcdef")
    assert len(set(chosen.values())) == 6
    assert all(ports.FIRST <= port < ports.LAST for port in chosen.values())


def test_a_port_that_somebody_uses_is_not_chosen():
    with socket.socket() as other:
        other.bind((ports.HOST, 0))
        other.listen()
        assert not ports.is_free(other.getsockname()[1])


def test_busy_ports_are_skipped():
    assert ports.choose("ab", free=lambda port: port % 2 == 1, start=18000) == {"a": 18001, "b": 18003}


def test_the_search_wraps_at_the_end_of_the_range():
    assert ports.choose("ab", free=lambda _: True, start=ports.LAST - 1) == {"a": ports.LAST - 1, "b": ports.FIRST}


def test_without_a_free_port_the_error_names_the_service():
    with pytest.raises(LabError, match="glance"):
        ports.choose(["keystone", "glance"], free=lambda port: port == 18005)


def test_chosen_ports_are_remembered(tmp_path):
    file = tmp_path / "ports.json"
    first = ports.remembered(file, "ab")
    assert ports.remembered(file, "ab", free=lambda _: False) == first


def test_a_new_service_gets_a_port_beside_the_remembered_ones(tmp_path):
    file = tmp_path / "ports.json"
    file.write_text('{"a": 18000}')
    assert ports.remembered(file, "ab", free=lambda port: port in (18000, 18001)) == {"a": 18000, "b": 18001}
