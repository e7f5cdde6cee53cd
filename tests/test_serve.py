"""The service's commands: first start, wrong calls, a clean stop, and reports through the whole of it."""

import io
import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from running import ADMIN_KEY, ROOT, Service, command, environment, lives, part
from services import answers, free_port, wait_until

from intake.supervisor import Program, StartError, Supervisor

DOCUMENT = ROOT / "examples/contract-filing-deficient.docx"
KEY_LINE = "管理员密钥"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service that tests may use and none may harm."""
    made = Service(tmp_path_factory.mktemp("service"))
    made.start()
    yield made
    made.stop()


def run(*arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(*map(str, arguments)),
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def submit(client, *paths: Path, **form: str) -> dict:
    files = [("files", (path.name, io.BytesIO(path.read_bytes()))) for path in paths]
    answer = client.post("/v1/submissions", files=files, data=form, headers={"Prefer": "wait=60"})
    answer.raise_for_status()
    return answer.json()


def test_report_over_http_is_byte_for_byte_that_of_the_command_line(service, tmp_path):
    with service.client() as client:
        made = submit(client, DOCUMENT, filed_on="2026-05-11")
        over_http = client.get(made["links"]["report"], headers={"Accept": "application/json"})
    run("check", DOCUMENT, "--filed-on", "2026-05-11", "--format", "json", "--output", tmp_path / "r")
    assert over_http.content == (tmp_path / "r").read_bytes()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01 this is no HTTP\r\n\r\n",
        b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 10_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Many: a\r\n" * 200 + b"\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Name: a\r\n\r\n",
    ],
    ids=["no-http", "long-address", "long-header", "many-headers", "version", "header-name"],
)
def test_what_is_no_http_is_answered_as_any_other_mistake(service, sent):
    with socket.create_connection(("127.0.0.1", service.port), timeout=60) as call:
        call.sendall(sent)
        head, _, body = b"".join(iter(lambda: call.recv(65536), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in head
    told = json.loads(body)
    assert (told["type"], told["status"]) == ("urn:yushen:problem:malformed-request", 400)
    assert "请核对" in told["detail"]
    assert f"x-request-id: {told['request_id']}" in head.decode().lower()


def test_folder_that_another_serve_uses_is_refused(service):
    second = run("serve", "--data", service.folder / "data", "--port", 0)
    assert second.returncode == 2
    assert f"进程 {service.process.pid}" in second.stderr
    assert "--data" in second.stderr


def test_port_that_is_taken_is_refused_before_anything_is_made(service, tmp_path):
    second = run("serve", "--data", tmp_path / "data", "--port", service.port)
    assert second.returncode == 2
    assert f"127.0.0.1:{service.port}" in second.stderr
    assert "--port" in second.stderr
    assert not (tmp_path / "data" / "state.db").exists()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"port": "many"}, "YUSHEN_PORT"),
        ({"broker_url": "kafka://x"}, "YUSHEN_BROKER_URL"),
        ({"database_url": "mysql://x/y"}, "YUSHEN_DATABASE_URL"),
        ({"s3_endpoint": "store:9000"}, "YUSHEN_S3_ACCESS_KEY"),
        ({"config": "/nowhere/yushen.toml"}, "YUSHEN_CONFIG"),
        ({"host": "no.such.host.invalid"}, "--host"),
        ({"port": "99999"}, "不能大于 65535"),
        ({"workers": "0"}, "应当大于 0"),
        ({"workers": "two"}, "应当是整数"),
        ({"pack": "nothing"}, "可用的规则包：jinjiang-2023"),
        ({"rate_limit": "lots"}, "600/minute"),
    ],
)
def test_wrong_setting_is_named_with_its_remedy(tmp_path, settings, named):
    refused = run("serve", "--data", tmp_path, **settings)
    assert refused.returncode == 2
    assert named in refused.stderr
    assert "请" in refused.stderr
    assert not re.search("Traceback|Input should|Value error|程序内部错误", refused.stderr)


@pytest.mark.parametrize(
    ("text", "told"),
    [("foo = 1", "没有“foo”这个设置"), ("foo = ", "不是有效的 TOML"), ('workers = "x"', "YUSHEN_WORKERS")],
)
def test_what_is_wrong_with_the_file_is_told(tmp_path, text, told):
    file = tmp_path / "yushen.toml"
    file.write_text(text)
    refused = run("serve", "--data", tmp_path, config=file)
    assert refused.returncode == 2
    assert told in refused.stderr
    assert not re.search("Traceback|Input should|Extra inputs|程序内部错误", refused.stderr)


def test_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    refused = run("serve", "--data", tmp_path / "file" / "data", "--port", 0)
    assert refused.returncode == 2
    assert "--data" in refused.stderr


@pytest.mark.parametrize("part", ["worker", "api"])
def test_part_without_a_common_queue_is_refused(tmp_path, part):
    refused = run(part, "--data", tmp_path)
    assert refused.returncode == 2
    assert "YUSHEN_BROKER_URL" in refused.stderr


@pytest.mark.parametrize("part", ["worker", "api"])
def test_part_on_a_database_without_tables_is_refused(tmp_path, part):
    refused = run(part, "--data", tmp_path, broker_url="redis://127.0.0.1:1/0", port="0")
    assert refused.returncode == 2
    assert "yushen db upgrade" in refused.stderr


def test_database_that_does_not_answer_is_named(tmp_path):
    refused = run("db", "upgrade", "--data", tmp_path, database_url="postgresql://nobody@127.0.0.1:1/none")
    assert refused.returncode == 2
    assert "YUSHEN_DATABASE_URL" in refused.stderr


def test_upgrade_makes_the_first_key_once(tmp_path):
    first, second = (run("db", "upgrade", "--data", tmp_path) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    assert KEY_LINE in first.stdout
    assert KEY_LINE not in second.stdout


def test_first_start_prints_a_key_that_works_and_later_ones_print_none(tmp_path):
    # A path that is too long for a socket: the queue listens elsewhere.
    folder = tmp_path / ("长" * 40)
    folder.mkdir()
    service = Service(folder, environment_key=False)
    service.start()
    key = service.said().partition(KEY_LINE)[2].splitlines()[0].rpartition("：")[2].strip()
    with service.client() as client:
        client.headers["Authorization"] = f"Bearer {key}"
        assert submit(client, DOCUMENT)["conclusion"] == "deficient"
    assert service.stop() == 0
    before = len(service.log.read_bytes())
    service.start()
    assert KEY_LINE not in service.said(before)
    with service.client() as client:
        client.headers["Authorization"] = f"Bearer {key}"
        assert client.get("/v1/submissions").json()["items"]
    service.stop()


def test_stop_ends_every_process_and_what_was_accepted_is_done_after_the_next_start(tmp_path):
    service = Service(tmp_path)
    service.start()
    everything = [pid for pids in service.processes().values() for pid in pids]
    with service.client() as client:
        ids = [
            client.post("/v1/submissions", files={"files": (DOCUMENT.name, DOCUMENT.read_bytes())}).json()[
                "id"
            ]
            for _ in range(10)
        ]
    assert service.stop() == 0
    wait_until(lambda: not any(map(lives, everything)), "the end of all processes")
    service.start()
    with service.client() as client:
        for submission_id in ids:
            wait_until(lambda i=submission_id: is_done(client, i), "the report")
    service.stop()


def is_done(client, submission_id: str) -> bool:
    return client.get(f"/v1/submissions/{submission_id}").json()["status"] == "done"


def test_killed_supervisor_leaves_no_process_behind(tmp_path):
    service = Service(tmp_path)
    service.start()
    found = service.processes()
    assert all(found[role] for role in ("api", "worker", "sweeper", "broker"))
    service.kill()
    assert not [pid for pids in found.values() for pid in pids if lives(pid)]


def test_parts_run_alone_and_meet_in_database_and_queue(tmp_path, valkey):
    """Two workers and an API, each a command of its own."""
    service = Service(tmp_path, port=free_port())
    settings = {"broker_url": valkey.url}
    assert run("db", "upgrade", "--data", tmp_path / "data", admin_key=ADMIN_KEY).returncode == 0
    with (
        part("api", tmp_path, port=str(service.port), **settings),
        part("worker", tmp_path, workers="1", **settings),
        part("worker", tmp_path, workers="1", **settings),
        service.client() as client,
    ):
        wait_until(lambda: answers(service.port), "the API")
        assert submit(client, DOCUMENT)["conclusion"] == "deficient"


def python(code: str, **more) -> Program:
    return Program("试验", [sys.executable, "-c", code], {}, **more)


def test_program_that_ends_at_once_is_told_with_its_status():
    with pytest.raises(StartError, match="状态 3"):
        Supervisor([python("raise SystemExit(3)", ready=lambda: False)]).run()


def test_program_that_ends_is_started_again(tmp_path):
    """It counts its starts and, at the third, tells its supervisor to stop."""
    marks = tmp_path / "marks"
    code = (
        f"import os, signal, time; open({str(marks)!r}, 'a').write('x');"
        f"n = os.path.getsize({str(marks)!r});"
        "os.kill(os.getppid(), signal.SIGTERM) if n == 3 else None; time.sleep(30 if n == 3 else 0)"
    )
    supervise = (
        "from intake.supervisor import *; import sys;"
        "Supervisor([Program('x', [sys.executable, '-c', sys.argv[1]], {})]).run()"
    )
    done = subprocess.run([sys.executable, "-c", supervise, code], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 0
    assert marks.read_text() == "xxx"
