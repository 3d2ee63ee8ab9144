"""A seeded generator of invented pupils with their families: the same seed gives the same county, to the byte.

Shares are set so that a county looks like one: rural children whose parents work elsewhere, newcomers in the town, few orphans, few disabled children,
a rare character here and there, a child without a number now and then. Values stand under the field names of the national form; yes/no items are
booleans. No clock is read: whoever needs a pupil as of a day says which (`as_of`).
"""

from datetime import date
from random import Random

from app.demo import names
from app.demo.households import Families

ENTRY_AGE = {"1": 6, "2": 12, "3": 15}  # by stage: 小学 初中 高中
CATEGORY = {"1": "21100", "2": "31100", "3": "32100"}
DISABILITIES = {  # disability → (category in a special school, 随班就读 in an ordinary one)
    "1": ("51100", "1"),
    "2": ("51200", "2"),
    "3": ("51400", "9"),
    "4": ("51400", "9"),
    "5": ("51300", "3"),
    "6": ("51400", "9"),
    "7": ("51400", "9"),
}
FROM_OUTSIDE = {  # document → (nationality, 港澳台侨外, place, shape of the number)
    "6": ("344", "01", "810000", "H{:08}"),
    "7": ("446", "03", "820000", "MA{:07}"),
    "8": ("158", "05", "710000", "{:08}"),
    "A": ("410", "51", "", "M{:08}"),
}
TALENTS = ("书法", "绘画", "舞蹈", "声乐", "二胡", "葫芦丝", "篮球", "乒乓球", "羽毛球", "田径", "象棋", "朗诵", "武术", "剪纸")


class Generator:
    def __init__(self, seed):
        self.seed = seed
        self.rng = Random(f"pupils/{seed}")
        self.families = Families(self.rng, seed)

    def pupil(
        self, entry_year, stage, county, *, rural=0.4, town="", boarding=0.0, entry_age=None, special=False, as_of=None,
        sex=None, name=None, ethnicity=None, birth_date=None, family=None,
    ):  # fmt: skip
        """One pupil with one or two guardians, as a dict of the form's items plus `guardians`.

        `entry_year` is the year in which the pupil came into `stage`; `rural` and `boarding` are shares; who is
        rural lives in `town`, if one is given. A junior school after five years
        of primary school (五四) passes `entry_age=11`. A `name` that is given brings parents to whom it fits.
        """
        rng, random = self.rng, self.rng.random
        as_of = as_of or date(entry_year, 9, 1)
        sex = sex or ("1" if random() < 0.53 else "2")
        birth_date = birth_date or self._birth(entry_year - (entry_age or ENTRY_AGE[stage]), special)
        if family is None and (name or ethnicity):
            people = ethnicity or "01"
            inherited = names.inherited(name or "", people)
            family = self.families.new(county, birth_date, rural=random() < rural, town=town, ethnicity=people, inherited=inherited)
        family = family or self.families.of_pupil(county, birth_date, rural, town)
        home = family.home
        age = as_of.year - birth_date.year - ((as_of.month, as_of.day) < (birth_date.month, birth_date.day))
        compulsory = stage in "12"
        name = name or names.person(rng, sex, birth_date.year, family.ethnicity, family=family.inherited, rare=random() < 0.005)
        attendance = "2" if random() < boarding else "1"
        item = {
            "name": name,
            "sex": sex,
            "birth_date": birth_date,
            "birth_place_code": home.hukou_place_code if random() < 0.9 else home.county.code,
            "native_place": home.hukou_place_code if random() < 0.93 else self.families.rural_county().code,
            "ethnicity": family.ethnicity,
            "nationality": "156",
            "id_doc_type": "1",
            "id_doc_no": "",
            "overseas_status": "00",
            "political_status": "03" if age >= 14 and random() < (0.5 if stage == "3" else 0.2) else "13",
            "is_young_pioneer": stage != "3" and 7 <= age < 14 and random() < 0.93,
            "former_name": "",
            "id_valid_period": "",
            "hukou_place_code": home.hukou_place_code,
            "hukou_address": home.hukou_address,
            "hukou_nature": home.hukou_nature,
            "talent": TALENTS[int(random() * len(TALENTS))] if random() < 0.15 else "",
            "entry_month": f"{entry_year}09",
            "admission_mode": ("11" if random() < 0.96 else "12") if compulsory else ("21" if random() < 0.96 else "23"),
            "attendance_mode": attendance,
            "student_source": "2" if random() < 0.003 else "1",
            "current_address": home.address,
            "mail_address": home.address,
            "home_address": home.hukou_address if family.situation == "migrant" else home.address,
            "phone": family.phone,
            "postcode": home.postcode,
            "email": "",
            "homepage": "",
            "is_only_child": family.children == 1,
            "had_preschool": random() < (0.92 if home.rural else 0.98),
            "left_behind": {"half-away": "1", "away": "2"}.get(family.situation, "0"),
            "is_migrant_child": family.situation == "migrant" and compulsory,
            "is_orphan": family.situation == "orphan",
            "is_martyr_child": random() < 0.0005,
            "gov_bought_place": None,
            "wants_aid": family.poor,
            "has_boarding_subsidy": family.poor and attendance == "2",
            "remark": "",
        }
        if random() < 0.012:
            former = names.person(rng, sex, birth_date.year, family.ethnicity, family=family.inherited)
            item["former_name"] = former if former != name else ""
        item |= self._health(stage, special)
        if item["student_source"] == "2" and item["student_kind"] == "普通":
            item["student_kind"] = "借读生"
        item |= self._way(home.rural, attendance)
        item |= self._papers(item, family, entry_year)
        item["guardians"] = [dict(member) for member in family.members]
        return item

    def twins(self, entry_year, stage, county, *, called=(None, None), sexes=("1", "1"), rural=0.0, town="", **rest):
        """Two children of one birth: a family, an address and a birthday in common."""
        birth_date = self._birth(entry_year - (rest.get("entry_age") or ENTRY_AGE[stage]), False)
        inherited = names.inherited(called[0], "01") if called[0] else ""
        family = self.families.new(county, birth_date, rural=self.rng.random() < rural, town=town, children=2, ethnicity="01", inherited=inherited)
        return tuple(
            self.pupil(entry_year, stage, county, name=name, sex=sex, birth_date=birth_date, family=family, **rest)
            for name, sex in zip(called, sexes, strict=True)
        )

    def _birth(self, newest_year, special):
        """Six full years on 31 August of the entry year (义务教育法 11): a few are a year older, in special schools many."""
        draw, late = self.rng.random(), 0
        if draw < (0.5 if special else 0.05):
            late = 1 if not special or draw < 0.3 else 2
        return date.fromordinal(date(newest_year - late, 8, 31).toordinal() - int(self.rng.random() * 365))

    def _health(self, stage, special):
        draw = self.rng.random()
        if special or draw < 0.006:
            kind = "1244555556677"[int(self.rng.random() * 13)]
            category, inclusive = DISABILITIES[kind]
            return {
                "health_status": "50",
                "disability_type": kind,
                "inclusive_class": "0" if special else inclusive,
                "student_category": category if special else CATEGORY[stage],
                "student_kind": "残障生" if special else "随班就读",
            }
        health = "10" if draw < 0.95 else "20" if draw < 0.99 else "30" if draw < 0.998 else "40"
        return {"health_status": health, "disability_type": "0", "inclusive_class": "0", "student_category": CATEGORY[stage], "student_kind": "普通"}

    def _way(self, rural, attendance):
        random = self.rng.random
        if attendance == "2":
            km = round(3 + random() * 25, 1)
        else:
            km = round(0.2 + random() * (4 if rural else 2.5), 1)
        by_bus = rural and km > 1.5 and random() < 0.2
        mode = "5" if by_bus else "1" if km < 1.3 else "2344"[int(random() * 4)]
        return {"commute_km": str(km), "commute_mode": mode, "needs_school_bus": by_bus}

    def _papers(self, item, family, entry_year):
        draw, numbers = self.rng.random(), self.families.numbers
        if draw < 0.0035:
            return {"id_doc_type": "Z"}  # no number yet: a certificate of attendance stands for it
        if draw < 0.0047 and family.ethnicity == "01":
            kind = "678A"[int(self.rng.random() * 4)]
            nationality, status, place, shape = FROM_OUTSIDE[kind]
            here = {"birth_place_code": place, "native_place": place, "hukou_place_code": place, "hukou_nature": "2"} if place else {"ethnicity": "97"}
            return {
                "id_doc_type": kind,
                "id_doc_no": numbers.other(shape),
                "nationality": nationality,
                "overseas_status": status,
                "is_migrant_child": False,
            } | here
        place = family.home.hukou_place_code if self.rng.random() < 0.95 else item["birth_place_code"]
        period = self._period(item["birth_date"], entry_year) if self.rng.random() < 0.25 else ""
        return {"id_doc_no": numbers.identity(place, item["birth_date"], item["sex"]), "id_valid_period": period}

    def _period(self, birth_date, entry_year):
        """A card is good for five years below sixteen, ten above (居民身份证法 5)."""
        random = self.rng.random
        year, month, day = entry_year - int(random() * 3), 1 + int(random() * 8), 1 + int(random() * 28)
        years = 5 if (year - 16, month, day) < (birth_date.year, birth_date.month, birth_date.day) else 10
        return f"{year}.{month:02}.{day:02}-{year + years}.{month:02}.{day:02}"
