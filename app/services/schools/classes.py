"""Grades (年级), classes (班级) and teaching groups (复式班) of a school."""

from sqlalchemy import and_, case, delete, func, insert, or_, select, update

from ...errors import NotFound, Refusal, Refusals
from ...identity import grades, student_numbers
from ...identity.grades import CLASS_KINDS
from ...models import Body, Class, Grade, Student, TeachingGroup, TeachingGroupClass, new_id
from ...permissions import schools_of, visible_classes
from ...workflow.checks import LIMITS, limit_setting
from .. import trace
from ..administration import policies
from ..transactions import writes
from ..versions import keep_order

STATES = {"open": "在用", "graduated": "已毕业", "dissolved": "已解散", "merged": "已合并"}
MOST_CLASSES = 99  # of a grade
TITLES = {"name": "班级名称", "kind": "班型", "size_limit": "班额上限"}


def size_limit(policy, stage, kind, own=None):
    return own or policy[limit_setting(stage, kind)]


def limit_column(policy):
    """The same of a query's Class and Grade."""
    told = ((and_(Grade.stage == stage, Class.kind == kind), size_limit(policy, stage, kind)) for stage in LIMITS for kind in CLASS_KINDS)
    return func.coalesce(Class.size_limit, case(*told))


def band(policy, headcount) -> str:
    """大班额, 超大班额, as the ministry counts them (regulation.md 10)."""
    return "超大班额" if headcount > policy.class_size_huge else "大班额" if headcount > policy.class_size_large else ""


# ---------------------------------------------------------------- grades

@writes
def open_grade(s, school_id, stage, entry_year, *, school_year, actor):
    """A cohort of a school: entry year + stage + the school's length of schooling (DECIDED 6). Returns its id.

    `school_year` is the year in which the present school year began; the coming year's first grade may be opened ahead.
    """
    school = _school(s, school_id, actor)
    if stage not in school.stages:
        raise Refusal(f"{school.short_name}没有{grades.STAGES.get(stage, '这个')}学段，请从列表中选择。", field="stage")
    length = {"1": school.primary_years, "2": school.junior_years, "3": 3}[stage]
    first, last = school_year - length + 1, school_year + 1
    if not first <= entry_year <= last:
        raise Refusal(f"{grades.STAGES[stage]}学制 {length} 年，入学年份应在 {first} 至 {last} 之间，请改正。", field="entry_year")
    advanced_to = max(1, school_year - entry_year + 1)
    title = grades.cohort_title(stage, advanced_to, length, entry_year)
    same = select(Grade.id).where(Grade.school_id == school_id, Grade.stage == stage, Grade.entry_year == entry_year, Grade.length == length)
    if s.execute(same).scalar() is not None:
        raise Refusal(f"{title}已经建立，请直接在其中新建班级。", field="entry_year")
    made = new_id()
    s.execute(insert(Grade).values(
        id=made, county_id=school.county_id, school_id=school_id, stage=stage, entry_year=entry_year, length=length, advanced_to=advanced_to, state="open",
    ))
    trace.record(s, "grade.created", actor=actor, chain=school.county_id, grade=f"{school.name} {title}")
    return made


def _school(s, school_id, actor):
    """The school, locked: of two who set up its grades and groups at once the second sees what the first one did."""
    school = s.execute(
        select(Body.id, Body.county_id, Body.name, Body.short_name, Body.stages, Body.state, Body.primary_years, Body.junior_years, Body.local_code)
        .where(Body.id == school_id, Body.id.in_(schools_of(actor))).with_for_update(of=Body, key_share=True)
    ).one_or_none()
    if school is None:
        raise NotFound
    if school.state != "open":
        raise Refusal(f"{school.short_name}已经撤销，不能再建年级和班级。")
    return school


# ---------------------------------------------------------------- classes

@writes
def create(s, grade_id, *, number=None, name="", kind="ordinary", own_limit=None, established_on, actor, today):
    """A class of a grade: `number` is the next one where none is given, the code comes from the county's template. Returns its id."""
    grade = s.execute(
        select(Grade.id, Grade.school_id, Grade.stage, Grade.entry_year, Grade.advanced_to, Grade.length, Grade.state)
        .where(Grade.id == grade_id, Grade.school_id.in_(schools_of(actor))).with_for_update(key_share=True)
    ).one_or_none()
    if grade is None:
        raise NotFound
    school = _school(s, grade.school_id, actor)
    policy = policies.policy_for(s, school.county_id, today)
    taken = dict(s.execute(select(Class.number, Class.state).where(Class.grade_id == grade_id)).all())
    number = number or max(taken, default=0) + 1
    wrong = _wrong(policy, grade.stage, name, kind, own_limit, actor)
    if grade.state != "open":
        wrong.append(Refusal("这个年级已经毕业，不能再建班。", field="grade"))
    if not 1 <= number <= MOST_CLASSES:
        wrong.append(Refusal(f"班号请填写 1 至 {MOST_CLASSES} 之间的整数。", field="number"))
    elif number in taken:
        wrong.append(Refusal(f"本年级已有{number}班（{STATES[taken[number]]}），请用 {max(taken) + 1}。", field="number"))
    if not wrong:
        code = _code(s, policy, school, grade, number, wrong)
    if wrong:
        raise Refusals(wrong)
    made = new_id()
    s.execute(insert(Class).values(
        id=made, county_id=school.county_id, school_id=school.id, grade_id=grade_id, code=code, number=number, name=name.strip(), kind=kind,
        size_limit=own_limit, headcount=0, established_on=established_on, state="open", version=1,
    ))
    title = grades.class_title(grade.stage, grade.advanced_to, grade.length, number, name.strip())
    trace.record(s, "class.created", actor=actor, chain=school.county_id, code=code, **{"class": f"{school.name} {title}"})
    return made


def _code(s, policy, school, grade, number, wrong):
    try:
        code = str(student_numbers.class_code(
            policy.class_code_template, entry_year=grade.entry_year, stage=grade.stage, school=school.local_code or "", serial=number,
        ))
    except ValueError as sentence:
        wrong.append(Refusal(f"编不出班级编码：{sentence}。请系统管理员补齐本校的本地学校代码，或由教育局改正编码规则。", field="number"))
        return ""
    if s.execute(select(Class.id).where(Class.school_id == school.id, Class.code == code)).scalar() is not None:
        wrong.append(Refusal(f"班级编码 {code} 已经用于本校另一个班，请换一个班号。", field="number"))
    return code


def _wrong(policy, stage, name, kind, own_limit, actor):
    """What is wrong with the items of a class. A school sets its own limit up to the county's; the county up to where 大班额 begins."""
    wrong = []
    if len(name.strip()) > 20:
        wrong.append(Refusal("班级名称最多 20 个字，请缩短。", field="name"))
    if kind not in CLASS_KINDS:
        wrong.append(Refusal(f"请选择班型：{'、'.join(CLASS_KINDS.values())}。", field="kind"))
    if own_limit is not None and kind in CLASS_KINDS:
        key = "class_size_large" if actor.duty == "county_officer" else limit_setting(stage, kind)
        whose = "超过即为大班额" if key == "class_size_large" else "确需增加的，请教育局调整"
        if not 1 <= own_limit <= policy[key]:
            wrong.append(Refusal(f"班额上限请填写 1 至 {policy[key]} 之间的整数（{whose}），留空则按本县规定。", field="size_limit", article=policy.article(key)))
    return wrong


@writes
def change(s, class_id, *, name, kind, own_limit, version, actor, today):
    one, grade, _title = _mine(s, class_id, version, actor)
    if one.state != "open":
        raise Refusal(f"这个班{STATES[one.state]}，不能再改。")
    wrong = _wrong(policies.policy_for(s, one.county_id, today), grade.stage, name, kind, own_limit, actor)
    if own_limit is not None and own_limit < one.headcount:
        wrong.append(Refusal(f"本班现有 {one.headcount} 人，班额上限不能少于 {one.headcount}。", field="size_limit"))
    if wrong:
        raise Refusals(wrong)
    new = {"name": name.strip(), "kind": kind, "size_limit": own_limit}
    shown = {"kind": CLASS_KINDS.get, "size_limit": lambda limit: limit or "按本县规定"}
    changes = {
        TITLES[key]: [shown.get(key, str)(getattr(one, key)), shown.get(key, str)(value)] for key, value in new.items() if getattr(one, key) != value
    }
    if not changes:
        raise Refusal("没有改动任何内容。要放弃修改，请返回班级页。")
    for key, value in new.items():
        setattr(one, key, value)
    _kept(s, one, grade, changes, actor)


@writes
def set_state(s, class_id, state, *, version, actor):
    """Dissolve (解散) a class that holds nobody, or take it into use again. Graduating and merging are acts of their own."""
    one, grade, title = _mine(s, class_id, version, actor)
    if (one.state, state) not in (("open", "dissolved"), ("dissolved", "open")):
        raise Refusal(f"这个班{STATES[one.state]}，不能改为{STATES[state]}。")
    if state == "dissolved":
        inside = s.execute(select(func.count()).where(Student.class_id == class_id, Student.lifecycle.in_(("pending", "live")))).scalar()
        if inside or one.headcount:
            raise Refusal(f"{title}还有 {inside or one.headcount} 名学生（休学和正在登记的也算），不能解散。请先把他们调到别的班。")
        s.execute(delete(TeachingGroupClass).where(TeachingGroupClass.class_id == class_id))
    changes = {"状态": [STATES[one.state], STATES[state]]}
    one.state = state
    _kept(s, one, grade, changes, actor)


def _mine(s, class_id, version, actor):
    """The class among those this person may see, locked; its grade; what it is called."""
    one = s.scalars(visible_classes(actor).where(Class.id == class_id).with_for_update(key_share=True)).one_or_none()
    if one is None:
        raise NotFound
    grade = s.execute(select(Grade.stage, Grade.advanced_to, Grade.length).where(Grade.id == one.grade_id)).one()
    title = grades.class_title(*grade, one.number, one.name)
    keep_order(s, one, version, what=title, chain=one.county_id, event="class.changed", facts={"class": _told(s, one, title)})
    return one, grade, title


def _kept(s, one, grade, changes, actor):
    one.version += 1
    title = grades.class_title(*grade, one.number, one.name)
    trace.record(s, "class.changed", actor=actor, chain=one.county_id, changes=changes, **{"class": _told(s, one, title)})


def _told(s, one, title):
    return f"{s.execute(select(Body.name).where(Body.id == one.school_id)).scalar_one()} {title}"


# ---------------------------------------------------------------- teaching groups

@writes
def set_group(s, school_id, name, class_ids, *, group_id=None, actor):
    """复式班: classes of several grades taught as one. A class is in one group at most; without classes the group ends. Returns its id."""
    school = _school(s, school_id, actor)
    group = None
    if group_id is not None:
        group = s.scalars(select(TeachingGroup).where(TeachingGroup.id == group_id, TeachingGroup.school_id == school_id, TeachingGroup.state == "open")
                          .with_for_update()).one_or_none()
        if group is None:
            raise NotFound
    found = s.execute(
        select(Class.id, Class.number, Class.name, Class.grade_id, Class.kind, Grade.stage, Grade.advanced_to, Grade.length)
        .join(Grade, Grade.id == Class.grade_id).where(Class.id.in_(class_ids), Class.school_id == school_id, Class.state == "open").order_by(Grade.entry_year.desc())
    ).all()
    wrong = _wrong_group(s, school_id, name, class_ids, found, group)
    if wrong:
        raise Refusals(wrong)
    before = set()
    if group:
        before = set(s.scalars(select(TeachingGroupClass.class_id).where(TeachingGroupClass.group_id == group.id)))
        if not found:
            group.state = "closed"
        group.name = name.strip() or group.name
        s.execute(delete(TeachingGroupClass).where(TeachingGroupClass.group_id == group.id))
    else:
        group = TeachingGroup(id=new_id(), county_id=school.county_id, school_id=school_id, name=name.strip(), state="open")
        s.add(group)
        s.flush()
    if found:
        s.execute(insert(TeachingGroupClass), [{"group_id": group.id, "class_id": row.id} for row in found])
    now = {row.id for row in found}
    _retitle(s, now - before, "ordinary", "multigrade")
    _retitle(s, before - now, "multigrade", "ordinary")
    titles = [grades.title_of(row) for row in found]
    trace.record(s, "group.set", actor=actor, chain=school.county_id, group=f"{school.name} {group.name}", classes=titles)
    return group.id


def _wrong_group(s, school_id, name, class_ids, found, group):
    if group is not None and not class_ids:
        return []
    wrong = []
    if not 1 <= len(name.strip()) <= 20:
        wrong.append(Refusal("请填写复式班的名称，最多 20 个字，例如“一、二年级复式班”。", field="name"))
    if len(found) < len(set(class_ids)) or len({row.grade_id for row in found}) < 2:
        wrong.append(Refusal("复式班由不同年级的班组成，请至少勾选两个年级的在用班级。", field="class_ids"))
    others = (
        select(TeachingGroup.name).join(TeachingGroupClass, TeachingGroupClass.group_id == TeachingGroup.id)
        .where(TeachingGroup.school_id == school_id, TeachingGroup.state == "open")
        .where(or_(TeachingGroupClass.class_id.in_(class_ids), TeachingGroup.name == name.strip()))
    )
    if taken := s.execute((others.where(TeachingGroup.id != group.id) if group else others).limit(1)).scalar():
        wrong.append(Refusal(f"已有复式班“{taken}”用了这个名称或其中的班，一个班只能在一个复式班里，请改正。", field="class_ids"))
    return wrong


def _retitle(s, class_ids, old, new):
    if class_ids:
        s.execute(update(Class).where(Class.id.in_(class_ids), Class.kind == old).values(kind=new, version=Class.version + 1))
