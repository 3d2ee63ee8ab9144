"""Lists that leave the house: a class on paper, a list as a workbook, each told to the trace; and pupils who change their class."""

import io
import json
import shutil
import subprocess

import openpyxl
import pytest
from sqlalchemy import select, update

from app.extensions import db
from app.models import Class, Enrolment, Event, Student
from app.services.pupils import records
from tests.bureau import statements
from tests.pages import errors, summary


@pytest.fixture
def clerk(sign_in):
    return sign_in("registrar.a1")


def events(name):
    db.session.expire_all()
    return [json.loads(facts) for facts in db.session.execute(select(Event.facts).where(Event.name == name).order_by(Event.id)).scalars()]


def text(answer):
    assert answer.content_type == "application/pdf"
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    return subprocess.run(["pdftotext", "-raw", "-", "-"], input=answer.body, capture_output=True, check=True).stdout.decode().replace("\n", "")


def pupils(class_id):
    return db.session.execute(select(Student.id, Student.name, Student.class_no).where(Student.class_id == class_id, Student.lifecycle == "live")
                              .order_by(Student.class_no)).all()


def headcount(class_id):
    return db.session.execute(select(Class.headcount).where(Class.id == class_id)).scalar_one()


def test_a_class_is_printed_with_masked_numbers_and_the_trace_says_so(clerk, county):
    class_id = county.class_("a1")
    page = clerk.get(f"/classes/{class_id}")
    told = text(page.click("^花名册$"))
    one = records.load(db.session, pupils(class_id)[0].id)
    assert "学生花名册" in "".join(told.split()) and one["name"] in told and one["id_doc_no"] not in told and one["id_doc_no"][:4] + "*" in told
    assert [fact["paper"] for fact in events("students.printed")] == ["学生花名册 竹山县堵河路小学 一年级1班"]

    public = text(page.click("公示花名册"))
    assert one["name"] in public and one["current_address"] not in public


def test_the_list_of_new_pupils_has_whole_numbers_and_asks_what_for(clerk, county):
    class_id = county.class_("a1")
    answer = clerk.fill_in(f"/classes/{class_id}/new-roster", purpose="")
    assert (answer.status_int, errors(answer)) == (422, {"purpose": "请写明用途，如“报县教育局新生注册”"})
    told = text(clerk.fill_in(f"/classes/{class_id}/new-roster", purpose="报县教育局新生注册"))
    assert records.load(db.session, pupils(class_id)[0].id)["id_doc_no"] in told
    assert [(fact["purpose"], fact["columns"]) for fact in events("students.exported")] == [("报县教育局新生注册", ["新生花名册", "完整身份证件号和学籍号"])]


def test_check_sheets_of_a_class_come_in_one_file_and_are_counted(clerk, county):
    class_id = county.class_("a1")
    assert text(clerk.get(f"/classes/{class_id}").click("信息核对表")).count("学生信息核对表") >= len(pupils(class_id))
    one = pupils(class_id)[0].id
    assert "第 2 次打印" in text(clerk.get(f"/students/{one}").click("打印信息核对表"))
    assert [fact["times"] for fact in events("student.printed")] == [2]


def test_the_way_to_school_stands_on_its_sheet_in_a_word(clerk, county):
    """The longest words of the national table, in a narrow cell: they made a second sheet of one row."""
    class_id = county.class_("a1")
    db.session.execute(update(Student).where(Student.class_id == class_id).values(commute_mode="3"))
    db.session.commit()

    told = text(clerk.get(f"/classes/{class_id}/check-sheets.pdf"))
    assert (told.count("公共交通"), told.count("学生信息核对表"), "（续）" in told) == (len(pupils(class_id)),) * 2 + (False,)


def test_check_sheets_ask_as_often_for_a_class_of_many_as_of_one(clerk, county):
    class_id = county.class_("a1")
    everybody, asked = pupils(class_id), []
    clerk.get(f"/classes/{class_id}/check-sheets.pdf")
    for many in (len(everybody), 1):
        db.session.execute(update(Student).where(Student.id.in_([one.id for one in everybody[many:]])).values(lifecycle="left"))
        db.session.commit()
        with statements() as sent:
            told = text(clerk.get(f"/classes/{class_id}/check-sheets.pdf"))
        assert [one.name in told for one in everybody] == [place < many for place in range(len(everybody))]
        asked.append(len(sent))
    assert len(everybody) > 2 and asked[0] == asked[1]
    assert "第 3 次打印" in told


def test_a_list_is_exported_as_it_stands_masked_with_its_purpose(clerk, county):
    class_id = county.class_("a1")
    page = clerk.get(f"/students?class={class_id}&col=sex&col=id_doc_no").click("导出")
    assert "一年级1班" in page.text
    answer = clerk.fill_in(f"/students/export?class={class_id}&col=sex&col=id_doc_no", purpose="")
    assert errors(answer) == {"purpose": "请写明用途，如“报县教育局新生注册”"}
    answer = clerk.fill_in(f"/students/export?class={class_id}&col=sex&col=id_doc_no", purpose="订校服")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body)).active
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head == ["班内学号", "姓名", "性别", "身份证件号", "状态"]
    assert [row[1] for row in rows] == [one.name for one in pupils(class_id)]
    whole = records.load(db.session, pupils(class_id)[0].id)["id_doc_no"]
    assert rows[0][3].startswith(whole[:4] + "*") and len(rows[0][3]) == 18
    assert [(fact["number"], fact["columns"], fact["purpose"]) for fact in events("students.exported")] == [(len(rows), head, "订校服")]


def test_who_may_not_print_or_export_sees_no_way_and_gets_none(sign_in, county):
    teacher, class_id = sign_in("teacher.a1"), county.class_("a1")
    assert "打印和开具" not in teacher.get(f"/classes/{class_id}").text and "导出" not in teacher.get("/students").html.main.get_text()
    for path in (f"/classes/{class_id}/roster.pdf", f"/classes/{class_id}/check-sheets.pdf", f"/classes/{class_id}/new-roster", "/students/export", f"/classes/{class_id}/move"):
        teacher.get(path, status=403)
    other = sign_in("registrar.b1")
    for path in (f"/classes/{class_id}/roster.pdf", f"/classes/{class_id}/check-sheets.pdf", f"/classes/{class_id}/new-roster", f"/classes/{class_id}/move"):
        other.get(path, status=404)


# ---------------------------------------------------------------- 调班

def test_pupils_change_their_class_with_their_way_kept(clerk, county):
    old, new = county.class_("a1"), county.class_("a1", number=2)
    going = pupils(old)[:2]
    before = headcount(old), headcount(new)
    seats = [int(one.class_no) for one in pupils(new)]
    page = clerk.get(f"/classes/{old}").click("调班")
    form = next(form for form in page.forms.values() if "to_class" in form.fields)
    form["to_class"] = str(new)
    for box in form.fields["id"]:
        box.checked = box._value in {str(one.id) for one in going}
    answer = form.submit()
    assert (answer.status_int, answer.location) == (303, f"/classes/{new}")
    assert "已从一年级1班调入 2 人" in answer.follow().text
    assert (headcount(old), headcount(new)) == (before[0] - 2, before[1] + 2)
    moved = {one.id: one.class_no for one in pupils(new)}
    assert [moved[one.id] for one in going] == [str(max(seats) + 1), str(max(seats) + 2)]
    spells = db.session.execute(select(Enrolment.class_id, Enrolment.state, Enrolment.left_by, Enrolment.came_by).where(Enrolment.student_id == going[0].id)
                                .order_by(Enrolment.id)).all()
    assert [tuple(one) for one in spells] == [(old, "closed", "97", "11"), (new, "open", "", "96")]
    assert [(fact["from"], fact["to"]) for fact in events("class.moved")] == [("堵河路小学 一年级1班", "堵河路小学 一年级2班")]
    assert "调班：堵河路小学 一年级1班 → 堵河路小学 一年级2班" in clerk.get(f"/students/{going[0].id}").text


def test_a_full_class_another_grade_and_nobody_ticked_are_refused(clerk, county):
    old, new, third = county.class_("a1"), county.class_("a1", number=2), county.class_("a1", year=3)
    db.session.execute(Class.__table__.update().where(Class.id == new).values(size_limit=headcount(new)))
    db.session.commit()

    def told(to, *students):
        page = clerk.get(f"/classes/{old}/move")
        form = next(form for form in page.forms.values() if "to_class" in form.fields)
        form["to_class"].force_value(str(to))
        for box in form.fields["id"]:
            box.checked = box._value in {str(one) for one in students}
        return summary(form.submit(status=422))

    one = pupils(old)[0].id
    assert told(new) == ["请先勾选要调班的学生"]
    assert told(new, one)[0].startswith(f"一年级2班现有 {headcount(new)} 人，班额 {headcount(new)} 人，放不下这 1 人。")
    assert told(third, one) == ["请选择同一年级另一个在用的班。跨年级的请办理跳级或留级"]
    assert events("class.moved") == []
