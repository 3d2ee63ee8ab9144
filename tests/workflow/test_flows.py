"""The tables of cases hold together: every way leads somewhere, every desk is known, what ends has no exit."""

from itertools import product

import pytest

from app.permissions import DUTIES
from app.policies.settings import SETTINGS
from app.workflow.changes import STATUS_CHANGES
from app.workflow.flows import FLOWS, NEXT, SEATS, STATES, TRANSFER, Step, days_of, leaving_route, reasons, releasing_step, side_of, transfer_route
from app.workflow.merges import merge_route
from app.workflow.school_cases import quota_route, recruit_route

KINDS = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
GONE = frozenset({"to_registrar", "to_audit", "to_county", "to_city", "to_province"})  # of 系统外转出
AWAY = (frozenset(), frozenset({"to_registrar", "to_audit", "to_county"}), frozenset({"from_registrar", "from_audit", "from_county"}), frozenset({"from_province"}))


def ways(flow):
    """Every way that a case of this kind can go."""
    if flow.kind in STATUS_CHANGES:  # with the city or the province, without it, with one that is not in this house; as an office begins it
        change = STATUS_CHANGES[flow.kind]
        lines = [tuple(line) for line in (flow.line, change.office_line) if line]
        return {*lines, *(tuple(name for name in line if name not in change.set_by) for line in lines),
                *(tuple("outside" if name in change.set_by else name for name in line) for line in lines)}
    if flow.kind == "quota":
        return {quota_route(city) for city in (True, False)}
    if flow.kind == "recruit-consent":
        return {recruit_route(same_city=same, source_here=here) for same, here in product((True, False), repeat=2)}
    if flow.kind == "merge":
        return {merge_route(began=began, same_office=same) for began, same in product(("to", "from"), (True, False))}
    if flow.kind == "transfer-out":
        return {
            leaving_route(first=first, cities=cities, provinces=provinces, away=GONE | more, audited=audited)
            for first, cities, provinces, more, audited in product(
                ("to", "from"), ((), ("to_city", "from_city")), (True, False), (set(), {"from_province"}, {"from_city", "from_province"}), (("to", "from"), ("to",)))
        }
    if flow.kind != "transfer":
        return {tuple(flow.line)}
    return {
        transfer_route(first=first, starter=starter, same_office=same, cities=cities, provinces=provinces, instruction=instruction, away=away, audited=audited, far=far)
        for first, starter, same, cities, provinces, instruction, away, audited, far in product(
            ("to", "from"), ("to", "from"), (True, False), ((), ("city",), ("to_city", "from_city")), (True, False), (True, False), AWAY,
            (("to", "from"), ("to",), ()), (True, False))
        if not (away and same) and not (far and same) and f"{starter}_registrar" not in away
    }


@KINDS
def test_every_move_leads_to_a_step_on_every_way(flow):
    assert {move.to for step in flow.steps.values() for move in step.moves.values()} - {NEXT} <= set(flow.steps)
    for route in ways(flow):
        for name in route:
            assert all(flow.target(route, name, action) in flow.steps for action in flow.steps[name].moves)


@KINDS
def test_every_step_is_reached_on_some_way(flow):
    reached = set()
    for route in ways(flow):
        waiting, here = [flow.start], {flow.start}
        while waiting:
            name = waiting.pop()
            for action in flow.steps[name].moves:
                to = flow.target(route, name, action)
                if to not in here:
                    here.add(to)
                    waiting.append(to)
        assert set(route) <= here
        reached |= here
    assert reached == set(flow.steps)


@KINDS
def test_no_way_comes_to_the_same_desk_twice(flow):
    for route in ways(flow):
        assert len(set(route)) == len(route)
        assert (route[0], flow.steps[route[-1]].outcome) == (flow.start, "effective")
        assert not any(flow.steps[name].terminal for name in route[:-1])


@KINDS
def test_what_ends_has_an_outcome_and_no_exit(flow):
    for step in flow.steps.values():
        assert step.terminal == bool(step.outcome) == (not step.moves)
        assert not step.terminal or step.outcome in STATES


@KINDS
def test_every_open_step_has_a_desk_and_a_time(flow):
    for step in flow.steps.values():
        if not step.terminal:
            assert step.seat in SEATS
            assert all(SETTINGS[days_of(step, duty)].kind == "length" for duty in DUTIES)


@KINDS
def test_the_ordinary_way_begins_with_the_applicant_and_ends_in_effect(flow):
    assert flow.line[0] == flow.start
    assert flow.steps[flow.line[-1]].outcome == "effective"
    assert flow.begun_by in DUTIES


@KINDS
def test_nobody_is_offered_to_hand_in_or_to_withdraw_for_another(flow):
    for name in flow.steps:
        assert not {"submit", "withdraw", "clear", "lapse", "take_back"} & set(flow.offered(name))


@KINDS
def test_sending_back_or_refusing_needs_a_reason(flow):
    assert reasons(flow.kind)
    for step in flow.steps.values():
        assert all(move.blame for action, move in step.moves.items() if action in ("return", "refuse", "disagree", "take_back"))


@KINDS
def test_every_open_step_of_a_transfer_can_be_withdrawn_and_cleared(flow):
    for step in flow.steps.values():
        assert step.terminal or flow.kind == "reversal" or {"withdraw", "clear"} <= set(step.moves)


def test_each_office_has_its_own_clock_and_mending_has_one():
    audit, mending = Step("学校审核", "audit", "step_days_school"), Step("登记信息", "applicant", "mend_days")
    assert [days_of(audit, duty) for duty in ("school_head", "township_registrar", "county_officer", "city_officer")] == [
        "step_days_school", "step_days_township", "step_days_county", "step_days_city",
    ]
    assert days_of(mending, "school_registrar") == "mend_days"
    assert days_of(TRANSFER.steps["draw"], "school_registrar") == "instruction_days"


# ---------------------------------------------------------------- the ways of a transfer (workflows.md 3, 4, 5, 6, 21)

OURS = {"same_office": True}
TO_AWAY, FROM_AWAY = AWAY[1], AWAY[2]


@pytest.mark.parametrize(("facts", "way"), [
    (OURS, "to_audit from_registrar from_audit county"),
    (OURS | {"first": "from", "starter": "from"}, "from_audit to_registrar to_audit county"),
    ({}, "to_audit to_county from_registrar from_audit from_county"),
    ({"first": "from", "starter": "from"}, "from_audit from_county to_registrar to_audit to_county"),
    ({"cities": ("to_city", "from_city")}, "to_audit to_county to_city from_registrar from_audit from_county from_city"),
    ({"cities": ("city",)}, "to_audit to_county from_registrar from_audit from_county city"),
    ({"provinces": True}, "to_audit to_county to_province from_registrar from_audit from_county from_province"),
    ({"instruction": True}, "to_audit to_county from_registrar from_audit from_county draw"),
    ({"away": FROM_AWAY}, "to_audit to_county from_outside"),
    ({"starter": "from", "away": TO_AWAY}, "to_outside from_audit from_county"),
    ({"first": "from", "starter": "from", "away": TO_AWAY}, "from_audit from_county to_outside"),
    ({"provinces": True, "away": frozenset({"from_province"})}, "to_audit to_county to_province from_registrar from_audit from_county from_outside"),
    ({"provinces": True, "away": FROM_AWAY | {"from_province"}}, "to_audit to_county to_province from_outside"),
    ({"provinces": True, "away": FROM_AWAY | {"from_province"}, "far": True}, "to_audit to_county to_province far"),
    ({"provinces": True, "away": FROM_AWAY | {"from_province", "to_province"}, "far": True}, "to_audit to_county to_outside far"),
])
def test_the_way_follows_from_where_the_two_schools_lie(facts, way):
    assert " ".join(transfer_route(**facts)) == f"applying {way} effective"


@pytest.mark.parametrize(("facts", "way"), [
    ({}, "from_audit from_county"),
    ({"provinces": True}, "from_audit from_county from_province"),
    ({"provinces": True, "away": GONE | {"from_province"}}, "from_audit from_county from_outside"),
    ({"cities": ("to_city", "from_city")}, "from_audit from_county from_city"),
    ({"first": "from"}, "from_audit from_county far"),
    ({"first": "from", "provinces": True}, "from_audit from_county from_province far"),
    ({"audited": ("to",)}, "from_county"),
])
def test_who_leaves_for_another_province_goes_by_our_offices_and_waits_for_theirs_where_ours_go_first(facts, way):
    assert " ".join(leaving_route(**{"first": "to", "away": GONE} | facts)) == f"applying {way} effective"


def test_a_case_keeps_the_way_of_its_first_day():
    class Kept:
        route = "applying to_audit county effective"

    assert TRANSFER.line_of(Kept) == ("applying", "to_audit", "county", "effective")
    Kept.route = ""
    assert TRANSFER.line_of(Kept) == tuple(TRANSFER.line)


def test_whose_rules_a_step_goes_by():
    assert [side_of(name) for name in ("to_audit", "from_county", "county", "city", "draw", "from_outside", "school_audit")] == [
        "to", "from", "", "", "to", "from", ""]
    assert releasing_step(("applying", "to_audit", "from_registrar", "from_audit", "from_county", "draw", "effective")) == "from_county"
    assert releasing_step(transfer_route(away=FROM_AWAY)) == ""


def test_only_a_transfer_is_refused_in_the_words_of_transfers():
    assert {kind for kind in FLOWS if "不符合本省（市、县）转学条件" in reasons(kind).values()} == {"transfer", "transfer-out"}
    assert reasons("suspension") == {
        "01": "学生不在本校就读或信息不符", "02": "申请材料不全或不真实", "03": "不符合规定的办理条件", "04": "学校学位已满或超班额", "05": "不在规定办理时间",
        "06": "就读年级不一致", "09": "系统中有未办结业务", "10": "重复申请", "99": "其他",
    }


# ---------------------------------------------------------------- evidence

@KINDS
def test_what_may_be_left_off_is_evidence_of_the_kind_and_says_when(flow):
    spared = STATUS_CHANGES[flow.kind].sparing() if flow.kind in STATUS_CHANGES else flow.sparing()
    assert {title for title, when in spared} <= set(flow.evidence.values()) and all(when for _, when in spared)
    if flow.kind in STATUS_CHANGES:
        change = STATUS_CHANGES[flow.kind]
        always = {flow.evidence[kind] for kind in change.needed.get("", ())}
        assert not always & {title for title, _ in spared}


def test_a_child_with_a_number_brings_no_birth_certificate_and_one_of_this_house_no_card():
    assert dict(FLOWS["enrolment"].sparing())["出生医学证明"] == "有身份证件号的免交"
    assert dict(FLOWS["transfer"].sparing()) == {
        "原学校学籍卡": "原学校在本系统的免交，学籍随转学自动转来", "原学校转学证明": "原学校在本系统的免交，由系统开具", "接收证明": "转入学校在本系统的免交，在系统里同意接收",
        "外地主管部门的答复": "两地主管部门都在本系统的免交"}
