"""Clouds around hypervisors, opened: which endpoint is asked, in whose project, and what is wrong is said at the start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from drivers_http import server

from corral import config
from corral.cloud.records import open_cloud
from corral.domain.errors import DriverFailed, Invalid
from corral.wiring.clouds import open_clouds

OWN, OTHER = "a" * 32, "b" * 32


def keystone(catalogue: dict[str, str], *, rescopes: bool) -> Any:
    """Answers logins with a token for the project that is asked for, or always for its own; and `{}` to everything else."""

    def answer(handler: Any) -> None:
        body: Any = {"volumes": [], "pools": []}
        status = 200
        if handler.path.endswith("/auth/tokens"):
            status = 201
            project = OTHER if rescopes and len(handler.server.logins) else OWN
            handler.server.logins.append(project)
            entries = [
                {"type": kind, "name": kind, "endpoints": [{"interface": "public", "region": "R", "url": url}]}
                for kind, url in catalogue.items()
            ]
            token = {"project": {"id": project, "name": "p", "domain": {"id": "d", "name": "d"}}, "catalog": entries}
            user = {"id": "u", "name": "u", "domain": {"id": "d", "name": "d"}}
            times = {"issued_at": "2026-01-01T00:00:00Z", "expires_at": "2036-01-01T00:00:00Z"}
            body = {"token": {**token, "user": user, "roles": [], "methods": ["password"], **times}}
        told = json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("X-Subject-Token", "t")
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(told)))
        handler.end_headers()
        handler.wfile.write(told)

    return answer


def clouds_file(folder: Path, root: str) -> str:
    auth = {"auth_url": f"{root}/v3", "username": "u", "password": "p", "project_name": "own"}
    auth |= {"user_domain_id": "default", "project_domain_id": "default"}
    told = {"clouds": {"corral": {"auth": auth, "region_name": "R", "identity_api_version": "3"}}}
    file = folder / "clouds.yaml"
    file.write_text(json.dumps(told))
    return str(file)


@pytest.mark.parametrize(
    ("kind", "suffix"), [("block-storage", "/v3"), ("block-storage", f"/v3/{OWN}"), ("volumev3", f"/v3/{OWN}")]
)
def test_cinder_is_found_whatever_the_catalogue_calls_it_and_has_behind_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, suffix: str
) -> None:
    catalogue: dict[str, str] = {}
    answerer = keystone(catalogue, rescopes=True)
    with server(_with_logins(answerer)) as (root, arrived):
        catalogue[kind] = f"{root}/cinder{suffix}"
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", clouds_file(tmp_path, root))
        around = open_cloud("corral")
        around.volumes(None).check_project()
        around.volumes(OTHER).check_project()
        around.close()
    assert [one for one in arrived if "cinder" in one] == ["GET /cinder/v3/volumes?limit=1"] * 2


def test_a_login_that_stays_in_its_own_project_is_not_used_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue: dict[str, str] = {}
    with server(_with_logins(keystone(catalogue, rescopes=False))) as (root, arrived):
        catalogue["block-storage"] = f"{root}/cinder/v3"
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", clouds_file(tmp_path, root))
        around = open_cloud("corral")
        with pytest.raises(DriverFailed, match="stays in its own project"):
            around.volumes(OTHER).check_project()
        around.close()
    assert [one for one in arrived if "cinder" in one] == []


def _with_logins(answerer: Any) -> Any:
    logins: list[str] = []

    def answer(handler: Any) -> None:
        handler.server.logins = logins
        answerer(handler)

    return answer


def test_a_cloud_that_clouds_yaml_has_not_is_said_with_the_source_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", clouds_file(tmp_path, "http://127.0.0.1:9"))
    named = [
        {"name": "racks", "driver": "memory", "cloud": "corral"},
        {"name": "more", "driver": "memory", "cloud": "corral"},
    ]
    made = open_clouds(config.load(data_dir=tmp_path, hypervisors=[*named, {"name": "none", "driver": "memory"}]))
    assert set(made) == {"racks", "more"}
    assert made["racks"] is made["more"]
    wrong = config.load(data_dir=tmp_path, hypervisors=[{"name": "racks", "driver": "memory", "cloud": "nowhere"}])
    with pytest.raises(Invalid, match="Source racks: Cloud 'nowhere'"):
        open_clouds(wrong)
