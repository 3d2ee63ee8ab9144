"""More schools, classes and pupils for the demo counties, up to any number: what a measurement or a training room needs."""

from itertools import count

from app.demo import cast, names
from app.demo.cast import BODIES, COUNTIES, Body, ClassOf
from app.demo.families import Generator

SHARES = (("a", 0.55), ("b", 0.25), ("c", 0.1), ("d", 0.1))
# stage → share of the pupils, 办学类型, kind in 学校标识码, its word, parallel classes from and to, pupils in a class (under the limits 45, 50, 50)
STAGES = {
    "1": (0.5, "211", "21", "小学", 1, 4, 42),
    "2": (0.27, "311", "31", "初级中学", 3, 7, 47),
    "3": (0.23, "342", "34", "高级中学", 8, 14, 48),
}


def more(students, school_year, seed, generator=None):
    """Yields (school, its classes, an iterator over their pupils) until there are `students` pupils more; the same for the same seed.

    Take the pupils of one school before asking for the next. Pass the generator that made the small county, so that no number is given twice.
    """
    generator = generator or Generator(seed)
    for place, (county_key, share) in enumerate(SHARES):
        last = place == len(SHARES) - 1
        wanted = students - sum(int(students * other) for _, other in SHARES[:place]) if last else int(students * share)
        yield from _county(county_key, wanted, school_year, generator)


def _county(county_key, wanted, school_year, generator):
    rng = generator.rng
    given_names = set()
    serial = 0
    senior, junior = int(wanted * STAGES["3"][0]), int(wanted * STAGES["2"][0])
    for stage, count_of_stage in (("1", wanted - senior - junior), ("2", junior), ("3", senior)):
        *_, fewest, most, size = STAGES[stage]
        left = count_of_stage
        while left > 0:
            serial += 1
            school = _school(county_key, stage, serial, generator, given_names)
            groups = []
            length = school.length(stage)
            for number in range(1, rng.randint(fewest, most) + 1):
                for year in range(1, length + 1):
                    pupils = min(left, size - rng.randrange(6))
                    if pupils:
                        teacher = names.person(rng, rng.choice("1222"), rng.randrange(1975, 1998))
                        groups.append(ClassOf(school.key, stage, school_year - year + 1, length, year, number, pupils, teacher))
                        left -= pupils
            yield school, tuple(groups), _pupils(generator, school, groups, school_year)


def _pupils(generator, school, groups, school_year):
    for group in groups:
        yield from cast.fill(generator, school, group, school_year, count=group.size)


def _school(county_key, stage, serial, generator, given_names):
    rng, county = generator.rng, COUNTIES[county_key]
    _, school_type, kind, word, *_ = STAGES[stage]
    gazetteer = generator.families.gazetteer(county)
    rural = stage == "1" and rng.random() < 0.5
    for attempt in count():
        if rural and attempt < 40:
            town, village = rng.choice(gazetteer.villages)
            name, street = f"{town}{village.removesuffix('村')}{word}", f"{town}{village}1组"
        else:
            road = rng.choice(gazetteer.roads)
            ordinal = rng.choice(("", "第一", "第二", "第三", "实验", "中心")) if attempt < 40 else f"第{serial}"
            name, street = f"{road}{ordinal}{word}", f"城关镇{road}{rng.randrange(1, 300)}号"
        if name not in given_names:
            given_names.add(name)
            break
    office = BODIES[county_key]
    number = f"{'abcd'.index(county_key) + 1}{serial:03}"
    return Body(
        f"{county_key}.{serial}", "school", county.name + name, name, county.code, office.key, office.key, address=county.full_name + street,
        postcode=county.postcode, phone=f"{county.area_code}-94{number}0",
        school_code=f"{kind}{county.code[:2]}91{number}", local_code=f"{number[0]}05{number[1:]}",
        school_type=school_type, sponsor="831", running_type="21", urban_rural="220" if rural else "121", stages=stage, boarding=stage != "1",
        principal=names.person(rng, rng.choice("112"), rng.randrange(1968, 1985)),
    )  # fmt: skip
