"""Lines of the log are JSON and say whose request they are about."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def logged(body: str) -> list[dict[str, object]]:
    """What a program logs that sets the logs up and does ``body``."""
    script = f"import logging\nfrom storage import logs\nlogs.setup('worker', 'INFO')\n{body}"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_line_has_time_level_part_logger_message_and_what_was_added():
    [line] = logged("logging.getLogger('yushen.x').warning('swept', extra={'failed': 2})")
    at = line.pop("at")
    assert line == {
        "level": "WARNING",
        "part": "worker",
        "logger": "yushen.x",
        "message": "swept",
        "failed": 2,
    }
    assert str(at).endswith("+00:00")


def test_request_id_goes_with_every_line_inside():
    lines = logged(
        "log = logging.getLogger('a')\n"
        "with logs.about('req-7'):\n    log.info('one'); logging.getLogger('b').info('two')\n"
        "log.info('three'); log.info('four', extra={'request_id': 'req-8'})"
    )
    assert [line.get("request_id") for line in lines] == ["req-7", "req-7", None, "req-8"]


def test_traceback_is_in_the_line_and_level_is_kept():
    [line] = logged(
        "log = logging.getLogger('a'); log.debug('unseen')\n"
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    log.exception('failed')"
    )
    assert "ZeroDivisionError" in str(line["exc_info"])


def test_warning_of_a_library_is_a_line_too():
    [line] = logged("import warnings; warnings.warn('running as root')")
    assert "running as root" in str(line["message"])


def test_chinese_is_written_as_it_is():
    script = "logging.getLogger('a').warning('数据库不可用')"
    [line] = logged(script)
    assert line["message"] == "数据库不可用"
