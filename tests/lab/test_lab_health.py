"""Health is what a service answers, and waiting for it ends."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lab import health


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(self.path.strip("/")))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    with HTTPServer(("127.0.0.1", 0), _Answer) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()
        thread.join()


@pytest.mark.parametrize(("code", "good"), [(200, True), (300, True), (401, False), (500, False), (503, False)])
def test_only_a_list_of_versions_or_a_plain_answer_is_health(server, code, good):
    assert health.answers(f"{server}/{code}") is good


def test_a_port_where_nobody_listens_is_not_healthy():
    assert health.answers("http://127.0.0.1:9/") is False


def test_a_proxy_of_the_environment_is_not_asked(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert health.answers(f"{server}/200")


def test_waiting_ends_when_the_service_answers():
    answers = iter([False, False, True])
    assert health.wait(lambda: next(answers), lambda: True, seconds=5, pause=0)


def test_waiting_ends_at_once_when_the_process_died():
    begun = time.monotonic()
    assert not health.wait(lambda: False, lambda: False, seconds=30)
    assert time.monotonic() - begun < 25


def test_waiting_is_bounded():
    assert not health.wait(lambda: False, lambda: True, seconds=0.05, pause=0.01)
