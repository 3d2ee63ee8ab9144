"""What a password must be, and how it is kept."""

import re

import pytest
from argon2 import PasswordHasher, extract_parameters

from app.services import transactions
from app.services.people import passwords


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Kd7m-wq4r", "密码至少 10 位，现在是 9 位。请加长，可以用几个不相干的词连起来。"),
        ("x" * 129, "密码最多 128 位，请改短一些。"),
        ("Registrar.A1-2026", "密码里不能有账号名，请换一个别人猜不到的。"),
        ("Password-2026", "这个密码太常见，别人一试就中。请换一个别人猜不到的。"),
        ("1Q2w3E4r5T", "这个密码太常见，别人一试就中。请换一个别人猜不到的。"),
        ("Xueji-demo-2026", "这个密码太常见，别人一试就中。请换一个别人猜不到的。"),
        ("Ababababababab1A", "密码里重复的字符太多，请换一个别人猜不到的。"),
        ("duhe-liuya-yun", "密码要有大写字母、小写字母、数字、符号中的三种，或者不少于 16 位。请补上缺的种类，或再加长。"),
        ("Duhe-liuya-7", None),
        ("堵河水长流云台山高处有松", "密码要有大写字母、小写字母、数字、符号中的三种，或者不少于 16 位。请补上缺的种类，或再加长。"),
        ("duhe liuya yuntai shan", None),
    ],
)
def test_a_new_password_is_judged_in_a_sentence(password, sentence):
    assert passwords.problem(password, "registrar.a1") == sentence


def test_one_time_passwords_are_read_from_paper_and_never_alike():
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([a-hj-km-np-z2-9]{4}-){2}[a-hj-km-np-z2-9]{4}", word) for word in made)


def test_full_width_typing_is_the_same_password(empty_app):
    kept = passwords.hashed("Duhe-liuya-7")
    assert (passwords.fits("Ｄｕｈｅ－ｌｉｕｙａ－７", kept), passwords.fits("duhe-liuya-7", kept), passwords.fits("Duhe-liuya-7", "broken")) == (True, False, False)


def test_nobody_knows_the_password_of_who_does_not_exist_and_it_costs_the_same(empty_app):
    assert passwords.fits("", None) is False
    assert extract_parameters(passwords.DUMMY) == extract_parameters(passwords.hashed("Duhe-liuya-7"))


def test_a_hash_of_other_parameters_is_outdated(empty_app):
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("Duhe-liuya-7")
    assert (passwords.outdated(old), passwords.outdated(passwords.hashed("Duhe-liuya-7"))) == (True, False)


def test_the_demo_shares_one_hash(empty_app):
    assert passwords.demo_hash() is passwords.demo_hash()
    assert passwords.fits("Xueji-demo-2026", passwords.demo_hash())


def test_hashing_never_holds_up_the_writers(app, county, now, monkeypatch):
    """Argon2 takes its time on purpose: no act may wait for it (DECIDED 12)."""
    from app.services.people import accounts

    held, seen = [], []
    real_lock, real_hash = transactions.write_lock, passwords.HASHER

    class Watched:
        def hash(self, password):
            seen.append(bool(held))
            return real_hash.hash(password)

        def verify(self, kept, password):
            seen.append(bool(held))
            return real_hash.verify(kept, password)

        def check_needs_rehash(self, kept):
            return True

    def lock():
        from contextlib import contextmanager

        @contextmanager
        def watched():
            with real_lock():
                held.append(1)
                try:
                    yield
                finally:
                    held.pop()

        return watched()

    monkeypatch.setattr(transactions, "write_lock", lock)
    monkeypatch.setattr(passwords, "HASHER", Watched())
    accounts.sign_in("registrar.a1", passwords.DEMO, now=now, address="10.0.0.1", agent="")
    accounts.create("ji.wei", "季薇", body_id=county.body("a1"), actor=county.actor("sysadmin"), now=now)

    assert seen == [False, False, False]  # verify, hash again, hash
