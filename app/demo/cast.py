"""The small county as plain data: bodies, staff, classes, pupils. It is what the demo settles and what the tests tell their stories with.

Everything is keyed by short words (`a1`, `officer.a`, `twin.1`). Divisions are real, so that codes resolve; schools, towns and people are invented.
A school year is the year in which it begins: 2026 is 2026—2027. Whoever was suspended, has left or graduated did so in the summer before it.
"""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from app.demo import names
from app.demo.addresses import County
from app.demo.families import Generator
from app.services.people import passwords

SEED = 2026
PASSWORD = passwords.DEMO

COUNTIES = {
    "a": County("420323", "竹山县", "十堰市", "湖北省", "442200", "0719", minority="15", town="柳垭镇", village="枫树坪村"),
    "b": County("420325", "房县", "十堰市", "湖北省", "442100", "0719", minority="03"),
    "c": County("420525", "远安县", "宜昌市", "湖北省", "444200", "0717", minority="15"),
    "d": County("330825", "龙游县", "衢州市", "浙江省", "324400", "0570", minority="22"),
}
COUNTY_OF = {county.code: county for county in COUNTIES.values()}


@dataclass(frozen=True)
class Body:
    """An office or a school, as app/models/organisations.py has it; bodies are named by their keys."""

    key: str
    tier: str
    name: str
    short_name: str
    division_code: str
    managed_by: str | None = None
    located_in: str | None = None
    belongs_to: str | None = None
    abbreviation: str = ""
    phone: str = ""
    office_hours: str = ""
    address: str = ""
    postcode: str = ""
    school_code: str | None = None
    local_code: str | None = None
    school_type: str | None = None
    sponsor: str | None = None
    running_type: str | None = None
    urban_rural: str | None = None
    stages: str = ""
    primary_years: int = 6
    junior_years: int = 3
    boarding: bool = False
    principal: str = ""

    def length(self, stage):
        return {"1": self.primary_years, "2": self.junior_years, "3": 3}[stage]


@dataclass(frozen=True)
class Post:
    duty: str
    body: str | None  # none for the three administrators of the house


@dataclass(frozen=True)
class Person:
    account: str
    name: str
    body: str
    posts: tuple[Post, ...]


@dataclass(frozen=True)
class ClassOf:
    """One class in a given school year. `year` is its year in the stage; `group` the 复式班 it is taught in."""

    school: str
    stage: str
    entry_year: int
    length: int
    year: int
    number: int
    size: int
    teacher: str
    account: str = ""  # of the class teacher, where he has one
    group: str = ""
    kind: str = "ordinary"
    state: str = "open"


@dataclass(frozen=True)
class Pupil:
    """`item` holds the form's items and `guardians`. `key` names those that stories are told of; status is of student_current_status."""

    school: str
    stage: str
    entry_year: int
    number: int
    item: dict
    key: str = ""
    status: str = "01"
    since: date | None = None
    until: date | None = None


def _offices():
    yield Body("province", "province", "湖北省教育厅", "湖北", "420000", abbreviation="鄂", phone="027-9200001")
    yield Body("province2", "province", "浙江省教育厅", "浙江", "330000", abbreviation="浙", phone="0571-9200001")
    for key, name, code, above, abbreviation, phone in (
        ("city1", "十堰市", "420300", "province", "十", "0719-9200001"),
        ("city2", "宜昌市", "420500", "province", "宜", "0717-9200001"),
        ("city3", "衢州市", "330800", "province2", "衢", "0570-9200001"),
    ):
        yield Body(key, "city", name + "教育局", name[:-1], code, above, above, abbreviation=abbreviation, phone=phone)
    for key, above, abbreviation in (("a", "city1", "竹"), ("b", "city1", "房"), ("c", "city2", "远"), ("d", "city3", "龙")):
        county = COUNTIES[key]
        yield Body(
            key, "county", county.name + "教育局", county.name, county.code, above, above, abbreviation=abbreviation,
            phone=f"{county.area_code}-930000{ord(key) - 96}", office_hours="工作日 8:00—12:00，14:30—17:30", address=f"{county.full_name}城关镇文昌路6号", postcode=county.postcode,
        )  # fmt: skip
    yield Body(
        "a.t1", "township", "竹山县柳垭镇中心学校", "柳垭镇中心学校", "420323", "a", "a", phone="0719-9300011",
        address="湖北省十堰市竹山县柳垭镇文昌街2号", postcode="442201",
    )  # fmt: skip


# key, name, 学校标识码, local code, 办学类型, stages, 城乡类型, address below the county, what differs from the rule (`**`)
_SCHOOLS = (
    ("a1", "竹山县堵河路小学", "2142900101", "100101", "211", "1", "121", "城关镇堵河路28号", {}),
    ("a2", "竹山县南门初级中学", "3142900102", "100102", "311", "2", "121", "城关镇南门街15号", {"boarding": True}),
    ("a3", "竹山县柳垭镇九年一贯制学校", "3142900103", "100103", "312", "12", "122", "柳垭镇书院路9号", {"located_in": "a.t1", "boarding": True}),
    ("a4", "竹山县云台高级中学", "3442900104", "100104", "342", "3", "121", "城关镇云台路1号", {"boarding": True}),
    ("a5", "竹山县柳垭镇枫树坪教学点", "2142900105", "100105", "218", "1", "220", "柳垭镇枫树坪村3组", {"located_in": "a.t1", "belongs_to": "a3"}),
    ("a6", "竹山县春晖特殊教育学校", "5142900106", "100106", "514", "12", "121", "城关镇春晖路7号", {"boarding": True}),
    ("m1", "十堰市江北实验初级中学", "3142900107", "100107", "311", "2", "121", "城关镇滨河大道66号",
     {"managed_by": "city1", "sponsor": "821", "boarding": True}),
    ("b1", "房县北城小学", "2142900201", "200101", "211", "1", "121", "城关镇北城路12号", {}),
    ("b2", "房县筑水初级中学", "3142900202", "200102", "311", "2", "121", "城关镇筑水路40号", {"boarding": True}),
    ("b3", "房县凤凰山高级中学", "3442900203", "200103", "342", "3", "121", "城关镇凤凰大道8号", {"boarding": True}),
    ("b4", "房县南潭实验小学", "2142900204", "200104", "211", "1", "121", "城关镇南潭路3号", {"primary_years": 5, "junior_years": 4}),
    ("c1", "远安县沮河路小学", "2142900301", "300101", "211", "1", "121", "城关镇沮河路19号", {}),
    ("c2", "远安县鸣溪初级中学", "3142900302", "300102", "311", "2", "121", "城关镇鸣溪路5号", {"boarding": True}),
    ("c3", "远安县栖凤高级中学", "3442900303", "300103", "342", "3", "121", "城关镇栖凤路11号", {"boarding": True}),
    ("d1", "龙游县灵溪小学", "2133900401", "400101", "211", "1", "111", "城关镇灵溪路30号", {}),
    ("d2", "龙游县竹海初级中学", "3133900402", "400102", "311", "2", "111", "城关镇竹海路2号", {}),
)  # fmt: skip

# registrar, head, class teacher of the first class; the teaching point has one person for all of it
_SCHOOL_STAFF = {
    "a1": ("庹明慧", "余正德", "柯文静"), "a2": ("田晓岚", "覃永昌", "罗思远"), "a3": ("向春燕", "昝光明", "彭立新"), "a4": ("郝玉洁", "阮国栋", "邵云飞"),
    "a5": ("明世安",), "a6": ("甘雨竹", "伍兴国", "卞雪莹"), "m1": ("岑佳音", "钟以诚", "骆子昂"),
    "b1": ("饶静娴", "童绍文", "牟小曼"), "b2": ("左丽君", "席长庚", "车文博"), "b3": ("艾春晓", "盛怀远", "鲁一鸣"), "b4": ("褚月华", "费明哲", "管晓棠"),
    "c1": ("殷素琴", "俞承志", "古雅楠"), "c2": ("喻秋实", "聂宏图", "简思敏"), "c3": ("柴若兰", "尤定国", "冉天野"),
    "d1": ("祝晚晴", "应家麒", "楼可心"), "d2": ("项蓓蕾", "毛允恭", "池慕青"),
}  # fmt: skip

_OFFICERS = (
    ("officer.province", "穆清源", "province", "province_officer"), ("officer.province2", "屠望舒", "province2", "province_officer"),
    ("officer.city1", "荆楚瑜", "city1", "city_officer"), ("officer.city2", "晏如松", "city2", "city_officer"),
    ("officer.city3", "蓝映川", "city3", "city_officer"),
    ("officer.a", "单维桢", "a", "county_officer"), ("officer2.a", "瞿安澜", "a", "county_officer"),
    ("officer.b", "苗春霖", "b", "county_officer"), ("officer2.b", "党怀瑾", "b", "county_officer"),
    ("officer.c", "谌思齐", "c", "county_officer"), ("officer2.c", "储兰亭", "c", "county_officer"),
    ("officer.d", "楼望江", "d", "county_officer"), ("officer2.d", "裘以宁", "d", "county_officer"),
    ("township.a.t1", "查守信", "a.t1", "township_registrar"),
)  # fmt: skip
_ADMINISTRATORS = (
    ("sysadmin", "闻启航", "sysadmin"), ("security", "严守拙", "security_admin"), ("security2", "宁致和", "security_admin"), ("auditor", "明镜之", "auditor"),
)  # fmt: skip


def _schools():
    for key, name, school_code, local_code, school_type, stages, urban_rural, street, differs in _SCHOOLS:
        home = "a" if key == "m1" else key[0]
        county = COUNTIES[home]
        staff = _SCHOOL_STAFF[key]
        rest = {"managed_by": home, "located_in": home, "sponsor": "831", "postcode": "442201" if differs.get("located_in") else county.postcode} | differs
        yield Body(
            key, "school", name, name.removeprefix(county.name).removeprefix(county.city), county.code, phone=f"{county.area_code}-93{local_code[1:]}",
            address=county.full_name + street, school_code=school_code, local_code=local_code, school_type=school_type, running_type="21",
            urban_rural=urban_rural, stages=stages, principal=staff[min(1, len(staff) - 1)], **rest,
        )  # fmt: skip


def _people():
    for account, name, body, duty in _OFFICERS:
        yield Person(account, name, body, (Post(duty, body),))
    for account, name, duty in _ADMINISTRATORS:
        yield Person(account, name, "province", (Post(duty, None),))
    for school, staff in _SCHOOL_STAFF.items():
        if len(staff) == 1:  # one person keeps the register and teaches; the township checks (DECIDED 4)
            yield Person(f"registrar.{school}", staff[0], school, (Post("school_registrar", school), Post("class_teacher", school)))
            continue
        for role, duty, name in zip(("registrar", "head", "teacher"), ("school_registrar", "school_head", "class_teacher"), staff, strict=True):
            yield Person(f"{role}.{school}", name, school, (Post(duty, school),))


BODIES = {body.key: body for body in (*_offices(), *_schools())}  # each stands after those it is managed by and located in
SCHOOLS = {key: body for key, body in BODIES.items() if body.tier == "school"}
PEOPLE = {person.account: person for person in _people()}


# ---------------------------------------------------------------- classes


def classes(school, school_year):
    """The classes of a school by stage and grade; a1 and a2 also have one that graduated the summer before."""
    body = BODIES[school]
    found = []
    for stage in body.stages:
        length = body.length(stage)
        for year in range(1, 5 if school == "a5" else length + 1):
            entry_year = school_year - year + 1
            for number in (1, 2) if year in {1, 3} and school not in {"a5", "a6"} else (1,):
                rng = Random(f"{SEED}/{school}/{stage}/{entry_year}/{number}")  # a cohort keeps its class teacher from year to year
                plain = ClassOf(school, stage, entry_year, length, year, number, rng.randrange(28, 34), _teacher(rng))
                found.append(_differs(plain, rng, first=not found))
        if school in {"a1", "a2"}:
            entry_year = school_year - length
            rng = Random(f"{SEED}/{school}/{stage}/{entry_year}/1")
            found.append(ClassOf(school, stage, entry_year, length, length, 1, 6, _teacher(rng), state="graduated"))
    return tuple(found)


def _teacher(rng):
    return names.person(rng, rng.choice("1222"), rng.randrange(1975, 1998))


def _differs(plain, rng, *, first):
    school = plain.school
    if school == "a5":
        group = "一、二年级复式班" if plain.year <= 2 else "三、四年级复式班"
        return replace(
            plain, size=rng.randrange(5, 8), teacher=_SCHOOL_STAFF["a5"][0], account="registrar.a5", group=group, kind="multigrade"
        )  # fmt: skip
    if school == "a6":
        plain = replace(plain, size=rng.randrange(6, 10), kind="special")
    return replace(plain, teacher=_SCHOOL_STAFF[school][2], account=f"teacher.{school}") if first else plain


# ---------------------------------------------------------------- pupils

# The pupils that stories are told of: key, school, stage, year in the stage, class, name, sex.
# Theirs are the names that software stumbles over, too.
_KNOWN = (
    ("unnumbered", "a1", "1", 1, 2, "向晚舟", "2"),
    ("suspended", "a1", "1", 4, 1, "覃思源", "1"),
    ("left", "a1", "1", 5, 1, "昝雨禾", "2"),
    ("rare.ext-a", "a1", "1", 1, 1, "余㛃宁", "2"),
    ("rare.ext-b", "a1", "1", 1, 1, "吴𠮷安", "1"),
    ("rare.ext-e", "a1", "1", 3, 1, "柯𬭎泽", "1"),
    ("rare.single", "a1", "1", 3, 2, "郑䶮", "1"),
    ("rare.compound", "a1", "1", 6, 1, "欧阳𬱖", "2"),
    ("reading.shan", "a1", "1", 1, 1, "单小荷", "2"),
    ("reading.qiu", "a1", "1", 5, 1, "仇一帆", "1"),
    ("reading.zeng", "b1", "1", 2, 1, "曾乐之", "2"),
    ("common.1", "a1", "1", 1, 1, "张梓涵", "2"),
    ("common.2", "a1", "1", 1, 2, "张梓涵", "2"),
    ("dot", "a2", "2", 1, 1, "阿依努尔·吐尔逊", "2"),
    ("longest", "a2", "2", 1, 1, "努尔艾合买提·阿卜杜热合曼·麦麦提图尔荪·吾斯曼江", "1"),
    ("one-word", "c1", "1", 2, 1, "次仁央宗", "2"),
    ("suspended.b", "b2", "2", 2, 1, "牟知秋", "1"),
    ("left.d", "d1", "1", 4, 1, "雷沐阳", "1"),
)
_PEOPLES = {"dot": "05", "longest": "05", "one-word": "04", "left.d": "22"}
_TWINS = (("庹思远", "庹思齐"), ("1", "2"))


def pupils(school_year, schools=None, per_class=None, generator=None):
    """Every pupil of the small county, or of the `schools` named; `per_class` makes a smaller county with the same known pupils."""
    generator = generator or Generator(SEED)
    known = _known(generator, school_year)
    found = []
    for school in schools or SCHOOLS:
        for group in classes(school, school_year):
            here = known.get((school, group.stage, group.entry_year, group.number), [])
            found += here
            found += fill(generator, BODIES[school], group, school_year, count=min(group.size, per_class or group.size) - len(here))
    return found


def fill(generator, body, group, school_year, *, count):
    """So many further pupils of a class."""
    status, since = ("07", date(school_year, 6, 30)) if group.state == "graduated" else ("01", None)
    for _ in range(count):
        yield Pupil(body.key, group.stage, group.entry_year, group.number, _draw(generator, body, group, school_year), status=status, since=since)


def known_pupils(school_year):
    """The pupils that stories are told of, by key; the same as among `pupils(school_year)`."""
    return {pupil.key: pupil for group in _known(Generator(SEED), school_year).values() for pupil in group}


def _draw(generator, body, group, school_year, **given):
    county = COUNTY_OF[body.division_code]
    street = body.address.removeprefix(county.full_name)
    town = next((town for town in generator.families.gazetteer(county).towns if street.startswith(town)), "")
    return generator.pupil(
        group.entry_year, group.stage, county, town=town,
        rural={"220": 1.0, "122": 0.8}.get(body.urban_rural, 0.3),
        boarding={"1": 0.2, "2": 0.45, "3": 0.75}[group.stage] if body.boarding else 0.0,
        special=group.kind == "special", as_of=date(school_year, 9, 1), **given,
    )  # fmt: skip


def _known(generator, school_year):
    """Drawn first and always all of them, so that they are the same whatever else is asked for."""
    places = {
        (group.school, group.stage, group.year, group.number): group
        for school in SCHOOLS for group in classes(school, school_year) if group.state == "open"
    }  # fmt: skip
    found = {}
    for key, school, stage, year, number, name, sex in _KNOWN:
        group = places[school, stage, year, number]
        item = _draw(generator, BODIES[school], group, school_year, name=name, sex=sex, ethnicity=_PEOPLES.get(key))
        status, since, until = "01", None, None
        if key == "unnumbered":
            item |= {"id_doc_type": "Z", "id_doc_no": "", "id_valid_period": ""}
        elif key.startswith("suspended"):
            status, since, until = "02", date(school_year, 9, 1), date(school_year + 1, 8, 31)
        elif key.startswith("left"):
            status, since = "10", date(school_year, 8, 20)
        place = (school, stage, group.entry_year, number)
        found.setdefault(place, []).append(Pupil(*place, item, key, status, since, until))
    group = places["a1", "1", 2, 1]
    place = ("a1", "1", group.entry_year, 1)
    twins = generator.twins(group.entry_year, "1", COUNTIES["a"], called=_TWINS[0], sexes=_TWINS[1], as_of=date(school_year, 9, 1))
    found.setdefault(place, []).extend(Pupil(*place, item, f"twin.{number}") for number, item in enumerate(twins, 1))
    graduates = next(group for group in classes("a1", school_year) if group.state == "graduated")
    place = ("a1", "1", graduates.entry_year, 1)
    item = _draw(generator, BODIES["a1"], graduates, school_year, name="饶听澜", sex="2")
    found[place] = [Pupil(*place, item, "graduated", "07", date(school_year, 6, 30))]
    return found
