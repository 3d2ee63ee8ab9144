"""Posts: proposed with a person, a duty, a place and a reason; confirmed, declined, ended."""

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired

from .base import Form
from .fields import as_number


class Propose(Form):
    username = StringField("账号名", [DataRequired("请填写账号名")])
    duty = SelectField("岗位", validators=[InputRequired("请选择岗位")], validate_choice=False)
    body = StringField("任职机构", description="机构全称、简称或代码。系统管理员、安全管理员、审计员不填。")
    class_id = SelectField("任教班级", coerce=as_number, validate_choice=False)
    reason = TextAreaField("理由", [DataRequired("请填写理由，例如任免文件的名称和文号")], description="例如任免文件的名称和文号。复核的人据此判断。")
