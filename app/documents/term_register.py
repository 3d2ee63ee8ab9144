"""休（转、复）学登记表 of a school and a term: a landscape list in the manner of the rosters, sealed by the school, for the county's 学籍会审.

Facts
    school_name term
    rows                        for each act name sex birth_month national_no class_title what reason period other_school certificate_no approved_on remark;
                                numbers masked by the caller
    sums                        休学 2 人次　转出 1 人次
    filled_by
    seal                        {name, decided_on} of the school
    printed_on printed_by
"""
from app.documents.fitting import NOTE, PRINT, Box
from app.documents.paper import A4_LANDSCAPE, Facts, Side, print_papers
from app.documents.parts import Seal, Signature, Title, Written
from app.documents.roster import LEFT, Table, pages_of, steps_of

TITLE = "休（转、复）学登记表"
COLUMNS = (
    ("序号", None, 8, NOTE), ("姓　名", "name", 23, NOTE), ("性别", "sex", 8, NOTE), ("出生年月", "birth_month", 15, PRINT), ("学籍号", "national_no", 30, PRINT),
    ("年级班级", "class_title", 22, NOTE), ("类别", "what", 11, NOTE), ("原　因", "reason", 29, PRINT), ("起止或办理日期", "period", 31, PRINT),
    ("来源、去向学校", "other_school", 34, PRINT), ("证明编号", "certificate_no", 30, PRINT), ("批准日期", "approved_on", 16, PRINT), ("备注", "remark", 10, PRINT),
)


def parts(last):
    yield Title(TITLE, Box(60, 24, 177, 8))
    yield Written("表头", "{school_name}　{term}", Box(LEFT, 33.6, 185, 5.2), above=0)
    yield Written("人次", "共 {count} 人次", Box(LEFT + 187, 33.6, 80, 5.2), align="right", above=0)
    yield Table(COLUMNS, last)
    if last:
        yield Written("合计", "合计　{sums}", Box(LEFT, 149.4, 200, 5.2))
        yield Signature("填表人：", "{filled_by}", 15, 162, 75)
        yield Signature("校　长：", "", 15, 172, 75)
        yield Seal("seal", 242, 172)
    yield Written("打印人", "打印 {printed_on}　{printed_by}", Box(LEFT + 147, 193.4 if last else 191.3, 120, 5), NOTE, "song", align="right")


PARTS = {last: tuple(parts(last)) for last in (True, False)}


def sides(facts, fonts):
    pages = pages_of([(number, row, steps_of(number, row, COLUMNS, fonts)) for number, row in enumerate(facts["rows"], 1)], sealed=True)
    told = Facts(facts, count=str(len(facts["rows"])))
    return [Side(f"term-register-{page is pages[-1]}", PARTS[page is pages[-1]], Facts(told, on_page=page)) for page in pages]


def draw_all(papers, font_folder=None):
    return print_papers(papers, TITLE, sides, size=A4_LANDSCAPE, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
