"""请求清理在办业务 (DECIDED 15): the home school of a child whom another school's case holds asks its bureau to clear that case. It is no case of its own: it lies on the
bureau's desk with the case that it is about, and ends with it (services.casework.tasks)."""

from ..policies.sources import N13
from .flow import ENDED, Flow, Move, Step

CLEAR = Flow(
    kind="clear", title="请求清理在办业务", sign="", start="asking", article=f"{N13}；一名学生同时只办一件业务",
    steps={
        "asking": Step("学籍所在学校请求", "applicant", moves={"submit": Move("county", "请求清理")}),
        "county": Step("主管教育行政部门清理", "county", moves={"clear": ENDED["clear"]}),
    },
)
