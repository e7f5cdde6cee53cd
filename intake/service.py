"""The commands of the service: ``serve``, ``worker``, ``api`` and ``db``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from intake.chinese import ChineseCommand, ChineseGroup
from schemas.errors import UsageError

if TYPE_CHECKING:
    from storage.settings import Settings

DATA = click.option(
    "--data", metavar="文件夹", type=click.Path(path_type=Path), help="数据文件夹，默认 yushen-data。"
)
_HOST = click.option("--host", metavar="地址", help="监听的地址，默认 127.0.0.1。")
_PORT = click.option("--port", metavar="端口", type=int, help="监听的端口，默认 8000；0 表示任选一个空闲的。")
_WORKERS = click.option("--workers", metavar="个数", type=int, help="工作进程数，默认 2。")


@click.command(
    cls=ChineseCommand,
    options_metavar="[选项]",
    short_help="在一台机器上运行整个服务。",
    help="在一台机器上运行整个服务：接口、队列、工作进程和存储，不需要另外安装任何东西。\n\n"
    "设置来自环境变量 YUSHEN_* 和一个 TOML 文件，见 docs/operate.md。收到 SIGTERM 时完成手上的工作后停止。",
)
@DATA
@_HOST
@_PORT
@_WORKERS
def serve(**given: Any) -> int:
    """Run the whole service on one machine."""
    from intake import serve as service

    settings = settings_of(given)
    return started(lambda: service.serve(settings, _say))


@click.command(
    cls=ChineseCommand,
    options_metavar="[选项]",
    short_help="只运行工作进程（多机部署）。",
    help="只运行工作进程，用于多机部署；接口由 yushen api 运行，两者共用数据库、对象存储和消息队列。",
)
@DATA
@_WORKERS
def worker(**given: Any) -> int:
    """Run workers alone."""
    from intake import serve as service

    settings = settings_of(given)
    return started(lambda: service.work(settings))


@click.command(
    cls=ChineseCommand,
    options_metavar="[选项]",
    short_help="只运行接口（多机部署）。",
    help="只运行接口，用于多机部署；检查由 yushen worker 完成，两者共用数据库、对象存储和消息队列。",
)
@DATA
@_HOST
@_PORT
def api(**given: Any) -> int:
    """Run the API alone."""
    from intake import serve as service

    settings = settings_of(given)
    return started(lambda: service.answer(settings, _say))


@click.group(
    cls=ChineseGroup,
    options_metavar="[选项]",
    subcommand_metavar="命令 …",
    short_help="维护数据库。",
    help="维护数据库。",
)
def db() -> None:
    """Look after the database."""


@db.command(
    options_metavar="[选项]",
    short_help="把数据库的表结构更新到当前版本。",
    help="把数据库的表结构更新到当前版本；第一次运行时建立表和第一个管理员密钥。可以重复运行。",
)
@DATA
def upgrade(**given: Any) -> int:
    """Bring the tables up to date."""
    from intake import serve as service

    settings = settings_of(given)

    def run() -> None:
        made = service.upgrade(settings)
        if made:
            _say(f"管理员密钥（只显示这一次，请妥善保存）：{made}")
        _say("数据库已是最新。")

    return started(run)


def settings_of(given: dict[str, Any]) -> Settings:
    """The settings in force, of which the command line gave some.

    Raises:
        UsageError: one of them is wrong.
    """
    from storage.settings import SettingsError, load_settings

    try:
        settings = load_settings(**given)
    except SettingsError as error:
        raise UsageError(str(error)) from None
    _look_up(settings)
    return settings


def _look_up(settings: Settings) -> None:
    """See that there is what settings name, before callers hear of it.

    Raises:
        UsageError: there is not.
    """
    from limits import parse

    from schemas import available_packs

    known = available_packs()
    if settings.pack not in known:
        raise UsageError(
            f"设置 pack（环境变量 YUSHEN_PACK）有误：没有规则包“{settings.pack}”。"
            f"请改正；可用的规则包：{'、'.join(known)}。"
        )
    try:
        if settings.rate_limit:
            parse(settings.rate_limit)
    except ValueError:
        raise UsageError(
            f"设置 rate_limit（环境变量 YUSHEN_RATE_LIMIT）有误：“{settings.rate_limit}”。"
            "请写成 600/minute 这样的形式。"
        ) from None


def started(action: Callable[[], None]) -> int:
    """Do it; what keeps it from beginning is told like a wrong call."""
    from intake.supervisor import StartError

    try:
        action()
    except StartError as error:
        raise UsageError(str(error)) from None
    return 0


def _say(text: str) -> None:
    click.echo(text)
