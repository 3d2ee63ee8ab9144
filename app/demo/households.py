"""Invented families: who lives where, who is away for work, whose name the children bear."""

from dataclasses import dataclass
from datetime import date

from app.codes import divisions
from app.demo import names
from app.demo.addresses import County, Gazetteer
from app.demo.numbers import DocumentNumbers, Phones

OTHER_PEOPLES = ("15", "06", "11", "08", "22", "12", "05", "02", "04", "07", "14", "09", "17", "29")
WORK_CITIES = {"4401", "4403", "4406", "3301", "3302", "3303", "3205", "3101", "4201", "3501"}
TRADES = (  # job, where
    ("务工", "云岭建材有限公司"), ("务工", "恒远服装厂"), ("务工", "宏图建筑工程队"), ("个体经营", ""), ("司机", "安达运输有限公司"), ("营业员", "惠民超市"),
    ("技术员", "清源水务有限公司"), ("会计", "青禾农业合作社"), ("护士", "卫生院"), ("教师", "幼儿园"), ("电工", "供电所"), ("厨师", "福满楼餐馆"),
)  # fmt: skip
EDUCATION = ("81", "71", "71", "71", "71", "71", "61", "61", "41", "31", "21")  # 文化程度 of parents, as often as they stand here


@dataclass(frozen=True, slots=True)
class Home:
    county: County
    rural: bool
    address: str
    postcode: str
    hukou_place_code: str
    hukou_address: str
    hukou_nature: str


@dataclass(frozen=True, slots=True)
class Family:
    """What brothers and sisters share. `inherited` is their surname, clan, or father's name."""

    home: Home
    situation: str  # both | one | step | half-away | away | migrant | orphan
    ethnicity: str
    inherited: str
    children: int
    poor: bool
    phone: str
    members: tuple[dict, ...]


class Families:
    def __init__(self, rng, seed):
        self.rng = rng
        self.seed = seed
        self.phones = Phones(seed)
        self.numbers = DocumentNumbers(rng)
        self._gazetteers = {}
        self._waiting = {}
        lowest = [place for place in divisions.live() if place.lowest]
        self._rural_counties = [place for place in lowest if place.label.endswith("县")]
        self._of_province = {}
        for place in self._rural_counties:
            self._of_province.setdefault(place.code[:2], []).append(place)
        self._work_places = [place for place in lowest if place.code[:4] in WORK_CITIES]

    def gazetteer(self, county):
        if county.code not in self._gazetteers:
            self._gazetteers[county.code] = Gazetteer(county, self.seed)
        return self._gazetteers[county.code]

    def of_pupil(self, county, birth_date, rural, town=""):
        """A new family, or now and then that of a pupil already there, born far enough apart."""
        is_rural = self.rng.random() < rural
        waiting = self._waiting.setdefault((county.code, is_rural and town, is_rural), [])
        if waiting and self.rng.random() < 0.15:
            place = int(self.rng.random() * len(waiting))
            family, other_birth = waiting[place]
            grown = all(birth_date.year - member["birth_date"].year >= 20 for member in family.members)
            if grown and 330 < abs((birth_date - other_birth).days) < 3300:
                waiting[place] = waiting[-1]
                waiting.pop()
                return family
        family = self.new(county, birth_date, rural=is_rural, town=town)
        if family.children > 1 and self.rng.random() < 0.4:
            waiting.append((family, birth_date))
        return family

    def new(self, county, birth_date, *, rural, town="", children=None, ethnicity=None, inherited=""):
        rng, random = self.rng, self.rng.random
        draw = random()
        children = children or (1 if draw < 0.38 else 2 if draw < 0.88 else 3)
        situation = self._situation(rural)
        home = self._home(county, rural, town, situation)
        ethnicity = ethnicity or self._ethnicity(county)

        # Fathers are a little older than mothers; nobody became a parent before twenty.
        mother_birth = self.day_in(birth_date.year - min(20 + int(abs(rng.gauss(0, 1)) * 3 + random() * 10), 43))
        father_birth = self.day_in(min(mother_birth.year + 1 - int(random() * 6), birth_date.year - 20))
        father = names.father(rng, father_birth.year, ethnicity, inherited)
        mother_ethnicity = ethnicity if ethnicity != "01" or random() < 0.96 else self._ethnicity(county)
        mother = names.person(rng, "2", mother_birth.year, mother_ethnicity)
        if not inherited:
            inherited = names.passed_on(father, ethnicity, whole=random() < 0.1)
            if random() < 0.05 and ethnicity == mother_ethnicity == "01":
                inherited = names.inherited(mother, mother_ethnicity)

        def parent(relation, *, here=True):
            if relation == "52":
                return self._member(home, mother, relation, mother_birth, mother_ethnicity)
            return self._member(home, father, relation, father_birth, ethnicity, here=here)

        if situation == "orphan":
            members = (self._kinsman(home, father, father_birth, ethnicity),)
        elif situation == "one":
            members = (parent("51" if random() < 0.4 else "52"),)
        elif situation == "away":
            members = (self._grandparent(home, father, father_birth, ethnicity), parent("51", here=False))
        elif situation == "half-away":
            members = (parent("52"), parent("51", here=False))
        else:
            members = (parent("57" if situation == "step" else "51"), parent("52"))
        phone = members[0]["phone"] if random() < 0.985 else self.phones.landline(county.area_code)
        poor = random() < (0.6 if situation == "orphan" else 0.13 if rural else 0.04)
        return Family(home, situation, ethnicity, inherited, children, poor, phone, members)

    def day_in(self, year):
        return date.fromordinal(date(year, 1, 1).toordinal() + int(self.rng.random() * 365))

    def rural_county(self, province=None):
        counties = self._of_province[province] if province else self._rural_counties
        return counties[int(self.rng.random() * len(counties))]

    def _situation(self, rural):
        draw = self.rng.random()
        if draw < 0.0015:
            return "orphan"
        if draw < 0.075:
            return "one"
        if draw < 0.095:
            return "step"
        if rural:
            return "away" if draw < 0.27 else "half-away" if draw < 0.42 else "both"
        return "away" if draw < 0.11 else "half-away" if draw < 0.14 else "migrant" if draw < 0.24 else "both"

    def _ethnicity(self, county):
        draw = self.rng.random()
        if draw < 0.94:
            return "01"
        if draw < 0.98:
            return county.minority
        return OTHER_PEOPLES[int(self.rng.random() * len(OTHER_PEOPLES))]

    def _home(self, county, rural, town, situation):
        rng, random = self.rng, self.rng.random
        gazetteer = self.gazetteer(county)
        address, postcode = gazetteer.in_village(rng, town) if rural else gazetteer.in_town(rng)
        place, written, nature = county.code, address, "1" if rural or random() < 0.4 else "2"
        if situation == "migrant":  # newcomers are from the same province more often than not
            origin = self.rural_county(county.code[:2] if random() < 0.7 else None)
            while origin.code == county.code:
                origin = self.rural_county()
            town, village = gazetteer.villages[int(random() * len(gazetteer.villages))]
            place, nature = origin.code, "1"
            written = f"{origin.full_name}{town}{village}{1 + int(random() * 9)}组{1 + int(random() * 90)}号"
        elif nature == "1" and not rural:
            written = gazetteer.in_village(rng)[0]
        return Home(county, rural, address, postcode, place, written, nature)

    def _grandparent(self, home, father, father_birth, ethnicity):
        birth = self.day_in(father_birth.year - 21 - int(self.rng.random() * 9))
        if self.rng.random() < 0.45:
            return self._member(home, names.father(self.rng, birth.year, ethnicity, names.inherited(father, ethnicity)), "61", birth, ethnicity)
        return self._member(home, names.person(self.rng, "2", birth.year, ethnicity), "62", birth, ethnicity)

    def _kinsman(self, home, father, father_birth, ethnicity):
        """Who brings up an orphan: a grandparent or the father's younger brother (叔父)."""
        if self.rng.random() < 0.6:
            return self._grandparent(home, father, father_birth, ethnicity)
        birth = self.day_in(father_birth.year + 2)
        name = names.person(self.rng, "1", birth.year, ethnicity, family=names.inherited(father, ethnicity))
        return self._member(home, name, "97", birth, ethnicity) | {"relation_note": "叔父"}

    def _member(self, home, name, relation, birth, ethnicity, *, here=True):
        random = self.rng.random
        address, employer = home.address, ""
        old = relation in {"61", "62"}
        if not here:
            work = self._work_places[int(random() * len(self._work_places))]
            room = f"员工宿舍{1 + int(random() * 8)}栋{101 + int(random() * 500)}室"
            address, job = f"{work.full_name}工业{1 + int(random() * 12)}路{1 + int(random() * 200)}号{room}", "务工"
        elif old or (home.rural and random() < 0.6):
            job = "务农"
        else:
            job, firm = TRADES[int(random() * len(TRADES))]
            employer = home.county.name + firm if firm and random() < 0.7 else ""
        return {
            "name": name,
            "relation": relation,
            "relation_note": "",
            "ethnicity": ethnicity,
            "employer": employer,
            "current_address": address,
            "hukou_place_code": home.hukou_place_code,
            "phone": self.phones.mobile(),
            "is_guardian": True,
            "id_doc_type": "1",
            "id_doc_no": self.numbers.identity(home.hukou_place_code, birth, "2" if relation in {"52", "62"} else "1"),
            "job_title": job,
            "education_level": "81" if old else EDUCATION[int(random() * len(EDUCATION))],
            "birth_date": birth,
        }
