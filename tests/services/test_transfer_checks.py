"""What is asked before a transfer is handed in, and again before it takes effect; like cases decided together."""

from dataclasses import replace

import pytest

from app.errors import MovedOn, Refusal
from app.extensions import db
from app.models import Grade, Paper, Student
from app.services.casework import cases
from app.services.standing import changes
from app.services.transfer import transfer_plans, transfers
from app.services.transfer.transfers import Asked
from tests.bureau import last_facts, wrong
from tests.office import case, count
from tests.transfer_office import ASKED, DEQING, change, counts_agree, heads, limit, pupil, road

__all__ = ["road"]


def test_a_second_transfer_of_one_child_reads_who_began_the_first(road):
    case_id = road.apply("b1")
    told = wrong(road.apply, "b4", year=2)
    assert told == {"student": f"已有未办结的业务：{case(case_id).number}（转学），房县北城小学的饶静娴在 2026年9月11日 15:20 提交。请等它办结，或由申请学校撤销；原学校也可以请主管部门清理"}


def test_everything_that_stands_against_it_is_told_at_once(road):
    limit(road.county.class_("b1", year=4), 1)
    told = wrong(road.apply, "b1", "suspended", year=4)
    assert set(told) == {"student", "to_class"} and "请先办理复学" in told["student"]
    assert wrong(road.apply, "b1", "common.1", year=1)["student"].startswith("一年级第一学期（到2027年1月20日）不能转学")
    assert wrong(road.apply, "a1", "twin.1")["to_school"].startswith("学生现在就在这所学校")
    assert set(wrong(road.apply, "b1", "twin.1", asked=Asked(reason="08", special=True))) == {"reason", "explanation", "guardian"}


@pytest.mark.parametrize(("code", "told"), [
    ("91", "学籍状态是“出国（境）定居或就读”，只有在读学生可以转学。回国的不办转学，请由接收学校办理回国"), ("07", "学籍状态是“毕业”，只有在读学生可以转学。已经毕业的由升入的学校办理调档，不办转学"),
    ("03", "学籍状态是“退学”，只有在读学生可以转学。学籍已因退学终结，不能转学"),
])
@pytest.mark.parametrize("outside", [None, DEQING])
def test_who_left_otherwise_than_by_a_transfer_does_not_come_back_by_one(road, code, told, outside):
    """Her record is closed here for another reason: naming a school elsewhere does not get around it."""
    change(Student, pupil(road).id, status=code, lifecycle="left")
    assert wrong(road.hand_in, "b1", road.request("b1", outside=outside)) == {"student": told}


def test_a_correction_by_the_county_beside_another_case_is_told_like_any_other(road):
    """Two of hers are open then: whoever asks for her reads of the first, whoever mends his own of the second."""
    case_id, officer = road.apply("b1"), road.county.actor("officer.a")
    asked = changes.Asked({"name": "欧阳知远", "explanation": "户口簿已更正", "guardian": "父亲"}, ("application", "household", "police"))
    beside = changes.apply("key-change", pupil(road).id, asked, actor=officer, today=road.today, now=road.now)
    assert f"已有未办结的业务：{case(case_id).number}（转学）" in wrong(road.hand_in, "b4", road.request("b4", year=2))["student"]
    assert transfer_plans.open_case(db.session, pupil(road).id, case_id).startswith(f"{case(beside).number}（关键信息变更）")


@pytest.mark.parametrize(("asked", "told"), [
    ({"explanation": "父亲😀调往房县"}, {"explanation": "没有字库能印出这些字符：“😀”（U+1F600）"}), ({"guardian": "庹\U0003fffd国"}, {"guardian": "没有字库能印出这些字符"}),
    ({"explanation": "详" * 61}, {"explanation": "情况说明最多 60 个字，请写短一些"}),
])
def test_what_could_not_stand_on_the_certificate_is_refused_before_five_offices_agree(road, asked, told):
    found = wrong(road.apply, "b1", asked=replace(ASKED, **asked))
    assert found.keys() == told.keys() and all(found[name].startswith(sentence) for name, sentence in told.items())


def test_a_name_that_no_font_has_is_told_with_the_cure_before_it_is_handed_in(road):
    child = pupil(road).id
    change(Student, child, name="庹\U0003fffd远")
    plan = transfers.preview(road.request("b1", child), actor=road.county.actor("registrar.b1"), today=road.today)
    (one,) = [one for one in plan.findings if one.check == "printing"]
    assert (one.level, one.sentence) == ("warn", "没有字库能印出这些字符：U+3FFFD")
    assert "TrueType 字体放进字库文件夹" in one.cure
    case_id = road.apply("b1", child)
    road.go(case_id, until="from_county")
    with pytest.raises(Refusal, match="没有字库能印出这些字符"):
        road.act(case_id)
    assert (case(case_id).step, count(Paper)) == ("from_county", 0)


def test_five_and_six_years_of_primary_school_meet(road):
    case_id = road.apply("b4", "twin.1", year=2)  # 五四
    road.go(case_id)
    assert case(case_id).state == "effective"


def status(code, lifecycle="live"):
    return lambda road, child: change(Student, child.id, status=code, lifecycle=lifecycle)


@pytest.mark.parametrize(("meanwhile", "told"), [
    (status("02"), "状态“休学”"), (status("07", "left"), "状态“毕业”"), (status("11", "cancelled"), "状态“死亡”"),
    (lambda road, child: change(Student, child.id, school_id=road.county.body("a3")), "竹山县柳垭镇九年一贯制学校的学生"),
    (lambda road, child: change(Grade, child.grade_id, advanced_to=3), "申请时在二年级，庹思远现在在三年级，房县北城小学 二年级1班不是同一年级"),
], ids=["suspended", "graduated", "died", "moved", "promoted"])
def test_the_last_act_refuses_with_what_happened_since(road, meanwhile, told):
    case_id = road.apply("b1")
    road.go(case_id, until="from_county")
    meanwhile(road, pupil(road))
    with pytest.raises(MovedOn) as refusal:
        road.act(case_id)
    assert told in str(refusal.value) and "没有写入" in str(refusal.value)
    assert (case(case_id).state, case(case_id).step, count(Paper)) == ("open", "from_county", 0)


def test_rolled_over_on_both_sides_she_goes_with_her_year_mates(road):
    case_id = road.apply("b1")
    road.go(case_id, until="from_county")
    change(Grade, pupil(road).grade_id, advanced_to=3)
    change(Grade, case(case_id).grade_id, advanced_to=3)
    road.act(case_id)
    assert case(case_id).state == "effective"


def test_a_class_that_filled_up_meanwhile_is_told_with_who_took_the_last_place(road):
    first, second = road.apply("b1", "twin.1"), road.apply("b1", "twin.2")
    limit(case(first).class_id, heads(case(first).class_id)[0] + 1)
    for one in (first, second):
        road.go(one, until="from_county")
    road.act(first)
    with pytest.raises(Refusal, match="没有学位：最后一个由单维桢（竹山县教育局）在 2026年9月11日 15:20 办给了另一名学生"):
        road.act(second)


def test_like_transfers_at_one_desk_are_decided_together_with_a_result_for_each(road):
    first, second = road.apply("b1", "twin.1"), road.apply("b1", "twin.2")
    limit(case(first).class_id, heads(case(first).class_id)[0] + 1)
    for step in ("to_audit", "to_county", "from_registrar", "from_audit"):
        for one in (first, second):
            assert case(one).step == step
        cases.act_many([first, second], "approve", actor=road.holder(first), seen_at=step, today=road.today, now=road.now)
    result = {case_id: sentence for case_id, _, sentence in cases.act_many(
        [first, second], "approve", actor=road.holder(first), seen_at="from_county", today=road.today, now=road.now)}
    assert result[first] is None and "没有学位" in result[second]
    assert (case(first).state, case(second).step) == ("effective", "from_county")
    facts = last_facts("cases.acted", road.county.body("a"))
    assert (facts["number"], facts["cases"], len(facts["effects"]["paper"])) == (1, [case(first).number], 1)
    counts_agree()
