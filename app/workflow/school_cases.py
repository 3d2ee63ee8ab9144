"""Kinds of case that are not about one pupil: a school's plan of new pupils, whole classes, pupils of another region."""

from .flow import ENDED, ENDINGS, NEXT, Flow, Move, Step, examined

# ---------------------------------------------------------------- 招生计划调整 (workflows.md 18)

QUOTA = Flow(
    kind="quota", title="招生计划调整", sign="计", subject="school", start="applying",
    article="浙江省《关于全面实施中小学学生学籍电子化管理的意见》：招生计划的调整须经上级主管部门同意", one_by_one=True,
    steps={
        "applying": Step("申请调整计划", "applicant", "mend_days", {"submit": Move(NEXT, "提交"), **ENDED}),
        "county": examined("主管教育行政部门核定", "county", "step_days_county", second="second_person_county"),
        "city": examined("市级教育行政部门核定", "city", "step_days_city"),
        **ENDINGS,
    },
    ordinary=("applying", "county", "effective"),
    evidence={"document": "调整依据（文件、会议纪要）", "other": "其他材料"},
)
QUOTA_ASKS = {"stage": "学段", "year": "招生年份", "number": "增加人数", "reason": "调整理由", "document": "依据文件"}
QUOTA_REASONS = {"01": "学位不足", "02": "依据不充分", "03": "申请人数与实际不符", "99": "其他"}


def quota_route(city) -> tuple:
    """`city`: the rules ask the city bureau too, and the county's is not the city's own."""
    return ("applying", "county", *(["city"] if city else []), "effective")


SCHOOL_CASES = (QUOTA,)
REASONS = {"quota": QUOTA_REASONS}  # why one is returned or refused, where the list of transfers does not fit
