"""Handing in a workbook of new pupils, having it written, taking it back."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from .base import Form

ACCEPT = ".xlsx,.xls,.csv"


class Upload(Form):
    file = FileField(
        "工作簿", [FileRequired("请选择要上传的工作簿")], description=".xlsx（也可用 .xls、.csv），不超过 24 MB、50,000 行；按列名认列，次序可以不同",
        render_kw={"accept": ACCEPT},
    )


class Apply(Form):
    mode = HiddenField(default="all")
    understood = BooleanField("我已看过提示", render_kw={"value": "yes"})


class Withdraw(Form):
    reason = TextAreaField("撤销的原因", [DataRequired("请写明撤销的原因"), Length(max=200, message="原因最多 200 个字，请写短一些")], render_kw={"rows": 3})
