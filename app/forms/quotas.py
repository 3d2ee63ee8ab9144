"""招生计划: one school, stage and year."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from .base import Form
from .fields import Version, Whole


class Plan(Form):
    planned = Whole("计划数", [InputRequired("请填写计划数")], description="当年新生人数，转入学生不计")
    reason = TextAreaField("依据", [DataRequired("请填写依据，例如文件的名称和文号"), Length(max=200, message="依据最多 200 个字，请写短一些")])
    version = Version()
