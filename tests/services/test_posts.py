"""Posts: two people grant, nobody to himself; the three administrators stay apart; what ends, ends at once."""

import threading

import pytest
from sqlalchemy import select, update

from app.errors import MovedOn, NotAllowed, NotFound, Refusal
from app.extensions import db
from app.models import Account, Body, Class, Event, Post
from app.services.people import accounts, passwords, posts, sessions
from app.services.transactions import writes
from tests.bureau import last_facts, row, wrong

PAPER = "竹教任〔2026〕8号"


@pytest.fixture
def yan(county):
    """One 安全管理员."""
    return county.actor("security")


@pytest.fixture
def ning(county):
    """The other."""
    return county.actor("security2")


@pytest.fixture
def ji(county, now):
    """A person with an account and no post yet."""
    account_id, _ = accounts.create("ji.wei", "季薇", body_id=county.body("a1"), actor=county.actor("sysadmin"), now=now)
    return account_id


@pytest.fixture
def propose(county, yan, now):
    def propose(username, duty, body=None, class_id=None, reason=PAPER, actor=yan):
        return posts.propose(username, duty, body_id=body and county.body(body), class_id=class_id, reason=reason, actor=actor, now=now)

    return propose


@writes(traced=False)
def put(s, model, row_id, **values):
    s.execute(update(model).where(model.id == row_id).values(**values))


def post(post_id):
    return row(Post, Post.id == post_id)


def test_one_proposes_another_confirms_and_only_then_it_grants(app, county, ji, propose, yan, ning, now):
    post_id = propose("JI.WEI", "school_registrar", "a1")
    assert sessions.first_post(db.session, ji) is None

    posts.confirm(post_id, version=1, actor=ning, now=now)

    assert sessions.first_post(db.session, ji) == post_id
    made = post(post_id)
    assert (made.state, made.proposed_by_id, made.decided_by_id, made.from_on, made.reason) == ("active", yan.account_id, ning.account_id, now.date(), PAPER)
    told = db.session.execute(select(Event.name, Event.actor_name).where(Event.name.startswith("post.")).order_by(Event.seq)).all()
    assert told == [("post.proposed", "严守拙"), ("post.confirmed", "宁致和")]
    assert last_facts("post.proposed") == {"username": "ji.wei", "post": "竹山县堵河路小学 学籍管理员", "reason": PAPER}


def test_nobody_grants_to_himself_nor_confirms_what_he_proposed(app, ji, propose, yan, ning, now):
    with pytest.raises(NotAllowed, match="岗位不能授予自己"):
        propose("security", "county_officer", "a")
    post_id = propose("ji.wei", "school_registrar", "a1")
    with pytest.raises(NotAllowed, match="这个岗位是您提出的，须由另一名安全管理员复核"):
        posts.confirm(post_id, version=1, actor=yan, now=now)
    assert post(post_id).state == "proposed"


def test_a_post_for_oneself_is_not_ones_own_to_judge(app, county, ji, propose, ning, now):
    """Whoever becomes a 安全管理员 while a post of his waits cannot wave it through."""
    post_id = propose("ji.wei", "school_registrar", "a1")
    himself = county.actor("security2").__class__(account_id=ji, name="季薇", username="ji.wei", duty="security_admin")
    with pytest.raises(NotAllowed, match="授予您本人"):
        posts.confirm(post_id, version=1, actor=himself, now=now)
    with pytest.raises(NotAllowed, match="授予您本人"):
        posts.decline(post_id, version=1, reason="不要", actor=himself, now=now)


def test_the_second_to_decide_reads_who_was_first(app, ji, propose, ning, now):
    post_id = propose("ji.wei", "school_registrar", "a1")
    posts.decline(post_id, version=1, reason="任命文件未附", actor=ning, now=now)

    assert (post(post_id).state, post(post_id).end_reason) == ("declined", "任命文件未附")
    with pytest.raises(MovedOn) as told:
        posts.confirm(post_id, version=1, actor=ning, now=now)
    assert str(told.value) == "这个岗位宁致和在9月11日 15:20 已经办过，现在是“未同意”。您的操作没有写入。"
    with pytest.raises(NotFound):
        posts.confirm(7, version=1, actor=ning, now=now)


def test_of_two_who_decide_at_once_one_wins(app, ji, propose, yan, ning, now):
    post_id = propose("ji.wei", "school_registrar", "a1")
    told = together(
        app, lambda: posts.confirm(post_id, version=1, actor=ning, now=now), lambda: posts.decline(post_id, version=1, reason="选错了学校", actor=yan, now=now),
    )
    assert sorted(told) == ["MovedOn", "done"]
    assert len(db.session.scalars(select(Event.id).where(Event.name.in_(("post.confirmed", "post.declined")))).all()) == 1


def test_two_who_end_each_other_at_once_leave_enough(app, county, ji, propose, yan, ning, now):
    posts.confirm(propose("ji.wei", "security_admin"), version=1, actor=ning, now=now)
    told = together(
        app, lambda: posts.end(ning.post_id, version=1, reason="调离", actor=yan, now=now), lambda: posts.end(yan.post_id, version=1, reason="调离", actor=ning, now=now),
    )
    assert sorted(told) == ["Refusal", "done"]


def together(app, *acts):
    """What became of acts begun at the same moment: done, or the name of the refusal."""
    gate, told = threading.Barrier(len(acts)), []

    def go(act):
        with app.app_context():
            gate.wait()
            try:
                act()
            except Refusal as refusal:
                told.append(type(refusal).__name__)
            else:
                told.append("done")

    threads = [threading.Thread(target=go, args=[act]) for act in acts]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    return told


def test_who_proposed_by_mistake_takes_it_back(app, ji, propose, yan, now):
    post_id = propose("ji.wei", "school_registrar", "a1")
    posts.decline(post_id, version=1, reason="选错了学校", actor=yan, now=now)
    assert last_facts("post.declined") == {"username": "ji.wei", "post": "竹山县堵河路小学 学籍管理员", "reason": "选错了学校"}
    assert propose("ji.wei", "school_registrar", "a1")


@pytest.mark.parametrize(
    ("username", "duty", "body", "clashing"),
    [
        ("security", "auditor", None, "安全管理员"), ("auditor", "sysadmin", None, "审计员"), ("sysadmin", "security_admin", None, "系统管理员"),
        ("sysadmin", "county_officer", "a", "系统管理员"), ("registrar.a1", "auditor", None, "学籍管理员"), ("officer.city1", "sysadmin", None, "市级管理员"),
    ],
)
def test_the_three_administrators_are_apart_and_work_with_no_pupil(county, propose, ning, username, duty, body, clashing):
    """三员分立"""
    told = wrong(propose, username, duty, body, actor=ning if username == "security" else county.actor("security"))
    assert list(told) == ["duty"]
    assert f"已是{clashing}（或正待复核），不能再任{posts.DUTIES[duty]}：系统管理员、安全管理员、审计员须由不同的人担任" in told["duty"]


def test_two_proposals_cannot_smuggle_two_duties_past_each_other(app, county, ji, propose, ning, now):
    propose("ji.wei", "auditor")
    assert "已是审计员（或正待复核）" in wrong(propose, "ji.wei", "school_registrar", "a1")["duty"]


def test_what_changed_since_the_proposal_counts_when_it_is_confirmed(app, county, ji, propose, ning, now):
    post_id = propose("ji.wei", "school_registrar", "a1")
    accounts.close(ji, version=1, reason="调离", actor=county.actor("sysadmin"), now=now)
    assert wrong(posts.confirm, post_id, version=1, actor=ning, now=now) == {None: "季薇的账号没有启用，不能授予岗位。请先由系统管理员启用。"}

    accounts.open_again(ji, version=2, actor=county.actor("sysadmin"), now=now)
    put(Body, county.body("a1"), state="closed")
    assert wrong(posts.confirm, post_id, version=1, actor=ning, now=now) == {None: "堵河路小学已经撤销，不能任职。请另选机构。"}
    assert post(post_id).state == "proposed"


@pytest.mark.parametrize(
    ("duty", "body", "told"),
    [
        ("school_registrar", "a", {"body": "学籍管理员在学校级机构任职，竹山县是县级机构。请另选机构或岗位。"}),
        ("county_officer", "a1", {"body": "县学籍管理员在县级机构任职，堵河路小学是学校级机构。请另选机构或岗位。"}),
        ("township_registrar", None, {"body": "请填写任职机构：乡镇学籍管理员在乡镇级机构任职。"}),
        ("auditor", "a", {"body": "系统管理员、安全管理员、审计员管理全系统，不属于某个机构。请清空机构和班级。"}),
        ("king", "a", {"duty": "请选择岗位。"}),
    ],
)
def test_the_body_has_the_tier_of_the_duty(ji, propose, duty, body, told):
    assert wrong(propose, "ji.wei", duty, body) == told


def test_a_class_teacher_has_a_class_of_that_school(county, ji, propose, ning, now):
    ours, theirs = county.class_("a1", year=3), county.class_("b1")
    none = {"class_id": "请选择堵河路小学的一个班级：班主任只能看到本班学生。"}
    assert wrong(propose, "ji.wei", "class_teacher", "a1") == none
    assert wrong(propose, "ji.wei", "class_teacher", "a1", theirs) == none
    assert wrong(propose, "ji.wei", "school_head", "a1", ours) == {"class_id": "只有班主任要选班级，请清空班级。"}
    put(Class, ours, state="dissolved")
    assert wrong(propose, "ji.wei", "class_teacher", "a1", ours) == {"class_id": "这个班已经毕业或撤销，请另选班级。"}
    put(Class, ours, state="open")

    post_id = propose("ji.wei", "class_teacher", "a1", ours)
    posts.confirm(post_id, version=1, actor=ning, now=now)
    assert last_facts("post.confirmed") == {"username": "ji.wei", "post": "竹山县堵河路小学 班主任（三年级1班）"}


def test_everything_wrong_with_a_proposal_is_told_at_once(ji, propose):
    assert wrong(propose, "ji.wei", "class_teacher", None, reason=" ") == {
        "body": "请填写任职机构：班主任在学校级机构任职。", "reason": "请填写理由，例如任免文件的名称和文号。",
    }
    assert wrong(propose, "nobody", "school_head", "a1") == {"username": "没有这个账号，请核对账号名，或先请系统管理员新建。"}
    propose("ji.wei", "school_head", "a1")
    assert wrong(propose, "ji.wei", "school_head", "a1") == {"duty": "季薇已有这个岗位，或正在等待复核，不用再提。"}


def test_one_person_may_hold_several_posts(ji, propose, ning, now):
    for duty, body in (("school_registrar", "a1"), ("school_head", "a2")):
        posts.confirm(propose("ji.wei", duty, body), version=1, actor=ning, now=now)
    assert [line["title"] for line in posts.lines(select(Post).where(Post.account_id == ji).order_by(Post.id))] == [
        "竹山县堵河路小学 学籍管理员", "竹山县南门初级中学 学校审核人",
    ]


def test_who_is_at_work_in_a_post_that_ends_is_out(app, county, yan, now):
    def enter(username):
        return accounts.sign_in(username, passwords.DEMO, now=now, address="10.0.0.1", agent="")

    in_post, elsewhere = enter("registrar.a1"), enter("head.a1")
    post_id = county.actor("registrar.a1").post_id
    assert wrong(posts.end, post_id, version=1, reason="", actor=yan, now=now) == {"reason": "请填写理由，例如任免文件的名称和文号。"}

    posts.end(post_id, version=1, reason="调离", actor=yan, now=now)

    assert [bool(sessions.find(token, now=now)) for token in (in_post, elsewhere)] == [False, True]
    assert sessions.why_ended(in_post, now=now) == "您刚才所用的岗位已被免去，请重新登录。"
    assert sessions.find(enter("registrar.a1"), now=now).duty == ""
    assert (post(post_id).until_on, last_facts("post.ended")) == (
        now.date(), {"username": "registrar.a1", "post": "竹山县堵河路小学 学籍管理员", "reason": "调离"},
    )


def test_the_house_keeps_enough_to_be_run(app, county, ji, propose, yan, ning, now):
    end = {"version": 1, "reason": "调离", "now": now}
    assert wrong(posts.end, ning.post_id, actor=yan, **end) == {None: "全系统至少要有 2 名安全管理员，这样一来只剩 1 名，没有人能接着办。请先另授一人。"}
    assert "至少要有 1 名审计员" in wrong(posts.end, county.actor("auditor").post_id, actor=yan, **end)[None]

    posts.confirm(propose("ji.wei", "security_admin"), version=1, actor=ning, now=now)
    posts.end(ning.post_id, actor=yan, **end)
    put(Account, ji, state="closed")
    assert "只剩 0 名" in wrong(posts.end, yan.post_id, actor=county.actor("ji.wei"), **end)[None]


def test_a_body_is_named_by_its_name_its_code_or_what_the_list_offers(app, county):
    told = [posts.body_named(db.session, text) for text in ("竹山县堵河路小学", "A1", "竹山县堵河路小学 a1", "2142900101", " ", None)]
    assert told == [county.body("a1")] * 4 + [None, None]
    assert wrong(posts.body_named, db.session, "无此校") == {"body": "没有找到机构“无此校”。请填写机构全称、简称或代码。"}
