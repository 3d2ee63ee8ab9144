"""异动 as a clerk applies for them: the pupil chosen, the sheet filled, checked, handed in, returned and mended."""

import pytest
from sqlalchemy import update

from app.extensions import db
from app.models import Student
from app.services.casework import cases
from app.services.problem_records import problems
from app.services.standing import changes
from app.services.standing.changes import Asked
from tests.conftest import TODAY
from tests.office import case
from tests.pages import errors, form_with, summary
from tests.services.test_status_changes import ILL as SICK
from tests.services.test_status_changes import NOW, PAPERS, School


@pytest.fixture
def pupil(county):
    return county.pupil("twin.1")


def fill(clerk, kind, pupil, **values):
    form = clerk.get(f"/cases/new/{kind}/{pupil}").forms["change"]
    for name, value in values.items():
        form[name] = value
    return form.submit(status="*")


ILL = {"reason": "10", "from_on": "2026年9月7日", "until_on": "2027-03-07", "hospital": "竹山县人民医院", "diagnosis": "肺炎"}


def test_a_suspension_is_chosen_filled_checked_and_decided(sign_in, pupil, county):
    clerk = sign_in("registrar.a1")
    assert "休学" in clerk.get("/cases/new").text
    class_id = db.session.get_one(Student, pupil).class_id
    page = clerk.get(f"/cases/new/suspension?class={class_id}")
    assert str(pupil) in [one["data-id"] for one in page.html.select('[data-hook="student-row"]')]
    check = fill(clerk, "suspension", pupil, **ILL).follow()
    assert "2026年9月7日至2027年3月7日，不超过 12 个月" in check.text
    form = form_with(check, "truthful")
    form["truthful"] = True
    shown = form.submit().follow()
    assert "待学校审核" in shown.html.select_one('[data-hook="state"]').text
    assert "还缺：休学申请书（监护人签字）、县级以上医院诊断证明、病历、收费票据" in shown.text
    for who in ("head.a1", "officer.a"):
        person = sign_in(who)
        form = form_with(person.get(shown.request.path), "action")
        form["action"] = "approve"
        shown = form.submit().follow()
    assert "已生效" in shown.html.select_one('[data-hook="state"]').text
    db.session.expire_all()
    assert db.session.get_one(Student, pupil).status == "02"


def test_the_county_decides_together_what_is_like_in_one_school(sign_in, county):
    """Two of each school are ill: two groups, each with its own page; a case of the other school among those ticked is left, and told why."""
    waiting = {key: [suspended(county, key, name) for name in names] for key, names in {"a1": ("twin.1", "twin.2"), "a2": ("dot", "longest")}.items()}
    officer = sign_in("officer.a")
    desk = officer.get("/")
    told = [row.get_text(" ", strip=True) for row in desk.html.select("[data-hook=groups] tbody tr")]
    assert [line for line in told if "休学" in line] == [f"{name} 休学 休学 主管教育行政部门核办 2 9月24日" for name in ("南门初级中学", "堵河路小学")]
    page = desk.click("堵河路小学.*休学")
    assert page.html.h1.get_text() == "堵河路小学 休学"
    assert [int(row["data-id"]) for row in page.html.select('[data-hook="case-row"]')] == waiting["a1"]

    form = form_with(page, "action")
    form["action"] = "approve"
    done = officer.post("/cases/batch", [*form.submit_fields(), ("id", waiting["a2"][0])]).follow()
    results = {int(row["data-id"]): row.find_all("td")[1].get_text() for row in done.html.select('[data-hook="case-row"]')}
    assert results == dict.fromkeys(waiting["a1"], "同意，立即生效") | {waiting["a2"][0]: "与其他所选的不是同一学校、同一业务、同一环节，请分开办理"}
    assert [case(one).state for one in (*waiting["a1"], *waiting["a2"])] == ["effective", "effective", "open", "open"]
    assert [row.th.get_text() for row in officer.get("/").html.select("[data-hook=groups] tbody tr") if "休学" in row.get_text()] == ["南门初级中学休学"]


def suspended(county, school, pupil):
    """A suspension that lies with the county."""
    case_id = changes.apply("suspension", county.pupil(pupil), Asked(dict(SICK), PAPERS), actor=county.actor(f"registrar.{school}"), today=TODAY, now=NOW)
    cases.act(case_id, "approve", actor=county.actor(f"head.{school}"), version=case(case_id).version, today=TODAY, now=NOW)
    return case_id


def test_everything_that_bars_it_is_told_at_once_beside_its_field(sign_in, pupil):
    clerk = sign_in("registrar.a1")
    check = fill(clerk, "suspension", pupil, reason="99", from_on="2026-09-07", until_on="2028-09-07").follow()
    assert "有 2 项不符合条件，现在不能提交" in check.text
    assert [step.get_text(" ", strip=True) for step in check.html.select(".steps li")] == ["选择学生 已完成", "填写申请 有 2 项不符合条件", "上传材料 0 件", "核对后提交 现在这一步"]
    assert "truthful" not in check.text
    page = fill(clerk, "suspension", pupil, **ILL | {"from_on": "九月七日"})
    assert page.status_code == 422
    assert errors(page) == {"from_on": "日期认不出，请照“2026年9月1日”填写"}
    assert summary(page) == ["日期认不出，请照“2026年9月1日”填写"]
    assert page.forms["change"]["from_on"].value == "九月七日"


def test_a_returned_application_comes_back_with_what_is_to_be_mended(sign_in, pupil):
    clerk = sign_in("registrar.a1")
    check = fill(clerk, "suspension", pupil, **ILL).follow()
    form = form_with(check, "truthful")
    form["truthful"] = True
    address = form.submit().location
    head = sign_in("head.a1")
    form = form_with(head.get(address), "action")
    form["action"], form["reason"], form["note"] = "return", "01", "结束日期请照诊断证明"
    form.set("mend", True, index=2)
    form.submit().follow()
    clerk = sign_in("registrar.a1")
    page = clerk.get(f"{address}/edit")
    assert "结束日期请照诊断证明" in page.text and "退回时要求补正：休学结束日期" in page.text
    form = page.forms["change"]
    form["until_on"] = "2026-12-31"
    assert "已补正并重新提交" in form.submit().follow().text


def test_a_pupil_of_another_school_is_not_there(sign_in, county):
    clerk = sign_in("registrar.b1")
    for address in (f"/cases/new/suspension/{county.pupil('twin.1')}", f"/cases/new?student={county.pupil('twin.1')}"):
        clerk.get(address, status=404)


def test_what_is_for_the_poor_and_for_records_in_question_says_so_to_others(sign_in, pupil, county):
    def why(student_id):
        rows = sign_in("registrar.a1").get(f"/cases/new?student={student_id}").html.select("ul.rows li")
        return {row.b.get_text(strip=True): row.span.get_text(" ", strip=True).removeprefix("不能办理：") for row in rows if not row.select("a")}

    kinds = ("贫困生取消", "贫困生认定取消", "问题学籍处理")
    assert {title: words for title, words in why(pupil).items() if title in kinds} == {
        "贫困生认定取消": "没有认定为贫困生，不用取消", "问题学籍处理": "没有列为问题学籍，不用处理；确有问题的，请主管教育行政部门先列入"}
    db.session.execute(update(Student).where(Student.id == pupil).values(poverty_status="1"))
    db.session.commit()
    problems.mark(pupil, problems.Found("03", TODAY, explanation="比对不符"), actor=county.actor("officer.a"), today=TODAY, now=NOW)
    assert {title for title in why(pupil) if title in kinds} == set()


def test_what_cannot_be_applied_for_says_why_and_what_to_do_instead(sign_in, pupil):
    page = sign_in("registrar.a1").get(f"/cases/new?student={pupil}")
    told = {item.select_one("b").text: item.select_one("span").text for item in page.html.select("ul.rows li")}
    assert told["复学"] == "不能办理：学生在读，不用复学" and told["续休"] == "不能办理：学生没有休学，请办理休学"
    assert told["休学"] == "休学申请 → 学校审核 → 主管教育行政部门核办 → 已生效"
    assert (told["转学"], told["系统外转出"]) == ("转往本省的学校。学校在本系统的，由转入学校发起", "转往外省、不在本系统的学校")


def test_the_evidence_list_of_the_form_tells_answers_that_ask_for_the_same_once_and_in_words(sign_in, county):
    person = sign_in("registrar.a1")
    needed = {}
    for kind in ("death", "poverty"):
        page = person.get(f"/cases/new/{kind}/{county.pupil('twin.1')}")
        needed[kind] = {item.select_one("dt").text: item.select_one("dd").text for item in page.html.select("dl.needed > div")}

    assert needed == {
        "death": {"都要附": "派出所证明或死亡证明", "可以不附": "其他材料（有的才附）"},
        "poverty": {
            "都要附": "贫困生认定申请表（监护人签字）", "其他困难": "家庭情况核实记录",
            "脱贫户、监测户（原建档立卡）、低保、特困供养、残疾（本人或父母）、孤儿、事实无人抚养": "民政、残联、乡村振兴等部门的证明", "可以不附": "其他材料（有的才附）",
        },
    }


def test_the_list_of_evidence_says_what_may_be_left_off(sign_in, pupil):
    page = sign_in("registrar.a1").get(f"/cases/new/abroad/{pupil}")
    told = [(one.dt.get_text(strip=True), one.dd.get_text(strip=True)) for one in page.html.select("dl.needed > div")]
    assert ("可以不附", "其他材料（有的才附）") in told
    assert "可以不附的材料" in sign_in("registrar.a1").get("/help/kinds").text


def test_like_changes_are_decided_at_once_with_a_result_for_each(sign_in, county):
    """Three suspensions at the desk of the county; one pupil has dropped out meanwhile, which holds up nobody else."""
    school, pupils = School(county, TODAY), [county.pupil(key) for key in ("twin.1", "twin.2", "common.1")]
    made = {one: school.ask("suspension", SICK | {"reason": "99", "explanation": "家庭原因"}, pupil=one) for one in pupils}
    for one in made.values():
        school.act(one)
    db.session.execute(update(Student).where(Student.id == pupils[2]).values(status="06"))
    db.session.commit()
    officer = sign_in("officer.a")
    page = officer.get("/").click("堵河路小学.*休学")
    assert len(page.html.select('[data-hook="case-row"] input[name="id"]')) == 3
    form = form_with(page, "action")
    form["action"] = "approve"
    done = form.submit().follow()
    told = {int(row["data-id"]): (row["data-state"], row.get_text(" ", strip=True)) for row in done.html.select('[data-hook="case-row"]')}
    assert {one: told[made[one]][0] for one in pupils} == {pupils[0]: "done", pupils[1]: "done", pupils[2]: "open"}, told
    assert "学籍在申请以后变了：现在是竹山县堵河路小学的学生，状态“流失”" in told[made[pupils[2]]][1]
    assert [case(made[one]).state for one in pupils] == ["effective", "effective", "open"]
