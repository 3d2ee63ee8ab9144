"""The matrix at the end of workflows.md, extended to all kinds and to pending, abroad and merged (DECIDED 8): every pair of status and act, through the service.

Accepted is what the table here has; all else is refused with the sentence, the article and what comes first, and nothing is written.
"""

import pytest
from sqlalchemy import func, select

from app.errors import NotFound, Refusal
from app.extensions import db
from app.models import Case, Event, Student
from app.services.standing import change_pages, changes
from app.services.standing.changes import Asked
from app.services.transfer import transfers, whole_classes
from app.services.transfer.transfers import Request
from app.workflow.change_checks import COMPULSORY_LAW
from app.workflow.changes import STATUS_CHANGES
from app.workflow.flows import FLOWS
from tests.office import row
from tests.transfer_office import ASKED, DEQING, change

LIFECYCLES = {  # status → lifecycle of a record that stands so; "" is applied for, not yet a pupil
    "": "pending", "01": "live", "02": "live", "06": "live", "03": "left", "07": "left", "08": "left", "09": "left", "10": "left", "14": "left", "91": "left",
    "11": "cancelled", "92": "cancelled", "95": "cancelled", "93": "merged",
}
TITLES = {
    "": "正在登记", "01": "在读", "02": "休学", "03": "退学", "06": "流失", "07": "毕业", "08": "结业", "09": "肄业", "10": "转学（转出）", "11": "死亡", "14": "开除",
    "91": "出国（境）定居或就读", "92": "丧失学习能力", "93": "重复学籍已合并", "95": "问题学籍已删除",
}
HERE = {"01", "02", "06"}
SCHOOLS = {  # kind → statuses for which the school may begin it (workflows.md, sections 8–22 and the matrix)
    "suspension": {"01"}, "suspension-renewal": {"02"}, "resumption": {"02"}, "dropout": {"01", "02"}, "back-to-school": {"06"},
    "abroad": {"01", "02"}, "back-from-abroad": {"91"}, "death": HERE | {"07", "08", "09", "91"}, "loss-of-ability": HERE, "grade-skip": {"01"}, "grade-repeat": {"01"},
    "key-change": HERE, "kind-change": {"01", "02"}, "poverty": {"01", "02"}, "poverty-end": HERE, "problem": HERE, "withdrawal": HERE, "expulsion": HERE,
}
COUNTYS = {"key-change": HERE | {"07", "08", "09", "10"}, "problem": HERE}  # what the county begins by itself
SENIOR = ("withdrawal", "expulsion")
FIRST = {  # of a suspension, which has sentences of its own for some
    "": "请等登记办结以后再办理", "02": "已在休学，请办理续休", "03": "学籍已因退学终结", "06": "流失的请先办理返校", "07": "由升入的学校办理", "08": "由升入的学校办理", "09": "由升入的学校办理",
    "10": "由现在的学校办理", "11": "学籍已经注销", "14": "学籍已因开除终结", "91": "请先办理回国", "92": "学籍已经注销", "93": "请在保留的学籍上办理", "95": "问题学籍已经删除",
}


def stand(student_id, status):
    change(Student, student_id, status=status or None, lifecycle=LIFECYCLES[status])


def written():
    return db.session.execute(select(func.count()).select_from(Case)).scalar_one(), db.session.execute(select(func.count()).select_from(Event)).scalar_one()


def told(work):
    """The refusals of an act: [(sentence, article)]; None where it was taken."""
    with pytest.raises(Refusal) as refused:
        work()
    return [(str(one), one.article) for one in getattr(refused.value, "refusals", [refused.value])]


def judged(kind, student_id, actor, today):
    """How the rules look at this pupil's status: (level, sentence, article, cure)."""
    found = changes.preview(kind, student_id, Asked({}), actor=actor, today=today).findings
    return next((one.level, one.sentence, one.article, one.cure) for one in found if one.check == "status")


def test_the_tables_know_every_kind_and_every_status():
    assert set(SCHOOLS) == set(STATUS_CHANGES)
    assert set(COUNTYS) == {kind for kind, change in STATUS_CHANGES.items() if change.begun_by("county_officer")}
    assert set(LIFECYCLES) == set(TITLES)


@pytest.mark.parametrize(("kind", "who"), [*((kind, "registrar") for kind in SCHOOLS), *((kind, "officer.a") for kind in COUNTYS)])
def test_a_change_is_taken_for_those_who_stand_so_and_for_nobody_else(county, today, now, kind, who):
    school = "a4" if kind in SENIOR else "a1"
    pupil = row(Student, Student.id == db.session.execute(select(func.min(Student.id)).where(Student.school_id == county.body(school), Student.status == "01")).scalar_one()).id
    actor, expected = county.actor(f"registrar.{school}" if who == "registrar" else who), (SCHOOLS if who == "registrar" else COUNTYS)[kind]
    taken, title = set(), FLOWS[kind].title
    for status in LIFECYCLES:
        stand(pupil, status)
        level, sentence, article, cure = judged(kind, pupil, actor, today)
        assert article
        if level == "pass":
            assert sentence == TITLES[status]
            taken.add(status)
            continue
        before = written()
        refusals = told(lambda: changes.apply(kind, pupil, Asked({}), actor=actor, today=today, now=now))
        assert (f"学籍状态是“{TITLES[status]}”，不能办理{title}" in refusals[0][0], refusals[0][1], bool(cure)) == (True, article, True), (status, refusals[0])
        assert written() == before
        offered = dict(change_pages.kinds_for(actor, changes.pupil(db.session, actor, pupil)))
        assert offered[kind] and "状态是" not in offered[kind]  # what comes first, not what is so
    assert taken == expected


def test_what_comes_first_is_said_for_each_status(county, today):
    pupil, actor, found = county.pupil("twin.1"), county.actor("registrar.a1"), {}
    for status in FIRST:
        stand(pupil, status)
        found[status] = judged("suspension", pupil, actor, today)[3]
    assert {status: words in found[status] for status, words in FIRST.items()} == dict.fromkeys(FIRST, True), found


@pytest.mark.parametrize(("school", "request_of"), [
    ("b1", lambda county, pupil: Request(asked=ASKED, token=_token(county, pupil), class_id=county.class_("b1", year=2))),
    ("a1", lambda county, pupil: Request(asked=ASKED, student_id=pupil, outside=DEQING)),
], ids=["transfer", "transfer-out"])
def test_only_who_reads_here_transfers(county, today, now, school, request_of):
    """Who left for elsewhere comes back by a transfer from elsewhere; whom the registry does not show to others is not there."""
    pupil, actor, taken, gone = county.pupil("twin.1"), county.actor(f"registrar.{school}"), set(), set()
    for status in LIFECYCLES:
        stand(pupil, status)
        try:
            plan = transfers.preview(request_of(county, pupil), actor=actor, today=today)
        except NotFound:
            gone.add(status)
            continue
        except Refusal:
            continue
        found = next((one for one in plan.findings if one.check == "status"), None)
        if found is None or found.level == "pass":
            taken.add(status)
        else:
            before = written()
            sentence, article = told(lambda: transfers.apply(request_of(county, pupil), actor=actor, today=today, now=now))[0]
            assert ("学籍状态是" in sentence or found.sentence in sentence) and article == found.article and found.cure
            assert written() == before
    assert taken == {"01"}
    assert gone == {"", "11", "92", "93", "95"}


def _token(county, pupil):
    from app.services.transfer import pupil_lookup

    return pupil_lookup.token(pupil, county.actor("registrar.b1"))


def test_a_whole_class_goes_without_those_who_do_not_read(county):
    class_id, pupil = county.class_("a1", year=2), county.pupil("twin.1")
    why = {}
    for status, lifecycle in LIFECYCLES.items():
        if lifecycle in ("pending", "live"):
            stand(pupil, status)
            why[status] = {one.id: words for one, words in whole_classes.of_class(db.session, class_id)[1]}.get(pupil, "")
    assert why == {"": "学籍状态是“正在登记”", "01": "", "02": "学籍状态是“休学”", "06": "学籍状态是“流失”"}


# ---------------------------------------------------------------- senior secondary only

@pytest.mark.parametrize("kind", SENIOR)
@pytest.mark.parametrize(("school", "key"), [("a1", "twin.1"), ("a2", None), ("a3", None), ("a6", None)])
def test_what_is_for_senior_schools_alone_is_not_to_be_reached_in_compulsory_ones(county, sign_in, today, now, kind, school, key):
    """Not offered, not by its address, not by sending the form, not by the service (义务教育法第二十七条)."""
    pupil = county.pupil(key) if key else db.session.execute(select(func.min(Student.id)).where(Student.school_id == county.body(school), Student.status == "01")).scalar_one()
    actor, clerk = county.actor(f"registrar.{school}"), sign_in(f"registrar.{school}")
    assert kind not in change_pages.kinds_at(actor) and kind not in dict(change_pages.kinds_for(actor, changes.pupil(db.session, actor, pupil)))
    title = FLOWS[kind].title
    for address in ("/cases/new", f"/cases/new?student={pupil}"):
        assert title not in [one.get_text(strip=True) for one in clerk.get(address).html.select(".rows li b")]
    token = clerk.get(f"/cases/new/suspension/{pupil}").html.select_one('input[name="csrf_token"]')["value"]
    for address in (f"/cases/new/{kind}", f"/cases/new/{kind}?student={pupil}", f"/cases/new/{kind}/{pupil}", f"/cases/new/{kind}/{pupil}/check"):
        answer = clerk.get(address, status="*")
        answer = answer.follow(status="*") if answer.status_int == 303 else answer
        assert answer.status_int == 403 and COMPULSORY_LAW in answer.text, address
    for address in (f"/cases/new/{kind}/{pupil}", f"/cases/new/{kind}/{pupil}/check"):
        assert clerk.post(address, {"csrf_token": token, "idempotency_key": "k" * 22, "reason": "5", "truthful": "y"}, status="*").status_int == 403
    sentences = told(lambda: changes.apply(kind, pupil, Asked({}), actor=actor, today=today, now=now))
    assert (f"义务教育阶段不办理{title}。请按辍学报告、劝返办理", COMPULSORY_LAW) in sentences
    assert db.session.execute(select(Case.id).where(Case.kind == kind)).first() is None
