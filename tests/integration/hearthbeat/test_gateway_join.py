"""`hearthbeat gateway join` against clinics that answer well, badly, or not at all."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from care.secrets import make_code
from hearthbeat import cli
from hearthbeat.ports import free
from tests.integration.wire.certificates import Authority
from wire.address import TlsFiles

pytestmark = pytest.mark.enable_socket

SECRET = "the-password"
GOOD = {
    "gateway": "gw-1",
    "mqtt": {"url": "mqtt://127.0.0.1:1883", "username": "gw-1", "password": SECRET},
    "time_zone": None,
    "later": "a field of a later version",
}
asked: list[dict[str, Any]] = []


@contextmanager
def clinic(
    status: int, body: bytes, *, tls: TlsFiles | None = None, headers: dict[str, str] | None = None
) -> Iterator[str]:
    """A server that answers everything alike; its address."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            asked.append({"path": self.path, "body": json.loads(self.rfile.read(size))})
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Quiet(HTTPServer):
        @override
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that distrusts the certificate hangs up."""

    asked.clear()
    server = Quiet(("127.0.0.1", 0), Answers)
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(tls.certificate), str(tls.key))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


Join = Callable[..., tuple[int, str]]


@pytest.fixture
def join(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Join:
    def call(server: str, *options: str) -> tuple[int, str]:
        config = ("--config", str(tmp_path / "home" / "gateway.toml"))
        status = cli.run(
            ["gateway", "join", "--server", server, "--code", "K7QD-2M4A", *config, *options]
        )
        heard = capsys.readouterr()
        return status, heard.out + heard.err

    return call


def test_a_home_that_joins_is_told_what_to_do_next_and_never_the_password(
    join: Join, tmp_path: Path
) -> None:
    with clinic(201, json.dumps(GOOD).encode()) as server:
        status, said = join(server)
    assert status == 0, said
    assert "enrolled as gw-1" in said
    assert f"Next: hearthbeat --config {tmp_path / 'home' / 'gateway.toml'} gateway" in said
    assert SECRET not in said
    assert (tmp_path / "home" / "mqtt-password").read_text() == SECRET
    assert asked == [{"path": "/api/v1/enrolments", "body": {"code": "K7QD-2M4A"}}]


def test_no_code_is_spent_on_a_home_that_is_enrolled(join: Join) -> None:
    with clinic(201, json.dumps(GOOD).encode()) as server:
        assert join(server)[0] == 0
        status, said = join(server)
        assert (status, len(asked)) == (1, 1), said
        assert "enrolled already" in said
        assert join(server, "--replace")[0] == 0
        assert len(asked) == 2


PROBLEM = json.dumps({"detail": "the code is not known, was used, or is older than 24 hours"})


@pytest.mark.parametrize(
    ("status", "body", "headers", "words"),
    [
        (422, PROBLEM, {}, "was used, or is older than 24 hours"),
        (422, "not JSON", {}, "the code is not good"),
        (429, "{}", {"Retry-After": "40"}, "wait 40 seconds"),
        (404, "nothing here", {}, "look at --server"),
        (308, "", {"Location": "https://elsewhere.example.org/"}, "https://elsewhere.example.org/"),
        (302, "", {"Location": "http://127.0.0.1:1/"}, "http://127.0.0.1:1/"),
        (503, json.dumps({"detail": "the database is away"}), {}, "the database is away"),
        (500, "", {}, "try again in a minute"),
        (400, "", {}, "the clinic refused (400)"),
        (200, "<html>a router's own page</html>", {}, "is it a Hearthbeat clinic?"),
        (201, json.dumps({**GOOD, "gateway": "a/#"}), {}, "cannot be one"),
        (201, json.dumps({**GOOD, "mqtt": None}), {}, "not for a home gateway"),
        (
            201,
            json.dumps({**GOOD, "mqtt": {"url": "http://x", "username": "", "password": SECRET}}),
            {},
            "names no broker",
        ),
    ],
)
def test_every_refusal_is_said_in_words_and_writes_nothing(
    join: Join, tmp_path: Path, status: int, body: str, headers: dict[str, str], words: str
) -> None:
    with clinic(status, body.encode(), headers=headers) as server:
        result, said = join(server)
    assert result == 1
    assert words in said
    assert "Traceback" not in said
    assert SECRET not in said
    assert not list((tmp_path / "home").iterdir())


def test_a_sources_code_is_not_used_up_by_a_home(join: Join, tmp_path: Path) -> None:
    code = make_code(for_source=True).lower().replace("-", " ")
    with clinic(201, json.dumps({**GOOD, "mqtt": None}).encode()) as server:
        status, said = join(server, "--code", code)
    assert (status, asked) == (1, [])
    assert "not for a home gateway" in said
    assert "has not been used" in said
    assert not (tmp_path / "home").exists()


def test_an_authority_of_the_clinics_own_is_believed_when_it_is_named(
    join: Join, tmp_path: Path
) -> None:
    files = Authority(tmp_path, "clinic").issue("server", host="127.0.0.1")
    answer = {**GOOD, "mqtt": {**GOOD["mqtt"], "url": "mqtts://127.0.0.1:8883"}}  # type: ignore[dict-item]
    with clinic(201, json.dumps(answer).encode(), tls=files) as server:
        status, said = join(server)
        assert (status, asked) == (1, []), said
        assert "is not trusted here" in said
        assert "--ca" in said
        status, said = join(server, "--ca", str(files.ca))
    assert status == 0, said
    assert 'ca = "ca.pem"' in (tmp_path / "home" / "gateway.toml").read_text()
    assert (tmp_path / "home" / "ca.pem").read_bytes() == Path(str(files.ca)).read_bytes()


@pytest.mark.parametrize(
    ("host", "days", "words"),
    [
        ("127.0.0.1", -1, "has expired, or the clock is wrong"),
        ("127.0.0.2", 1, "is for another name"),
    ],
)
def test_a_wrong_certificate_gets_no_code(
    join: Join, tmp_path: Path, host: str, days: int, words: str
) -> None:
    files = Authority(tmp_path, "clinic").issue("server", host=host, days=days)
    with clinic(201, json.dumps(GOOD).encode(), tls=files) as server:
        status, said = join(server, "--ca", str(files.ca))
    assert (status, asked) == (1, []), said
    assert words in said


def test_a_clinic_that_is_not_there_is_said_in_words(join: Join) -> None:
    status, said = join(f"https://127.0.0.1:{free()}")
    assert status == 1
    assert "nothing answers there" in said


def test_a_name_that_is_not_known_is_said_in_words(join: Join) -> None:
    status, said = join("https://clinic.invalid")
    assert status == 1
    assert "is this home online?" in said


def test_tls_asked_of_a_plain_server_is_said_in_words(join: Join) -> None:
    with clinic(201, b"{}") as server:
        status, said = join(server.replace("http://", "https://"))
    assert status == 1
    assert "does not speak TLS" in said


def test_a_file_that_is_no_certificate_is_said_in_words(join: Join, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("nonsense")
    status, said = join("https://127.0.0.1:1", "--ca", str(file))
    assert status == 1
    assert "no certificate can be read" in said
