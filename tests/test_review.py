"""The way of a submission to a reviewer and back."""

import pytest
from finished_cases import accepted, finished, read
from sqlalchemy import select

from storage import review
from storage.accounts import Identity
from storage.models import Audit, Event, ReviewState, Role

UNIT = Identity("key_unit", Role.UNIT, "区教育局")
FIRST = Identity("key_first", Role.REVIEWER)
SECOND = Identity("key_second", Role.REVIEWER)


def submit(database, submission_id, **options):
    with database.write() as session:
        review.submit(session, review.locked(session, submission_id), UNIT, **options)


def take(database, submission_id, who=FIRST):
    with database.write() as session:
        review.take(session, review.locked(session, submission_id), who)


def decide(database, submission_id, decision, who=FIRST, **options):
    with database.write() as session:
        review.decide(session, review.locked(session, submission_id), who, decision, **options)


def queued(database, **options):
    with database.read() as session:
        return [s.id for s in review.queue(session, **{"limit": 10, **options})]


def test_what_passed_goes_to_the_reviewers_and_is_accepted(database, store):
    submission_id = finished(database, store)
    submit(database, submission_id)
    assert queued(database) == [submission_id]
    take(database, submission_id)
    assert queued(database) == []
    decide(database, submission_id, ReviewState.ACCEPTED, note_text="同意")
    submission = read(database, submission_id)
    assert (submission.review, submission.reviewed_by, submission.review_note) == (
        ReviewState.ACCEPTED,
        "key_first",
        "同意",
    )


@pytest.mark.parametrize("conclusion", ["deficient", "unreadable"])
def test_what_did_not_pass_goes_only_knowingly_which_the_audit_trail_says(database, store, conclusion):
    submission_id = finished(database, store, conclusion=conclusion)
    with pytest.raises(review.HasFindingsError):
        submit(database, submission_id)
    assert queued(database) == []
    submit(database, submission_id, acknowledge_findings=True)
    assert queued(database) == [submission_id]
    with database.read() as session:
        said = session.scalars(select(Audit.detail).where(Audit.action == "review.submitted")).all()
    assert said == [{"acknowledged": True}]


def test_nothing_is_submitted_before_its_report(database, store):
    submission_id = accepted(database, store)
    with pytest.raises(review.NotFinishedError):
        submit(database, submission_id, acknowledge_findings=True)


def test_nothing_is_submitted_twice_until_it_is_returned(database, store):
    submission_id = finished(database, store)
    submit(database, submission_id)
    with pytest.raises(review.AlreadyInReviewError):
        submit(database, submission_id)
    take(database, submission_id)
    with pytest.raises(review.AlreadyInReviewError):
        submit(database, submission_id)
    decide(database, submission_id, ReviewState.RETURNED, note_text="请补签批")
    submit(database, submission_id)
    assert queued(database) == [submission_id]
    assert read(database, submission_id).review_note is None


def test_one_reviewer_takes_it_and_alone_decides(database, store):
    submission_id = finished(database, store)
    submit(database, submission_id)
    with pytest.raises(review.NotInQueueError):
        decide(database, submission_id, ReviewState.ACCEPTED)
    take(database, submission_id)
    take(database, submission_id)
    with pytest.raises(review.NotInQueueError):
        take(database, submission_id, SECOND)
    with pytest.raises(review.TakenByAnotherError):
        decide(database, submission_id, ReviewState.ACCEPTED, SECOND)
    decide(database, submission_id, ReviewState.ACCEPTED)
    with pytest.raises(review.NotInQueueError):
        decide(database, submission_id, ReviewState.RETURNED)


def test_queue_is_in_the_order_of_submission_page_by_page(database, store):
    made = [finished(database, store, unit=f"单位{n}") for n in range(3)]
    order = [made[2], made[0], made[1]]
    for submission_id in order:
        submit(database, submission_id)
    first = queued(database, limit=2)
    last = read(database, first[-1])
    assert first == order[:2]
    assert queued(database, limit=2, after=(last.submitted_at.isoformat(), last.id)) == order[2:]


def test_every_step_is_an_event_and_in_the_audit_trail(database, store):
    submission_id = finished(database, store)
    submit(database, submission_id, request_id="req-9")
    take(database, submission_id)
    decide(database, submission_id, ReviewState.RETURNED)
    with database.read() as session:
        events = session.scalars(
            select(Event.kind).where(Event.kind.like("review-%")).order_by(Event.id)
        ).all()
        audit = session.execute(
            select(Audit.action, Audit.actor).where(Audit.action.like("review.%")).order_by(Audit.id)
        ).all()
    assert events == ["review-submitted", "review-taken", "review-returned"]
    assert audit == [
        ("review.submitted", "key_unit"),
        ("review.taken", "key_first"),
        ("review.returned", "key_first"),
    ]
