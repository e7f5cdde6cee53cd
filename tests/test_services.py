"""The servers that tests talk to are real ones, and what is left out is said."""

import io
import os
import subprocess
import sys
from pathlib import Path

import httpx
import psycopg
import pytest
import services
from kombu import Connection
from valkey import Valkey as Client

ROOT = Path(__file__).resolve().parent.parent


def test_s3_takes_the_right_key_alone(s3):
    bucket = s3.new_bucket()
    client = s3.client()
    client.put_object(bucket, "a/b", io.BytesIO(b"abc"), 3)
    assert client.get_object(bucket, "a/b").read() == b"abc"
    assert httpx.get(f"{s3.url}/{bucket}/a/b").status_code == 403


@pytest.mark.parametrize("name", ["valkey", pytest.param("redis", marks=pytest.mark.needs("redis"))])
def test_what_a_broker_acknowledged_survives_its_kill(name, request):
    server = request.getfixturevalue(name)
    Client.from_url(server.url).set("kept", "yes")
    server.kill()
    server.start()
    assert Client.from_url(server.url).get("kept") == b"yes"


def test_postgres_gives_each_test_its_own_database(postgres):
    urls = {postgres.new_database(), postgres.new_database()}
    assert len(urls) == 2
    for url in urls:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE t (n integer)")


def test_postgres_survives_its_kill(postgres):
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE t (n integer)")
    postgres.kill()
    postgres.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_rabbitmq_carries_a_message_over_its_kill(rabbitmq):
    with Connection(rabbitmq.url, transport_options={"confirm_publish": True}) as connection:
        connection.SimpleQueue("kept").put("hint")
    rabbitmq.kill()
    rabbitmq.start()
    with Connection(rabbitmq.url) as connection:
        assert connection.SimpleQueue("kept").get(timeout=60).payload == "hint"


@pytest.mark.parametrize("processes", [(), ("--numprocesses", "1")], ids=["alone", "xdist"])
def test_without_a_server_its_tests_are_left_out_and_that_is_said(tmp_path, processes):
    done = run_without_postgres(tmp_path, *processes)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    assert "left out: 2 tests that need PostgreSQL" in done.stdout
    assert "apt-get install postgresql" in done.stdout


def test_under_ci_a_missing_server_fails_the_run(tmp_path):
    done = run_without_postgres(tmp_path, CI="true")
    assert done.returncode == 1
    assert "PostgreSQL is missing: apt-get install postgresql" in done.stdout


def run_without_postgres(folder: Path, *arguments: str, **environment: str):
    """Runs three tests, of which two need PostgreSQL, where there is none."""
    (folder / "conftest.py").write_text(
        f"import sys; sys.path.insert(0, {str(ROOT / 'tests')!r})\nimport services\n"
        "services.Postgres.installed = classmethod(lambda cls: False)\n"
        "pytest_plugins = ['services']\n"
    )
    (folder / "test_three.py").write_text(
        "import pytest\ndef test_none(): pass\ndef test_one(postgres): pass\n"
        "@pytest.mark.needs('postgres')\ndef test_two(request): request.getfixturevalue('postgres')\n"
    )
    kept = {name: value for name, value in os.environ.items() if name != "CI" and "PYTEST" not in name}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, str(folder)]
    return subprocess.run(
        command, cwd=folder, env={**kept, **environment}, capture_output=True, text=True, check=False
    )


def test_a_server_that_does_not_start_says_why(tmp_path):
    class Broken(services.Valkey):
        def options(self):
            return ["--no-such-option", "1"]

    with pytest.raises(RuntimeError, match="no-such-option"):
        Broken(tmp_path).start()


def test_servers_die_with_the_process_that_started_them(tmp_path):
    script = (
        f"import sys, os, signal; sys.path.insert(0, {str(ROOT / 'tests')!r})\n"
        "import services, pathlib\n"
        f"server = services.Valkey(pathlib.Path({str(tmp_path)!r})); server.start()\n"
        "print(server.port, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    port = int(done.stdout)
    services.wait_until(lambda: not services.answers(port), "the server is gone")
