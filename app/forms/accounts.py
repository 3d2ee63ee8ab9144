"""Signing in, one's own password and post, and accounts as the 系统管理员 keeps them."""

from wtforms import HiddenField, IntegerField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from .base import Form
from .fields import as_number

RULE = "至少 10 位，含大写字母、小写字母、数字、符号中的三种；或者不少于 16 位。不要用姓名、生日、单位名。"


class SignIn(Form):
    username = StringField("账号", [DataRequired("请填写账号")])
    password = PasswordField("密码", [InputRequired("请填写密码")])
    back = HiddenField()


class ChangePassword(Form):
    current = PasswordField("现在的密码", [InputRequired("请填写现在的密码")])
    password = PasswordField("新密码", [InputRequired("请填写新密码")], description=RULE)
    again = PasswordField("再填一次新密码", [InputRequired("请再填一次新密码")])

    def validate_again(self, field):
        if self.password.data and field.data != self.password.data:
            raise ValidationError("两次填写的新密码不同，请重新填写")


class Switch(Form):
    post_id = RadioField("岗位", coerce=as_number, validate_choice=False, validators=[InputRequired("请选择岗位")])


class NewAccount(Form):
    username = StringField("账号名", [DataRequired("请填写账号名")], description="小写字母和数字，例如 registrar.a1。建立后不能改。")
    name = StringField("姓名", [DataRequired("请填写姓名")], description="本人真实姓名，一人一号，不得共用。")
    body = StringField("所在单位", description="机构全称、简称或代码。三员可以不填。")


class Versioned(Form):
    """A button that changes what was seen."""

    version = IntegerField(widget=HiddenInput())

    def seen(self, version):
        """What the page now shows is what the next press is about."""
        self.version.data, self.version.raw_data = version, None
        return self


class EditAccount(Versioned):
    name = StringField("姓名", [DataRequired("请填写姓名")])
    body = StringField("所在单位", description="机构全称、简称或代码。三员可以不填。")


class WithReason(Versioned):
    reason = TextAreaField("理由", [DataRequired("请填写理由"), Length(max=200, message="理由最多 200 个字，请写短一些")])
