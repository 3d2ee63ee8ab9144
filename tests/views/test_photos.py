"""批量上传照片 on the screen: hand in a zip or several pictures, watch it go, read file by file what became of it, take the report."""

import io

import openpyxl
import pytest
from sqlalchemy import select
from webtest import Upload

from app.extensions import db
from app.models import PhotoUpload, Student
from app.services import jobs
from app.services.pupils import records
from tests.pages import form_with, hooks, set_field, summary
from tests.services.test_students import picture
from tests.test_albums import packed


@pytest.fixture
def xia(sign_in):
    return sign_in("registrar.a1")


@pytest.fixture
def number(app):
    return lambda pupil: records.load(db.session, pupil)["id_doc_no"]


def work_off(now):
    while jobs.run_next(now):
        pass


def cells(page, table):
    return [[cell.get_text(" ", strip=True) for cell in row.select("td, th")] for row in page.html.select(f"{table} tbody tr")]


def test_from_the_class_to_the_photos_and_the_report(xia, county, number, now):
    home, twin = county.class_("a1", year=2), county.pupil("twin.1")
    page = xia.get(f"/classes/{home}").click("批量上传照片")
    form = form_with(page, "photo", "class_id")
    assert (form["class_id"].value, [option[2] for option in form["class_id"].options][:2]) == (str(home), ["全校", "一年级1班"])
    set_field(form, "photo", [Upload("二年级1班.zip", packed([(f"{number(twin)}.jpg", picture()), ("99.jpg", picture()), ("说明.txt", b"x")]))])
    answer = form.submit()
    assert answer.status_int == 303
    address = answer.location

    progress = hooks(xia.get(address), "job-progress")[0]
    assert (progress["data-done"], progress["data-total"], progress["hx-get"]) == ("0", "3", address)
    assert progress.h2.get_text() == "排队中 0 / 3 个文件"
    work_off(now)
    assert xia.get(address, headers={"HX-Request": "true", "HX-Target": "job"}).headers["HX-Refresh"] == "true"
    page = xia.get(address)
    assert [figure.get_text(" ", strip=True) for figure in page.html.select("dl.figures div")] == ["文件 3", "换上 1", "与原照片相同 0", "没有换 2"]
    shown = f"{number(twin)[:4]}**********▪▪▪▪.jpg"
    assert cells(page, '[aria-labelledby="put-h"]') == [["1", shown, db.session.get(Student, twin).name, "二年级1班", db.session.get(Student, twin).class_no, "已换上"]]
    assert [row[:2] for row in cells(page, '[aria-labelledby="bad-h"]')] == [["2", "99.jpg"], ["3", "说明.txt"]]
    assert number(twin) not in page.text
    book = openpyxl.load_workbook(io.BytesIO(xia.get(f"{address}/report.xlsx").body)).active
    assert [[cell or "" for cell in row] for row in book.iter_rows(values_only=True)][:3] == [
        ["序号", "文件", "结果", "学生", "班级", "班内学号", "原因和办法"],
        [1, shown, "已换上", db.session.get(Student, twin).name, "二年级1班", db.session.get(Student, twin).class_no, ""],
        [2, "99.jpg", "没有换", "", "", "", "本班没有班内学号是 99 的学生。请核对文件名，改正后再传。"],
    ]
    assert xia.get(f"/students/{twin}/photo").content_type == "image/jpeg"
    assert cells(xia.get("/photos"), '[aria-labelledby="past"]')[0][1:] == ["二年级1班.zip", "庹明慧", "3", "1", "2", "已处理"]


def test_several_pictures_at_once_and_a_double_click(xia, county, number, now):
    form = form_with(xia.get("/photos"), "photo")
    set_field(form, "photo", [Upload(f"{number(county.pupil(one))}.jpg", picture()) for one in ("twin.1", "twin.2")])
    first, second = form.submit(), form.submit()
    assert first.location == second.location
    set_field(form, "photo", [Upload(f"{number(county.pupil('twin.1'))}.jpg", picture())])
    assert (form.submit(status=422).status_int, db.session.scalars(select(PhotoUpload.files)).all()) == (422, [2])
    work_off(now)
    assert [row[-1] for row in cells(xia.get(first.location), '[aria-labelledby="put-h"]')] == ["已换上", "已换上"]


def test_what_is_refused_is_told_beside_the_form(xia, county):
    def hand_in(*sent, **fields):
        form = form_with(xia.get("/photos"), "photo")
        for name, value in fields.items():
            form[name].force_value(value)
        if sent:
            set_field(form, "photo", [Upload(*one) for one in sent])
        answer = form.submit(status="*")
        return answer.status_int, summary(answer)

    assert hand_in() == (422, ["请选择照片，或者装有照片的 .zip 压缩包。"])
    assert hand_in(("1.zip", b"not a zip"))[1][0].startswith("这不是 .zip 压缩包。")
    assert hand_in(("1.jpg", picture()), class_id="7") == (422, ["请选择本校在用的班级，选过的班已不在列表中。"])
    assert hand_in(("1.zip", packed([("1.jpg", b"1")])), ("2.jpg", b"1"))[0] == 422
    assert hand_in(("1.jpg", b"0" * 63 * 1024 * 1024))[0] == 413
    assert db.session.scalars(select(PhotoUpload.id)).all() == []


def test_stopped_from_its_own_page(xia, county, number, now):
    form = form_with(xia.get("/photos"), "photo")
    set_field(form, "photo", [Upload(f"{number(county.pupil('twin.1'))}.jpg", picture())])
    address = form.submit().location
    stop = next(form for form in xia.get(address).forms.values() if form.action.endswith("/cancel"))
    assert stop.submit().location == address
    work_off(now)
    page = xia.get(address)
    assert page.html.h1.get_text() == "照片处理结果"
    assert [row[-1] for row in cells(page, '[aria-labelledby="bad-h"]')] == ["没有处理"]


def test_others_do_not_know_of_it(xia, sign_in, county, number, now):
    form = form_with(xia.get("/photos"), "photo")
    set_field(form, "photo", [Upload("1.jpg", picture())])
    address = form.submit().location
    work_off(now)
    answers = {name: [sign_in(name).get(path, status="*").status_int for path in ("/photos", address, f"{address}/report.xlsx")]
               for name in ("registrar.a2", "head.a1", "teacher.a1", "officer.a", "auditor")}
    assert answers == {"registrar.a2": [200, 404, 404]} | dict.fromkeys(("head.a1", "teacher.a1", "officer.a", "auditor"), [403] * 3)
    assert cells(sign_in("registrar.a2").get("/photos"), '[aria-labelledby="past"]') == [["还没有批量上传过"]]
