"""``yushen keys``: keys made, listed and revoked on the service's own machine."""

import json
from datetime import datetime, timedelta

import pytest
from api_service import Caller, Service

from intake.cli import main


@pytest.fixture
def service(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    return Service(folder)


@pytest.fixture
def run(service, capsys):
    """Call ``yushen keys`` on the service's folder; exit status, stdout and stderr."""

    def call(*arguments: object, data=service.folder) -> tuple[int, str, str]:
        status = main(["keys", *map(str, arguments), "--data", str(data)])
        return status, *capsys.readouterr()

    return call


def made(out: str) -> tuple[str, str]:
    """Id and text of a key, as ``add`` says them."""
    key_id, text = (line.split("：")[1] for line in out.splitlines())
    return key_id, text


def test_a_key_that_was_made_is_taken_by_the_api(service, run):
    status, out, _ = run("add", "区教育局门户", "--role", "unit", "--unit", "区教育局")
    assert status == 0
    assert Caller(service.app, made(out)[1]).get("/v1/submissions").status_code == 200


def test_keys_are_listed_without_their_texts_and_revoked(service, run):
    key_id, text = made(run("add", "审查一", "--role", "reviewer")[1])
    _, out, _ = run("list")
    [line] = [line for line in out.splitlines() if line.startswith(key_id)]
    assert line.split() == [key_id, "有效", "reviewer", "-", "审查一"]
    assert text not in out
    assert run("revoke", key_id) == (0, f"已撤销：{key_id}\n", "")
    assert f"{key_id}  已撤销" in run("list")[1]
    assert Caller(service.app, text).get("/v1/review").status_code == 401
    audited = service.client("administrator").get(f"/v1/audit?target={key_id}").json["items"]
    assert [(row["action"], row["actor"]) for row in audited] == [
        ("key.revoked", "system"),
        ("key.created", "system"),
    ]
    assert text not in json.dumps(audited)


def test_a_key_is_valid_to_the_end_of_its_last_day(service, run):
    today = datetime.now().astimezone().date()
    text = made(run("add", "临时", "--role", "reviewer", "--expires-on", today + timedelta(days=1))[1])[1]
    assert Caller(service.app, text).get("/v1/review").status_code == 200
    assert f"到 {today + timedelta(days=2)} 00:00 为止" in run("list")[1]
    status, out, err = run("add", "过期", "--role", "reviewer", "--expires-on", today - timedelta(days=1))
    assert (status, out) == (2, "")
    assert "已经过去" in err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("add", "x", "--role", "unit"), "必须用 --unit 给出所属单位"),
        (("add", "x", "--role", "king"), "unit、reviewer、administrator"),
        (("add", "x"), "缺少 --role"),
        (("add", "", "--role", "reviewer"), "不能为空"),
        (("add", "a\nb", "--role", "reviewer"), "一行文字"),
        (("revoke", "key_none"), "没有编号为“key_none”的密钥"),
    ],
)
def test_what_cannot_be_is_refused_with_the_remedy(run, arguments, why):
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert why in err


def test_a_folder_without_a_service_stays_as_it_is(run, tmp_path):
    status, out, err = run("list", data=tmp_path)
    assert (status, out) == (2, "")
    assert "--data" in err
    assert not (tmp_path / "state.db").exists()
