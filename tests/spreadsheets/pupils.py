"""Rows of the national template as a careful clerk fills them; the people are invented."""

from app.identity.id_number import check_character
from app.spreadsheets.columns import NEW_PUPILS

TITLES = [column.title for column in NEW_PUPILS]


def id_number(number, year=2020):
    """A right number for the pupil counted `number`: boys odd, girls even."""
    first17 = f"420323{year}{number // 600 % 12 + 1:02}{number // 25 % 24 + 1:02}{100 + number % 25 * 10 + number % 2:03}"
    return first17 + check_character(first17)


def pupil(number):
    """Title → text of the cell; every third has a second guardian, every fourth is filled in by codes."""
    no, boy = id_number(number), number % 2 == 1
    cells = {
        "学校标识码": "2142001636",
        "姓名": "方田袁石"[number % 4] + "雨晨𠮷安"[number // 4 % 4] + "一二三四五六七八九十"[number // 16 % 10],
        "性别": "男" if boy else "女",
        "出生日期": no[6:14],
        "身份证件类型": "居民身份证",
        "身份证件号": no,
        "出生地行政区划代码": "420323000000",
        "民族": "汉族",
        "国籍/地区": "中国",
        "港澳台侨外": "否",
        "户口性质": "农业户口",
        "户口所在地行政区划": "湖北省十堰市竹山县",
        "现住址": f"竹山县城关镇明清路{number}号",
        "是否独生子女": "否",
        "是否留守儿童": "0",
        "是否进城务工人员随迁子女": "否",
        "是否孤儿": "否",
        "籍贯": "湖北省十堰市竹山县",
        "健康状况": "10",
        "年级": "一年级",
        "班级号": str(number % 3 + 1),
        "入学年月": "202609",
        "入学方式": "11",
        "就读方式": "走读",
        "通信地址": f"竹山县城关镇明清路{number}号",
        "家庭地址": f"竹山县城关镇明清路{number}号",
        "联系电话": f"1380000{number % 10000:04}",
        "邮政编码": "442200",
        "是否受过学前教育": "是",
        "是否需要申请资助": "否",
        "是否享受一补": "否",
        "是否烈士或优抚子女": "否",
        "成员1姓名": "方山",
        "成员1关系": "父亲",
        "成员1现住址": f"竹山县城关镇明清路{number}号",
        "成员1户口所在地行政区划": "420323",
        "成员1联系电话": f"1390000{number % 10000:04}",
        "成员1是否监护人": "是",
        "成员1身份证件类型": "居民身份证",
        "成员1身份证件号": id_number(number, 1990),
    }
    if number % 3 == 0:
        cells |= {"成员2姓名": "田水", "成员2关系": "母亲", "成员2现住址": "同上", "成员2户口所在地行政区划": "竹山县"}
        cells |= {"成员2联系电话": "0719-4222333", "成员2是否监护人": "是"}
    if number % 4 == 0:
        cells |= {"性别": "2", "民族": "01", "国籍/地区": "CHN", "港澳台侨外": "00", "出生日期": f"{no[6:10]}/{no[10:12]}/{no[12:14]}"}
        cells |= {"是否独生子女": "1", "就读方式": "2", "上下学距离": "1.5", "身份证件有效期": "长期", "政治面貌": "群众"}
    return cells


def rows(pupils, titles=TITLES):
    return [[cells.get(title, "") for title in titles] for cells in pupils]
