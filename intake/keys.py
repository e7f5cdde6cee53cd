"""``yushen keys``: who may call the service, looked after on its own machine, where no key is needed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intake.chinese import ChineseGroup, iso_date
from intake.service import DATA, settings_of, started
from schemas.errors import UsageError

if TYPE_CHECKING:
    from storage.models import Key

_ROLES = ("unit", "reviewer", "administrator")


@click.group(
    cls=ChineseGroup,
    options_metavar="[选项]",
    subcommand_metavar="命令 …",
    short_help="管理服务的访问密钥。",
    help="管理服务的访问密钥。在服务所在的机器上运行，直接读写数据库，不需要密钥；服务不必停止。",
)
def keys() -> None:
    """Look after the keys of the service."""


@keys.command(
    options_metavar="[选项]",
    short_help="建立一个密钥。",
    help="建立一个密钥，并显示它。密钥只显示这一次，服务只保存它的 SHA-256。",
)
@click.argument("name", metavar="名称")
@click.option(
    "--role",
    metavar="角色",
    type=click.Choice(_ROLES),
    required=True,
    help="unit（报送单位）、reviewer（审查人）或 administrator（管理员）。",
)
@click.option(
    "--unit", metavar="单位", help="所属单位；unit 的密钥必须给出，同一单位的密钥看到相同的送审件。"
)
@click.option(
    "--expires-on", metavar="YYYY-MM-DD", callback=iso_date, help="最后一个有效的日子；不给则一直有效。"
)
@DATA
def add(name: str, role: str, unit: str | None, expires_on: date | None, data: Path | None) -> int:
    """Make a key and show it."""
    from intake import serve
    from storage import audit
    from storage.accounts import make_key
    from storage.models import Role

    _check(name, role, unit)
    expires_at = _end_of(expires_on) if expires_on else None

    def run() -> None:
        with serve.administering(settings_of({"data": data})) as (session, operator):
            row, text = make_key(session, name, Role(role), unit=unit, expires_at=expires_at)
            audit.note(session, operator, "key.created", row.id, role=role, unit=unit)
            key_id = row.id
        click.echo(f"编号：{key_id}")
        click.echo(f"密钥（只显示这一次，请妥善保存）：{text}")

    return started(run)


@keys.command("list", options_metavar="[选项]", help="列出全部密钥，包括已撤销和过期的；密钥本身不再显示。")
@DATA
def list_keys(data: Path | None) -> int:
    """List all keys, oldest first."""
    from intake import serve
    from storage.accounts import all_keys

    def run() -> None:
        with serve.administering(settings_of({"data": data})) as (session, _):
            lines = [_line(key) for key in all_keys(session)]
        for line in lines:
            click.echo(line)

    return started(run)


@keys.command(
    options_metavar="[选项]",
    short_help="撤销一个密钥。",
    help="撤销一个密钥，立即生效。编号见 yushen keys list。",
)
@click.argument("key_id", metavar="编号")
@DATA
def revoke(key_id: str, data: Path | None) -> int:
    """Revoke a key."""
    from intake import serve
    from storage import audit
    from storage.accounts import revoke_key

    def run() -> None:
        with serve.administering(settings_of({"data": data})) as (session, operator):
            if revoke_key(session, key_id) is None:
                raise UsageError(f"没有编号为“{key_id}”的密钥。全部密钥：yushen keys list")
            audit.note(session, operator, "key.revoked", key_id)
        click.echo(f"已撤销：{key_id}")

    return started(run)


def _check(name: str, role: str, unit: str | None) -> None:
    """See that a key can be so: the rules are those of the API.

    Raises:
        UsageError: it cannot.
    """
    from pydantic import ValidationError

    from intake.api.shapes import KeyBody
    from storage.models import Role

    if role == "unit" and not unit:
        raise UsageError("角色为 unit 的密钥必须用 --unit 给出所属单位的名称。")
    try:
        KeyBody(name=name, role=Role(role), unit=unit, expires_at=None)
    except ValidationError:
        raise UsageError(
            "名称和 --unit 应当是不超过 200 个字的一行文字，不能为空，首尾不能有空格。"
        ) from None


def _end_of(day: date) -> datetime:
    """The first moment after a day, by this machine's clock.

    Raises:
        UsageError: it is over.
    """
    end = datetime.combine(day + timedelta(days=1), time.min).astimezone()
    if end <= datetime.now().astimezone():
        raise UsageError(f"--expires-on {day} 已经过去。请给出今天或以后的日期。")
    return end


def _line(key: Key) -> str:
    from storage.accounts import is_valid
    from storage.models import now

    state = "已撤销" if key.revoked_at else "有效" if is_valid(key, now()) else "已过期"
    until = f"  到 {key.expires_at.astimezone():%Y-%m-%d %H:%M} 为止" if key.expires_at else ""
    return f"{key.id}  {state}  {key.role}  {key.unit or '-'}  {key.name}{until}"
