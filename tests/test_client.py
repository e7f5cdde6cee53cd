"""``yushen submit``, ``status`` and ``fetch`` against a served API."""

import io
import json
import os
import threading

import pytest
from api_service import DOCX, FORMS, Service
from werkzeug.serving import WSGIRequestHandler, make_server

from intake import client as client_module
from intake.cli import main


class Quiet(WSGIRequestHandler):
    def log_request(self, *_):
        pass


@pytest.fixture
def service(tmp_path, monkeypatch):
    """An API that listens, its key and address in the environment."""
    folder = tmp_path / "service"
    folder.mkdir()
    service = Service(folder)
    server = make_server("127.0.0.1", 0, service.app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("YUSHEN_SERVER", f"http://127.0.0.1:{server.port}")
    monkeypatch.setenv("YUSHEN_KEY", service.key())
    monkeypatch.setattr(client_module, "_FIRST_PAUSE", 0.01)
    yield service
    server.shutdown()


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "方案.docx"
    path.write_bytes(DOCX)
    return path


def run(capsysbinary, *arguments):
    """Exit status, stdout and stderr of a command."""
    status = main([str(argument) for argument in arguments])
    out, err = capsysbinary.readouterr()
    return status, out, err.decode()


def handed_in(capsysbinary, document, *more):
    status, out, _ = run(capsysbinary, "submit", document, *more)
    assert status == 0
    return out.decode().strip()


def test_what_is_submitted_gets_an_id_and_a_status(service, document, capsysbinary):
    submission = handed_in(capsysbinary, document)
    status, out, _ = run(capsysbinary, "status", submission)
    assert (status, out.decode()) == (2, f"{submission}  排队中  方案.docx\n")
    service.finish("pass")
    status, out, _ = run(capsysbinary, "status", submission)
    assert (status, out.decode()) == (0, f"{submission}  通过预审检查  方案.docx\n")
    status, out, _ = run(capsysbinary, "status", submission, "--format", "json")
    assert json.loads(out)["conclusion"] == "pass"


def test_status_tells_the_unit_what_the_reviewer_said(service, document, capsysbinary):
    submission = handed_in(capsysbinary, document)
    service.finish("pass")
    service.client().post(f"/v1/submissions/{submission}/review")
    assert "审查：等待审查\n" in run(capsysbinary, "status", submission)[1].decode()
    reviewer = service.client("reviewer")
    reviewer.post(f"/v1/review/{submission}/take")
    reviewer.post(f"/v1/review/{submission}/return", json={"note": "请补充考核指标。"})
    assert "审查：已退回：请补充考核指标。\n" in run(capsysbinary, "status", submission)[1].decode()


def test_options_reach_the_service(service, document, tmp_path, capsysbinary):
    other = tmp_path / "附件.pdf"
    other.write_bytes(b"%PDF-")
    submission = handed_in(
        capsysbinary, document, other, "--class", "contract-filing", "--pack", "jinjiang-2023",
        "--filed-on", "2026-03-02", "--project", "智慧校园",
    )  # fmt: skip
    said = service.client("administrator").get(f"/v1/submissions/{submission}").json
    assert [d["name"] for d in said["documents"]] == ["方案.docx", "附件.pdf"]
    assert (said["class"], said["filed_on"], said["project"]) == ("contract-filing", "2026-03-02", "智慧校园")


@pytest.mark.parametrize(("conclusion", "expected"), [("pass", 0), ("deficient", 1), ("unreadable", 2)])
def test_who_waits_gets_the_report_and_the_exit_status_of_check(
    service, document, capsysbinary, conclusion, expected
):
    service.on_hint = lambda: service.finish(conclusion)
    status, out, _ = run(capsysbinary, "submit", document, "--wait", "--format", "json")
    assert (status, out) == (expected, FORMS["json"])


def test_who_waits_for_what_fails_is_told_so(service, document, capsysbinary):
    service.on_hint = service.fail
    status, out, err = run(capsysbinary, "submit", document, "--wait")
    assert (status, out) == (2, b"")
    assert "不是送审文件的问题" in err


@pytest.mark.parametrize("form", ["text", "json", "html", "docx", "record"])
def test_every_form_is_fetched_byte_by_byte(service, document, tmp_path, capsysbinary, form):
    submission = handed_in(capsysbinary, document)
    service.finish()
    assert run(capsysbinary, "fetch", submission, "--form", form)[:2] == (0, FORMS[form])
    target = tmp_path / "out"
    assert run(capsysbinary, "fetch", submission, "--form", form, "--output", target)[0] == 0
    assert target.read_bytes() == FORMS[form]
    assert not list(tmp_path.glob("*.part"))


def test_what_is_not_there_yet_is_said_in_chinese(service, document, tmp_path, capsysbinary):
    submission = handed_in(capsysbinary, document)
    target = tmp_path / "out"
    status, out, err = run(capsysbinary, "fetch", submission, "--output", target)
    assert (status, out) == (2, b"")
    assert "还在检查" in err
    assert not target.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["status", f"sub_{'0' * 32}"], "没有"),
        (["status", "../keys"], "不是送审件的编号"),
        (["status", f"sub_{'0' * 32}", "--key", "ysk_wrong"], "密钥"),
        (["status", f"sub_{'0' * 32}", "--server", "ftp://x"], "http://"),
        (["status", f"sub_{'0' * 32}", "--server", "http://127.0.0.1:9"], "（对方没有在这个端口应答）"),
        (["status", f"sub_{'0' * 32}", "--server", "http://nowhere.invalid"], "（找不到这个主机名）"),
        (["submit", "没有.docx"], "没有.docx"),
        (["submit", "."], "文件夹"),
        (["submit", "方案.docx", "--class", "nothing"], "contract-filing"),
        (["submit", "方案.docx", "--filed-on", "2026-13-01"], "日期"),
        (["submit", "空.docx"], "空.docx"),
        (["submit"], "缺少"),
        (["fetch", f"sub_{'0' * 32}", "--output", "no/such/folder/x"], "没有"),
    ],
)
def test_errors_are_chinese_and_name_the_remedy(
    service, document, tmp_path, monkeypatch, capsysbinary, arguments, told
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "空.docx").write_bytes(b"")
    status, out, err = run(capsysbinary, *arguments)
    assert (status, out) == (2, b"")
    assert told in err
    assert err.startswith("预审：")
    assert "Traceback" not in err


def test_without_a_key_nothing_is_sent(service, document, monkeypatch, capsysbinary):
    monkeypatch.delenv("YUSHEN_KEY")
    status, _, err = run(capsysbinary, "submit", document)
    assert status == 2
    assert "YUSHEN_KEY" in err


def test_an_address_that_is_no_service_is_told_so(tmp_path, monkeypatch, capsysbinary):
    def elsewhere(_environ, start_response):
        start_response("404 Not Found", [("Content-Type", "text/html")])
        return [b"<h1>nginx</h1>"]

    server = make_server("127.0.0.1", 0, elsewhere, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.port}"
    status, _, err = run(capsysbinary, "status", "sub_0", "--server", address, "--key", "k")
    server.shutdown()
    assert status == 2
    assert "HTTP 404" in err


def test_a_call_that_met_trouble_is_repeated_and_makes_one_submission(
    service, document, monkeypatch, capsysbinary
):
    troubles = [503, 429, 502]
    real = service.app.wsgi_app

    def troubled(environ, start_response):
        answer = list(real(environ, start_response_kept := _Kept()))
        if environ["REQUEST_METHOD"] == "POST" and troubles:
            # The service took it, and the answer was lost on the way.
            start_response(f"{troubles.pop()} Trouble", [("Retry-After", "0")])
            return [b""]
        start_response(*start_response_kept.given)
        return answer

    service.app.wsgi_app = troubled
    handed_in(capsysbinary, document)
    assert troubles == []
    assert len(service.client("administrator").get("/v1/submissions").json["items"]) == 1


class _Kept:
    """A start_response that only remembers."""

    def __call__(self, status, headers, *_):
        self.given = (status, headers)


def test_a_name_in_gbk_arrives_as_it_was_written(service, tmp_path, capsysbinary):
    path = os.fsencode(tmp_path) + b"/" + "方案.docx".encode("gbk")
    with open(path, "wb") as file:
        file.write(DOCX)
    status = main(["submit", os.fsdecode(path)])
    assert status == 0
    [said] = service.client("administrator").get("/v1/submissions").json["items"]
    assert said["documents"][0]["name"] == "方案.docx"


def test_progress_is_shown_on_a_terminal_alone(service, document, monkeypatch, capsysbinary):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    _, _, err = run(capsysbinary, "submit", document)
    assert "正在上传" not in err
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert main(["submit", str(document)]) == 0
    assert "正在上传" in terminal.getvalue()
