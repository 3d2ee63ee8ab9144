"""Bodies: a form for each tier, the file of many, and what closes one."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from ..codes import table
from ..identity.grades import SCHOOL_STAGES
from .base import Form
from .fields import Needed, Version, as_number, menu

YEARS = (("63", "六三制（小学六年、初中三年）"), ("54", "五四制（小学五年、初中四年）"))
SCHOOLS_OF_OURS = ("2", "3", "51")  # 小学, 中学, 特殊教育: what a register of pupils can hold


def coded(name, only=()):
    return menu((code, f"{code} {label}") for code, label in table(name).choices() if not only or code.startswith(only))


class Body(Form):
    """What every tier has."""

    name = StringField("机构名称", [Needed()], description="全称，与印章一致")
    short_name = StringField("机构简称", description="不填时同全称")
    located_in_id = SelectField("所在地", [Needed()], coerce=as_number, validate_choice=False)
    managed_by_id = SelectField("主管机构", [Needed()], coerce=as_number, validate_choice=False, description="业务由它核办")
    phone = StringField("联系电话")
    address = StringField("地址", description="到门牌号")
    postcode = StringField("邮政编码")
    key = StringField("机构代码", description="命令和文件里的叫法，不填时自动编")
    version = Version(validators=[Optional()])


class Office(Body):
    """Province, city, county."""

    division_code = StringField("行政区划代码", [Needed()], description="6 位")
    office_hours = StringField("办公时间", description="与联系电话一起写在各页页脚，例如“工作日 8:30—17:30”")
    abbreviation = StringField("文号简称", description="一两个字，写在受理编号开头，例如“竹”")


class Township(Body):
    """乡镇中心学校: it registers and checks for its schools; the division code is its county's."""


class School(Body):
    school_code = StringField("学校标识码", [Needed()], description="10 位")
    local_code = StringField("本地学校代码", [Needed()], description="6 位，写在班级编码里")
    school_type = SelectField("办学类型", [Needed()], choices=lambda: coded("school_type", SCHOOLS_OF_OURS), validate_choice=False)
    stages = SelectField("学段", [Needed()], choices=lambda: menu(SCHOOL_STAGES.items()), validate_choice=False)
    years_system = SelectField("学制", choices=lambda: menu(YEARS, ask=""), validate_choice=False)
    belongs_to_id = StringField("隶属学校", description="只有教学点填写：学校标识码或全称")
    sponsor = SelectField("举办者", choices=lambda: coded("school_sponsor"), validate_choice=False)
    running_type = SelectField("办别", choices=lambda: coded("school_running_type"), validate_choice=False)
    urban_rural = SelectField("城乡类型", choices=lambda: coded("urban_rural_type"), validate_choice=False)
    principal = StringField("校长")
    boarding = BooleanField("寄宿制学校")


OF_TIER = {"province": Office, "city": Office, "county": Office, "township": Township, "school": School}


class State(Form):
    """Closing a body, or opening it again."""

    reason = TextAreaField("依据", [DataRequired("请填写依据，例如批准文件的名称和文号"), Length(max=200, message="依据最多 200 个字，请写短一些")])
    version = Version()


class Upload(Form):
    file = FileField("工作簿", [FileRequired("请选择要导入的文件")], description=".xlsx、.xls 或 .csv，一次最多 5,000 个机构")
