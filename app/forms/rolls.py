"""Lists that leave the house, and pupils who change their class."""

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired

from .base import Form
from .fields import as_number

PURPOSE = "请写明用途，如“报县教育局新生注册”"


class Export(Form):
    purpose = StringField("用途", [DataRequired(PURPOSE)], description="写明依据、用途和接收单位，会留痕；名单中的证件号、学籍号和电话只显示前几位", render_kw={"maxlength": 100, "autocomplete": "off"})


class NewRoster(Form):
    purpose = StringField("用途", [DataRequired(PURPOSE)], description="写明依据、用途和接收单位，会留痕；新生花名册上是完整的身份证件号，请妥善保管", render_kw={"maxlength": 100, "autocomplete": "off"})


class Move(Form):
    to_class = SelectField("调入班级", [InputRequired("请选择调入的班级")], coerce=as_number, validate_choice=False, description="同一年级的其他班")
