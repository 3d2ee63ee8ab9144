"""The auditor reads every act and no pupil's data, and has the trace verified."""

import re

from sqlalchemy import select, text

from app.extensions import db, writer
from app.models import Job, Student, guards
from app.services import jobs, trace
from app.services.transactions import writes
from app.views import audit
from tests.pages import form_with, hooks


@writes
def _happens(s, event, actor, /, *, chain=trace.HOUSE, subjects=(), **facts):
    trace.record(s, event, actor=actor, chain=chain, subjects=subjects, **facts)


def _rows(page):
    return [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in hooks(page, "audit-row")]


def _what(page):
    return [(row[3], row[4], row[5]) for row in _rows(page)]


def _code(pupil):
    return db.session.execute(select(Student.student_code).where(Student.id == pupil)).scalar_one()


def _edits(county, pupil):
    """A registrar changes an address, a name and a phone number, and writes a note into a case."""
    registrar = county.actor("registrar.a1")
    _happens("student.edited", registrar, chain=county.body("a"), subjects=[pupil], changes={
        "现住址": ["堵河路 8 号", "堵河路 9 号"], "联系电话": [trace.Secret("联系电话", "13800002046"), trace.Secret("联系电话", "13900001111")]})
    _happens("case.acted", county.actor("head.a1"), chain=county.body("a"), subjects=[pupil], kind="enrolment", number="竹教招〔2026〕第00001号",
             step="school_audit", action="return", reason="02", note="陆思远的户口簿看不清", in_place_of=False, effects={})


def test_the_auditor_reads_who_did_what_and_nothing_of_the_pupil(county, sign_in):
    pupil = county.pupil("twin.1")
    _edits(county, pupil)

    page = sign_in("auditor").get("/audit")

    assert _what(page)[:3] == [
        ("登录", "", ""),
        ("新生登记，学校审核：退回补正", _code(pupil), "编号：竹教招〔2026〕第00001号；理由：材料不全或看不清"),
        ("修改信息", _code(pupil), "现住址：（略）；联系电话：138****2046 → 139****1111"),
    ]
    known = county.known("twin.1").item
    assert known["name"] not in page.text and "堵河路 8 号" not in page.text and "陆思远" not in page.text
    assert re.search(r"\d{17}[\dX]", page.text) is None


def test_only_the_auditor_may_open_it(sign_in):
    for username in ("sysadmin", "security", "officer.a", "registrar.a1"):
        assert sign_in(username).get("/audit", status=403).status_int == 403


def test_it_is_filtered_by_day_kind_body_person_and_pupil(county, sign_in):
    pupil = county.pupil("twin.1")
    _edits(county, pupil)
    auditor = sign_in("auditor")

    assert _what(auditor.get("/audit?kind=student.edited"))[0][0] == "修改信息"
    assert {row[2] for row in _rows(auditor.get("/audit?body=a1"))} == {_rows(auditor.get("/audit?kind=student.edited"))[0][2], _rows(auditor.get("/audit?kind=case.acted"))[0][2]}
    assert _rows(auditor.get("/audit?until=2026-09-10")) == []
    assert len(_rows(auditor.get("/audit", {"from": "20260911", "until": "2026年9月11日"}))) > 2
    assert "“昨天”不是日期" in auditor.get("/audit", {"from": "昨天"}).text
    assert "没有找到机构“月球”" in auditor.get("/audit", {"body": "月球"}).text
    for nonsense in ("actor=x", "pupil=99999999999999999999", "after=99999999999999999999", "kind=no.such"):
        assert auditor.get(f"/audit?{nonsense}").status_int == 200


def test_a_person_or_a_pupil_is_found_without_the_name_or_number_standing_in_the_address(county, sign_in):
    pupil = county.pupil("twin.1")
    _edits(county, pupil)
    auditor = sign_in("auditor")

    def asks(words):
        form = form_with(auditor.get("/audit"), "q")
        form["q"] = words
        return form.submit()

    for words in (county.known("twin.1").item["id_doc_no"], "G" + county.known("twin.1").item["id_doc_no"], _code(pupil)):
        found = asks(words)
        assert words not in found.location
        assert [what for what, *_ in _what(found.follow())] == ["新生登记，学校审核：退回补正", "修改信息"]
    found = asks("registrar.a1")
    assert [what for what, *_ in _what(found.follow())] == ["修改信息"]
    assert "没有找到" in asks("无此人").follow().text


def test_older_acts_come_by_pages(county, sign_in):
    for number in range(60):
        _happens("body.created", county.actor("sysadmin"), name=f"第 {number} 所", tier="学校")
    auditor = sign_in("auditor")

    first = auditor.get("/audit?kind=body.created")
    second = auditor.get(hooks(first, "next-page")[0]["href"])

    assert len(_rows(first)) == 50
    assert [row[5] for row in _rows(first) + _rows(second)] == [f"名称：第 {number} 所；层级：学校" for number in reversed(range(60))]
    assert hooks(second, "next-page") == []
    fragment = auditor.get(hooks(first, "next-page")[0]["href"], headers={"HX-Request": "true", "HX-Target": "rows"})
    assert fragment.text.lstrip().startswith("<tbody") and len(hooks(fragment, "audit-row")) == 10


def test_the_auditor_has_the_trace_verified_and_it_is_told_who_asked_and_what_was_found(county, sign_in):
    auditor = sign_in("auditor")
    page = auditor.get("/audit")
    assert "还没有核验过" in hooks(page, "audit-verify-result")[0].get_text()

    verify = next(form for form in page.forms.values() if form.action == "/audit/verify")
    page = verify.submit().follow()

    assert hooks(page, "audit-verify-result")[0].get_text(strip=True).startswith("留痕完好：")
    assert _what(page)[0][0] == "核验留痕"
    assert verify.submit().location.endswith("/audit")  # a second click does nothing more
    assert [what for what, *_ in _what(auditor.get("/audit"))].count("核验留痕") == 1


def test_an_altered_trace_is_told_in_red_with_its_place(county, sign_in):
    auditor = sign_in("auditor")
    with writer().begin() as connection:
        connection.execute(text("DROP TRIGGER keep_events_update" + ("" if connection.dialect.name == "sqlite" else " ON events")))
        connection.execute(text("UPDATE events SET actor_name = '别人' WHERE chain_id = 0 AND seq = 1"))
        guards.install(connection)

    page = auditor.get("/audit")
    page = next(form for form in page.forms.values() if form.action == "/audit/verify").submit().follow()

    assert "系统链第 1 号事件：内容与当时的哈希不符，被改动过。" in hooks(page, "audit-verify-result")[0].get_text()


def test_a_long_trace_is_verified_as_a_job(county, sign_in, monkeypatch, now):
    monkeypatch.setattr(audit, "AT_ONCE", 1)
    auditor = sign_in("auditor")

    asked = next(form for form in auditor.get("/audit").forms.values() if form.action == "/audit/verify").submit()
    assert asked.status_int == 303 and "/jobs/" in asked.location
    assert jobs.run_next(now)

    page = auditor.get("/audit")
    assert hooks(page, "audit-verify-result")[0].get_text(strip=True).startswith("留痕完好：")
    assert _what(page)[0][0] == "核验留痕"
    assert db.session.execute(select(Job.state, Job.done == Job.total)).one() == ("done", True)
