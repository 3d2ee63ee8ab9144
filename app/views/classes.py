"""班级: the classes of a school by grade with how full they are; a class with its pupils; grades opened, classes made and changed, 复式班."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import func, select, true

from .. import clock
from ..codes import table
from ..errors import MovedOn, NotFound, Refusal
from ..extensions import db
from ..forms import classes as forms
from ..forms.fields import as_number, menu
from ..identity import grades
from ..identity.dates import chinese, parse_date
from ..models import Account, Body, Class, Grade, Post, Student, TeachingGroup, TeachingGroupClass
from ..permissions import may, schools_of, visible_bodies, visible_classes, visible_students
from ..services.administration import policies
from ..services.schools import class_checks, classes
from ..workflow.checks import limit_setting
from .shared import asked_id, needs, once, page

bp = Blueprint("classes", __name__, url_prefix="/classes")

COLUMNS = (
    Class.id, Class.code, Class.number, Class.name, Class.kind, Class.size_limit, Class.headcount, Class.state, Class.version, Class.school_id, Class.county_id,
    Class.established_on, Class.grade_id, Grade.stage, Grade.entry_year, Grade.advanced_to, Grade.length, Grade.state.label("grade_state"),
)


# ---------------------------------------------------------------- whose school

def _schools():
    """The schools whose classes this person sees: (id, name, county, stages, years)."""
    return db.session.execute(
        visible_bodies(current_user).where(Body.tier == "school", Body.state == "open", Body.id.in_(schools_of(current_user)))
        .with_only_columns(Body.id, Body.name, Body.short_name, Body.county_id, Body.stages, Body.primary_years, Body.junior_years)
        .order_by(Body.division_code, Body.local_code, Body.key)
    ).all()


def _school(body_id):
    """One of them, or what is not there."""
    row = db.session.execute(
        visible_bodies(current_user).where(Body.id == body_id, Body.tier == "school", Body.id.in_(schools_of(current_user)))
        .with_only_columns(Body.id, Body.name, Body.short_name, Body.county_id, Body.stages, Body.primary_years, Body.junior_years)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _asked_school():
    """The school that the address names; else the person's own."""
    return _school(asked_id("school") or current_user.school_id)


def _policy(county_id):
    return policies.policy_for(db.session, county_id, clock.today())


def _teachers(class_ids):
    """Class → names of its class teachers (班主任)."""
    found = {}
    for class_id, name in db.session.execute(
        select(Post.class_id, Account.name).join(Account, Account.id == Post.account_id)
        .where(Post.class_id.in_(class_ids), Post.duty == "class_teacher", Post.state == "active").order_by(Post.id)
    ):
        found.setdefault(class_id, []).append(name)
    return found


# ---------------------------------------------------------------- the list

@bp.get("")
@needs("class.see")
def index():
    schools = _schools()
    asked = asked_id("school") or current_user.school_id
    school = next((row for row in schools if row.id == asked), None)
    if school is None:
        return page("classes/schools.html", schools=_counted(schools))
    ended = bool(request.args.get("ended"))
    rows = db.session.execute(
        visible_classes(current_user).join(Grade, Grade.id == Class.grade_id).where(Class.school_id == school.id)
        .where(true() if ended else Class.state == "open").with_only_columns(*COLUMNS)
        .order_by(Grade.stage, Grade.entry_year.desc(), Class.number)
    ).all()
    policy = _policy(school.county_id)
    return page(
        "classes/index.html", school=school, schools=schools, ended=ended, cohorts=_cohorts(school, rows, ended), groups=_groups(school.id), title=grades.title_of,
        checks=class_checks.latest([row.id for row in rows], class_checks.term_of(db.session, school.county_id, clock.today())),
        limit_of=lambda row: classes.size_limit(policy, row.stage, row.kind, row.size_limit), teachers=_teachers([row.id for row in rows]),
        kinds=grades.CLASS_KINDS, states=classes.STATES, total=sum(row.headcount for row in rows), band=lambda row: classes.band(policy, row.headcount),
    )


def _counted(schools):
    """Every school with its classes and pupils, for who has several."""
    counted = db.session.execute(
        visible_classes(current_user).where(Class.state == "open").with_only_columns(Class.school_id, func.count(), func.sum(Class.headcount)).group_by(Class.school_id)
    ).all()
    numbers = {school_id: (many, pupils) for school_id, many, pupils in counted}
    checked = class_checks.by_school(current_user, class_checks.term_of(db.session, current_user.county_id, clock.today()))
    return [(row.id, row.name, *numbers.get(row.id, (0, 0)), checked.get(row.id, 0)) for row in schools]


def _cohorts(school, rows, ended):
    """(grade, its title, its classes) in order; a grade without classes too, where somebody may make one."""
    query = select(Grade.id, Grade.stage, Grade.entry_year, Grade.advanced_to, Grade.length, Grade.state).where(
        Grade.school_id == school.id, Grade.school_id.in_(schools_of(current_user)))
    if not ended:
        query = query.where(Grade.state == "open")
    found = []
    for grade in db.session.execute(query.order_by(Grade.stage, Grade.entry_year.desc(), Grade.length)):
        own = [row for row in rows if row.grade_id == grade.id]
        if own or may(current_user, "class.write"):
            found.append((grade, _cohort_title(grade), own))
    return found


def _cohort_title(grade):
    title = grades.cohort_title(grade.stage, grade.advanced_to, grade.length, grade.entry_year)
    return title if grade.state == "open" else f"{grades.STAGES[grade.stage]}{grade.entry_year}级（已毕业）"


def _groups(school_id):
    """复式班 of a school: (id, name, ids of its classes)."""
    rows = db.session.execute(
        select(TeachingGroup.id, TeachingGroup.name, TeachingGroupClass.class_id).outerjoin(TeachingGroupClass, TeachingGroupClass.group_id == TeachingGroup.id)
        .where(TeachingGroup.school_id == school_id, TeachingGroup.school_id.in_(schools_of(current_user)), TeachingGroup.state == "open")
        .order_by(TeachingGroup.name, TeachingGroupClass.class_id)
    )
    found = {}
    for group_id, name, class_id in rows:
        found.setdefault((group_id, name), []).append(class_id)
    return [(group_id, name, members) for (group_id, name), members in found.items()]


# ---------------------------------------------------------------- one class

def _found(class_id):
    row = db.session.execute(
        visible_classes(current_user).join(Grade, Grade.id == Class.grade_id).where(Class.id == class_id).with_only_columns(*COLUMNS)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


@bp.get("/<int:class_id>")
@needs("class.see")
def show(class_id):
    return _show(_found(class_id), forms.ClassState())


def _show(row, form, status=200):
    form.version.data, form.state.data = row.version, "open" if row.state == "dissolved" else "dissolved"
    pupils = db.session.execute(
        visible_students(current_user).where(Student.class_id == row.id, Student.lifecycle.in_(("pending", "live")))
        .with_only_columns(Student.id, Student.class_no, Student.name, Student.sex, Student.birth_date, Student.attendance_mode, Student.status, Student.lifecycle)
        .order_by(Student.class_no == "", func.length(Student.class_no), Student.class_no, Student.name_sort, Student.id)
    ).all()
    school = db.session.execute(select(Body.id, Body.name, Body.short_name).where(Body.id == row.school_id)).one()
    group = next((name for _, name, members in _groups(row.school_id) if row.id in members), "")
    policy = _policy(row.county_id)
    return page(
        "classes/show.html", status=status, row=row, school=school, title=grades.title_of(row), cohort=grades.cohort_title(row.stage, row.advanced_to, row.length, row.entry_year),
        limit=classes.size_limit(policy, row.stage, row.kind, row.size_limit), article=policy.article(limit_setting(row.stage, row.kind)),
        band=classes.band(policy, row.headcount), teachers=_teachers([row.id]).get(row.id, []), group=group, pupils=pupils, kinds=grades.CLASS_KINDS, states=classes.STATES,
        check=_check_told(row), sexes=table("sex_form"), modes=table("attendance_mode"), statuses=table("student_current_status"), form=form,
    )


def _check_told(row):
    """This term's last 学籍核查 in words; nothing where there is none."""
    last = class_checks.latest([row.id], class_checks.term_of(db.session, row.county_id, clock.today())).get(row.id)
    return last and f"{chinese(last.checked_at.date())}，{last.checked_by}：学籍在读 {last.registered} 人，实到 {last.present} 人{f'。{last.note}' if last.note else ''}"


@bp.route("/<int:class_id>/edit", methods=["GET", "POST"])
@needs("class.write")
def edit(class_id):
    row = _found(class_id)
    form = forms.EditClass(data={"name": row.name, "kind": row.kind, "size_limit": row.size_limit, "version": row.version})
    limit = _limit_hint(form, row.county_id)
    theirs, status = [], 422
    if form.validate_on_submit():
        try:
            classes.change(class_id, name=form.name.data or "", kind=form.kind.data, own_limit=form.size_limit.data, version=form.version.data, actor=current_user,
                           today=clock.today(), once=once(form, "class.change", lambda _: url_for(".show", class_id=class_id)))
        except MovedOn as moved:
            status, form.version.data = form.refuse(moved), row.version
            shown = (("班级名称", row.name, form.name.data), ("班型", grades.CLASS_KINDS[row.kind], grades.CLASS_KINDS.get(form.kind.data, "")),
                     ("班额上限", row.size_limit or "按本县规定", form.size_limit.data or "按本县规定"))
            theirs = [one for one in shown if one[1] != one[2]]
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash("已保存班级的修改。", "done")
            return redirect(url_for(".show", class_id=class_id), 303)
    return page("classes/edit.html", form=form, row=row, title=grades.title_of(row), limit=limit, theirs=theirs, status=status if form.errors else 200)


@bp.post("/<int:class_id>/state")
@needs("class.write")
def set_state(class_id):
    row = _found(class_id)
    form = forms.ClassState()
    status = 422
    if form.validate_on_submit():
        try:
            classes.set_state(class_id, "open" if form.state.data == "open" else "dissolved", version=form.version.data, actor=current_user,
                              once=once(form, "class.state", lambda _: url_for(".show", class_id=class_id)))
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"{grades.title_of(row)}{'已恢复使用' if form.state.data == 'open' else '已解散'}。", "done")
            return redirect(url_for(".show", class_id=class_id), 303)
    return _show(row, form, status)


# ---------------------------------------------------------------- new ones

@bp.route("/new", methods=["GET", "POST"])
@needs("class.write")
def new():
    school = _asked_school()
    form = forms.NewClass(data={"grade": asked_id("grade"), "kind": "ordinary", "established_on": f"{clock.today():%Y-%m-%d}"})
    form.grade.choices = menu((grade.id, title) for grade, title, _ in _cohorts(school, [], ended=False))
    _limit_hint(form, school.county_id)
    status = 422
    if form.validate_on_submit():
        try:
            class_id = classes.create(
                form.grade.data, number=form.number.data, name=form.name.data or "", kind=form.kind.data, own_limit=form.size_limit.data,
                established_on=parse_date(form.established_on.data), actor=current_user, today=clock.today(),
                once=once(form, "class.create", lambda made: url_for(".show", class_id=made)),
            )
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"已新建{grades.title_of(_found(class_id))}。", "done")
            again = "again" in request.form
            return redirect(url_for(".new", school=school.id, grade=form.grade.data) if again else url_for(".show", class_id=class_id), 303)
    return page("classes/new.html", form=form, school=school, status=status if form.errors else 200)


def _limit_hint(form, county_id):
    policy = _policy(county_id)
    form.size_limit.description = (
        f"不填时按本县规定：小学 {policy.class_limit_primary}，初中 {policy.class_limit_junior}，高中 {policy.class_limit_senior}，特教班 {policy.class_limit_special}"
    )


@bp.route("/grades/new", methods=["GET", "POST"])
@needs("class.write")
def new_grade():
    school = _asked_school()
    form = forms.NewGrade()
    offered = dict(_unopened(school))
    form.cohort.choices = menu(offered.items())
    status = 422
    if form.validate_on_submit():
        stage, _, year = form.cohort.data.partition("-")
        try:
            classes.open_grade(school.id, stage, as_number(year) or 0, school_year=clock.school_year(clock.today()), actor=current_user,
                               once=once(form, "grade.create", lambda _: url_for(".index", school=school.id)))
        except Refusal as refusal:
            refusal.field = "cohort"
            status = form.refuse(refusal)
        else:
            flash(f"已开设{offered.get(form.cohort.data, '年级')}，可以在其中新建班级。", "done")
            return redirect(url_for(".index", school=school.id), 303)
    return page("classes/new_grade.html", form=form, school=school, status=status if form.errors else 200)


def _unopened(school):
    """The cohorts that a school could still open: (stage-year, 小学 一年级（2026级）), the youngest first."""
    year = clock.school_year(clock.today())
    there = set(db.session.execute(select(Grade.stage, Grade.entry_year).where(Grade.school_id == school.id, Grade.school_id.in_(schools_of(current_user)))).all())
    for stage in school.stages:
        length = {"1": school.primary_years, "2": school.junior_years, "3": 3}[stage]
        for entry in range(year + 1, year - length, -1):
            if (stage, entry) not in there:
                ahead = "，下学年新生" if entry > year else ""
                yield f"{stage}-{entry}", f"{grades.STAGES[stage]} {grades.cohort_title(stage, max(1, year - entry + 1), length, entry)}{ahead}"


# ---------------------------------------------------------------- 复式班

@bp.route("/groups/new", methods=["GET", "POST"])
@needs("class.write")
def new_group():
    return _group(_asked_school(), None, "", [])


@bp.route("/groups/<int:group_id>", methods=["GET", "POST"])
@needs("class.write")
def group(group_id):
    place = db.session.execute(
        select(TeachingGroup.school_id).where(TeachingGroup.id == group_id, TeachingGroup.state == "open", TeachingGroup.school_id.in_(schools_of(current_user)))
    ).scalar()
    if place is None:
        raise NotFound
    name, members = next((name, members) for found, name, members in _groups(place) if found == group_id)
    return _group(_school(place), group_id, name, members)


def _group(school, group_id, name, members):
    form = forms.Group(data={"name": name, "class_ids": members})
    rows = db.session.execute(
        visible_classes(current_user).join(Grade, Grade.id == Class.grade_id).where(Class.school_id == school.id, Class.state == "open")
        .with_only_columns(*COLUMNS).order_by(Grade.stage, Grade.entry_year.desc(), Class.number)
    ).all()
    form.class_ids.choices = menu(((row.id, f"{grades.title_of(row)}（{row.headcount} 人）") for row in rows), ask="")
    if group_id is None:
        del form.ends
    status = 422
    if form.validate_on_submit():
        chosen = [] if group_id and form.ends.data else [one for one in form.class_ids.data if one]
        try:
            if group_id and not chosen and not form.ends.data:
                raise Refusal("复式班由不同年级的班组成，请至少勾选两个年级的班；要解散请勾选最下面一项。", field="class_ids")
            classes.set_group(school.id, form.name.data or "", chosen, group_id=group_id, actor=current_user,
                              once=once(form, "group.set", lambda _: url_for(".index", school=school.id)))
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash("已解散复式班。" if group_id and not chosen else f"已保存{form.name.data}。", "done")
            return redirect(url_for(".index", school=school.id), 303)
    return page("classes/group.html", form=form, school=school, group_id=group_id, status=status if form.errors else 200)
