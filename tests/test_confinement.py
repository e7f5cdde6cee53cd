"""What a process that opens documents cannot do, whoever started it."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from test_sandbox import STUB

from worker.sandbox import CheckDocument, CheckPool, CheckRequest

ROOT = Path(__file__).resolve().parents[1]
CODE = """
import json, os, signal, socket, subprocess, sys
from pathlib import Path
from worker.confinement import confine
from worker.limits import SandboxLimits

def attempt(what):
    try:
        return repr(what())
    except OSError as error:
        return type(error).__name__

def forks(most):
    made = []
    try:
        while len(made) < most:
            process = os.fork()
            if not process:
                signal.pause()
            made.append(process)
    except BlockingIOError:
        pass
    for process in made:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return len(made)

folder, asked, given = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
confine(SandboxLimits(), [folder])
print(attempt(eval("lambda: " + asked)))
"""


@pytest.fixture
def folder(tmp_path):
    """The one that a confined process may write to."""
    made = tmp_path / "scratch"
    made.mkdir(mode=0o700)
    return made


def confined(folder: Path, expression: str, *given: str, code: str = CODE) -> str:
    """What an expression gives in a confined process; the name of the error if it fails."""
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), expression, json.dumps(given)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_root_becomes_nobody_in_particular(folder):
    users = {confined(folder, "(os.getresuid(), os.getresgid(), os.getgroups())") for _ in range(3)}
    for said in users:
        uids, gids, groups = eval(said)
        if os.getuid() == 0:
            assert len(set(uids) | set(gids)) == 1
            assert uids[0] > 60_000
            assert groups == []
        else:
            assert uids == os.getresuid()


def test_it_has_no_rights_but_to_read(folder):
    status = "Path('/proc/self/status').read_text().partition('CapEff:')[2].split()[0]"
    rights = int(confined(folder, status).strip("'"), 16)
    assert rights == (1 << 2 if os.getuid() == 0 else 0)


def test_it_writes_to_its_folder_alone(folder, tmp_path):
    there = tmp_path / "there.txt"
    there.write_text("as it was")
    assert confined(folder, "Path(given[0]).write_text('x')", str(folder / "own.txt")) == "1"
    for attempt in (
        "Path(given[0]).write_text('x')",
        *(["Path(given[0]).unlink()"] if os.getuid() == 0 else []),
        "os.truncate(given[0], 0)",
        "Path(given[0]).rename(folder / 'taken')",
        "Path(given[0] + '.new').write_text('x')",
        "Path(given[0] + '.new').mkdir()",
        "open(given[0], 'a')",
    ):
        # A rename across folders fails as one across disks does.
        assert confined(folder, attempt, str(there)) in {"PermissionError", "OSError"}, attempt
    assert there.read_text() == "as it was"
    assert {path.name for path in tmp_path.iterdir()} == {"scratch", "there.txt"}


def test_what_it_starts_is_confined_with_it(folder, tmp_path):
    script = "echo x > $1; id -u"
    said = confined(
        folder,
        "subprocess.run(['sh', '-c', given[0], 'sh', given[1]], capture_output=True, text=True).stdout",
        script,
        str(tmp_path / "new.txt"),
    )
    assert not (tmp_path / "new.txt").exists()
    assert (said.strip("'\\n") != "0") or os.getuid() != 0


def test_it_reads_what_its_owner_alone_may_read(folder, tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    (private / "file").write_text("text")
    (private / "file").chmod(0o600)
    assert confined(folder, "Path(given[0]).read_text()", str(private / "file")) == "'text'"
    assert confined(folder, "os.access(given[0], os.R_OK)", str(private / "file")) == "True"
    started = "subprocess.run(['cat', given[0]], capture_output=True, text=True).stdout"
    assert confined(folder, started, str(private / "file")) == "'text'"


def test_it_reaches_nobody(folder):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        said = confined(folder, "socket.create_connection(('127.0.0.1', int(given[0])), 5)", port)
    assert said in {"OSError", "PermissionError", "ConnectionRefusedError"}
    assert confined(folder, "os.kill(os.getppid(), 0)") == "PermissionError"


def test_it_gets_nothing_back(folder):
    """Neither by another namespace nor by becoming another user."""
    refused = confined(folder, "os.setuid(0)" if os.getuid() == 0 else "os.setuid(1)")
    # In a user namespace there is no such user.
    assert refused == "PermissionError" or (refused == "OSError" and os.getuid() != 0)
    script = 'unshare -Ur sh -c \'echo x > "$1"\' sh "$1"; test -e "$1"'
    started = "subprocess.run(['sh', '-c', given[0], 'sh', given[1]], capture_output=True).returncode"
    assert confined(folder, started, script, str(folder.parent / "new.txt")) == "1"


def test_the_children_of_the_pool_are_confined(tmp_path):
    path = tmp_path / "good.docx"
    path.write_text("good")
    with CheckPool(command=STUB) as pool:
        [result] = pool.map([CheckRequest((CheckDocument("x", path),), "p")])
        child = result.report["pack_version"]
        status = Path(f"/proc/{child}/status").read_text()
    users = status.partition("Uid:")[2].split()[:4]
    assert len(set(users)) == 1
    assert users[0] != "0" if os.getuid() == 0 else users[0] == str(os.getuid())
    assert status.partition("NoNewPrivs:")[2].split()[0] == "1"


def test_it_stands_back_for_a_processor_where_it_is_told_to(folder):
    told = CODE.replace("SandboxLimits()", "SandboxLimits(niceness=3)")
    own = os.getpriority(os.PRIO_PROCESS, 0)
    asked = "os.getpriority(os.PRIO_PROCESS, 0)"
    assert confined(folder, asked) == str(own)
    assert confined(folder, asked, code=told) == str(own + 3)


def test_it_starts_so_many_processes_and_no_more(folder):
    """Others of the same user are not counted: there are more of them than it may start."""
    few = CODE.replace("SandboxLimits()", "SandboxLimits(processes=20)")
    others = [subprocess.Popen(["sleep", "100"]) for _ in range(30)]
    try:
        assert confined(folder, "forks(40)", code=few) == "19"
    finally:
        for other in others:
            other.kill()
            other.wait()
    assert confined(folder, "forks(40)") == "40"
