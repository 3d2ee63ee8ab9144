"""Days of the working calendar, and terms."""

from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from ..identity.dates import parse_date
from .base import Form
from .fields import Version


def a_date(form, field):
    if field.data and parse_date(field.data) is None:
        raise ValidationError(f"{field.label.text}没有看懂，请写成 2026-09-01 这样")


class Days(Form):
    days = TextAreaField(
        "要设置的日期", [Length(max=20_000, message="内容太长，请分几次办理")],
        description="一行一天或一段，写明放假、上班，或按星期（取消原来的设置）。例如：2027-02-05至2027-02-11 放假 春节",
    )
    file = FileField("或上传名单", description="工作簿（.xlsx、.xls）、.csv 或文本：日期、性质（放假或休，上班或班）、名称三列")
    certain_until = StringField("放假安排已公布到", [a_date], description="国务院公布全年安排后填写当年12月31日，此日以后的工作日为暂定")
    version = Version()
    expected = Version(validators=[Optional()])


class Term(Form):
    starts_on = StringField("开学日期", [DataRequired("请填写开学日期"), a_date])
    ends_on = StringField("放假日期", [DataRequired("请填写放假日期"), a_date])
    seen = HiddenField()
