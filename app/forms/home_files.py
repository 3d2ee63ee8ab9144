"""档案转交户籍所在地: when it went, and what shows that it came."""

from wtforms import TextAreaField

from .base import Form
from .fields import WORDS, Day, Needed


class HomeFile(Form):
    sent_on = Day("转交日期", [Needed()], description="照寄送凭据填写，如 2027年1月25日")
    receipt = TextAreaField("收到的单位和凭据", [Needed(), WORDS],
                            description="户籍所在地县级教育行政部门的名称，签收或寄送凭据的编号")
