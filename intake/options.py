"""Options that several commands share, so that they mean the same everywhere."""

from __future__ import annotations

import click

from intake.chinese import iso_date

DEFAULT_PACK = "jinjiang-2023"

class_option = click.option(
    "--class", "class_id", metavar="种类", help="送审件的种类，如 proposal-construction；不给则自动判断。"
)
pack_option = click.option(
    "--pack", "pack_id", metavar="规则包", default=DEFAULT_PACK, help=f"规则包，默认 {DEFAULT_PACK}。"
)
filed_on_option = click.option(
    "--filed-on", metavar="YYYY-MM-DD", callback=iso_date, help="报送日期，用来核对法定期限。"
)
jobs_option = click.option(
    "--jobs", metavar="个数", type=click.IntRange(min=1), help="同时检查的进程数，默认等于处理器个数。"
)
timeout_option = click.option(
    "--timeout",
    metavar="秒",
    type=click.FloatRange(min=0, min_open=True),
    help="每个文件的时间上限，默认 60 秒，大文件每 MB 再加 1 秒。",
)
clamav_option = click.option(
    "--clamav",
    metavar="地址",
    envvar="YUSHEN_CLAMAV",
    help="先用 ClamAV 扫描每个文件：clamd 的套接字路径，或 主机:端口；默认取环境变量 YUSHEN_CLAMAV。",
)
debug_option = click.option("--debug", is_flag=True, help="出错时显示程序内部的详细信息。")
