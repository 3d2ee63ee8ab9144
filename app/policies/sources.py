"""What the settings cite. A title stands in 《》 only where it is known to be the paper's own."""

# How sure we are of a default, as a page tells it.
SURE = {
    "full": "已读原文",
    "excerpt": "见于部分条文或引用条文的报道",
    "secondary": "见于转述",
    "unverified": "尚未核实",
    "own": "本系统约定",
    "local": "本地规定",
}

N25 = "《中小学生学籍管理办法》（教基〔2025〕1号）"
N13 = "《中小学生学籍管理办法》（教基一〔2013〕7号）"
LAW = "《义务教育法》第十一条"
M17 = "教育部 教基司厅函〔2017〕23号"
HENAN = "河南省《关于做好中小学学籍信息管理系统建设工作的通知》"
HEBEI = "《河北省义务教育阶段学生学籍管理办法实施细则（试行）》"
ZHEJIANG = "浙江省《关于全面实施中小学学生学籍电子化管理的意见》"
ZHUSHAN = "竹山县义务教育阶段电子学籍管理规定"
YUHONG = "沈阳市于洪区电子学籍管理规定"
CITY = "某市电子学籍管理软件操作规定"
SICHUAN = "《四川省中小学生学籍管理实施细则》（2026年）"
JIANGSU = "《江苏省中小学生学籍管理规定》（2023年）"
SHANDONG = "《山东省普通中小学生学籍管理规定》"
OLD_SHANDONG = "山东省中小学学籍管理规定（旧）"
LIAONING = "《辽宁省义务教育阶段学生学籍管理办法实施细则》（2017年）"
HUNAN = "《湖南省中小学生学籍管理实施细则》"
BARS = "北京、山东、新疆、海南、四川等地规定"
NATIONAL_SYSTEM = "全国中小学生学籍信息管理系统操作手册"
OWN = "本系统约定"
