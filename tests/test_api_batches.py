"""Batches through HTTP: in, progress, items, summary, cancel, retry; and the rules."""

import csv
import io

import pytest
from api_service import KINDS, made
from sqlalchemy import select

from schemas import available_packs, load_pack
from storage.models import Batch, Job, JobKind


@pytest.fixture(params=KINDS)
def service(request, tmp_path):
    yield from made(request, tmp_path)


@pytest.fixture
def unit(service):
    return service.client()


def hand_in(unit, **texts):
    return unit.post("/v1/batches", data={"archive": (io.BytesIO(b"PK\x03\x04"), "一批.zip"), **texts})


def test_a_batch_is_answered_as_the_contract_says(service, unit):
    answer = hand_in(unit, project="智慧校园")
    assert answer.status_code == 202
    said = answer.json
    assert answer.headers["Location"] == f"/v1/batches/{said['id']}" == said["links"]["self"]
    assert (said["status"], said["total"], said["done"]) == ("queued", 0, 0)
    assert said["counts"] == {"pass": 0, "deficient": 0, "unreadable": 0, "failed": 0}
    assert service.hints == 1
    with service.database.read() as session:
        [batch] = session.scalars(select(Batch))
        assert [(f.name, f.size) for f in batch.files] == [("一批.zip", 4)]
        assert batch.options["project"] == "智慧校园"
        assert [job.kind for job in session.scalars(select(Job))] == [JobKind.UNPACK]


@pytest.mark.parametrize(("each", "kept"), [("file", "file"), ("folder", "folder"), ("", None)])
def test_what_is_one_submission_can_be_said(service, unit, each, kept):
    assert hand_in(unit, each=each).status_code == 202
    with service.database.read() as session:
        assert session.scalars(select(Batch)).one().options["each"] == kept


def test_what_is_one_submission_is_of_a_batch_alone_and_one_of_two(unit):
    refused = hand_in(unit, each="page").json
    assert refused["type"].endswith("invalid-field")
    assert "file 或 folder" in refused["detail"]
    assert unit.submit(each="file").json["type"].endswith("unknown-field")


def test_another_say_of_what_is_one_submission_is_another_call(unit):
    headers = {"Idempotency-Key": "k"}
    assert unit.submit(to="/v1/batches", headers=headers).status_code == 202
    assert unit.submit(to="/v1/batches", headers=headers, each="file").status_code == 422


def test_several_files_are_a_batch_too(unit):
    assert unit.submit(("a.docx", b"a"), ("b.docx", b"b"), to="/v1/batches").status_code == 202


def test_an_archive_comes_alone(unit):
    form = {"archive": (io.BytesIO(b"PK"), "a.zip"), "files": (io.BytesIO(b"x"), "b.docx")}
    answer = unit.post("/v1/batches", data=form)
    assert answer.status_code == 422
    assert "archive" in answer.json["detail"]


def test_a_repeated_call_gives_the_first_batch(service, unit):
    headers = {"Idempotency-Key": "k"}
    first = unit.submit(to="/v1/batches", headers=headers)
    again = unit.submit(to="/v1/batches", headers=headers)
    assert again.json["id"] == first.json["id"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert unit.submit(to="/v1/batches", headers=headers, project="x").status_code == 422


def test_progress_counts_what_came_of_it(service, unit):
    path = hand_in(unit).headers["Location"]
    service.unpack("甲", "乙", "丙", "丁")
    assert (unit.get(path).json["total"], unit.get(path).json["done"]) == (4, 0)
    assert unit.get(path).json["status"] == "checking"
    for conclusion in ("pass", "deficient", "deficient"):
        service.finish(conclusion)
    service.fail()
    said = unit.get(path).json
    assert (said["status"], said["total"], said["done"]) == ("done", 4, 4)
    assert said["counts"] == {"pass": 1, "deficient": 2, "unreadable": 0, "failed": 1}
    assert said["notes"] == ["已忽略 Thumbs.db。"]
    assert said["finished_at"]


def test_items_come_in_the_order_of_the_batch(service, unit):
    path = hand_in(unit).headers["Location"]
    service.unpack(*"甲乙丙丁戊")
    names, cursor = [], ""
    while cursor is not None:
        page = unit.get(f"{path}/items?limit=2{cursor and f'&cursor={cursor}'}").json
        names += [item["documents"][0]["name"] for item in page["items"]]
        cursor = page["next"]
    assert names == [f"{title}.docx" for title in "甲乙丙丁戊"]
    assert unit.get(f"{path}/items?cursor=eA").status_code == 404


def test_items_of_a_batch_are_submissions_like_any(service, unit):
    batch = hand_in(unit).json["id"]
    service.unpack("甲")
    listed = unit.get(f"/v1/submissions?batch={batch}").json["items"]
    assert [item["batch"] for item in listed] == [batch]


def test_the_summary_says_what_came_of_each(service, unit):
    path = hand_in(unit).headers["Location"]
    service.unpack("甲", "=1+1")
    service.finish("deficient", section_missing=2, value_missing=1)
    said = unit.get(f"{path}/summary").json
    assert [(i["position"], i["title"], i["conclusion"], i["errors"]) for i in said["items"]] == [
        (1, "甲", "deficient", 3),
        (2, "=1+1", None, 0),
    ]
    answer = unit.get(f"{path}/summary", headers={"Accept": "text/csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["title"], row["class"], row["errors"]) for row in rows] == [
        ("甲", "contract-filing", "3"),
        ("'=1+1", "", "0"),
    ]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert unit.get(f"{path}/summary", headers={"Accept": "image/png"}).status_code == 406


def test_cancelling_withdraws_what_is_not_begun(service, unit):
    path = hand_in(unit).headers["Location"]
    service.unpack("甲", "乙", "丙")
    service.finish("pass")
    said = unit.post(f"{path}/cancel").json
    assert (said["status"], said["total"], said["done"]) == ("cancelled", 1, 1)
    assert "2 件" in said["notes"][-1]
    with service.database.read() as session:
        assert {job.state for job in session.scalars(select(Job))} == {"done"}
    assert unit.post(f"{path}/cancel").status_code == 409
    assert unit.post(f"{path}/retry").status_code == 409
    assert unit.get(path).json["status"] == "cancelled"


def test_cancelling_before_it_was_told_apart_leaves_nothing(service, unit):
    path = hand_in(unit).headers["Location"]
    assert unit.post(f"{path}/cancel").json["status"] == "cancelled"
    with service.database.read() as session:
        assert session.scalars(select(Job)).all() == []


def test_what_failed_is_tried_again(service, unit):
    path = hand_in(unit).headers["Location"]
    service.unpack("甲", "乙")
    service.fail()
    service.finish("pass")
    hints = service.hints
    answer = unit.post(f"{path}/retry")
    assert answer.status_code == 202
    assert (answer.json["status"], answer.json["done"]) == ("checking", 1)
    assert service.hints == hints + 1
    service.finish("deficient")
    assert unit.get(path).json["counts"] == {"pass": 1, "deficient": 1, "unreadable": 0, "failed": 0}
    assert unit.get(path).json["status"] == "done"


def test_deleting_the_last_open_item_ends_the_batch(service, unit):
    path = hand_in(unit).headers["Location"]
    service.unpack("甲", "乙")
    service.finish("pass")
    [waiting] = unit.get("/v1/submissions?status=queued").json["items"]
    unit.delete(waiting["links"]["self"])
    assert (unit.get(path).json["status"], unit.get(path).json["total"]) == ("done", 1)


def test_batches_are_listed_in_pages(unit):
    made = sorted((hand_in(unit).json["id"] for _ in range(3)), reverse=True)
    page = unit.get("/v1/batches?limit=2").json
    rest = unit.get(f"/v1/batches?cursor={page['next']}").json
    assert [item["id"] for item in page["items"] + rest["items"]] == made
    assert rest["next"] is None


def test_every_pack_and_class_is_described_with_its_clauses(unit):
    packs = unit.get("/v1/packs").json["items"]
    assert [pack["id"] for pack in packs] == list(available_packs())
    for pack in packs:
        assert unit.get(f"/v1/packs/{pack['id']}").json == pack
        for link in pack["classes"]:
            said = unit.get(link["link"]).json
            kind = load_pack(pack["id"]).document_class(link["id"])
            assert [(r["name"], r["clause"]) for r in said["requirements"]] == [
                (r.name, r.clause) for r in kind.requirements
            ]
            assert said["schema"] == kind.schema


@pytest.mark.parametrize(
    "path", ["/v1/packs/x", "/v1/packs/..", "/v1/packs/jinjiang-2023/classes/x", "/v1/packs/x/classes/y"]
)
def test_rules_that_there_are_not_are_404(unit, path):
    assert unit.get(path).status_code == 404


def test_the_folder_of_a_pack_is_no_id(unit, tmp_path):
    (tmp_path / "pack.json").write_text("{}")
    assert unit.get(f"/v1/packs/{str(tmp_path).replace('/', '%2F')}").status_code == 404
