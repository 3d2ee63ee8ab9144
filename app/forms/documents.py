"""What is asked for a paper before it is issued, why one is reissued or voided, and the code that a stranger types."""

from wtforms import Form as PlainForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from .. import codes
from .base import Form, Plain

SCOPES = ("县内", "省内跨县", "跨省")


def at_most(number):
    return Length(max=number, message=f"最多 {number} 个字，请写短一些")


class EnrolmentCertificate(Form):
    purpose = StringField("用途", [DataRequired("请填写用途，如“办理户口迁移”"), at_most(40)], description="印在证明上，如“办理户口迁移”。开具后 30 天内有效。")


class TransferApplication(Form):
    to_school = StringField("转入学校", [DataRequired("请填写转入学校的全称"), at_most(57)], description="学校全称，写明所在省、市、县")
    to_grade = StringField("拟入年级", [DataRequired("请填写拟入年级，如“三年级”"), at_most(12)])
    scope = RadioField("转学范围", choices=[SelectChoice(word, word) for word in SCOPES], validators=[InputRequired("请选择转学范围")], validate_choice=False)
    reason = SelectField("转学原因", validators=[InputRequired("请选择转学原因")], validate_choice=False)
    explanation = TextAreaField("情况说明", [at_most(60)], description="可以不填。印在转学原因后面。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reason.choices = [SelectChoice("", "请选择"), *(SelectChoice(*one) for one in codes.table("transfer_reason").choices())]

    def validate_scope(self, field):
        _one_of(field, SCOPES, "请选择转学范围")

    def validate_reason(self, field):
        _one_of(field, codes.table("transfer_reason"), "请选择转学原因")


def _one_of(field, offered, sentence):
    if field.data and field.data not in offered:
        field.errors = [*field.errors, sentence]


ASKED = {"enrolment_certificate": EnrolmentCertificate, "record_card": Plain, "transfer_application": TransferApplication}


class Reason(Form):
    reason = TextAreaField("原因", [DataRequired("请写明原因，如“原件遗失”“姓名录错”"), at_most(200)], description="如“原件遗失”“姓名录错”，记入办理经过。")


class Code(PlainForm):
    """Sent by GET: it changes nothing, and an outsider has no session whose token could be asked for."""

    code = StringField("验证码", description="证明上“验证码”后面的 12 位字母和数字，不分大小写，有无横线均可", render_kw={"class": "num"})


__all__ = ["ASKED", "Code", "EnrolmentCertificate", "Reason", "TransferApplication"]
