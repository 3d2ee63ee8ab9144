"""Signing in, and accounts from the first day to the last."""

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from app.errors import MovedOn, NotAllowed, NotFound, Refusal, TooMany
from app.extensions import db
from app.models import Account, Event, Post, SignIn, Throttle
from app.services import transactions
from app.services.administration import policies
from app.services.people import accounts, passwords, posts, sessions, throttle
from app.services.transactions import writes
from tests.bureau import last_facts, row, wrong

OWN = "Duhe-liuya-7"


@pytest.fixture
def enter(now):
    """Sign in by the service: `enter("registrar.a1")` → token."""
    def enter(username, password=passwords.DEMO, at=now, address="10.0.0.1"):
        return accounts.sign_in(username, password, now=at, address=address, agent="Mozilla/5.0 (Windows NT 10.0) Chrome/120")

    return enter


@pytest.fixture
def wen(county):
    return county.actor("sysadmin")


@writes(traced=False)
def put(s, username, **values):
    s.execute(update(Account).where(Account.username == username).values(**values))


def account(username):
    return row(Account, Account.username == username)


def names(*prefixes):
    """The events on the house chain, oldest first."""
    told = db.session.scalars(select(Event.name).where(Event.chain_id == 0).order_by(Event.seq)).all()
    return [name for name in told if name.startswith(prefixes)]


# ---------------------------------------------------------------- signing in

def test_a_person_signs_in_and_is_known_by_the_token_alone(county, enter, now):
    token = enter(" Registrar.A1 ")

    person = sessions.find(token, now=now)
    assert (person.username, person.name, person.duty, person.school_id) == ("registrar.a1", "庹明慧", "school_registrar", county.body("a1"))
    assert sessions.find(sessions.key_of(token).hex(), now=now) is None  # what the table holds opens nothing
    assert account("registrar.a1").last_sign_in_at == now
    assert (names("signin"), last_facts("signin.succeeded")) == (["signin.succeeded"], {"address": "10.0.0.1"})


def test_who_only_reads_waits_for_no_long_act(app, enter, now):
    if db.engine.dialect.name != "sqlite":
        return  # has many writers: nobody waits
    token, later = enter("registrar.a1"), now + timedelta(minutes=2)
    with transactions.write_lock():
        assert sessions.find(token, now=later).username == "registrar.a1"
        assert row(SignIn).seen_at == now
    sessions.find(token, now=later)
    assert row(SignIn).seen_at == later


def test_unknown_and_wrong_read_alike_and_the_trace_keeps_no_typed_word(app, enter):
    assert wrong(enter, "registrar.a1", "Wrong-wrong-1") == {None: "账号或密码不对，请核对后再试。"}
    assert wrong(enter, "Duhe-liuya-7", "registrar.a1") == {None: "账号或密码不对，请核对后再试。"}

    told = db.session.scalars(select(Event.facts).where(Event.name == "signin.failed").order_by(Event.seq)).all()
    assert told == ['{"address":"10.0.0.1","username":"registrar.a1"}', '{"address":"10.0.0.1","username":"（没有这个账号）"}']


def test_each_further_mistake_waits_longer_until_a_success(app, enter, now):
    for _ in range(5):
        wrong(enter, "registrar.a1", "Wrong-wrong-1")
    with pytest.raises(TooMany) as told:
        enter("registrar.a1")  # the right one has to wait as well
    assert (told.value.seconds, str(told.value)) == (30, "试错的次数太多，请等 30 秒再试。忘记密码的，请联系系统管理员重置。")

    wrong(enter, "registrar.a1", "Wrong-wrong-1", at=now + timedelta(seconds=31))
    with pytest.raises(TooMany) as told:
        enter("registrar.a1", at=now + timedelta(seconds=32))
    assert told.value.seconds == 59
    assert enter("registrar.a1", at=now + timedelta(seconds=92))
    assert enter("registrar.a1", at=now + timedelta(seconds=93))
    assert enter("head.a1")  # nobody else was kept waiting


def test_many_guesses_at_once_are_no_more_guesses_than_one_after_another(app, enter):
    told = []

    def guess():
        with app.app_context():
            try:
                enter("registrar.a1", "Wrong-wrong-1")
            except Refusal as refusal:
                told.append(type(refusal).__name__)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    assert sorted(told) == ["Refusal"] * 5 + ["TooMany"] * 7


def test_the_wait_stops_growing_at_a_quarter_of_an_hour():
    waits = [throttle.wait_after("account", number) for number in (4, 5, 6, 7, 9, 10, 5000)]
    assert waits == [None, *(timedelta(seconds=n) for n in (30, 60, 120, 480, 900, 900))]


def test_an_address_that_tries_many_names_is_slowed_down_and_a_success_forgives_only_itself(app, enter):
    for number in range(28):
        wrong(enter, f"guess{number}", "Wrong-wrong-1")
    enter("registrar.a1")
    wrong(enter, "guess28", "Wrong-wrong-1")
    wrong(enter, "guess29", "Wrong-wrong-1")
    with pytest.raises(TooMany):
        enter("head.a1")
    assert enter("head.a1", address="10.0.0.2")


def test_neighbours_in_an_ipv6_network_are_one_address():
    assert throttle.names("x", "2001:db8:1:2::7")["address"] == throttle.names("x", "2001:db8:1:2:ffff::1")["address"]
    assert throttle.names("x", "2001:db8:1:2::7")["address"] != throttle.names("x", "2001:db8:1:3::7")["address"]


def test_an_hour_later_mistakes_are_forgotten_and_swept(app, enter, now):
    for _ in range(4):
        wrong(enter, "registrar.a1", "Wrong-wrong-1")
    later = now + timedelta(hours=1, minutes=1)
    wrong(enter, "registrar.a1", "Wrong-wrong-1", at=later)
    assert db.session.scalars(select(Throttle.failures)).all() == [1, 1]

    throttle.sweep(now=later + timedelta(days=1, hours=1))
    assert db.session.scalars(select(Throttle.failures)).all() == []


def test_an_old_hash_is_made_anew_while_the_password_is_at_hand(app, enter):
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(passwords.DEMO)
    put("registrar.a1", password_hash=old)
    enter("registrar.a1")
    assert account("registrar.a1").password_hash.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert enter("registrar.a1")


def test_a_shut_account_is_told_so_only_to_who_knows_its_password(app, enter):
    put("registrar.a1", state="sealed")
    put("head.a1", state="closed")
    assert wrong(enter, "registrar.a1") == {None: "这个账号半年没有使用，已经封存。请联系系统管理员启用。"}
    assert wrong(enter, "head.a1") == {None: "这个账号已经停用。请联系系统管理员。"}
    assert wrong(enter, "head.a1", "Wrong-wrong-1") == {None: "账号或密码不对，请核对后再试。"}


def test_a_password_older_than_the_county_allows_is_changed_at_the_next_sign_in(app, enter, now):
    put("registrar.a1", demo=False, password_set_at=now - timedelta(days=181))
    put("head.a1", demo=False, password_set_at=now - timedelta(days=180))
    assert [sessions.find(enter(name), now=now).must_change for name in ("registrar.a1", "head.a1")] == [True, False]


# ---------------------------------------------------------------- sessions

def test_a_session_ends_after_half_an_hour_idle_and_after_ten_hours_at_work(app, enter, now):
    token = enter("registrar.a1")
    assert sessions.find(token, now=now + timedelta(minutes=31)) is None
    assert sessions.why_ended(token, now=now + timedelta(minutes=31)) == "您离开较久，系统已自动退出。已存的草稿还在，请重新登录。"

    sessions.sweep(now=now + timedelta(minutes=31))
    busy = enter("registrar.a1")
    for minutes in range(20, 601, 20):
        assert sessions.find(busy, now=now + timedelta(minutes=minutes))
    assert sessions.find(busy, now=now + timedelta(minutes=601)) is None
    assert sessions.why_ended(busy, now=now + timedelta(minutes=601)) == "登录已满 10 小时，请重新登录。已存的草稿还在。"

    sessions.sweep(now=now + timedelta(minutes=602))
    assert sorted(db.session.scalars(select(SignIn.ended_why))) == ["idle", "too long"]


def test_another_post_is_a_new_session_that_lasts_no_longer(app, county, enter, now):
    token = enter("registrar.a5")
    me = sessions.find(token, now=now)
    other = next(post["id"] for post in posts.lines(own_posts(county, "registrar.a5")) if post["duty"] == "class_teacher")

    later = now + timedelta(minutes=10)
    new = sessions.switch(other, actor=me, now=later)

    assert (sessions.find(token, now=later), sessions.find(new, now=later).duty) == (None, "class_teacher")
    assert row(SignIn, SignIn.key == sessions.key_of(new)).started_at == now
    assert last_facts("signin.switched") == {"post": "竹山县柳垭镇枫树坪教学点 班主任"}
    assert sessions.find(enter("registrar.a5", at=later + timedelta(hours=1)), now=later + timedelta(hours=1)).duty == "class_teacher"  # the one used last


def own_posts(county, username):
    return select(Post).where(Post.account_id == county.account(username)).order_by(Post.id)


def test_nobody_takes_anothers_post(app, county, enter, now):
    me = sessions.find(enter("registrar.a1"), now=now)
    assert wrong(sessions.switch, county.actor("head.a1").post_id, actor=me, now=now) == {"post_id": "您没有这个岗位，或它刚被免去。请从下面的岗位中选择。"}


def test_a_session_elsewhere_can_be_killed_once_and_only_by_its_account(app, county, enter, now):
    here, there = enter("registrar.a1"), enter("registrar.a1")
    me = sessions.find(here, now=now)
    with pytest.raises(NotFound):
        sessions.kill(sessions.key_of(there), county.account("head.a1"), actor=me, now=now)
    sessions.kill(sessions.key_of(there), me.account_id, actor=me, now=now)

    assert (sessions.find(there, now=now), sessions.why_ended(there, now=now)) == (None, "这次登录已被强制退出，请重新登录。")
    assert last_facts("signin.killed") == {"username": "registrar.a1"}
    assert wrong(sessions.kill, sessions.key_of(there), me.account_id, actor=me, now=now) == {None: "这次登录已经结束，不用再退出。"}


# ---------------------------------------------------------------- one's own password

def test_changing_a_password_ends_every_other_session(app, enter, now):
    here, there = enter("registrar.a1"), enter("registrar.a1")
    me = sessions.find(here, now=now)

    new = accounts.change_password(passwords.DEMO, OWN, actor=me, now=now)

    assert [bool(sessions.find(token, now=now)) for token in (here, there, new)] == [False, False, True]
    assert wrong(enter, "registrar.a1") == {None: "账号或密码不对，请核对后再试。"}
    assert enter("registrar.a1", OWN)
    assert names("password") == ["password.changed"]


def test_a_password_is_not_changed_without_the_present_one_or_to_a_bad_one(app, enter, now):
    me = sessions.find(enter("registrar.a1"), now=now)

    def change(current, new):
        return accounts.change_password(current, new, actor=me, now=now)

    assert wrong(change, "Wrong-wrong-1", OWN) == {"current": "现在的密码不对，请重新填写。"}
    assert wrong(change, passwords.DEMO, "short") == {"password": "密码至少 10 位，现在是 5 位。请加长，可以用几个不相干的词连起来。"}
    put("registrar.a1", password_hash=passwords.hashed(OWN))
    assert wrong(change, OWN, OWN) == {"password": "新密码与现在的相同，请换一个。"}
    assert names("password") == []


def test_who_holds_a_stolen_session_guesses_the_password_no_faster(app, enter, now):
    me = sessions.find(enter("registrar.a1"), now=now)
    for _ in range(5):
        wrong(accounts.change_password, "Wrong-wrong-1", OWN, actor=me, now=now)
    with pytest.raises(TooMany):
        accounts.change_password(passwords.DEMO, OWN, actor=me, now=now)


# ---------------------------------------------------------------- from the first day to the last

def test_a_new_account_has_a_one_time_password_and_no_post(app, county, wen, enter, now):
    account_id, password = accounts.create(" Ji.Wei ", "季 薇", body_id=county.body("a1"), actor=wen, now=now)

    made = account("ji.wei")
    assert (made.id, made.name, made.body_id, made.must_change, made.state) == (account_id, "季薇", county.body("a1"), True, "open")
    assert password not in made.password_hash
    assert last_facts("account.created") == {"name": "季薇", "username": "ji.wei"}
    person = sessions.find(enter("ji.wei", password), now=now)
    assert (person.must_change, person.duty, person.post_title) == (True, "", "未任岗位")


def test_everything_wrong_with_a_new_account_is_told_at_once(app, county, wen, now):
    def create(username, name, body_id=None):
        return accounts.create(username, name, body_id=body_id, actor=wen, now=now)

    assert wrong(create, "1a", "王3", 7) == {
        "username": "账号名用 3 至 40 个小写字母和数字，以字母开头，中间可以用点或短横线分开，例如 registrar.a1。",
        "name": "姓名中不能有数字“3”，请按户口簿填写。", "body": "这个单位已经撤销，请另选。",
    }
    assert wrong(create, "REGISTRAR.A1", "季薇") == {"username": "账号名“registrar.a1”已经有人使用，停用的账号名也不再用。请换一个。"}


def test_a_change_is_traced_with_both_values_and_the_second_who_changes_reads_who_was_first(app, county, wen, now):
    target = county.account("registrar.a1")
    accounts.change(target, name="庹明惠", body_id=county.body("a2"), version=1, actor=wen)

    assert last_facts("account.changed") == {
        "username": "registrar.a1", "changes": {"姓名": ["庹明慧", "庹明惠"], "所在单位": ["竹山县堵河路小学", "竹山县南门初级中学"]},
    }
    with pytest.raises(MovedOn, match=r"账号 registrar\.a1 刚被闻启航在"):
        accounts.change(target, name="庹明蕙", body_id=county.body("a2"), version=1, actor=wen)
    assert wrong(accounts.change, target, name="庹明惠", body_id=county.body("a2"), version=2, actor=wen) == {
        None: "没有改动任何内容。要放弃修改，请返回账号页。"
    }
    with pytest.raises(NotFound):
        accounts.change(7, name="无此人", body_id=None, version=1, actor=wen)


def test_a_reset_gives_a_new_password_ends_the_sessions_and_forgives_the_mistakes(app, county, wen, enter, now):
    token = enter("registrar.a1")
    for _ in range(5):
        wrong(enter, "registrar.a1", "Wrong-wrong-1")

    _, password = accounts.reset(county.account("registrar.a1"), version=1, actor=wen, now=now)

    assert (sessions.find(token, now=now), sessions.why_ended(token, now=now)) == (None, "密码已由系统管理员重置，请用新的一次性密码登录。")
    assert sessions.find(enter("registrar.a1", password), now=now).must_change is True
    assert last_facts("account.reset") == {"username": "registrar.a1"}


def test_the_system_administrator_cannot_take_over_the_other_two(app, county, wen, now):
    """Else one person would hold all three duties (三员分立); from the server it goes, and is traced as the system's."""
    for username in ("security", "auditor"):
        with pytest.raises(NotAllowed, match="密码不能由系统管理员在页面上重置"):
            accounts.reset(county.account(username), version=1, actor=wen, now=now)
    ji, _ = accounts.create("ji.wei", "季薇", body_id=None, actor=wen, now=now)
    posts.propose("ji.wei", "security_admin", reason="竹教任〔2026〕8号", actor=county.actor("security"), now=now)
    with pytest.raises(NotAllowed, match="季薇正待复核为安全管理员"):  # whose password he knew when she is confirmed, he would be
        accounts.reset(ji, version=1, actor=wen, now=now)
    with pytest.raises(NotAllowed, match="我的账号"):
        accounts.reset(wen.account_id, version=1, actor=wen, now=now)


def test_a_closed_account_is_out_at_once_and_opens_with_a_new_password(app, county, wen, enter, now):
    token, target = enter("registrar.a1"), county.account("registrar.a1")

    assert wrong(accounts.close, target, version=1, reason=" ", actor=wen, now=now) == {"reason": "请填写停用的理由，例如“调离本单位”。"}
    accounts.close(target, version=1, reason="调离本单位", actor=wen, now=now)

    assert sessions.find(token, now=now) is None
    assert last_facts("account.closed") == {"username": "registrar.a1", "why": "调离本单位"}
    assert wrong(accounts.close, target, version=2, reason="再停", actor=wen, now=now) == {None: "这个账号已经停用。"}
    assert wrong(accounts.reset, target, version=2, actor=wen, now=now) == {None: "这个账号没有启用，请用“启用账号”。"}

    _, password = accounts.open_again(target, version=2, actor=wen, now=now)
    assert sessions.find(enter("registrar.a1", password), now=now).duty == "school_registrar"
    assert wrong(accounts.open_again, target, version=3, actor=wen, now=now) == {None: "这个账号已经启用，要换密码请用“重置密码”。"}


def test_nobody_closes_himself_nor_the_last_who_can_run_the_house(app, county, wen, now):
    with pytest.raises(NotAllowed, match="不能停用自己的账号"):
        accounts.close(wen.account_id, version=1, reason="调离", actor=wen, now=now)
    assert wrong(accounts.close, county.account("auditor"), version=1, reason="调离", actor=wen, now=now) == {
        None: "全系统至少要有 1 名审计员，这样一来只剩 0 名，没有人能接着办。请先另授一人。"
    }
    assert wrong(accounts.close, county.account("security"), version=1, reason="调离", actor=wen, now=now) == {
        None: "全系统至少要有 2 名安全管理员，这样一来只剩 1 名，没有人能接着办。请先另授一人。"
    }


def test_an_account_unused_for_half_a_year_is_sealed_by_the_daily_job(app, county, wen, enter, now):
    used, idle = now - timedelta(days=180), now - timedelta(days=181)
    put("registrar.a1", demo=False, password_set_at=idle, last_sign_in_at=used)
    put("head.a1", demo=False, password_set_at=idle, last_sign_in_at=idle)
    put("teacher.a1", demo=False, password_set_at=used, last_sign_in_at=None)
    put("officer.city1", demo=False, password_set_at=idle, last_sign_in_at=None)
    put("officer.a", password_set_at=idle)  # the demo's own are left alone

    assert accounts.seal_unused(now=now) == ["head.a1", "officer.city1"]

    assert [account(name).state for name in ("registrar.a1", "head.a1", "teacher.a1", "officer.city1", "officer.a")] == ["open", "sealed", "open", "sealed", "open"]
    assert last_facts("account.sealed") == {"username": "officer.city1", "why": "超过 180 日没有使用"}
    assert accounts.seal_unused(now=now) == []

    accounts.open_again(county.account("head.a1"), version=2, actor=wen, now=now)
    assert accounts.seal_unused(now=now + timedelta(days=1)) == ["registrar.a1", "teacher.a1"]  # whoever was opened today counts from today


def test_an_account_that_was_closed_or_used_meanwhile_is_not_sealed(app, county, wen, now, monkeypatch):
    idle, other = now - timedelta(days=181), county.account("head.a1")
    for username in ("head.a1", "teacher.a1"):
        put(username, demo=False, password_set_at=idle, last_sign_in_at=idle)
    lengths = policies.policy_for

    def and_meanwhile(*args):
        accounts.close(other, version=1, reason="调离", actor=wen, now=now) if account("head.a1").state == "open" else None
        return lengths(*args)

    monkeypatch.setattr(accounts.policies, "policy_for", and_meanwhile)
    assert accounts.seal_unused(now=now) == ["teacher.a1"]
    assert account("head.a1").state == "closed"


def test_the_acts_about_an_account_are_those_and_no_others(app, county, wen, now):
    target = county.account("registrar.a1")
    accounts.reset(target, version=1, actor=wen, now=now)
    accounts.reset(county.account("registrar.a2"), version=1, actor=wen, now=now)
    accounts.close(target, version=2, reason="调离", actor=wen, now=now)

    assert [event.name for event in accounts.acts_about("registrar.a1")] == ["account.closed", "account.reset"]
    assert [event.name for event in accounts.acts_by(wen.account_id)] == ["account.closed", "account.reset", "account.reset"]
