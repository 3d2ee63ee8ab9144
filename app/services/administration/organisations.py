"""Bodies (机构): province, city, county, township centre, school. Made, changed, closed; and whose desk a school's business goes to."""

import re

from sqlalchemy import bindparam, func, or_, select, update

from ...codes import divisions, table
from ...errors import NotFound, Refusal, Refusals
from ...identity.grades import SCHOOL_STAGES
from ...identity.student_numbers import school_code_problem
from ...models import TIERS, Body, Case, Grade, Post, Student, new_id
from .. import trace
from ..transactions import writes
from ..versions import keep_order

OFFICER = {"county": "county_officer", "city": "city_officer", "province": "province_officer"}
ABOVE = {  # where a body may lie; the first is the ordinary one. A school may be managed from any tier above it.
    "province": (), "city": ("province",), "county": ("city", "province"), "township": ("county",), "school": ("county", "township"),
}
MANAGED = ABOVE | {"school": ("county", "township", "city", "province")}
TEACHING_POINT = "218"  # 小学教学点, of the table school_type
YEARS = {"63": (6, 3), "54": (5, 4)}
CODED = {"school_type": "school_type", "sponsor": "school_sponsor", "running_type": "school_running_type", "urban_rural": "urban_rural_type"}
TITLES = {
    "tier": "机构层级", "key": "机构代码", "name": "机构名称", "short_name": "机构简称", "abbreviation": "文号简称", "division_code": "行政区划代码",
    "managed_by_id": "主管机构", "located_in_id": "所在地", "belongs_to_id": "隶属学校", "school_code": "学校标识码", "local_code": "本地学校代码",
    "school_type": "办学类型", "stages": "学段", "years_system": "学制", "sponsor": "举办者", "running_type": "办别", "urban_rural": "城乡类型",
    "boarding": "寄宿制", "principal": "校长", "phone": "联系电话", "office_hours": "办公时间", "address": "地址", "postcode": "邮政编码", "here": "在本系统办理",
    "primary_years": "小学年限", "junior_years": "初中年限",
}
WIDTHS = {"name": 60, "short_name": 30, "abbreviation": 2, "principal": 36, "phone": 30, "office_hours": 40, "address": 200}


# ---------------------------------------------------------------- whose desk

# asked at every step of a case, so made once
BODIES, OVER, POSTS = Body.__table__, Body.__table__.alias(), Post.__table__
MANAGERS = (
    select(BODIES.c.id.label("below"), OVER.c.id, OVER.c.tier, OVER.c.name, OVER.c.abbreviation)
    .join(OVER, OVER.c.id == BODIES.c.managed_by_id).where(BODIES.c.id.in_(bindparam("bodies", expanding=True)))
)
HOLDERS = select(POSTS.c.account_id).where(POSTS.c.body_id == bindparam("body"), POSTS.c.duty == bindparam("duty"), POSTS.c.state == "active").distinct().limit(2)


def bureau(s, body_id):
    """(id, tier, name, abbreviation) of the bureau that decides for a body: the first county, city or province above it by management (a city may run a school)."""
    return bureaus(s, {body_id})[body_id]


def bureaus(s, body_ids) -> dict:
    """The same of several bodies, {body: its bureau, or None}, asked for together."""
    offices, below = dict.fromkeys(body_ids), {body: body for body in body_ids}
    while below:  # {where the way up has come to: the body that it began at, or bodies}
        above = {row.below: row for row in s.execute(MANAGERS, {"bodies": sorted(set(below.values()))})}
        found = {body: above[at] for body, at in below.items() if at in above}
        offices |= {body: row for body, row in found.items() if row.tier in OFFICER}
        below = {body: row.id for body, row in found.items() if row.tier not in OFFICER}
    return offices


def deciding_office(s, body_id):
    """The bureau's id alone."""
    return deciding_offices(s, {body_id})[body_id]


def deciding_offices(s, body_ids) -> dict:
    return {body: row and row.id for body, row in bureaus(s, body_ids).items()}


def deciding_seat(s, body_id):
    """(bureau's id, duty of its officer)"""
    office = bureau(s, body_id)
    return office.id, OFFICER[office.tier]


def checker_seat(s, school_id, maker_id=None):
    """(body id, duty) of whoever checks what a school's registrar has made: its head; where it has none but the maker, its township;
    else its deciding office. A teaching point with one person is checked by its township (DECIDED 4)."""
    if _holds(s, "school_head", school_id, maker_id):
        return school_id, "school_head"
    township_id = s.execute(select(Body.township_id).where(Body.id == school_id)).scalar_one()
    if township_id is not None and _holds(s, "township_registrar", township_id, maker_id):
        return township_id, "township_registrar"
    return deciding_seat(s, school_id)


def another(s, duty, body_id, account_id) -> bool:
    """Whether somebody else holds the duty there too."""
    return _holds(s, duty, body_id, account_id)


def _holds(s, duty, body_id, but_not=None):
    """Whether somebody, other than this account, holds the duty there."""
    return any(account_id != but_not for account_id in s.execute(HOLDERS, {"body": body_id, "duty": duty}).scalars())


# ---------------------------------------------------------------- make, change, close

@writes
def create(s, facts, *, actor):
    """Make a body of `facts` (columns of Body by name, and `years_system`); returns its id. Everything wrong is told at once."""
    values, wrong = judge(s, facts)
    if wrong:
        raise Refusals(wrong)
    body = add(s, values)
    trace.record(s, "body.created", actor=actor, chain=body.county_id or trace.HOUSE, name=body.name, tier=TIERS[body.tier])
    return body.id


def add(s, values):
    """The row of judged `values`, laid down in its place, without an event: part of `create`, and of the import of many."""
    body = Body(id=new_id(), **values)
    _lay_down(s, body)
    s.add(body)
    s.flush()
    return body


@writes
def change(s, body_id, facts, *, version, actor):
    body = s.get(Body, body_id, with_for_update=True)
    if body is None:
        raise NotFound
    _keep_order(s, body, version)
    values, wrong = judge(s, facts | {"tier": body.tier, "key": facts.get("key") or body.key}, body)
    before = {column: getattr(body, column) for column in values}
    changed = {column: (before[column], value) for column, value in values.items() if before[column] != value}
    if not changed and not wrong:
        raise Refusal("没有改动任何内容。要放弃修改，请返回机构页。")
    old_county = body.county_id
    for column, value in values.items():
        setattr(body, column, value)
    _lay_down(s, body)
    if body.county_id != old_county and _has_register(s, body):
        wrong.append(Refusal("这里已有年级、学生或下级机构，不能改到别的县。请先办理学生转学，或在新的县另建机构。", field="located_in_id"))
    if wrong:
        raise Refusals(wrong)
    _resettle(s, body)
    body.version += 1
    told = {TITLES.get(column, column): [_shown(s, column, old), _shown(s, column, new)] for column, (old, new) in changed.items()}
    for chain in {body.county_id or trace.HOUSE, old_county or trace.HOUSE}:
        trace.record(s, "body.changed", actor=actor, chain=chain, name=body.name, changes=told)
    return body_id


@writes
def close(s, body_id, *, reason, version, actor):
    """撤销: only a body that nobody learns at, works at or stands under."""
    body = _open_or_closed(s, body_id, version, "open")
    pupils = _count(s, Student, Student.school_id == body_id, Student.lifecycle.in_(("pending", "live")))
    below = _count(s, Body, or_(Body.located_in_id == body_id, Body.managed_by_id == body_id, Body.belongs_to_id == body_id), Body.state == "open")
    posts = _count(s, Post, Post.body_id == body_id, Post.state == "active")
    named = or_(Case.seat_body_id == body_id, Case.school_id == body_id, Case.to_school_id == body_id)
    cases = _count(s, Case, named, Case.state == "open")
    wrong = [
        Refusal(f"{body.short_name}{sentence}")
        for number, sentence in (
            (pupils, f"还有 {pupils:,} 名学生在籍或正在登记，不能撤销。请先为他们办理转学或毕业。"),
            (below, f"下面还有 {below:,} 个机构，不能撤销。请先撤销下级机构，或改变它们的主管机构。"),
            (cases, f"还有 {cases:,} 件业务没有办完，不能撤销。请先办结。"),
            (posts, f"还有 {posts:,} 个在任岗位，不能撤销。请先由安全管理员免去。"),
        ) if number
    ]
    if not reason.strip():
        wrong.append(Refusal("请填写撤销的依据，例如批准文件的名称和文号。", field="reason"))
    if wrong:
        raise Refusals(wrong)
    _set_state(s, body, "closed", reason.strip(), actor)


@writes
def reopen(s, body_id, *, reason, version, actor):
    body = _open_or_closed(s, body_id, version, "closed")
    if not reason.strip():
        raise Refusal("请填写恢复的依据，例如批准文件的名称和文号。", field="reason")
    above = select(Body.short_name).where(Body.id.in_([body.located_in_id, body.managed_by_id, body.belongs_to_id]), Body.state != "open")
    if gone := s.execute(above.limit(1)).scalar():
        raise Refusal(f"上级机构{gone}已经撤销，请先恢复它，或改变本机构的主管机构和所在地。")
    _set_state(s, body, "open", reason.strip(), actor)


def _open_or_closed(s, body_id, version, state):
    body = s.get(Body, body_id, with_for_update=True)
    if body is None:
        raise NotFound
    _keep_order(s, body, version)
    if body.state != state:
        raise Refusal("这个机构已经撤销。" if state == "open" else "这个机构没有撤销，不需要恢复。")
    return body


def _set_state(s, body, state, reason, actor):
    old, body.state = body.state, state
    body.version += 1
    words = {"open": "在用", "closed": "已撤销", "merged": "已并入"}
    changes = {"状态": [words[old], words[state]], "依据": ["", reason]}
    trace.record(s, "body.changed", actor=actor, chain=body.county_id or trace.HOUSE, name=body.name, changes=changes)


def _keep_order(s, body, version):
    keep_order(s, body, version, what=body.short_name, chain=body.county_id or trace.HOUSE, event="body.changed", facts={"name": body.name})


def _count(s, model, *conditions):
    return s.execute(select(func.count()).select_from(model).where(*conditions)).scalar()


# ---------------------------------------------------------------- the rules of a body

def judge(s, facts, body=None):
    """(columns, refusals) of what was handed in; `body` is the one that is being changed."""
    tier, wrong = facts.get("tier"), []
    if tier not in TIERS:
        return {}, [Refusal(f"请选择机构层级：{'、'.join(TIERS.values())}。", field="tier")]
    values = {column: _clean(facts.get(column)) for column in WIDTHS}
    values["short_name"] = values["short_name"] or values["name"]
    for column, width in WIDTHS.items():
        if len(values[column]) > width:
            wrong.append(Refusal(f"{TITLES[column]}最多 {width} 个字，请缩短。", field=column))
    if not values["name"]:
        wrong.append(Refusal("请填写机构名称。", field="name"))
    values["postcode"] = _clean(facts.get("postcode"))
    if values["postcode"] and not re.fullmatch(r"[0-9]{6}", values["postcode"]):
        wrong.append(Refusal("邮政编码是 6 位数字，请改正。", field="postcode"))
    values |= {"tier": tier, "here": facts.get("here", True) is not False}
    values |= _place(s, tier, facts, wrong)
    values["division_code"] = _division(s, tier, facts, values, wrong)
    if tier == "school":
        values |= _school(s, facts, values, wrong)
    elif tier == "county" and not values["abbreviation"]:
        wrong.append(Refusal("请填写文号简称，一两个字，例如“竹”：它写在受理编号和证明编号的开头。", field="abbreviation"))
    values["key"] = _key(s, facts, values, wrong)
    _unlike_others(s, values, body, wrong, typed_key=bool(facts.get("key")))
    return values, wrong


def _clean(text):
    return " ".join(str(text or "").split())


def _place(s, tier, facts, wrong):
    """`located_in` gives its county, `managed_by` decides its cases (DECIDED 4)."""
    found = {}
    for column, allowed in (("located_in_id", ABOVE[tier]), ("managed_by_id", MANAGED[tier])):
        above = s.get(Body, facts[column]) if facts.get(column) else None
        found[column] = above.id if above and above.tier in allowed else None
        if allowed and found[column] is None:
            kinds = "、".join(TIERS[kind] for kind in allowed)
            wrong.append(Refusal(f"请选择{TITLES[column]}：{TIERS[tier]}级机构的{TITLES[column]}应是{kinds}级机构。", field=column))
        elif above and above.state != "open" and found[column]:
            wrong.append(Refusal(f"{above.short_name}已经撤销，不能作{TITLES[column]}，请另选。", field=column))
    return found


def _division(s, tier, facts, values, wrong):
    """Townships and schools take their county's code; the others have their own, which says where they lie."""
    if tier in ("township", "school"):
        home = s.get(Body, values["located_in_id"]) if values["located_in_id"] else None
        return home.division_code if home else ""
    code = divisions.code_of(_clean(facts.get("division_code"))) or ""
    known = divisions.divisions().get(code)
    level = {"province": code[2:] == "0000", "city": code[4:] == "00" and code[2:] != "0000", "county": code[4:] != "00"}[tier]
    if known is None or not level:
        wrong.append(Refusal(f"请填写{TIERS[tier]}级的行政区划代码，6 位数字，例如 420323。", field="division_code"))
    return code


def _school(s, facts, values, wrong):
    found = {column: _clean(facts.get(column)) or None for column in ("school_code", "local_code", *CODED)}
    found |= {"stages": _clean(facts.get("stages")), "boarding": bool(facts.get("boarding")), "belongs_to_id": facts.get("belongs_to_id") or None}
    if problem := school_code_problem(found["school_code"] or ""):
        wrong.append(Refusal(f"{problem.rstrip('。')}。", field="school_code"))
    if not re.fullmatch(r"[0-9]{6}", found["local_code"] or ""):
        wrong.append(Refusal("请填写本地学校代码，6 位数字：它写在班级编码里，同一个县内不重复。", field="local_code"))
    for column, name in CODED.items():
        if found[column] and found[column] not in table(name):
            wrong.append(Refusal(f"{TITLES[column]}中没有“{found[column]}”，请从列表中选择。", field=column))
    if not found["school_type"]:
        wrong.append(Refusal("请选择办学类型。", field="school_type"))
    if found["stages"] not in SCHOOL_STAGES:
        wrong.append(Refusal("请选择学段；九年一贯制的是“小学、初中”。", field="stages"))
    years = str(facts.get("years_system") or "63")
    if years not in YEARS:
        wrong.append(Refusal("请选择学制：六三制（小学六年、初中三年）或五四制（小学五年、初中四年）。", field="years_system"))
    found["primary_years"], found["junior_years"] = YEARS.get(years, YEARS["63"])
    _teaching_point(s, found, values, wrong)
    return found


def _teaching_point(s, found, values, wrong):
    """教学点隶属: a point belongs to a school of its county, and to no other point."""
    point = found["school_type"] == TEACHING_POINT
    main = s.get(Body, found["belongs_to_id"]) if found["belongs_to_id"] else None
    if not point and found["belongs_to_id"]:
        wrong.append(Refusal("只有教学点才有隶属学校。请清空隶属学校，或把办学类型改为小学教学点。", field="belongs_to_id"))
    elif point and (main is None or main.tier != "school" or main.school_type == TEACHING_POINT):
        wrong.append(Refusal("教学点须隶属一所学校，请选择隶属学校（不能是另一个教学点）。", field="belongs_to_id"))
    elif point and values["located_in_id"] and main.county_id != s.get(Body, values["located_in_id"]).county_id:
        wrong.append(Refusal(f"{main.short_name}在另一个县，教学点须隶属本县的学校，请另选。", field="belongs_to_id"))


def _key(s, facts, values, wrong):
    """How commands and files name a body: given, or made of its tier and code, which no two have alike."""
    key, tier = _clean(facts.get("key")).lower(), values["tier"]
    if key:
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,39}", key):
            wrong.append(Refusal("机构代码只能用小写字母、数字、点和短横线，最多 40 个字符。", field="key"))
        return key
    if tier == "school":
        return f"school.{values['school_code']}"
    if tier == "township":
        stem = f"township.{values['division_code']}."
        return stem + str(_count(s, Body, Body.key.startswith(stem, autoescape=True)) + 1)
    return f"{tier}.{values['division_code']}"


def _unlike_others(s, values, body, wrong, *, typed_key):
    """What no two bodies share. A code once given is never given again, closed schools included (regulation 3)."""
    tier = values["tier"]
    beside = [Body.tier == tier, Body.located_in_id == values["located_in_id"], Body.state == "open"]
    rules = [("name", beside, "同一地方已有“{value}”，请核对是否重复登记。")]
    if typed_key:
        rules.append(("key", [], "机构代码“{value}”已经用于{name}，请换一个。"))
    if tier == "school":
        home = s.get(Body, values["located_in_id"]) if values["located_in_id"] else None
        rules += [
            ("school_code", [], "学校标识码“{value}”已经属于{name}，一个学校标识码只能用于一所学校，撤销后也不再使用。请核对。"),
            ("local_code", [Body.county_id == (home.county_id if home else None)], "本地学校代码“{value}”已经属于{name}，本县内不能重复，请换一个。"),
        ]
    elif tier != "township":
        rules.append(("division_code", [Body.tier == tier], "行政区划代码“{value}”已经属于{name}，请核对是否重复登记。"))
    if tier == "county":
        rules.append(("abbreviation", [Body.tier == "county"], "文号简称“{value}”已经用于{name}，编号会重复，请换一个。"))
    for column, conditions, sentence in rules:
        if not values.get(column):
            continue
        same = select(Body.name).where(getattr(Body, column) == values[column], *conditions)
        name = s.execute((same.where(Body.id != body.id) if body else same).limit(1)).scalar()
        if name:
            wrong.append(Refusal(sentence.format(value=values[column], name=name), field=column))


# ---------------------------------------------------------------- where it lies

def _lay_down(s, body):
    """Its ancestors by place, itself included."""
    home = s.get(Body, body.located_in_id) if body.located_in_id else None
    for tier in ("province", "city", "county", "township"):
        setattr(body, f"{tier}_id", body.id if tier == body.tier else getattr(home, f"{tier}_id", None))


def _resettle(s, body):
    """Those who lie in it follow when it moves."""
    if body.tier == "school":
        return
    column = getattr(Body, f"{body.tier}_id")
    higher = {f"{tier}_id": getattr(body, f"{tier}_id") for tier in ("province", "city", "county") if list(TIERS).index(tier) < list(TIERS).index(body.tier)}
    if higher:
        s.execute(update(Body).where(column == body.id, Body.id != body.id).values(**higher))
    if body.tier == "county":
        s.execute(update(Body).where(column == body.id, Body.id != body.id).values(division_code=body.division_code))


def _has_register(s, body):
    return any((
        _count(s, Grade, Grade.school_id == body.id), _count(s, Student, Student.school_id == body.id),
        _count(s, Body, or_(Body.located_in_id == body.id, Body.belongs_to_id == body.id)),
    ))


def _shown(s, column, value):
    """A value as the trace tells it: names for ids, words for codes."""
    if column.endswith("_id"):
        return s.execute(select(Body.name).where(Body.id == value)).scalar() or ""
    if column in CODED:
        return table(CODED[column]).label(value) if value else ""
    if column == "stages":
        return SCHOOL_STAGES.get(value, value)
    return {True: "是", False: "否", None: ""}.get(value, value)
