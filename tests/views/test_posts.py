"""岗位 on the page: proposed by one, confirmed by the other."""

import pytest

from app.models import Post
from app.services.people import accounts
from tests.bureau import row
from tests.pages import errors, form_with, hooks, summary


@pytest.fixture
def ji(county, now):
    account_id, _ = accounts.create("ji.wei", "季薇", body_id=county.body("a1"), actor=county.actor("sysadmin"), now=now)
    return account_id


@pytest.fixture
def yan(sign_in):
    return sign_in("security")


@pytest.fixture
def ning(sign_in):
    return sign_in("security2")


def propose(person, **fields):
    return person.fill_in("/posts/new", **({"username": "ji.wei", "duty": "school_registrar", "body": "a1", "reason": "竹教任〔2026〕8号"} | fields))


def flashed(page):
    return [element.get_text(strip=True) for element in hooks(page, "flash")]


def state(page):
    return hooks(page, "state")[0].get_text()


def press(page, end, status="*", **fields):
    form = next(form for form in page.forms.values() if form.action.endswith(end))
    for name, value in fields.items():
        form[name] = value
    return form.submit(status=status)


def test_two_people_grant_a_post(county, ji, yan, ning):
    page = propose(yan).follow()
    assert (flashed(page), state(page)) == (["办成：已提出，等另一名安全管理员复核。复核前不起作用。"], "待复核")
    assert "这个岗位是您提出的，须由另一名安全管理员复核。" in page.text
    assert [form.action.rsplit("/", 1)[1] for form in page.forms.values() if form.action.startswith("/posts/")] == ["decline"]

    waiting = ning.get("/posts").html.select_one("section.card tbody tr")
    assert [cell.get_text(" ", strip=True) for cell in waiting.select("th, td")][:4] == ["竹山县堵河路小学 学籍管理员", "季薇", "ji.wei", "竹教任〔2026〕8号"]
    done = press(ning.get(waiting.a["href"]), "/confirm").follow()
    assert (flashed(done), state(done)) == (["办成：已同意，岗位即时生效。"], "在任")
    assert [item["data-actor"] for item in hooks(done, "timeline-item")] == ["宁致和", "严守拙"]
    assert "没有等待复核的岗位。" in yan.get("/posts").text


def test_who_proposed_cannot_confirm_by_hand_either(ji, yan):
    page = propose(yan).follow()
    token = page.forms[0]["csrf_token"].value
    answer = yan.post(page.request.path + "/confirm", {"csrf_token": token, "version": "1", "idempotency_key": "k"}, status=403)
    assert summary(answer) == ["这个岗位是您提出的，须由另一名安全管理员复核。"]


def test_a_post_for_oneself_is_refused_beside_the_name(yan):
    answer = propose(yan, username="security", duty="county_officer", body="a")
    assert (answer.status_int, errors(answer)) == (403, {"username": "岗位不能授予自己。您需要别的岗位时，请由另一名安全管理员提出、第三名复核。"})


def test_without_script_the_class_is_asked_for_when_the_form_comes_back(county, ji, yan):
    page = propose(yan, duty="class_teacher")
    assert errors(page) == {"class_id": "请选择堵河路小学的一个班级：班主任只能看到本班学生。"}
    form = form_with(page, "class_id")
    assert ("三年级1班" in [label for _, _, label in form["class_id"].options], form["reason"].value) == (True, "竹教任〔2026〕8号")
    form["class_id"] = str(county.class_("a1", year=3))
    made = form.submit().follow()
    assert made.html.h1.get_text() == "竹山县堵河路小学 班主任（三年级1班）"


def test_with_script_the_class_is_asked_for_at_once(yan):
    answer = yan.get("/posts/new", {"duty": "class_teacher", "body": "竹山县堵河路小学 a1"}, headers={"HX-Request": "true", "HX-Target": "class-of-post"})
    assert "<html" not in answer.text
    assert [option.get_text() for option in answer.html.select("#class_id option")][:2] == ["请选择", "一年级1班"]
    answer = yan.get("/posts/new", {"duty": "school_head", "body": "a1"}, headers={"HX-Request": "true", "HX-Target": "class-of-post"})
    assert answer.html.select("#class_id") == []


def test_the_page_of_an_account_leads_to_a_proposal_with_its_name(county, yan):
    page = yan.get(f"/accounts/{county.account('registrar.a1')}").click("提出授予岗位")
    assert form_with(page, "duty")["username"].value == "registrar.a1"


def test_declined_with_a_reason_that_the_proposer_reads(ji, yan, ning):
    path = propose(yan).location
    assert errors(press(ning.get(path), "/decline", 422, reason="")) == {"reason": "请填写理由"}
    press(ning.get(path), "/decline", 303, reason="任命文件未附")
    page = yan.get(path)
    assert state(page) == "未同意"
    assert hooks(page, "timeline-item")[0].q.get_text() == "任命文件未附"


def test_the_second_of_two_deciders_reads_who_was_first(ji, yan, ning):
    path = propose(yan).location
    seen = ning.get(path)
    press(yan.get(path), "/decline", 303, reason="选错了学校")
    answer = press(seen, "/confirm", 409)
    assert summary(answer)[0].startswith("这个岗位严守拙在9月11日 ")
    assert state(answer) == "未同意"


def test_an_ended_post_leaves_the_list_of_those_in_office(sign_in, county, yan):
    wang = sign_in("registrar.a1")
    post_id = county.actor("registrar.a1").post_id
    answer = press(yan.get(f"/posts/{post_id}"), "/end", 303, reason="调离").follow()
    assert (flashed(answer), state(answer)) == (["办成：岗位已免去，用它的登录都已退出。"], "已免去")
    assert "您刚才所用的岗位已被免去，请重新登录。" in wang.get("/sessions").follow().text
    assert row(Post, Post.id == post_id).end_reason == "调离"

    def people(path):
        return [line.select("td")[0].get_text() for line in yan.get(path).html.select("#rows tr")]

    assert people("/posts?body=a1") == ["柯文静", "余正德"]
    assert people("/posts?body=a1&state=ended") == ["庹明慧"]
    assert people("/posts?duty=security_admin") == ["宁致和", "严守拙"]


def test_the_list_goes_on(yan, monkeypatch):
    monkeypatch.setattr("app.views.posts.PAGE", 2)
    first = yan.get("/posts?body=a1")
    more = hooks(first, "next-page")[0]["href"]
    assert [line.select("td")[0].get_text() for page in (first, yan.get(more)) for line in page.html.select("#rows tr")] == ["柯文静", "余正德", "庹明慧"]


def test_who_may_not_grant_sees_or_is_refused(sign_in, county):
    path = f"/posts/{county.actor('registrar.a1').post_id}"
    auditor = sign_in("auditor")
    assert [form.action for form in auditor.get(path).forms.values() if form.action.startswith("/posts/")] == []
    token = auditor.get(path).forms[0]["csrf_token"].value
    for end in ("/confirm", "/decline", "/end"):
        assert auditor.post(path + end, {"csrf_token": token}, status=403)
    assert auditor.get("/posts/new", status=403)
    for username in ("sysadmin", "registrar.a1", "officer.a"):
        person = sign_in(username)
        assert [person.get(address, status="*").status_int for address in ("/posts", "/posts/new", path)] == [403] * 3


def test_a_post_that_is_not_there_is_not_found(yan):
    assert yan.get("/posts/7", status=404)
    token = yan.get("/posts").forms[0]["csrf_token"].value
    assert yan.post("/posts/7/confirm", {"csrf_token": token, "version": "1"}, status=404)
