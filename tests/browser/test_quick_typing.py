"""A registrar's afternoon: how few keys one child takes, when Enter leads to what is missing and codes are typed as digits."""

import time

from app.identity.id_number import check_character

HERE = "() => document.activeElement.name || document.activeElement.textContent.trim()"
TYPED = {
    "ethnicity": "01", "birth_place_code": "420323", "native_place": "420323", "hukou_place_code": "420323", "hukou_nature": "1", "current_address": "城关镇明清路8号",
    "phone": "13871990815", "postcode": "442200", "is_only_child": "1", "had_preschool": "1", "member1_name": "叶志成", "member1_relation": "51",
}


class Hands:
    """A keyboard that counts."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def press(self, key):
        self.keys += 1
        self.page.keyboard.press(key)

    def type(self, text):
        self.keys += len(text)
        self.page.keyboard.type(text)


def enrol(page, number, name):
    """Type one child; returns (keys, the fields that Enter led to)."""
    hands, asked = Hands(page), []
    hands.type(number + check_character(number))
    while True:
        hands.press("Enter")
        field = page.evaluate(HERE)
        if field == "left_behind":
            hands.press("Alt+q")
            deadline = time.monotonic() + 5
            while page.evaluate(HERE) != "member1_name" and time.monotonic() < deadline:
                time.sleep(0.05)
            field = "member1_name"
        asked.append(field)
        if field == "核对并提交":
            break
        if field == "class_code":
            hands.press("ArrowDown")
        else:
            hands.type(name if field == "name" else TYPED[field])
    hands.press("Enter")
    page.wait_for_url("**/check**")
    hands.press("Alt+t")
    hands.press("Alt+n")
    page.wait_for_url("**/new?after=**")
    return hands.keys, asked


def test_the_second_child_takes_less_than_seventy_keys(at):
    page = at("registrar.a1")
    page.goto("/enrolments/new")
    first, asked = enrol(page, "42032320200310001", "叶清禾")
    assert asked == ["name", *(name for name in TYPED if name in (
        "ethnicity", "birth_place_code", "native_place", "hukou_place_code", "hukou_nature")), "class_code", "current_address", "phone", "postcode", "is_only_child",
        "had_preschool", "member1_name", "member1_relation", "核对并提交"]

    second, asked = enrol(page, "42032320200311002", "叶清苗")
    assert asked == ["name", "ethnicity", "hukou_nature", "current_address", "phone", "is_only_child", "had_preschool", "member1_name", "member1_relation", "核对并提交"]
    assert page.evaluate(HERE) == "id_doc_no"
    assert second < 70 < first < 100


def test_what_is_typed_before_a_slow_answer_comes_is_kept(at):
    page = at("registrar.a1")
    page.goto("/enrolments/new")
    page.route("**/enrolments/new", lambda route: (time.sleep(1), route.continue_()))
    page.keyboard.press("Alt+q")
    page.locator("[name=member1_name]").fill("庹云")
    page.locator("[name=member1_relation]").select_option(label="母亲")
    page.locator("[name=had_preschool]").first.check()
    page.wait_for_function("() => document.querySelector('[name=is_orphan]:checked')")

    assert page.input_value("[name=member1_name]") == "庹云"
    assert page.locator("[name=member1_relation] option:checked").text_content() == "母亲"
    assert page.locator("[name=had_preschool]").first.is_checked()
    assert page.locator("[name=is_orphan]:checked").evaluate("one => one.labels[0].textContent.trim()") == "否"


def test_a_place_anywhere_in_the_country_is_suggested_by_a_few_characters(at):
    page = at("registrar.a1")
    page.goto("/enrolments/new")
    page.locator("[name=birth_place_code]").press_sequentially("昆山")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        offered = page.evaluate("() => [...document.getElementById('divisions').options].map((one) => one.value)")
        if len(offered) == 1:
            break
        time.sleep(0.05)
    assert offered == ["320583 江苏省苏州市昆山市"]
