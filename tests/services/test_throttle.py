"""Whoever asks the whole register about children (查重, the look-ups) is told of so many a day: no honest work comes near, a search by script ends."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import delete, func, select

from app import clock
from app.errors import TooMany
from app.extensions import db
from app.models import Event, ImportRow
from app.services.casework import cases
from app.services.casework.cases import Words
from app.services.intake import enrolments
from app.services.people import throttle
from app.services.pupils import twins
from tests import rosters as sheets
from tests.bureau import last_facts
from tests.cast import new_pupil
from tests.conftest import TODAY, make_app
from tests.import_office import hand_in, registrar, row
from tests.pages import Person, errors, form_with, summary
from tests.rosters import children, line
from tests.services.test_status_changes import NOW
from tests.transfer_hands import fill as fill_transfer
from tests.views.test_changes import fill as fill_change
from tests.views.test_enrolments import NEW, filled, typed
from tests.views.test_transfers_elsewhere import DEQING

__all__ = ["hand_in", "registrar"]

WALL = "一天里查重、查找的学生太多，请等 30 秒再试。已经查过的学生可以照常办理；成批的新生请用名册导入；确实还要查的，请联系主管教育行政部门。"


@pytest.fixture
def most(monkeypatch):
    monkeypatch.setattr(throttle, "FIRST", timedelta(minutes=5))
    return lambda number: monkeypatch.setitem(throttle.FREE, "asked", number)


SERIALS = count(20)


def child(serial, **changes):
    record = new_pupil(serial, **changes)
    return record | {"guardians": record["guardians"][:1]}


def of_another_county(county, serial, key="one-word"):
    other = county.known(key).item
    return child(serial, **{name: other[name] for name in ("id_doc_no", "birth_date", "sex")})


def test_an_afternoon_of_typing_never_meets_it_and_a_script_does(app, county, now):
    clerk = county.actor("registrar.a1")
    afternoon = [new_pupil(serial) for serial in range(1, 46)]
    for record in afternoon:
        for mended in ({}, {"name": "先打错的名字"}, {"birth_date": None}):
            for _ in range(3):  # looked at, looked at again, handed in
                twins.ask([record | mended], "新生登记", actor=clerk, now=now)
    asked = len(afternoon) * 3
    with pytest.raises(TooMany) as told:
        for number in range(1000):
            twins.ask([{"id_doc_no": f"42032320190101{number:04}"}], "新生登记", actor=clerk, now=now)
    assert (number, str(told.value), told.value.seconds) == (throttle.FREE["asked"] - asked, WALL, 30)
    assert last_facts("asked.bounded", county.body("a")) == {"act": "新生登记", "number": throttle.FREE["asked"]}
    for record in afternoon:  # the children at hand are not held up by it
        twins.ask([record], "新生登记", actor=clerk, now=now)
    twins.ask([{"id_doc_no": "420323201901019999"}], "新生登记", actor=county.actor("registrar.a3"), now=now)
    twins.ask([{"id_doc_no": "420323201901019999"}], "新生登记", actor=clerk, now=now + timedelta(days=1, minutes=1))
    throttle.sweep(now=now + timedelta(days=3))
    assert db.session.scalars(select(func.count()).select_from(throttle.Throttle)).one() == 0


def test_the_form_comes_back_as_it_was_typed_in_another_process_too(app, county, sign_in, keys_dir, most):
    most(1)
    clerk = sign_in("registrar.a1")
    assert errors(filled(app, clerk.get(NEW), of_another_county(county, 1)).submit(status=422))["id_doc_no"].startswith("系统中已有使用这个证件号的学籍")
    other = make_app(app.config["DATA_DIR"], app.config["SQLALCHEMY_DATABASE_URI"], keys_dir)
    try:
        clerk = Person(other, "registrar.a1")
        page = filled(other, clerk.get(f"{NEW}?fresh=1"), child(2)).submit(status=429)
        assert 200 < int(page.headers["Retry-After"]) <= 300 and "一天里查重、查找的学生太多，请等" in summary(page)[0]
        assert form_with(page, "id_doc_no")["name"].value == child(2)["name"]
        assert errors(filled(other, clerk.get(f"{NEW}?fresh=1"), of_another_county(county, 1)).submit(status=422))["id_doc_no"].startswith("系统中已有")
    finally:
        other.extensions["node"][1].close()
    said = db.session.scalars(select(Event.facts).where(Event.name == "asked.bounded")).all()
    assert said == ['{"act":"新生登记","number":1}']


def _typed_new(clerk, app, county):
    return filled(app, clerk.get(f"{NEW}?fresh=1"), child(5)).submit(status="*")


def _kept_and_looked_at(clerk, app, county):
    page = filled(app, clerk.get(f"{NEW}?fresh=1"), child(5)).submit("save", value="draft")
    return clerk.get(f"/enrolments/check?draft={page.location.rpartition('draft=')[2]}", status="*")


def _supplementary(clerk, app, county):
    return filled(app, clerk.get("/cases/new/supplementary?fresh=1"), child(5)).submit(status="*")


def _arriving(clerk, app, county):
    page = clerk.get("/cases/new/transfer/outside").follow()
    record = child(5)
    values = typed(app, record) | {"national_no": "G420323201901015555"}
    form = fill_transfer(page, to_class=str(county.class_("a1", year=2)), **DEQING, from_grade="1.2.6")
    for name, value in values.items():
        if name in form.fields and name != "class_code":
            form[name] = value
    return form.submit(status="*")


def _key_change(clerk, app, county):
    answer = fill_change(clerk, "key-change", county.pupil("twin.1"), name="欧阳知远", explanation="户口簿已更名")
    return answer.follow(status="*")


def _look_up(clerk, app, county):
    return clerk.fill_in("/cases/new/transfer", number="G420323201901015555", name="", birth_date="")


def _merge(clerk, app, county):
    return clerk.fill_in(f"/cases/new/merge?student={county.pupil('twin.1')}", other_no="G420323201901015555")


def _problem(clerk, app, county):
    return clerk.fill_in(f"/problems/new?student={county.pupil('twin.1')}", other_no="G420323201901015555")


def _mended(clerk, app, county):
    """An application that came back, handed in with another number each time."""
    words = Words("01", "证件号与户口簿不一致，请更正", ("id_doc_no",))
    case = enrolments.apply(new_pupil(next(SERIALS)), county.class_("a1", number=2), actor=county.actor("registrar.a1"), today=TODAY, now=NOW)
    cases.act(case, "return", actor=county.actor("head.a1"), version=1, words=words, today=TODAY, now=NOW)
    return clerk.fill_in(f"/enrolments/{case}/edit", name="另一个")


DOORS = {
    "typed": (_typed_new, "registrar.a1"), "kept and looked at": (_kept_and_looked_at, "registrar.a1"), "supplementary": (_supplementary, "registrar.a1"), "arriving": (_arriving, "registrar.a1"),
    "key change": (_key_change, "registrar.a1"), "look-up": (_look_up, "registrar.a1"), "mended": (_mended, "registrar.a1"), "merge": (_merge, "officer.a"), "problem": (_problem, "officer.a"),
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_that_tells_of_a_child_counts(door, app, county, sign_in, most):
    through, username = DOORS[door]
    clerk = sign_in(username)
    assert through(clerk, app, county).status_int in (200, 303, 422)
    asked = db.session.scalars(select(func.max(throttle.Throttle.failures))).one()
    most(1)
    with pytest.raises(TooMany):
        for number in "12":
            throttle.ask(county.actor(username), "试", [number], now=clock.now())
    db.session.execute(delete(throttle.Throttle).where(throttle.Throttle.failures == 0))
    db.session.commit()
    answer = through(clerk, app, county)
    assert (asked, answer.status_int, "一天里查重、查找的学生太多，请等" in answer.text) == (1, 429, True)


def test_a_workbook_of_new_children_is_told_and_one_of_children_of_others_is_not(app, county, hand_in, most):
    most(2)
    import_id = hand_in(sheets.xlsx([line(kid) for kid in children(12)]))
    assert row(import_id).state == "checked"
    strangers = [of_another_county(county, serial, key) for serial, key in enumerate(("one-word", "left.d", "dot"), 1)]
    import_id = hand_in(sheets.xlsx([line(kid, "2142900101") for kid in strangers]), name="查.xlsx", actor=county.actor("registrar.a1"))
    one = row(import_id)
    assert (one.state, one.problem) == ("unreadable", "名册中在其他学校已有学籍的学生太多，没有给出结果，请等 10 分钟再试。请先核对是不是拿错了名册；确实从别处来的学生，请申请转学或整班转学。")
    assert db.session.scalars(select(func.count()).where(ImportRow.import_id == import_id)).one() == 0
