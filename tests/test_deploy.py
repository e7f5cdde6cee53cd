"""deploy/ agrees with the program: its commands, its settings, its addresses, its times."""

import configparser
import http.server
import re
import shutil
import subprocess
import threading
from pathlib import Path

import click
import httpx
import pytest
import yaml

from intake.cli import yushen
from intake.serve import _worker
from storage.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
KUBERNETES = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8")))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")
OURS = {name: s for name, s in COMPOSE["services"].items() if s["image"] == "yushen"}
ROUTES = {"/healthz", "/readyz"}
VERSIONS = {
    "ConfigMap": "v1",
    "Secret": "v1",
    "Service": "v1",
    "Job": "batch/v1",
    "Deployment": "apps/v1",
    "PodDisruptionBudget": "policy/v1",
}


def is_command(words):
    """Whether ``yushen WORDS…`` is a command."""
    command: click.Command = yushen
    for word in words:
        if not isinstance(command, click.Group) or word not in command.commands:
            return False
        command = command.commands[word]
    return not isinstance(command, click.Group)


def seconds(text):
    return int(str(text).removesuffix("s"))


def stop_seconds():
    """How long ``yushen worker`` waits for the job at hand."""
    return max(program.stop_seconds for program in _worker(Settings()))


def accepted(environment, monkeypatch):
    """The settings that the program makes of an environment; it refuses what it does not know."""
    for name, value in environment.items():
        if name.startswith("YUSHEN_"):
            assert name.removeprefix("YUSHEN_").lower() in Settings.model_fields, name
            monkeypatch.setenv(name, value)
    return load_settings()


# compose.yaml


@pytest.mark.parametrize("name", OURS)
def test_compose_runs_commands_and_sets_settings_that_there_are(name, monkeypatch):
    service = OURS[name]
    assert is_command(service["command"])
    filled = {n: re.sub(r"\$\{(\w+):\?[^}]*\}", "secret", v) for n, v in service["environment"].items()}
    settings = accepted(filled, monkeypatch)
    hosts = (settings.database, settings.broker_url, f"//{settings.s3_endpoint}")
    for host in (re.search(r"//(?:[^@/]*@)?([\w-]+)", str(url))[1] for url in hosts):
        assert host in COMPOSE["services"]


def test_compose_refers_to_what_there_is():
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    example = dict(re.findall(r"(?m)^(\w+)=(.*)$", (DEPLOY / "example.env").read_text("utf-8")))
    assert set(re.findall(r"\$\{(\w+)", text)) == example.keys()
    for service in COMPOSE["services"].values():
        for needed, how in service.get("depends_on", {}).items():
            other = COMPOSE["services"][needed]
            if how["condition"] == "service_healthy":
                assert "healthcheck" in other or "HEALTHCHECK" in DOCKERFILE
        for volume in service.get("volumes", []):
            source, colon, _ = volume.partition(":")
            if source.startswith("./"):
                assert (DEPLOY / source).is_file()
            elif colon:
                assert source in COMPOSE["volumes"]
    build = OURS["api"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()


def test_compose_waits_for_the_job_at_hand():
    assert seconds(OURS["worker"]["stop_grace_period"]) > stop_seconds()


def test_compose_migrates_before_anything_else_runs():
    assert OURS["migrate"]["command"] == ["db", "upgrade"]
    for name in ("api", "worker"):
        assert OURS[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


# Kubernetes


def containers():
    for item in KUBERNETES:
        pod = item.get("spec", {}).get("template", {}).get("spec", {})
        for container in pod.get("containers", []):
            yield item, pod, container


def test_manifests_are_of_kinds_and_versions_that_clusters_know():
    assert [(item["kind"], item["apiVersion"]) for item in KUBERNETES] == [
        (item["kind"], VERSIONS[item["kind"]]) for item in KUBERNETES
    ]
    names = [(item["kind"], item["metadata"]["name"]) for item in KUBERNETES]
    assert len(set(names)) == len(names)


def test_containers_run_commands_on_volumes_and_settings_that_there_are(monkeypatch):
    maps = {item["metadata"]["name"]: item for item in KUBERNETES if item["kind"] in ("ConfigMap", "Secret")}
    environment = {}
    for item in KUBERNETES:
        environment |= item.get("data", {}) | item.get("stringData", {})
    assert all(isinstance(value, str) for value in environment.values())
    settings = accepted(environment, monkeypatch)
    assert settings.database_url
    assert settings.broker_url
    assert settings.s3_endpoint
    commands = []
    for _, pod, container in containers():
        commands.append(container["args"])
        assert is_command(container["args"])
        for source in container["envFrom"]:
            [reference] = source.values()
            assert reference["name"] in maps
        volumes = {volume["name"] for volume in pod["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} == volumes
    assert sorted(commands) == [["api"], ["db", "upgrade"], ["worker"]]


def test_selectors_find_pods_and_probes_find_routes():
    labels = {}
    for item in KUBERNETES:
        if item["kind"] == "Deployment":
            labels[item["metadata"]["name"]] = item["spec"]["template"]["metadata"]["labels"]
            assert item["spec"]["selector"]["matchLabels"] == labels[item["metadata"]["name"]]
    for item in KUBERNETES:
        if item["kind"] == "Service":
            assert item["spec"]["selector"] == labels["yushen-api"]
        if item["kind"] == "PodDisruptionBudget":
            assert item["spec"]["selector"]["matchLabels"] == labels["yushen-api"]
    for _, _, container in containers():
        ports = {port["name"] for port in container.get("ports", [])}
        for probe in ("livenessProbe", "readinessProbe"):
            if probe in container:
                assert container[probe]["httpGet"]["path"] in ROUTES
                assert container[probe]["httpGet"]["port"] in ports


def test_pods_may_finish_what_they_have_at_hand_and_are_not_root():
    for item, pod, container in containers():
        if item["kind"] == "Deployment":
            assert pod["securityContext"]["runAsUser"] == int(re.search(r"--uid (\d+)", DOCKERFILE)[1])
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            if container["args"] == ["worker"]:
                assert pod["terminationGracePeriodSeconds"] > stop_seconds()


def test_no_image_names_a_host():
    images = [s["image"] for s in COMPOSE["services"].values()] + [c["image"] for _, _, c in containers()]
    images += re.findall(r"(?m)^(?:FROM|ARG BASE=)\s*(\S+)", DOCKERFILE)
    assert images
    for image in images:
        assert "." not in image.partition("/")[0] or "/" not in image


# Dockerfile: it cannot be built here, so what it copies is tried instead.


def copied():
    for sources in re.findall(r"(?m)^COPY (.+) \S+$", DOCKERFILE):
        yield from sources.split()


def test_image_is_made_from_the_locks_and_names_no_index():
    assert "locks" in set(copied())
    assert re.search(r"(?m)^RUN .*\./yushen --version$", DOCKERFILE)
    assert not re.search(r"pip install|apt-get|curl|wget|https?://(?!127\.0\.0\.1)", DOCKERFILE)


def test_what_the_image_copies_is_enough_and_not_ignored(tmp_path):
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for source in copied():
        assert f"!{source}" in ignored
        target = tmp_path / source
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, target)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    for words in (["packs", "list"], ["serve", "--help"], ["worker", "--help"]):
        done = subprocess.run(
            [tmp_path / "yushen", *words], cwd="/", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_image_starts_a_command_that_there_is(monkeypatch):
    assert is_command(re.findall(r'"(\w+)"', re.search(r"(?m)^CMD (.+)$", DOCKERFILE)[1]))
    given = dict(re.findall(r"(YUSHEN_\w+)=(\S+)", re.search(r"(?m)^ENV (.+)$", DOCKERFILE)[1]))
    assert str(accepted(given, monkeypatch).port) == re.search(r"(?m)^EXPOSE (\d+)$", DOCKERFILE)[1]


# systemd


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_unit_runs_a_command_and_waits_for_it(path):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(path.read_text("utf-8"))
    service = unit["Service"]
    program, *words = service["ExecStart"].split()
    assert program == "/opt/yushen/yushen"
    assert is_command(words)
    longest = stop_seconds() if words[0] in ("serve", "worker") else 30
    assert seconds(service["TimeoutStopSec"]) > longest
    assert service["Environment"] == f"YUSHEN_DATA=/var/lib/{service['StateDirectory']}"


def test_units_are_what_systemd_accepts(tmp_path):
    analyze = shutil.which("systemd-analyze")
    for path in UNITS if analyze else []:
        unit = tmp_path / path.name
        text = path.read_text("utf-8").replace("/opt/yushen/yushen", str(ROOT / "yushen"))
        unit.write_text(text)
        command = [str(analyze), "verify", "--man=no", str(unit)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert path.stem not in done.stderr, done.stderr


# nginx


def test_nginx_lets_through_what_the_api_takes_and_waits_as_long_as_it_may():
    settings = Settings()
    size = int(re.search(r"client_max_body_size (\d+)m;", NGINX)[1]) * 1024 * 1024
    assert size >= settings.max_request_bytes
    assert seconds(re.search(r"proxy_read_timeout (\w+);", NGINX)[1]) > settings.max_wait_seconds
    assert "proxy_request_buffering off;" in NGINX


class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{self.path} {self.headers['X-Request-ID']} {self.headers['Host']}".encode())

    def log_message(self, *_):
        pass


def test_nginx_hands_calls_on_with_an_id_and_hides_the_metrics(nginx):
    upstream = http.server.ThreadingHTTPServer(("127.0.0.1", nginx.upstream), Echo)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    try:
        path, request_id, host = httpx.get(f"{nginx.url}/v1/packs").text.split()
        assert path == "/v1/packs"
        assert re.fullmatch(r"[0-9a-f]{32}", request_id)
        assert host == "127.0.0.1"
        assert httpx.get(f"{nginx.url}/metrics").status_code == 404
    finally:
        upstream.shutdown()
        upstream.server_close()


def test_no_service_of_the_cluster_becomes_a_setting():
    pods = [d["spec"]["template"]["spec"] for d in KUBERNETES if d["kind"] in ("Job", "Deployment")]
    assert len(pods) == 3
    assert all(pod["enableServiceLinks"] is False for pod in pods)
