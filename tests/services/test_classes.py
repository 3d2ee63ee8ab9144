"""A school opens its grades and classes for a year."""

from datetime import date

import pytest
from sqlalchemy import select

from app.errors import MovedOn, NotFound
from app.extensions import db
from app.models import Class, Grade, Student, TeachingGroup, TeachingGroupClass, new_id
from app.permissions import Actor
from app.services.administration import organisations, policies
from app.services.schools import classes
from tests.bureau import LIU, NOW, SCHOOL, TODAY, bureau, last_facts, put, row, school, under, wrong

__all__ = ["bureau", "school"]


@pytest.fixture
def wang(bureau, school):
    """The registrar of the school."""
    return Actor(account_id=None, name="庹明慧", duty="school_registrar", tier="school", school_id=school, county_id=bureau["county"])


@pytest.fixture
def zhou(bureau):
    """The county's officer."""
    return Actor(account_id=None, name="单维桢", duty="county_officer", tier="county", county_id=bureau["county"])


def open_grade(actor, school_id, entry_year=2026, stage="1"):
    return classes.open_grade(school_id, stage, entry_year, school_year=2026, actor=actor)


def create(actor, grade_id, **given):
    return classes.create(grade_id, established_on=TODAY, actor=actor, today=TODAY, **given)


def one(class_id):
    return row(Class, Class.id == class_id)


def test_a_cohort_is_opened_with_the_length_of_the_school(wang, school, bureau):
    made = row(Grade, Grade.id == open_grade(wang, school, 2024))
    assert (made.stage, made.entry_year, made.length, made.advanced_to, made.county_id) == ("1", 2024, 6, 3, bureau["county"])
    assert last_facts("grade.created", bureau["county"]) == {"grade": "竹山县堵河路小学 三年级（2024级）"}

    ahead = row(Grade, Grade.id == open_grade(wang, school, 2027))
    assert ahead.advanced_to == 1
    assert wrong(open_grade, wang, school, 2024) == {"entry_year": "三年级（2024级）已经建立，请直接在其中新建班级。"}
    assert wrong(open_grade, wang, school, 2020) == {"entry_year": "小学学制 6 年，入学年份应在 2021 至 2027 之间，请改正。"}
    assert wrong(open_grade, wang, school, 2026, "2") == {"stage": "竹山县堵河路小学没有初中学段，请从列表中选择。"}


def test_a_four_year_junior_school_begins_with_the_sixth_year(bureau, zhou):
    facts = SCHOOL | {"school_type": "311", "school_code": "3142900102", "stages": "2", "years_system": "54"} | under(bureau["county"])
    open_grade(zhou, organisations.create(facts, actor=LIU), 2026, "2")
    assert last_facts("grade.created")["grade"].endswith(" 六年级（2026级）")


def test_classes_are_numbered_and_coded_in_their_cohort(wang, school, bureau):
    grade = open_grade(wang, school)
    made = [one(create(wang, grade)), one(create(wang, grade, number=5, name="启智班", kind="special", own_limit=10)), one(create(wang, grade))]

    assert [(found.number, found.code, found.size_limit, found.headcount) for found in made] == [
        (1, "261100101001", None, 0), (5, "261100101005", 10, 0), (6, "261100101006", None, 0),
    ]
    assert last_facts("class.created", bureau["county"]) == {"class": "竹山县堵河路小学 一年级6班", "code": "261100101006"}
    assert wrong(create, wang, grade, number=5) == {"number": "本年级已有5班（在用），请用 7。"}
    assert wrong(create, wang, grade, number=100, kind="?") == {"number": "班号请填写 1 至 99 之间的整数。", "kind": "请选择班型：普通班、特教班、复式班、双语班。"}


def test_a_school_keeps_to_the_county_s_size_and_the_county_to_that_of_large_classes(wang, zhou, school):
    grade = open_grade(wang, school)
    assert wrong(create, wang, grade, own_limit=46) == {"size_limit": "班额上限请填写 1 至 45 之间的整数（确需增加的，请教育局调整），留空则按本县规定。"}
    made = create(wang, grade, own_limit=40)
    assert wrong(classes.change, made, name="", kind="ordinary", own_limit=56, version=1, actor=zhou, today=TODAY) == {
        "size_limit": "班额上限请填写 1 至 55 之间的整数（超过即为大班额），留空则按本县规定。",
    }
    classes.change(made, name="", kind="ordinary", own_limit=50, version=1, actor=zhou, today=TODAY)
    assert last_facts("class.changed") == {"class": "竹山县堵河路小学 一年级1班", "changes": {"班额上限": [40, 50]}}
    assert classes.size_limit(policies.policy_for(db.session, school, TODAY), "1", "special") == 12


def test_the_second_hand_reads_who_changed_the_class(wang, zhou, school):
    made = create(wang, open_grade(wang, school))
    classes.change(made, name="启明班", kind="ordinary", own_limit=None, version=1, actor=zhou, today=TODAY)
    with pytest.raises(MovedOn, match=r"一年级启明班刚被单维桢在.* 改过"):
        classes.change(made, name="", kind="special", own_limit=None, version=1, actor=wang, today=TODAY)
    assert (one(made).name, one(made).kind) == ("启明班", "ordinary")


def test_only_an_empty_class_is_dissolved_and_it_can_come_back(wang, school, bureau):
    grade = open_grade(wang, school)
    made = create(wang, grade)
    suspended = Student(
        id=new_id(), county_id=bureau["county"], lifecycle="live", status="02", school_id=school, grade_id=grade, class_id=made, student_code="1",
        name="覃思源", sex="1", birth_date=date(2019, 3, 1), id_doc_type="1", created_at=NOW, updated_at=NOW,
    )
    put(suspended)
    assert wrong(classes.set_state, made, "dissolved", version=1, actor=wang) == {
        None: "一年级1班还有 1 名学生（休学和正在登记的也算），不能解散。请先把他们调到别的班。",
    }
    empty = create(wang, grade)
    classes.set_state(empty, "dissolved", version=1, actor=wang)
    assert wrong(create, wang, grade, number=2) == {"number": "本年级已有2班（已解散），请用 3。"}
    classes.set_state(empty, "open", version=2, actor=wang)
    assert one(empty).state == "open"


def test_another_school_s_grades_and_classes_are_not_there(wang, zhou, school, bureau):
    other = organisations.create(SCHOOL | {"name": "竹山县城西小学", "school_code": "2142900108", "local_code": "100108"} | under(bureau["county"]), actor=LIU)
    grade = open_grade(zhou, other)
    made = create(zhou, grade)
    for act in (
        lambda: open_grade(wang, other), lambda: create(wang, grade), lambda: classes.set_state(made, "dissolved", version=1, actor=wang),
        lambda: classes.set_group(other, "一、二年级复式班", [made], actor=wang),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_multigrade_group_joins_classes_of_several_grades(wang, school):
    first, second, third = (create(wang, open_grade(wang, school, year)) for year in (2026, 2025, 2024))
    assert wrong(classes.set_group, school, "一年级复式班", [first], actor=wang) == {"class_ids": "复式班由不同年级的班组成，请至少勾选两个年级的在用班级。"}

    group = classes.set_group(school, "一、二年级复式班", [first, second], actor=wang)

    assert last_facts("group.set") == {"group": "竹山县堵河路小学 一、二年级复式班", "classes": ["一年级1班", "二年级1班"]}
    assert [one(member).kind for member in (first, second, third)] == ["multigrade", "multigrade", "ordinary"]
    assert set(wrong(classes.set_group, school, "二、三年级复式班", [second, third], actor=wang)) == {"class_ids"}

    classes.set_group(school, "二、三年级复式班", [second, third], group_id=group, actor=wang)
    assert [one(member).kind for member in (first, second, third)] == ["ordinary", "multigrade", "multigrade"]
    classes.set_group(school, "", [], group_id=group, actor=wang)
    assert (row(TeachingGroup, TeachingGroup.id == group).state, db.session.scalars(select(TeachingGroupClass.class_id)).all()) == ("closed", [])
