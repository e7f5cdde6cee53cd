"""``yushen packs``: what the rules are, and whether they are well formed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intake.chinese import ChineseGroup

if TYPE_CHECKING:
    from schemas import DocumentClass, Pack

_STATUSES = {"in-force": "现行", "trial": "试行", "replaced": "已被替代"}
_SEVERITIES = {"error": "必须", "warning": "提示", "info": "参考"}


@click.group(
    cls=ChineseGroup,
    options_metavar="[选项]",
    subcommand_metavar="命令 …",
    short_help="查看规则包。",
    help="查看规则包：有哪些、各要求什么、本身有没有错误。",
)
def packs() -> None:
    """Look at rule packs."""


@packs.command("list", options_metavar="[选项]", help="列出可用的规则包。")
def list_packs() -> int:
    """List the packs there are."""
    from schemas import available_packs, load_pack

    for pack_id in available_packs():
        pack = load_pack(pack_id)
        click.echo(f"{pack.id}  {pack.version}  {_STATUSES.get(pack.status, pack.status)}  {pack.title}")
    return 0


@packs.command(
    options_metavar="[选项]",
    short_help="显示一个规则包的全部要求。",
    help="显示一个规则包的送审件种类，以及每一类要写明的内容和依据的条款。",
)
@click.argument("pack_id", metavar="规则包")
@click.argument("class_id", metavar="[种类]", required=False)
@click.option("--markdown", is_flag=True, help="整个规则包的完整说明，Markdown 格式，用来生成文档。")
def show(pack_id: str, class_id: str | None, *, markdown: bool) -> int:
    """Show the classes of a pack and what each requires."""
    from schemas import load_pack

    pack = load_pack(pack_id)
    if markdown:
        from schemas.page import page

        click.echo(page(pack), nl=False)
        return 0
    classes = [pack.document_class(class_id)] if class_id else list(pack.classes.values())
    click.echo("\n\n".join([_heading(pack), *map(_requirements, classes)]))
    return 0


def _heading(pack: Pack) -> str:
    return (
        f"{pack.title}\n"
        f"规则包 {pack.id}，版本 {pack.version}，{_STATUSES.get(pack.status, pack.status)}\n"
        f"发文机关：{pack.issuer}\n"
        f"有效期：{pack.valid_from or '未定'} 至 {pack.valid_to or '未定'}"
    )


def _requirements(kind: DocumentClass) -> str:
    lines = [f"{kind.title}（{kind.id}，{kind.clause}）"]
    lines += [f"  {_SEVERITIES[r.severity]}  {r.name}（{r.clause}）" for r in kind.requirements]
    lines += [f"  提示  附件：{a.name}（{a.clause}）" for a in kind.attachments]
    return "\n".join(lines)


@packs.command(
    options_metavar="[选项]",
    short_help="检查规则包本身有没有错误。",
    help="检查一个规则包（编号或文件夹）本身有没有错误。退出状态：0 没有错误；2 有错误。",
)
@click.argument("target", metavar="规则包或文件夹")
def lint(target: str) -> int:
    """Look for mistakes in a pack, given by its id or its folder."""
    from schemas.lint import lint_pack
    from schemas.packs import pack_folder

    problems = lint_pack(pack_folder(target))
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{target}：{f'{len(problems)} 处错误' if problems else '没有错误'}。")
    return 2 if problems else 0
