"""回国 by the school that receives her (workflows.md 12): a girl of a1 in county A lives abroad, and years later comes to the junior school b2 of county B, at whose level her
old school has no class. Found by two facts, applied for, sent back, agreed to; and undone."""

from datetime import date

import pytest
from sqlalchemy import select

from app.errors import NotFound, Refusal
from app.extensions import db
from app.models import Absence, Guardian, Paper, Student
from app.services.casework import reversals, tasks
from app.services.paperwork import papers
from app.services.pupils import finding, former_pupils, records
from app.services.standing import balance, changes
from app.services.standing.changes import Asked
from app.services.transfer import pupil_lookup
from tests.office import case, row
from tests.pages import form_with, summary
from tests.services.test_status_changes import NOW, School
from tests.transfer_hands import child, decide, find
from tests.transfer_office import counts_agree, spells

AWAY = {"effective_on": date(2026, 9, 4), "country": "392", "abroad_kind": "study", "guardian": "庹建国"}
PAPERS = ("application", "learning")


@pytest.fixture
def abroad(county, today):
    """The child, gone to Japan; her number."""
    school = School(county, today)
    case_id = school.through("abroad", AWAY, evidence=("application", "passport", "settlement"))
    return case(case_id).student_id


@pytest.fixture
def eighth(county):
    return county.class_("b2", stage="2", year=2)


def standing(pupil):
    one = row(Student, Student.id == pupil)
    return one.status, one.lifecycle, one.school_id, one.county_id, one.class_id, one.entry_month


def number_of(pupil):
    return records.load(db.session, pupil)["national_no"]


def asked(county, pupil, eighth, who="registrar.b2"):
    found = pupil_lookup.look_up(number=number_of(pupil), actor=county.actor(who), now=NOW)
    return Asked({"effective_on": date(2026, 9, 11), "to_class": eighth, "explanation": "在大阪读到初中一年级", "guardian": "庹建国（父亲）"}, PAPERS, found.token)


def hand_in(page, eighth, **typed):
    form = page.forms["change"]
    for name, value in ({"effective_on": "2026年9月11日", "to_class": str(eighth), "explanation": "在大阪读到初中一年级", "guardian": "庹建国（父亲）"} | typed).items():
        form[name] = value
    return form.submit(status="*")


def agreed_to(check):
    form = form_with(check, "truthful")
    form["truthful"] = True
    done = form.submit()
    assert done.status_int == 303, summary(done)
    return int(done.location.rsplit("/", 1)[1])


def test_she_is_found_applied_for_sent_back_mended_and_reads_in_her_grade(sign_in, county, abroad, eighth):
    before, pupil = standing(abroad), child(county)
    clerk = sign_in("registrar.b2")
    assert "/cases/new/transfer" in [one.get("href") for one in clerk.get("/cases/new/back-from-abroad").html.select("main a")]
    page = find(clerk, pupil)
    assert page.request.path == f"/cases/new/back-from-abroad/{abroad}"
    assert pupil.name in page.html.h1.text and "庹建国" not in page.text and number_of(abroad) not in page.text  # no more than the look-up told
    assert f"/students/{abroad}" not in page.text
    form = page.forms["change"]
    form["explanation"] = "在大阪读到初中一年级"
    form.submit("save", value="draft")
    assert find(clerk, pupil).forms["change"]["explanation"].value == "在大阪读到初中一年级"  # looked up again, the draft goes on
    missing = hand_in(page, eighth, guardian="").follow()
    assert "请写明申请的监护人" in missing.text and "truthful" not in missing.text
    case_id = agreed_to(hand_in(clerk.get(page.request.path), eighth).follow())
    made = case(case_id)
    assert (made.kind, made.step, made.school_id, made.from_school_id, made.seat_body_id) == (
        "back-from-abroad", "school_audit", county.body("b2"), county.body("a1"), county.body("b2"))
    assert standing(abroad) == before
    assert [one.id for one in tasks.holding(county.actor("registrar.a1"))] == [case_id]  # her old school sees who holds her, and may ask to clear it

    decide(sign_in("head.b2"), case_id, "return", reason="02", note="成绩单看不清")
    mending = sign_in("registrar.b2").get(f"/cases/{case_id}/edit")
    assert mending.forms["change"]["guardian"].value == "庹建国（父亲）"
    assert hand_in(mending, eighth).status_int == 303
    for who in ("head.b2", "officer.b"):
        decide(sign_in(who), case_id)
    assert standing(abroad) == ("01", "live", county.body("b2"), county.body("b"), eighth, "202609")
    assert spells(abroad)[-2:] == [("a1", "closed", "11", "91", spells(abroad)[-2][4], date(2026, 9, 4)), ("b2", "open", "12", "", date(2026, 9, 11), None)]
    assert [one.state for one in db.session.scalars(select(Absence).where(Absence.student_id == abroad))] == ["ended"]
    assert set(db.session.scalars(select(Guardian.county_id).where(Guardian.student_id == abroad))) == {county.body("b")}
    assert [tuple(one) for one in balance.of_case(db.session, case_id)] == [("12", 1, county.body("b2"))]
    assert finding.only_one(county.actor("registrar.b2"), number_of(abroad)) == abroad
    counts_agree()


def test_the_old_school_keeps_its_copy_and_is_asked_for_the_file(sign_in, county, today, abroad, eighth):
    clerk = county.actor("registrar.a1")
    case_id = changes.apply("back-from-abroad", abroad, asked(county, abroad, eighth), actor=county.actor("registrar.b2"), today=today, now=NOW)
    for who in ("head.b2", "officer.b"):
        decide(sign_in(who), case_id)
    line = former_pupils.former_pupils(clerk)[0]
    assert (line.name, line.class_title, line.until_on, line.went_to) == (case(case_id).title, "二年级1班", date(2026, 9, 4), "日本")
    [news] = sign_in("registrar.a1").get("/").html.select("#news li")
    assert news.span.get_text().startswith(f"{line.name}已回国，在{county.actor('registrar.b2').body_name}就读，请将档案移交该校（回国）")
    card = former_pupils.issue_card(line.id, actor=clerk, today=today, now=NOW)
    assert papers.facts_of(row(Paper, Paper.id == card))["name"] == line.name


def test_undone_she_is_abroad_again_and_the_other_county_finds_her_no_more(sign_in, county, today, abroad, eighth):
    before = standing(abroad)
    case_id = changes.apply("back-from-abroad", abroad, asked(county, abroad, eighth), actor=county.actor("registrar.b2"), today=today, now=NOW)
    for who in ("head.b2", "officer.b"):
        decide(sign_in(who), case_id)
    with pytest.raises(Refusal, match="只能由最后核办的主管教育行政部门撤销"):
        reversals.reverse(case_id, "误办", actor=county.actor("officer.a"), today=today, now=NOW)
    reversals.reverse(case_id, "误办", actor=county.actor("officer.b"), today=today, now=NOW)
    assert (standing(abroad), row(Absence, Absence.student_id == abroad).state) == (before, "open")
    assert finding.only_one(county.actor("officer.b"), number_of(abroad)) is None
    assert finding.only_one(county.actor("officer.a"), number_of(abroad)) == abroad
    counts_agree()


def test_only_whom_one_has_looked_up_and_who_is_abroad(sign_in, county, today, abroad, eighth):
    clerk, wanted = county.actor("registrar.b2"), asked(county, abroad, eighth)
    for stolen in ("", asked(county, abroad, eighth, "registrar.c2").token):
        with pytest.raises(NotFound):
            changes.apply("back-from-abroad", abroad, Asked(wanted.answers, PAPERS, stolen), actor=clerk, today=today, now=NOW)
    with pytest.raises(NotFound):
        changes.apply("suspension", abroad, wanted, actor=clerk, today=today, now=NOW)
    sign_in("registrar.b2").get(f"/cases/new/back-from-abroad/{abroad}", status=404)  # by its address alone
    with pytest.raises(NotFound):
        changes.apply("back-from-abroad", county.pupil("twin.2"), asked(county, county.pupil("twin.2"), eighth), actor=clerk, today=today, now=NOW)


def test_the_first_who_applies_holds_her(county, today, abroad, eighth):
    changes.apply("back-from-abroad", abroad, asked(county, abroad, eighth), actor=county.actor("registrar.b2"), today=today, now=NOW)
    other = asked(county, abroad, county.class_("c2", stage="2", year=2), "registrar.c2")
    with pytest.raises(Refusal, match="已有未办结的业务：回国"):
        changes.apply("back-from-abroad", abroad, other, actor=county.actor("registrar.c2"), today=today, now=NOW)
