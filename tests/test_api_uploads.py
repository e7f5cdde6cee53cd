"""What comes in as a form: names as people wrote them, mistakes answered with the remedy, limits kept."""

import io

import pytest
from api_service import DOCX, Service, on_each_kind
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from intake.api.filenames import file_name
from storage.models import Blob, Submission

BOUNDARY = "----yushen"


def part(disposition: bytes, content: bytes) -> bytes:
    return (
        b"--"
        + BOUNDARY.encode()
        + b"\r\nContent-Disposition: form-data; "
        + disposition
        + b"\r\n\r\n"
        + content
        + b"\r\n"
    )


def body(*parts: bytes, end: bytes = b"--" + BOUNDARY.encode() + b"--\r\n") -> bytes:
    return b"".join(parts) + end


def send(unit, data: bytes, to: str = "/v1/submissions", boundary: str = BOUNDARY, **headers: str):
    return unit.post(
        to, data=data, headers={"Content-Type": f"multipart/form-data; boundary={boundary}", **headers}
    )


def problem(answer) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == answer.status_code
    return answer.json["type"].removeprefix("urn:yushen:problem:")


# Names


@pytest.mark.parametrize(
    ("disposition", "shown"),
    [
        ('name="files"; filename="建设方案.docx"'.encode(), "建设方案.docx"),
        ('name="files"; filename="建设方案.docx"'.encode("gb18030"), "建设方案.docx"),
        (b'name="files"; filename="a.docx"; filename*=UTF-8\'\'%E5%BB%BA%E8%AE%BE.docx', "建设.docx"),
        (b'name="files"; filename*=UTF-8\'\'%E5%BB%BA%E8%AE%BE.docx; filename="a.docx"', "建设.docx"),
        (b'name="files"; filename="x"; filename*=gb18030\'zh\'%BD%A8%C9%E8.docx', "建设.docx"),
        (b'name="files"; filename="x.docx"; filename*=nonsense\'\'%BD', "x.docx"),
        (b'name="files"; filename="say %22hi%22.docx"', 'say "hi".docx'),
        (b'name="files"; filename="say \\"hi\\".docx"', 'say "hi".docx'),
        ('name="files"; filename="C:\\\\资料\\\\方案.docx"'.encode(), "方案.docx"),
        ('name="files"; filename="资料/2026/方案.docx"'.encode(), "方案.docx"),
        (b'name="files"; filename="../../etc/passwd"', "passwd"),
        ('name="files"; filename="fdp.\u202excod.docx"'.encode(), "fdp.xcod.docx"),
        (b'name="files"; filename=plain.docx', "plain.docx"),
        ('name="files"; filename="项目（终稿） v2 & 附件;1.docx"'.encode(), "项目（终稿） v2 & 附件;1.docx"),
    ],
)
def test_file_names_are_shown_as_they_were_written(unit, disposition, shown):
    answer = send(unit, body(part(disposition, DOCX)))
    assert answer.status_code == 202, answer.json
    assert [d["name"] for d in answer.json["documents"]] == [shown]


def test_a_name_that_is_gbk_with_a_backslash_in_a_character_is_kept(unit):
    # The second byte of 誠 in GBK is a backslash.
    name = "竭誠.docx"
    assert b"\\" in name.encode("gbk")
    answer = send(unit, body(part(f'name="files"; filename="{name}"'.encode("gbk"), DOCX)))
    assert [d["name"] for d in answer.json["documents"]] == [name]


@on_each_kind
def test_a_project_name_in_gbk_is_read(unit):
    answer = send(
        unit,
        body(
            part(b'name="files"; filename="a.docx"', DOCX), part(b'name="project"', "智慧校园".encode("gbk"))
        ),
    )
    assert answer.json["project"] == "智慧校园"


@given(st.text(max_size=300))
def test_no_name_has_folders_or_what_cannot_be_seen(name):
    shown = file_name(f'form-data; name="files"; filename="{name}"')
    assert not set(shown) & set("/\\\r\n\x00\u202e")
    assert len(shown) <= 200


# Mistakes


def test_a_form_without_files_is_told_how_to_send_one(unit):
    for data in (body(), body(part(b'name="project"', b"P"))):
        answer = send(unit, data)
        assert problem(answer) == "no-files"
        assert "-F 'files=@" in answer.json["detail"]


def test_a_file_field_in_which_nobody_chose_a_file_is_no_file(unit):
    empty = part(b'name="files"; filename=""', b"")
    assert problem(send(unit, body(empty))) == "no-files"
    good = part(b'name="files"; filename="a.docx"', DOCX)
    assert len(send(unit, body(empty, good)).json["documents"]) == 1


def test_a_file_without_a_name_is_refused(unit):
    assert problem(send(unit, body(part(b'name="files"; filename=""', DOCX)))) == "not-a-file"
    assert problem(send(unit, body(part(b'name="files"', DOCX)))) == "not-a-file"
    assert problem(send(unit, body(part(b'name="files"; filename="folder/"', DOCX)))) == "not-a-file"


@on_each_kind
def test_an_empty_file_is_refused_by_name(service, unit):
    answer = unit.submit(("好.docx", DOCX), ("空.docx", b""))
    assert problem(answer) == "empty-file"
    assert "空.docx" in answer.json["detail"]
    with service.database.read() as session:
        assert session.scalars(select(Submission)).all() == []


def test_too_many_files_are_refused(tmp_path):
    unit = Service(tmp_path, max_files=3).client()
    assert unit.submit(*[(f"{n}.docx", DOCX) for n in range(3)]).status_code == 202
    answer = unit.submit(*[(f"{n}.docx", DOCX) for n in range(4)])
    assert answer.status_code == 413
    assert problem(answer) == "too-many-files"
    assert "3" in answer.json["detail"]


@pytest.mark.parametrize(
    "each",
    [
        part(b'name="files"; filename="a.docx"', DOCX),
        part(b'name="files"; filename=""', b""),
        part(b'name="project"', b"P"),
        part(b'name="x"', b"P"),
    ],
    ids=["files", "nothing-chosen", "texts", "unknown"],
)
def test_ten_thousand_parts_are_refused_long_before_the_last(service, unit, each):
    stream = Watched(body(each * 10_000))
    answer = unit.post(
        "/v1/submissions",
        input_stream=stream,
        headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    )
    assert problem(answer) in ("too-many-files", "repeated-field", "unknown-field")
    assert stream.tell() < 262_144
    with service.database.read() as session:
        assert session.scalars(select(Submission)).all() == []


def test_a_name_that_is_too_long_to_repeat_is_not_repeated_whole(unit):
    answer = send(unit, body(part(b'name="' + b"n" * 50_000 + b'"', b"x")))
    assert problem(answer) == "unknown-field"
    assert "n" * 100 in answer.json["detail"]
    assert len(answer.data) < 2_000


@pytest.mark.parametrize(
    ("texts", "slug", "told"),
    [
        ({"filed_on": "2026-02-30"}, "invalid-field", "2026-03-10"),
        ({"filed_on": "20260310"}, "invalid-field", "2026-03-10"),
        ({"filed_on": "2026-W10-2"}, "invalid-field", "2026-03-10"),
        ({"filed_on": "昨天"}, "invalid-field", "昨天"),
        ({"class_": "contract"}, "unknown-class", "contract-filing（合同备案）"),
        ({"pack": "chengdu"}, "unknown-pack", "jinjiang-2023"),
        ({"pack": "../packs/jinjiang-2023"}, "unknown-pack", "jinjiang-2023"),
        ({"clas": "contract-filing"}, "unknown-field", "filed_on"),
        ({"project": "x" * 201}, "invalid-field", "200"),
        ({"project": "a\x00b"}, "invalid-field", "project"),
        ({"project": "x" * 9000}, "invalid-field", "project"),
        ({"callback_url": "ftp://x.example/"}, "invalid-field", "https://"),
        ({"callback_url": "https://"}, "invalid-field", "https://"),
        ({"callback_url": "https://me:secret@x.example/"}, "invalid-field", "https://"),
        ({"callback_url": "https://x.example:99999/"}, "invalid-field", "https://"),
        ({"callback_url": "javascript:alert(1)"}, "invalid-field", "https://"),
    ],
)
@pytest.mark.parametrize("to", ["/v1/submissions", "/v1/batches"])
def test_a_mistaken_option_is_told_what_would_be_right(unit, to, texts, slug, told):
    answer = unit.submit(to=to, **texts)
    assert answer.status_code == 422
    assert problem(answer) == slug
    assert told in answer.json["detail"]
    english = unit.submit(to=to, headers={"Accept-Language": "en-GB,en;q=0.9"}, **texts)
    assert english.json["type"] == answer.json["type"]
    assert english.json["detail"].partition("“")[0].isascii()
    assert english.headers["Content-Language"] == "en"


def test_a_text_given_twice_is_refused(unit):
    twice = [part(b'name="project"', b"A"), part(b'name="project"', b"B")]
    answer = send(unit, body(*twice, part(b'name="files"; filename="a.docx"', DOCX)))
    assert problem(answer) == "repeated-field"


def test_an_option_sent_as_a_file_is_refused(unit):
    answer = send(unit, body(part(b'name="class"; filename="class.txt"', b"contract-filing")))
    assert problem(answer) == "not-a-text"


def test_files_of_the_other_call_are_not_known(unit):
    answer = send(unit, body(part(b'name="archive"; filename="a.zip"', b"PK")))
    assert problem(answer) == "unknown-field"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no boundary at all",
        body(part(b'name="files"; filename="a.docx"', DOCX), end=b""),
        part(b'name="files"; filename="a.docx"', DOCX)[:-20],
        b"--" + BOUNDARY.encode() + b"\r\nContent-Type: text/plain\r\n\r\nx\r\n" + body(),
        b"x" * 2_000_000,
        b"--" + BOUNDARY.encode() + b"\r\nX-Long: " + b"x" * 2_000_000,
        body(part(b'name="files"; filename="a.docx"', DOCX)).replace(BOUNDARY.encode(), b"--another"),
        body(part(b'name="' + b"n" * 100_000 + b'"; filename="a.docx"', DOCX)),
        body(part(b'name="files"; filename="' + b"n" * 2_000_000 + b'"', DOCX)),
        body(*[part(f'name="project{n}"'.encode(), b"") for n in range(3)]).replace(b"project", b""),
    ],
)
def test_a_broken_form_is_a_problem_of_the_caller(service, unit, data):
    assert send(unit, data).status_code in (400, 422)
    with service.database.read() as session:
        assert session.scalars(select(Submission)).all() == []
        assert session.scalars(select(Blob)).all() == []


def test_what_follows_the_form_means_nothing(unit):
    data = body(part(b'name="files"; filename="a.docx"', DOCX)) + b"x" * 1_000_000
    assert send(unit, data).status_code == 202


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/mixed", ""],
)
def test_anything_but_a_form_is_415(unit, content_type):
    answer = unit.post("/v1/submissions", data=b"{}", headers={"Content-Type": content_type})
    assert answer.status_code == 415
    assert "multipart/form-data" in answer.json["detail"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["x", "", "-", "\u00e9", "a b", 'q"', "--"]))
def test_no_bytes_at_all_are_a_fault_of_the_program(unit, data, boundary):
    marked = data.replace(b"\x00", b"--" + boundary.encode("latin-1") + b"\r\n")
    answer = unit.post(
        "/v1/submissions",
        data=marked,
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    assert 400 <= answer.status_code < 500


# Limits


class Watched(io.BytesIO):
    """A body that notices when it is read."""

    reads = 0

    def read(self, *arguments):
        self.reads += 1
        return super().read(*arguments)

    def readinto(self, *arguments):
        self.reads += 1
        return super().readinto(*arguments)


def unread(service, key, length):
    """The answer to a call that declares so many bytes, and how often its body was read."""
    stream = Watched(b"x" * 1000)
    answer = service.nobody().post(
        "/v1/submissions",
        input_stream=stream,
        headers={
            "Authorization": f"Bearer {key}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        },
        environ_overrides={"CONTENT_LENGTH": str(length)},
    )
    return answer, stream.reads


def test_a_request_that_declares_too_much_is_refused_unread(tmp_path):
    service = Service(tmp_path, max_request_bytes=10_000)
    answer, reads = unread(service, service.key(), 10_001)
    assert answer.status_code == 413
    assert problem(answer) == "request-too-large"
    assert "9.766 KB" in answer.json["detail"]
    assert reads == 0


def test_who_is_not_let_in_is_refused_unread(service):
    for key, status in (("ysk_wrong", 401), (service.key("reviewer"), 403)):
        answer, reads = unread(service, key, 500)
        assert answer.status_code == status
        assert reads == 0


def test_a_request_of_unknown_length_is_cut_off_at_the_limit(tmp_path):
    service = Service(tmp_path, max_request_bytes=200_000)
    stream = Watched(body(part(b'name="files"; filename="a.docx"', b"x" * 5_000_000)))
    answer = service.nobody().post(
        "/v1/submissions",
        input_stream=stream,
        headers={
            "Authorization": f"Bearer {service.key()}",
            "Transfer-Encoding": "chunked",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        },
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413
    assert stream.tell() < 400_000


def test_a_file_over_the_limit_is_refused_by_name_and_not_kept(tmp_path):
    service = Service(tmp_path, max_file_bytes=100_000)
    unit = service.client()
    assert unit.submit(("正好.docx", b"x" * 100_000)).status_code == 202
    answer = unit.submit(("太大.docx", b"y" * 100_001))
    assert answer.status_code == 413
    assert problem(answer) == "file-too-large"
    assert "太大.docx" in answer.json["detail"]
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size > 90_000]
    assert [path.name for path in kept if "objects" in path.parts or "staging" in path.parts] == [
        path.name for path in kept if len(path.name) == 64
    ]
    assert len([path for path in kept if len(path.name) == 64]) == 1


def test_a_large_body_of_a_small_call_is_refused(service):
    answer = service.client("administrator").post(
        "/v1/keys", data=b"{" + b" " * 300_000, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413


@on_each_kind
def test_one_file_sent_twice_is_stored_once(service, unit):
    unit.submit(("a.docx", DOCX), ("b.docx", DOCX))
    unit.submit(("c.docx", DOCX))
    with service.database.read() as session:
        assert len(session.scalars(select(Blob)).all()) == 1
