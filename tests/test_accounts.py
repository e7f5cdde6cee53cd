"""Keys: shown once, kept as digests, revoked, expiring."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from storage.accounts import Identity, all_keys, ensure_administrator, identify, make_key, revoke_key
from storage.models import Base, Key, Role, now


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session


def test_a_key_says_who_calls(session):
    key, text = make_key(session, "门户", Role.UNIT, unit="区教育局")
    assert identify(session, text) == Identity(key.id, Role.UNIT, "区教育局")


def test_only_a_digest_is_kept(session):
    key, text = make_key(session, "门户", Role.UNIT, unit="区教育局")
    assert len(text) > 40
    row = session.get(Key, key.id)
    assert not [value for value in vars(row).values() if text in str(value)]


@pytest.mark.parametrize("text", ["", "ysk_wrong", "密钥", "\udcff"])
def test_what_is_no_key_says_nothing(session, text):
    make_key(session, "门户", Role.UNIT, unit="区教育局")
    assert identify(session, text) is None


def test_a_revoked_key_is_none(session):
    key, text = make_key(session, "门户", Role.REVIEWER)
    revoked = revoke_key(session, key.id)
    assert identify(session, text) is None
    first = revoked.revoked_at
    assert revoke_key(session, key.id).revoked_at == first
    assert revoke_key(session, "key_none") is None
    assert [k.id for k in all_keys(session)] == [key.id]


def test_an_expired_key_is_none(session):
    _, late = make_key(session, "昨天", Role.REVIEWER, expires_at=now() - timedelta(seconds=1))
    _, good = make_key(session, "明天", Role.REVIEWER, expires_at=now() + timedelta(days=1))
    assert identify(session, late) is None
    assert identify(session, good)


def test_the_first_administrators_key_is_made_once(session):
    made = ensure_administrator(session)
    assert made
    assert identify(session, made).role is Role.ADMINISTRATOR
    assert ensure_administrator(session) is None


def test_the_administrators_key_can_be_given(session):
    ensure_administrator(session)
    assert ensure_administrator(session, "my own key") is None
    assert ensure_administrator(session, "my own key") is None
    assert identify(session, "my own key").role is Role.ADMINISTRATOR
    assert len(all_keys(session)) == 2
