"""What the help says of a kind is what its table entry has."""

from app.workflow.changes import STATUS_CHANGES
from app.workflow.flows import FLOWS


def test_every_kind_is_told_with_its_way_its_days_and_its_papers(sign_in):
    page = sign_in("registrar.a1").get("/help/kinds")
    sections = {section["id"]: section for section in page.html.select("section.card")}
    assert set(sections) == set(FLOWS) - {"reversal"}
    suspension = sections["suspension"]
    assert [step.get_text("|") for step in suspension.select("ol.steps li")] == [
        "休学申请|申请学校学籍管理员", "学校审核|学校审核人|10 个工作日", "主管教育行政部门核办|主管教育行政部门|10 个工作日", "已生效"]
    told = {item.select_one("dt").text: item.select_one("dd").text for item in suspension.select("dl > div")}
    assert (told["学籍状态"], told["都要附的材料"], told["疾病、精神疾病、传染疾病、意外伤残、其他疾病"]) == (
        "在读", "休学申请书（监护人签字）", "还要附：县级以上医院诊断证明、病历、收费票据")
    death = {item.select_one("dt").text: item.select_one("dd").text for item in sections["death"].select("dl > div")}
    assert death["都要附的材料"] == "派出所证明或死亡证明" and not any("溺水" in words for words in death)  # one list for all its reasons
    assert all(STATUS_CHANGES[kind].flow.title in section.select_one("h2").text for kind, section in sections.items() if kind in STATUS_CHANGES)


def test_who_has_nothing_to_do_with_cases_does_not_read_it(sign_in):
    sign_in("teacher.a1").get("/help/kinds", status=403)
