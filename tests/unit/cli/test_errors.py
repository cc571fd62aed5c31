"""Errors: message, why, next step, exit code; never a traceback."""

from __future__ import annotations

import json

import httpx
import pytest
from fake_api import NODE, problem

from corral.cli.exits import EXIT_CODES, MEANING, Exit
from corral.cli.identity import Access
from corral.cli.main import main
from corral.cli.session import Session
from corral.domain.errors import Unauthenticated

CODES = {400: 2, 401: 6, 403: 6, 404: 3, 409: 4, 422: 4, 418: 2, 500: 1, 501: 7, 502: 1, 503: 5}


@pytest.mark.parametrize(("status", "code"), CODES.items())
def test_every_status_has_its_exit_code_and_shows_detail_and_fix(run, api, status, code):
    api.answers["GET", "sources"] = problem(status, "some-code", "It went wrong.", fix="Do this.")
    result = run("source", "list")
    assert result.exit_code == code
    assert "Error: It went wrong." in result.stderr
    assert "Next: Do this." in result.stderr
    assert result.stdout == ""


def test_every_exit_code_is_documented():
    assert set(MEANING) == set(Exit)
    assert all(str(code.value) in EXIT_CODES for code in Exit)


@pytest.mark.parametrize("status", [409, 422])
def test_reasons_of_a_refusal_are_all_shown(run, api, status):
    reasons = [{"code": f"c{i}", "message": f"Message {i}.", "fix": f"Fix {i}."} for i in range(3)]
    api.answers["GET", "sources"] = problem(status, "refused", "No.", reasons=[*reasons, "nonsense"])
    result = run("source", "list")
    assert result.exit_code == 4
    for i in range(3):
        assert f"c{i}  Message {i}." in result.stderr
        assert f"→ Fix {i}." in result.stderr
    assert "nonsense" in result.stderr


def test_mogans_own_error_body_is_read(run, api):
    fault = json.dumps({"faultstring": "Old words.", "faultcode": "Client", "debuginfo": None})
    api.answers["GET", "servers/detail"] = httpx.Response(404, json={"error_message": fault})
    assert "Error: Old words." in run("server", "list").stderr


def test_a_field_error_of_the_framework_names_the_field(run, api):
    detail = [{"loc": ["body", "name"], "msg": "too long"}]
    api.answers["GET", "sources"] = httpx.Response(422, json={"detail": detail})
    assert "name: too long" in run("source", "list").stderr


def test_a_server_that_is_not_there_exits_5_and_names_serve(run, api):
    api.answers["GET", "sources"] = httpx.ConnectError("Connection refused")
    result = run("source", "list")
    assert result.exit_code == 5
    assert "No server answers at http://127.0.0.1:6688: Connection refused." in result.stderr
    assert "`corral serve`" in result.stderr
    assert "Traceback" not in result.output


def test_an_answer_that_is_lost_after_a_write_is_not_called_a_failure(run, api):
    api.server({"name": "web", "node_uuid": NODE})
    api.answers["POST", f"servers/{api.servers[0]['uuid']}/unmanage"] = httpx.ReadTimeout("timed out")
    result = run("server", "unmanage", "web", "--yes")
    assert result.exit_code == 5
    assert "may have been done" in result.stderr


@pytest.mark.parametrize("answer", [httpx.Response(200, text="<html>"), httpx.Response(200, json=[1])])
def test_another_service_at_the_url_is_recognised(run, api, answer):
    api.answers["GET", "sources"] = answer
    result = run("source", "list")
    assert result.exit_code == 1
    assert "is not Corral" in result.stderr


def test_a_bad_url_is_a_usage_error(run):
    assert run("--url", "http://[", "source", "list").exit_code == 2
    assert run("--url", "nonsense", "source", "list", transport=None).exit_code == 2


def test_an_error_with_markup_and_escapes_is_plain_text(run, api):
    api.answers["GET", "sources"] = problem(500, "internal", "[bold]x\x1b[31m", fix="[/]y\x07")
    result = run("source", "list")
    assert "Error: [bold]x[31m" in result.stderr
    assert "\x1b" not in result.stderr
    assert "\x07" not in result.stderr


def test_token_and_url_come_from_options_or_environment(run, api, monkeypatch):
    run("--token", "secret-1", "source", "list")
    monkeypatch.setenv("OS_TOKEN", "secret-2")
    run("source", "list")
    monkeypatch.setenv("CORRAL_TOKEN", "secret-3")
    run("source", "list")
    assert [headers["x-auth-token"] for *_, headers in api.sent] == ["secret-1", "secret-2", "secret-3"]


def test_a_cloud_gives_the_token_and_the_endpoint_unless_a_url_is_said(run, api):
    login = {"log_in": lambda cloud: Access(f"token-of-{cloud}", "http://corral.example:6688/v1")}
    run("--cloud", "prod", "source", "list", **login)
    run("--cloud", "prod", "--url", "http://other.example", "source", "list", **login)
    assert [headers["x-auth-token"] for *_, headers in api.sent] == ["token-of-prod"] * 2
    assert [headers["host"] for *_, headers in api.sent] == ["corral.example:6688", "other.example"]
    assert [path for _, path, *_ in api.sent] == ["sources", "sources"]


def test_a_catalog_without_corral_says_how_to_go_on(run):
    result = run("--cloud", "prod", "source", "list", log_in=lambda _cloud: Access("t", None))
    assert result.exit_code == 2
    assert "baremetal_compute" in result.stderr
    assert "--url" in result.stderr


def test_a_refused_login_exits_6(run):
    def log_in(cloud):
        raise Unauthenticated("No.")

    assert run("--cloud", "prod", "source", "list", log_in=log_in).exit_code == 6


def test_an_unknown_cloud_is_a_usage_error(run, monkeypatch, tmp_path):
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
    result = run("--cloud", "nowhere", "source", "list")
    assert result.exit_code == 2
    assert "clouds.yaml" in result.stderr


def test_a_token_shows_in_no_repr():
    assert "secret" not in repr(Access("secret", None))


def test_nobody_is_asked_where_nobody_can_answer(run, api):
    api.server({"name": "web", "node_uuid": NODE})
    result = run("server", "unmanage", "web", interactive=False)
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert not api.calls("POST")


def test_an_unplanned_error_is_no_traceback_for_the_reader(monkeypatch, capsys):
    def broken() -> None:
        raise RuntimeError("[red]boom")

    monkeypatch.delenv("CORRAL_DEBUG", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(broken)
    shown = capsys.readouterr().err
    assert ended.value.code == 1
    assert "RuntimeError: [red]boom" in shown
    assert "CORRAL_DEBUG=1" in shown
    assert "Traceback" not in shown


def test_a_session_that_holds_a_token_does_not_show_it():
    assert "hidden" not in repr(Session(token="hidden"))
