"""学籍卡: front and back, and further sheets (续页) when a list outgrows the back; no row is ever dropped.

Facts
    province school_code
    school office               each {name, opinion, officer, decided_on}
    photo                       bytes of a JPEG, or None
    name sex ethnicity birth_date national_no former_name aux_number student_code id_doc_type id_doc_no birth_place native_place
    nationality overseas_status political_status health_status hukou_nature phone hukou_place postcode current_address
    entry_month admission_mode student_source grade class_name class_no attendance_mode is_only_child had_preschool left_behind
    is_migrant_child is_orphan is_martyr_child inclusive_class disability_type remark
    guardians                   at most two {name, relation, employer, job_title, phone, is_guardian}
    schooling                   {period, school, class_name, witness} each
    changes                     {on, kind, reason, origin, destination, approval} each; a new line in a text is kept
    awards                      {on, name, level} each
    fitness                     {year, grade, level} each
    graduated_on certificate_no opened_on opened_for closed_on closed_for
    printed_on printed_by; case_no, code with check_page, and check_address where there are any
Dates are ISO texts (2014-05-16, 2020-09 for a month), codes are already words; empty is "" or None.
"""
from app.documents.fitting import CELL, TITLE, Box
from app.documents.fonts import CannotPrint
from app.documents.paper import Facts, Side, print_papers
from app.documents.parts import Columns, Office, Outline, Photo, Proof, Rows, Title, Written

FRONT = (
    Title("{province}中小学学生学籍卡", Box(25, 18, 165, 12), TITLE),
    Written("学校名称", "学校名称：{school.name}", Box(25, 35, 119, 6)),
    Written("学校标识码", "学校标识码：{school_code}", Box(145, 35, 45, 6), align="right"),
    Photo(Box(160.5, 48, 25, 35)),
    Rows(25, 43, (
        (9, ("姓　名", "name", 110)),
        (9, ("性　别", "sex", 34), ("学籍号", "national_no", 55)),
        (9, ("民　族", "ethnicity", 34), ("学籍辅号", "aux_number", 55)),
        (9, ("曾用名", "former_name", 34), ("身份证件类型", "id_doc_type", 55)),
        (9, ("出生日期", "birth_date", 34), ("身份证件号", "id_doc_no", 55)),
        (9, ("出生地", "birth_place", 34), ("籍　贯", "native_place", 34), ("学生编码", "student_code", 34)),
        (9, ("国籍/地区", "nationality", 34), ("港澳台侨外", "overseas_status", 34), ("政治面貌", "political_status", 34)),
        (9, ("健康状况", "health_status", 34), ("户口性质", "hukou_nature", 34), ("联系电话", "phone", 34)),
        (9, ("户口所在地", "hukou_place", 89), ("邮政编码", "postcode", 34)),
        (9, ("现住址", "current_address", 144)),
        (9, ("入学年月", "entry_month", 34), ("入学方式", "admission_mode", 34), ("学生来源", "student_source", 34)),
        (9, ("年　级", "grade", 34), ("班　级", "class_name", 34), ("班内学号", "class_no", 34)),
        (9, ("就读方式", "attendance_mode", 34), ("独生子女", "is_only_child", 34), ("学前教育", "had_preschool", 34)),
        (9, ("留守儿童", "left_behind", 34), ("随迁子女", "is_migrant_child", 34), ("孤　儿", "is_orphan", 34)),
        (9, ("烈士优抚", "is_martyr_child", 34), ("随班就读", "inclusive_class", 34), ("残疾类型", "disability_type", 34)),
    ), large="name"),
    Columns("家庭成员", "guardians", 25, 178, 2, 13, (
        ("姓　名", "name", 34), ("关　系", "relation", 16), ("工作单位", "employer", 47), ("职　务", "job_title", 20),
        ("联系电话", "phone", 26), ("监护人", "is_guardian", 14)), CELL),
    Rows(25, 211, ((46, ("备　注", "remark", 55)),)),
    Office("school", Box(101, 211, 89, 46), "学校核对意见", ("填卡人：", "审核人：")),
    Outline(Box(25, 43, 165, 214)),
    Proof(Box(25, 260, 17, 17), 46, 263.5),
)

WHOSE = Rows(25, 27, ((8, ("姓　名", "name", 78), ("学籍号", "national_no", 45)),))  # a loose sheet still says whose it is
SCHOOLING = (("起止年月", "period", 42), ("学　　校", "school", 65), ("年级班级", "class_name", 28), ("证明人", "witness", 22))
CHANGES = (("日　期", "on", 20), ("类　别", "kind", 13.5), ("原　因", "reason", 26.5), ("原学校、班级", "origin", 28),
           ("现学校、班级", "destination", 28), ("批准机关、文号", "approval", 41))
AWARDS = (("日　期", "on", 20), ("名　称", "name", 47), ("级　别", "level", 18))
FITNESS = (("学　年", "year", 28), ("年　级", "grade", 18), ("等　级", "level", 18))

BACK = (
    Title("学　籍　卡（背面）", Box(25, 15, 165, 8)),
    WHOSE,
    Columns("学习简历", "schooling", 25, 35, 5, 7.4, SCHOOLING),
    Columns("学籍变动", "changes", 25, 79, 8, 9.4, CHANGES),
    Columns("奖惩记录", "awards", 25, 161.2, 5, 7.4, AWARDS),
    Columns("体质健康", "fitness", 118, 161.2, 5, 7.4, FITNESS),
    Rows(25, 205.2, (
        (8, ("毕业日期", "graduated_on", 34), ("证书编号", "certificate_no", 89)),
        (8, ("建卡日期", "opened_on", 34), ("建卡原因", "opened_for", 89)),
        (8, ("注销日期", "closed_on", 34), ("注销原因", "closed_for", 89)))),
    Office("school", Box(25, 229.2, 82.5, 45), "学校", ("填卡人：", "审核人：")),
    Office("office", Box(107.5, 229.2, 82.5, 45), "主管教育行政部门"),
    Outline(Box(25, 27, 165, 247.2)),
)

MORE = (
    Title("学　籍　卡（续页）", Box(25, 15, 165, 8)),
    WHOSE,
    Columns("学习简历", "schooling", 25, 35, 5, 7.4, SCHOOLING),
    Columns("学籍变动", "changes", 25, 79, 12, 9.4, CHANGES),
    Columns("奖惩记录", "awards", 25, 198.8, 8, 7.4, AWARDS),
    Columns("体质健康", "fitness", 118, 198.8, 8, 7.4, FITNESS),
    Outline(Box(25, 27, 165, 238)),
)


def left_over(parts, facts):
    """The rows that the lists of a side cannot hold."""
    return {part.field: facts[part.field][part.count:] for part in parts if isinstance(part, Columns)}


def sides(facts, _):
    if len(facts["guardians"]) > 2:
        raise CannotPrint("学籍卡只有两位家庭成员的位置，请先选定两位再打印。")
    pages, rest = [Side("card-front", FRONT, facts), Side("card-back", BACK, facts)], left_over(BACK, facts)
    while any(rest.values()):
        more = Facts(facts, **rest)
        pages.append(Side("card-more", MORE, more))
        rest = left_over(MORE, more)
    return pages


def draw_all(papers, font_folder=None):
    return print_papers(papers, "学籍卡", sides, duplex=True, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
