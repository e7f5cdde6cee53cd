"""docs/operate.md and docs/settings.md say what is, and a backup of a running service restores."""

import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import zipfile
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import services
from bagit_tool import validate
from pydantic_core import PydanticUndefined

from intake.api.metrics import COUNTERS, GAUGES, HISTOGRAMS
from storage import purge, uploads, webhooks
from storage.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
OPERATE = (ROOT / "docs/operate.md").read_text("utf-8")
EXAMPLE = ROOT / "examples/proposal-maintenance-deficient.docx"


def settings_rows() -> list[str]:
    """The table of docs/settings.md, as the settings make it."""
    rows = ["| `YUSHEN_CONFIG` | | the TOML file; not itself a line of it |"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "", PydanticUndefined) else f" `{shown(field.default)}`"
        rows.append(f"| `YUSHEN_{name.upper()}` |{default} | {field.description} |")
    return rows


def shown(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_every_setting_is_documented_with_its_default():
    text = (ROOT / "docs/settings.md").read_text("utf-8")
    assert [line for line in text.splitlines() if line.startswith("| `YUSHEN_")] == settings_rows()


def test_every_metric_is_documented():
    rows = dict(re.findall(r"(?m)^\| `(yushen_\w+)` \| ([^|]*) \|", OPERATE))
    families = {name: labels for name, _, labels in (*COUNTERS.values(), *HISTOGRAMS.values())}
    assert rows.keys() == families.keys() | GAUGES.keys()
    assert all(rows[name] == ", ".join(labels) for name, labels in families.items())


def test_every_file_of_deploy_is_named():
    named = re.findall(r"`(deploy/[\w./-]+)`", OPERATE)
    assert all((ROOT / name).exists() for name in named)
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "deploy").rglob("*") if path.is_file()}
    assert all(any(file == name or file.startswith(name) for name in named) for file in files)


def test_periods_are_those_of_the_program():
    rows = dict(re.findall(r"(?m)^\| ([^|]+) \| (\d+ (?:days|hours)) \|$", OPERATE))
    assert rows == {
        "direct uploads that were not handed in": words(uploads.LIFETIME),
        "answers to calls with an `Idempotency-Key`": words(purge.CALLS_KEPT),
        "jobs that are over": words(purge.JOBS_KEPT),
        "webhooks that were delivered or given up": words(purge.DELIVERIES_KEPT),
    }
    assert timedelta(hours=1) == purge.EVERY
    assert [p.total_seconds() / 3600 for p in webhooks.PAUSES[3:]] == [2, 5, 10, 14, 20, 24]
    assert [p.total_seconds() for p in webhooks.PAUSES[:3]] == [5, 300, 1800]
    assert timedelta(hours=24) == webhooks.KEPT_SIGNING


def words(period: timedelta) -> str:
    hours = int(period.total_seconds() // 3600)
    return f"{hours} hours" if hours <= 24 else f"{hours // 24} days"


class Running:
    """``yushen serve`` on a data folder."""

    def __init__(self, data: Path, key: str = "administrator") -> None:
        self.data = data
        self.log = data.with_suffix(".log")
        environment = {
            **{n: v for n, v in os.environ.items() if not n.startswith("YUSHEN_")},
            "YUSHEN_ADMIN_KEY": key,
            "YUSHEN_WORKERS": "1",
            "YUSHEN_SWEEP_SECONDS": "0.5",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "intake", "serve", "--data", str(data), "--port", "0"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=self.log.open("ab"),
            text=True,
            preexec_fn=services.dies_with_parent,
        )
        assert self.process.stdout
        address = self._address()
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.client = httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=60, trust_env=False
        )

    def _address(self) -> str:
        for line in self.process.stdout:
            if found := re.search(r"http://\S+", line):
                return found[0]
        raise AssertionError(self.log.read_text("utf-8"))

    def submit(self, request_id: str | None = None) -> str:
        headers = {"X-Request-ID": request_id} if request_id else {}
        with EXAMPLE.open("rb") as file:
            answer = self.client.post("/v1/submissions", files={"files": file}, headers=headers)
        assert answer.status_code == 202, answer.text
        return answer.json()["id"]

    def report(self, submission_id: str) -> bytes:
        def done() -> bool:
            return self.client.get(f"/v1/submissions/{submission_id}").json()["status"] == "done"

        services.wait_until(done, "the report")
        return self.client.get(f"/v1/submissions/{submission_id}/report").content

    def stop(self) -> None:
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(180) == 0


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    made = Running(tmp_path_factory.mktemp("service") / "data")
    yield made
    made.stop()


def commands(title: str) -> list[str]:
    section = OPERATE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return re.search(r"```bash\n(.+?)```", section, re.DOTALL)[1].strip().splitlines()


def test_backup_of_a_running_service_restores_with_every_report(running, tmp_path):
    """The very commands of the page, while submissions come in."""
    before = {running.submit(): b"" for _ in range(3)}
    before = {submission: running.report(submission) for submission in before}
    over, during = threading.Event(), []

    def keep_submitting() -> None:
        while not over.is_set():
            during.append(running.submit())

    submitting = threading.Thread(target=keep_submitting)
    submitting.start()
    try:
        services.wait_until(lambda: during, "a submission")
        (tmp_path / "backup").mkdir()
        (tmp_path / "data").symlink_to(running.data)
        for command in commands("Back up"):
            words = shlex.split(command)
            words[0] = sys.executable if words[0] == "python3" else words[0]
            subprocess.run(words, cwd=tmp_path, check=True)
    finally:
        over.set()
        submitting.join()
    restored = Running(tmp_path / "backup")
    try:
        assert {submission: restored.report(submission) for submission in before} == before
        items = restored.client.get("/v1/submissions?limit=200").json()["items"]
        assert len(items) > len(before)
        assert all(restored.report(item["id"]) for item in items)
    finally:
        restored.stop()


def test_request_id_follows_a_submission_into_the_worker_and_no_name_is_logged(running):
    submission = running.submit("follow-me-7")
    running.report(submission)
    lines = [json.loads(line) for line in running.log.read_text("utf-8").splitlines() if line.strip()]
    parts = {line["part"] for line in lines if line.get("request_id") == "follow-me-7"}
    assert {"api", "worker"} <= parts
    assert EXAMPLE.stem not in running.log.read_text("utf-8")
    assert {"at", "level", "part", "logger", "message"} <= set.intersection(*(set(line) for line in lines))


def test_running_service_is_ready_and_measures_itself(running):
    running.report(running.submit())
    ready = running.client.get("/readyz").json()
    assert ready == {"status": "ready", "parts": {"database": "ok", "objects": "ok", "queue": "ok"}}
    numbers = running.client.get("/metrics").text
    assert re.search(r'yushen_stage_seconds_count\{stage="whole"\} [1-9]', numbers)


def test_packet_of_the_running_service_is_a_valid_bag(running, tmp_path):
    submission = running.submit()
    running.report(submission)
    packet = running.client.get(f"/v1/submissions/{submission}/packet")
    zipfile.ZipFile(io.BytesIO(packet.content)).extractall(tmp_path)
    validate(tmp_path / submission)
