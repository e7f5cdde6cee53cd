import os
import signal
import socket
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import pytest

from schemas.errors import UnreadableReason, UsageError
from worker.sandbox import CheckDocument, CheckPool, CheckRequest, SandboxLimits, seconds_queued

STUB = (sys.executable, str(Path(__file__).with_name("stub_child.py")))
QUICK = SandboxLimits(memory_bytes=512 << 20, seconds=0.5)


@pytest.fixture
def pool():
    with CheckPool(jobs=1, limits=QUICK, command=STUB) as pool:
        yield pool


@pytest.fixture
def request_for(tmp_path):
    def build(*contents: str) -> CheckRequest:
        documents = []
        for content in contents:
            path = tmp_path / f"{len(list(tmp_path.iterdir()))}.docx"
            path.write_text(content)
            documents.append(CheckDocument(content, path))
        return CheckRequest(tuple(documents), pack_id="p")

    return build


def failures(result) -> dict[str, str | None]:
    return {name: failure for name, (failure, _) in result.report["record"].items()}


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("hang", UnreadableReason.TIME_LIMIT),
        ("spin", UnreadableReason.TIME_LIMIT),
        ("eat", UnreadableReason.MEMORY_LIMIT),
        ("out-of-memory-killed", UnreadableReason.MEMORY_LIMIT),
        ("eat-in-c", UnreadableReason.PARSER_CRASH),
        ("spin-in-c", UnreadableReason.TIME_LIMIT),
        ("flood", UnreadableReason.TIME_LIMIT),
        ("crash", UnreadableReason.PARSER_CRASH),
        ("close-pipes", UnreadableReason.PARSER_CRASH),
        ("reader-bug", UnreadableReason.PARSER_CRASH),
    ],
)
def test_document_that_ends_its_child_is_marked_and_the_others_are_judged(
    pool, request_for, behaviour, reason
):
    before, hurt, after = pool.map(
        [request_for("good"), request_for("fine", behaviour, "well"), request_for("ok")]
    )
    assert failures(before) == {"good": None}
    assert failures(hurt) == {"fine": None, behaviour: reason, "well": None}
    assert failures(after) == {"ok": None}
    assert not hurt.failure


def test_a_busy_machine_makes_no_document_late(request_for, tmp_path, monkeypatch):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    asked = []

    def queued(process: int) -> float:
        """As if it had waited for a processor ever since it opened the document; then let it go on."""
        asked.append(process)
        if len(asked) <= 2:
            return 0.0
        gate.write_text("") if len(asked) == 3 else None
        return 3600.0

    monkeypatch.setattr("worker.sandbox.seconds_queued", queued)
    with CheckPool(jobs=1, limits=QUICK, command=STUB) as pool:
        [result] = pool.map([request_for(f"linger {gate}")])
    assert list(failures(result).values()) == [None]
    assert len(asked) > 2


def test_how_long_a_process_waited_for_a_processor_is_known():
    assert seconds_queued(os.getpid()) >= 0
    assert seconds_queued(0) == 0


def test_several_bad_documents_in_one_submission_are_each_marked(pool, request_for):
    [result] = pool.map([request_for("crash", "good", "eat", "crash 2")])
    assert failures(result) == {
        "crash": "parser-crash",
        "good": None,
        "eat": "memory-limit",
        "crash 2": "parser-crash",
    }


def test_processor_time_is_limited_where_the_clock_is_generous(request_for):
    command = [*STUB[:1], "-c", _with_seconds(0.1)]
    with CheckPool(limits=SandboxLimits(seconds=30), command=command) as pool:
        [result] = pool.map([request_for("spin")])
    assert failures(result) == {"spin": "time-limit"}


def _with_seconds(seconds: float) -> str:
    """Code of a stub child that keeps a shorter limit than its parent believes."""
    return (
        "import json, runpy, sys; limits = json.loads(sys.argv[1]);"
        f" sys.argv[1] = json.dumps(limits | {{'seconds': {seconds}}});"
        f" runpy.run_path({STUB[1]!r}, run_name='__main__')"
    )


def test_documents_past_the_submission_s_size_are_refused_unread(request_for):
    with CheckPool(limits=SandboxLimits(submission_bytes=10), command=STUB) as pool:
        [result] = pool.map([request_for("good 1", "good and long", "good")])
    assert failures(result) == {"good 1": None, "good and long": "too-large", "good": None}


def test_fault_of_the_program_is_neither_a_report_nor_a_reason_against_the_document(pool, request_for):
    bug, after = pool.map([request_for("bug"), request_for("good")])
    assert bug.report is None
    assert "KeyError" in bug.failure
    assert "a bug in judging" in bug.diagnostics
    assert after.report is not None


def test_child_that_cannot_start_is_a_failure_of_the_program(request_for):
    with CheckPool(command=[sys.executable, "-c", "raise SystemExit('no such library')"]) as pool:
        [result] = pool.map([request_for("good")])
    assert result.report is None
    assert "no such library" in result.failure


def test_last_words_of_a_child_are_told_though_its_answers_ended_before(request_for):
    silent = "import os, sys; sys.stdin.buffer.read(4); os.close(1); raise SystemExit('no such library')"
    with CheckPool(command=[sys.executable, "-c", silent]) as pool:
        [result] = pool.map([request_for("good")])
    assert "no such library" in result.failure


def test_child_that_talks_nonsense_is_a_failure_of_the_program(request_for):
    nonsense = "import sys; sys.stdin.buffer.read(4); print('hello, this is no protocol'); sys.stdout.flush()"
    with CheckPool(command=[sys.executable, "-c", nonsense]) as pool:
        [result] = pool.map([request_for("good")])
    assert result.report is None
    assert result.failure


def test_wrong_call_is_raised_to_the_caller(pool, request_for):
    with pytest.raises(UsageError, match="没有这个种类"):
        list(pool.map([request_for("wrong-class")]))


def test_what_libraries_print_does_not_reach_the_protocol(pool, request_for):
    [result] = pool.map([request_for("print")])
    assert failures(result) == {"print": None}


def test_results_come_in_the_order_of_requests_drawn_as_needed(request_for):
    drawn = []

    def requests():
        for number in range(60):
            drawn.append(number)
            yield request_for(f"good {number}" if number else "hang")

    with CheckPool(jobs=2, limits=QUICK, command=STUB) as pool:
        results = pool.map(requests())
        names = [result.report["documents"][0]["name"] for result, _ in zip(results, range(2), strict=False)]
        assert names == ["hang", "good 1"]
        assert len(drawn) < 60
        assert [r.report["documents"][0]["name"] for r in results][-1] == "good 59"


def test_child_is_used_again_and_replaced_after_its_uses(request_for):
    limits = SandboxLimits(uses=2)
    with CheckPool(limits=limits, command=STUB) as pool:
        processes = [r.report["pack_version"] for r in pool.map(request_for("good") for _ in range(4))]
    assert processes[0] == processes[1] != processes[2] == processes[3]


def test_request_reaches_the_pipeline_whole(pool, tmp_path):
    path = tmp_path / os.fsdecode("方案\udcff.docx".encode("utf-8", "surrogateescape"))
    path.write_bytes(b"four")
    documents = (
        CheckDocument("方案.docx", path),
        CheckDocument("密.docx", None, UnreadableReason.ENCRYPTED, "说明"),
    )
    [result] = pool.map([CheckRequest(documents, "pack-1", "class-1", date(2026, 3, 1))])
    assert result.report["as_of"] == "2026-03-01"
    assert result.report["document_class"] == "class-1"
    assert result.report["pack"] == "pack-1"
    assert [d["size"] for d in result.report["documents"]] == [4, 0]
    assert result.report["record"]["密.docx"] == ["encrypted", "说明"]


def test_child_reaches_no_listener_of_this_machine(pool, request_for):
    """Where the kernel allows it; where it does not, the connection is made and nothing else changes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        [result] = pool.map([request_for(f"connect {server.getsockname()[1]}")])
    isolated = result.report is None
    assert isolated is _kernel_grants_network_namespaces()


def _kernel_grants_network_namespaces() -> bool:
    code = (
        "import ctypes, sys; libc = ctypes.CDLL(None);"
        "sys.exit(libc.unshare(0x40000000) and libc.unshare(0x50000000))"
    )
    return subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_child_writes_no_large_file(request_for):
    with CheckPool(limits=SandboxLimits(file_bytes=4096), command=STUB) as pool:
        [result] = pool.map([request_for("write")])
    assert "OSError" in result.failure


def test_child_that_fills_the_disk_is_ended(request_for):
    with CheckPool(limits=SandboxLimits(scratch_bytes=4 << 20), command=STUB) as pool:
        [result] = pool.map([request_for("fill")])
    assert failures(result) == {"fill": "unpacks-too-large"}


def test_what_a_child_leaves_in_its_temporary_folder_is_deleted(request_for, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with CheckPool(limits=QUICK, command=STUB) as pool:
        list(pool.map([request_for("write")]))
        assert list((tmp_path / "temporary").rglob("large"))
    assert not list((tmp_path / "temporary").iterdir())


def test_leaving_the_pool_ends_a_hanging_child(request_for):
    with CheckPool(limits=SandboxLimits(seconds=3600), command=STUB) as pool:
        pid = int(next(pool.map([request_for("good")])).report["pack_version"])
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_child_dies_with_its_parent(tmp_path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from worker.sandbox import *; from pathlib import Path;"
        "pool = CheckPool(command=sys.argv[2:4]);"
        "[r] = pool.map([CheckRequest((CheckDocument('x', Path(sys.argv[4])),), 'p')]);"
        "print(r.report['pack_version'], flush=True); sys.stdin.read()"
    )
    (tmp_path / "good.docx").write_text("good")
    root = str(Path(__file__).resolve().parents[1])
    parent = subprocess.Popen(
        [sys.executable, "-c", code, root, *STUB, str(tmp_path / "good.docx")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    pid = int(parent.stdout.readline())
    watched = os.pidfd_open(pid)
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    poll = __import__("select").poll()
    poll.register(watched)
    assert poll.poll(10_000), "the child outlived its parent"
