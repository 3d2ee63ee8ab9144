"""浏览器“后退”以后再提交: the same form again gets its first answer; another one is told what was done before, and where it is."""

from sqlalchemy import select

from app.extensions import db
from app.models import Event
from tests.cast import new_pupil
from tests.office import a, case
from tests.pages import form_with, summary
from tests.transfer_hands import child, class_of, fill, find
from tests.views.test_enrolments import NEW, filled, pupils

__all__ = ["a"]

SPENT = "这张表单已经提交过，内容与现在的不同。请核对后再提交一次。"


def acts(name):
    return db.session.scalars(select(Event.name).where(Event.name == name)).all()


def told(page):
    """(status, heading, the sentence, [(words, address)] of the ways on)"""
    main = page.html.select_one("main")
    return page.status_int, main.h1.get_text(strip=True), main.select_one("h1 ~ p").get_text(strip=True), [(one.get_text(strip=True), one["href"]) for one in main.select(".actions a")]


def test_a_new_pupil(app, sign_in, county):
    clerk, record = sign_in("registrar.a1"), new_pupil(1)
    check = filled(app, clerk.get(NEW), {**record, "guardians": record["guardians"][:1]}).submit().follow()
    form = form_with(check, "truthful")
    form["truthful"].checked = True
    first = form.submit()
    assert form.submit().location == first.location
    assert told(form.submit("save", value="next", status=422)) == (422, "这样办不成，没有写入任何内容", SPENT, [("看已经提交的", first.location), ("回工作台", "/")])
    gone = (409, "草稿已经提交或删除", "这份草稿已经提交或删除。要登记的，请重新打开“新生登记”；已经提交的，在工作台“我发起的”里。",
            [("看我发起的", "/#mine"), ("打开“新生登记”", "/enrolments/new?fresh=1")])
    assert told(clerk.get(check.request.path_qs, status=409)) == gone
    assert [clerk.get(address).status_int for _, address in gone[3]] == [200, 200]
    assert pupils(record["name"]) == 1


def test_a_transfer(sign_in, county):
    clerk, pupil = sign_in("registrar.b1"), child(county)
    page = find(clerk, pupil)
    check = fill(page, to_class=class_of(page)).submit().follow()
    form = form_with(check, "truthful")
    form["truthful"] = True
    first = form.submit()
    assert form.submit().location == first.location
    assert told(clerk.get(check.request.path_qs, status=409))[1::2] == ("草稿已经提交或删除", [("看我发起的", "/#mine"), ("打开“转学”", "/cases/new/transfer")])


def test_an_edit(sign_in, county):
    clerk, pupil = sign_in("registrar.a1"), county.pupil("common.1")
    form = form_with(clerk.get(f"/students/{pupil}/edit"), "current_address")
    form["current_address"] = "湖北省十堰市竹山县城关镇滨河路 88 号"
    first = form.submit()
    assert form.submit().location == first.location == f"/students/{pupil}"

    form["current_address"] = "湖北省十堰市竹山县城关镇滨河路 89 号"
    both = form.submit(status=409)
    assert told(both)[1] == "这份学籍刚被改过" and "庹明慧在" in both.text
    assert [[cell.get_text(strip=True) for cell in row.select("td")][1:] for row in both.html.select("tbody tr")] == [
        ["湖北省十堰市竹山县城关镇滨河路 88 号", "湖北省十堰市竹山县城关镇滨河路 89 号"]]
    going_on = next(one for one in both.forms.values() if "again" in one.fields).submit("again")
    assert form_with(going_on, "current_address").submit().location == f"/students/{pupil}"
    assert acts("student.edited") == ["student.edited"] * 2


def test_a_decision(sign_in, a):
    case_id = a.apply(new_pupil(1))
    head = sign_in("head.a1")
    form = form_with(head.get(f"/cases/{case_id}"), "action")
    form["action"] = "approve"
    assert form.submit().location == form.submit().location == f"/cases/{case_id}"

    form["note"] = "另注"
    assert told(form.submit(status=409)) == (409, "这件业务刚被改过", "这份办理意见您已经提交过，这件业务已到下一步。这次填的没有办理，请看最新的情况。",
                                            [("看最新的情况", f"/cases/{case_id}")])
    assert (case(case_id).step, summary(head.get(f"/cases/{case_id}"))) == ("county", [])
