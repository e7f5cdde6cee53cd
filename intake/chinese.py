"""click in Chinese: help pages, and errors that name the remedy."""

from __future__ import annotations

import os
import re
from datetime import date

import click

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def iso_date(_context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    """Callback of an option that is a date.

    Raises:
        click.BadParameter: it is none.
    """
    try:
        # The standard library reads other forms too (20260310, 2026-W11-2), which nobody means.
        if value and not _DATE.fullmatch(value):
            raise ValueError(value)
        return date.fromisoformat(value) if value else None
    except ValueError:
        message = f"“{value}”不是有效的日期，请写成 2026-03-10 这样的形式。"
        raise click.BadParameter(message, param=parameter) from None


class _ChineseHelp(click.Command):
    """The parts of a help page that click words itself."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and a group's commands."""
        options = (parameter for parameter in self.get_params(ctx) if isinstance(parameter, click.Option))
        records = [record for option in options if (record := option.get_help_record(ctx))]
        with formatter.section("选项"):
            formatter.write_dl([(names, text.replace("[required]", "[必须给出]")) for names, text in records])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option, explained in Chinese."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示这段说明。"
        return option


class ChineseCommand(_ChineseHelp):
    """A command whose help page is Chinese."""


class ChineseGroup(_ChineseHelp, click.Group):
    """A group of commands whose help page is Chinese."""

    command_class = ChineseCommand
    group_class = type

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("命令"):
            formatter.write_dl(
                [(name, command.get_short_help_str(80)) for name, command in commands if command]
            )


def explain(error: click.ClickException) -> str:
    """What was wrong with the call and what to do about it."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return f"还缺少命令。\n\n{error.message}"
    return f"{_problem(error)}{_remedy(error)}"


def _problem(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            similar = f"是不是 {'、'.join(error.possibilities)}？" if error.possibilities else ""
            return f"没有选项 {error.option_name}。{similar}"
        case click.exceptions.NoSuchCommand():
            return f"没有命令“{error.command_name}”。"
        case click.MissingParameter():
            return f"缺少 {_parameter(error)}。"
        case click.BadParameter(param=click.Parameter(type=click.Choice() as choice)):
            return f"{_parameter(error)} 的值不对，可用的值：{'、'.join(map(str, choice.choices))}。"
        case click.BadParameter(param=click.Parameter(type=click.IntRange() | click.FloatRange())):
            return f"{_parameter(error)} 应当是大于 0 的数字。"
        case click.BadParameter(param=click.Parameter(type=click.types.IntParamType())):
            return f"{_parameter(error)} 应当是整数。"
        case click.BadParameter():
            return f"{_parameter(error)}：{error.message}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 的用法不对：可能缺少它的值，或多写了值。"
        case click.FileError():
            return f"无法打开文件 {os.fsdecode(error.filename)}。"
        case click.UsageError():
            return "参数的用法不对，可能多写了参数。"
        case _:
            return error.message


def _parameter(error: click.BadParameter) -> str:
    parameter = error.param
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.human_readable_name.removesuffix("...") if parameter else "参数"


def _remedy(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"\n用法说明：{context.command_path} --help" if context else ""
