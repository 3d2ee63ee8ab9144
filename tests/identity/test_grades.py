from app.identity.grades import class_title, cohort_title, grade_title, year_of_schooling


def test_a_primary_pupil_of_six_years_goes_through_one_to_six():
    assert [grade_title("1", year, 6) for year in range(1, 7)] == ["一年级", "二年级", "三年级", "四年级", "五年级", "六年级"]


def test_six_and_three_and_five_and_four_meet_in_the_ninth_year():
    assert [grade_title("2", year, 3) for year in (1, 2, 3)] == ["七年级", "八年级", "九年级"]
    assert [grade_title("2", year, 4) for year in (1, 2, 3, 4)] == ["六年级", "七年级", "八年级", "九年级"]
    assert year_of_schooling("2", 2, 4) == year_of_schooling("2", 1, 3) == 7


def test_senior_school_is_the_tenth_to_the_twelfth_year():
    assert [(grade_title("3", year, 3), year_of_schooling("3", year, 3)) for year in (1, 2, 3)] == [
        ("高一", 10),
        ("高二", 11),
        ("高三", 12),
    ]


def test_a_grade_tells_its_cohort_and_a_class_its_number_or_name():
    assert cohort_title("1", 1, 6, 2026) == "一年级（2026级）"
    assert class_title("1", 3, 6, 2) == "三年级2班"
    assert class_title("3", 1, 3, 4, "启智班") == "高一启智班"
