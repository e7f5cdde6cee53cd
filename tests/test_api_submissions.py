"""Submissions through HTTP: in, how far, out, deleted."""

import pytest
from api_service import DOCX, EDUCATION, Service


@pytest.fixture
def service(tmp_path):
    return Service(tmp_path)


@pytest.fixture
def unit(service):
    return service.client()


def test_what_is_handed_in_is_answered_as_the_contract_says(service, unit):
    answer = unit.submit(
        ("方案.docx", DOCX), ("附件.pdf", b"%PDF-"), class_="contract-filing", project="智慧校园"
    )
    assert answer.status_code == 202
    said = answer.json
    assert answer.headers["Location"] == f"/v1/submissions/{said['id']}"
    assert said["status"] == "queued"
    assert said["conclusion"] is None
    assert [(d["name"], d["size"]) for d in said["documents"]] == [("方案.docx", len(DOCX)), ("附件.pdf", 5)]
    base = f"/v1/submissions/{said['id']}"
    assert said["links"] == {
        "self": base,
        "report": f"{base}/report",
        "record": f"{base}/record",
        "packet": f"{base}/packet",
        "events": f"{base}/events",
    }
    assert said["class"] == "contract-filing"
    assert said["unit"] == EDUCATION
    assert service.hints == 1
    assert unit.get(base).json == said
