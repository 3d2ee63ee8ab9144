"""Grades (年级) as people call them. They compare by year of schooling 1–12, so that 六三 and 五四 meet (DECIDED 6)."""

STAGES = {"1": "小学", "2": "初中", "3": "高中"}
SCHOOL_STAGES = {"1": "小学", "2": "初中", "3": "高中", "12": "小学、初中", "23": "初中、高中", "123": "小学、初中、高中"}  # of a school, by its stages
CLASS_KINDS = {"ordinary": "普通班", "special": "特教班", "multigrade": "复式班", "bilingual": "双语班"}
COMPULSORY_YEARS = 9
_TITLES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级", "高一", "高二", "高三")


def year_of_schooling(stage, advanced_to, length):
    """1–9 in the compulsory stages, 10–12 in senior: the third year of a four-year junior school (五四) is the eighth."""
    before = {"1": 0, "2": COMPULSORY_YEARS - length, "3": COMPULSORY_YEARS}[stage]
    return before + advanced_to


def grade_title(stage, advanced_to, length):
    """三年级, 七年级, 高一"""
    return _TITLES[year_of_schooling(stage, advanced_to, length) - 1]


def cohort_title(stage, advanced_to, length, entry_year):
    """一年级（2026级）: the grade with the year in which its pupils entered the stage."""
    return f"{grade_title(stage, advanced_to, length)}（{entry_year}级）"


def class_title(stage, advanced_to, length, number, name=""):
    """三年级2班, or 三年级启智班 where the class has a name of its own."""
    return grade_title(stage, advanced_to, length) + (name or f"{number}班")


def title_of(row):
    """Of a class as a row: its stage, advanced_to, length, number and name."""
    return class_title(row.stage, row.advanced_to, row.length, row.number, row.name)


def is_final(advanced_to, length):
    """The graduating grade (毕业年级)."""
    return advanced_to == length


def level_code(stage, advanced_to):
    """The code of the table grade_level: stage and year in the stage."""
    return f"{stage}{advanced_to}"
