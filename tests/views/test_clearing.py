"""请求清理在办业务: reached from what may be begun, told with the case that it is about, and on the desk of the bureau."""

from sqlalchemy import select

from app.extensions import db
from app.models import Event, EventSubject
from tests.office import case
from tests.pages import errors, hooks
from tests.services.test_whole_classes import village  # noqa: F401 - a fixture
from tests.transfer_office import road  # noqa: F401 - a fixture


def test_the_home_school_asks_and_its_county_clears(road, sign_in, county):  # noqa: F811
    clerk = sign_in("registrar.a1")
    begin = clerk.get("/cases/new").html.find("a", string="请求清理在办业务")["href"]
    assert begin == "/cases/new/clear" and "没有别的学校的业务占着本校学生" in clerk.get(begin).text
    case_id = road.apply("b1")
    (line,) = hooks(clerk.get(begin), "case-row")
    assert [cell.get_text() for cell in line.find_all(["th", "td"])][:4] == [case(case_id).title, "转学", "北城小学", case(case_id).number]
    ask = line.find("a", string=lambda text: text and text.startswith("请求清理"))
    address = (ask or line.find_all("a")[-1])["href"]
    answer = clerk.fill_in(address, note="")
    assert (answer.status_int, list(errors(answer))) == (422, ["note"])
    assert clerk.fill_in(address, note="家长来校说明不再转学").status_int == 303
    (line,) = hooks(clerk.get(begin), "case-row")
    assert "已请求" in line.get_text()
    officer = sign_in("officer.a")
    assert "请求清理" in officer.get("/").text
    assert officer.fill_in(f"/cases/{case_id}/clear", note="家长不再转学").status_int == 303
    assert case(case_id).state == "cleared" and hooks(clerk.get(begin), "case-row") == []


def test_a_school_whose_classes_are_to_go_asks_too(village, sign_in):  # noqa: F811
    """整班转学, which the township begins: of all who are on the list the request is told."""
    case_id = village.apply()
    clerk = sign_in("registrar.a5")
    (line,) = hooks(clerk.get("/cases/new/clear"), "case-row")
    address = line.find_all("a")[-1]["href"]
    assert clerk.fill_in(address, note="教学点今年不撤").status_int == 303
    last = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    told = set(db.session.scalars(select(EventSubject.student_id).where(EventSubject.event_id == last.id)))
    assert last.name == "case.clear_asked" and told == set(village.pupils())
    assert sign_in("officer.a").fill_in(f"/cases/{case_id}/clear", note="教学点今年不撤").status_int == 303
    assert case(case_id).state == "cleared"


def test_others_have_no_such_page(sign_in):
    for name in ("officer.a", "head.a1", "teacher.a1"):
        assert sign_in(name).get("/cases/new/clear", expect_errors=True).status_int == 403
