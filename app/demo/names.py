"""Invented names, drawn about as often as real ones are met: surnames by share of the population, given names by sex and decade.

What an office stumbles over is in here on purpose: compound surnames, surnames read otherwise than written (单 仇 曾 查),
names with ·, names without a surname, characters beyond U+FFFF.
"""

RARE_CHARACTERS = "㛃䶮𬭎𠮷𬱖𬍛𬘭𬤊𬴊𫖮𫍯𫘨㙓㴔䜣𬬸𬀩𪨶"

# Shares in ten thousand; the tail stands with one each.
_SURNAMES = (
    "王710 李700 张660 刘510 陈450 杨310 黄220 赵205 吴200 周190 徐145 孙140 马120 朱120 胡118 郭116 何112 林110 罗105 高104 "
    "郑92 梁86 谢80 宋80 唐78 许72 韩70 邓66 冯64 曹62 彭60 曾60 肖58 田56 董54 潘52 袁50 蔡48 蒋46 余45 于45 杜44 叶43 程42 魏41 "
    "苏40 吕40 丁38 任38 卢36 姚36 沈35 钟34 姜34 崔33 谭32 陆32 范31 汪30 廖30 石29 金29 韦28 贾28 夏27 付27 方26 邹26 熊25 白24 孟24 "
    "秦23 邱23 侯22 江22 尹21 薛21 闫20 段20 雷20 龙19 黎19 史18 陶18 贺17 毛17 郝16 顾16 龚16 邵15 万15 覃15 武14 钱14 戴14 严13 莫13 "
    "孔13 向13 常12 汤12 康12 易11 乔11 赖11 文10 樊10 兰10 殷9 施9 陈9 洪9 翟8 安8 颜8 倪8 牛7 温7 芦7 季7 俞7 章7 鲁7 葛6 伍6 申6 尤6 毕6 "
    "聂6 柴6 焦6 柳6 邢6 岳6 齐6 梅6 庄6 涂6 祝6 左5 耿5 卜5 欧5 柯5 华5 童5 阮5 纪5 关5 辛5 苗5 符5 骆5 曲5 饶5 宁5 艾4 凌4 霍4 柏4 喻4 管4 "
    "路4 阳4 房4 裴4 屈4 解4 桂4 单4 滕4 应4 党4 查3 仇3 盛3 卓3 简3 冉3 蒲3 闵3 明3 蓝3 畅2 昝2 庹2 璩2 仝2 佘2 郗2 缪2 区2 朴2 盖2 "
    "欧阳6 上官2 诸葛2 司马2 皇甫2 令狐2 尉迟1 夏侯1 慕容1 公孙1 司徒1 东方1 端木1 长孙1 亓官1 亓1 逄1 乜1 麴1 爨1 妫1 撖1 禤1 仉1 郄1 "
    "召1 操1 阚1 鄢1 郜1 隗1 笪1 钭1 厍1 揭1 湛1 宓1 晏1 瞿1 谌1 燕1 哈1 揣1 绳1 第五1"
)

# Surnames that are more frequent among the pupils of an ethnicity (民族) whose names are otherwise built as Han names are.
_SURNAMES_OF = {
    "03": "马 马 马 马 哈 丁 沙 白 金 杨 海 虎 撒 穆 锁 米 王 李 张",  # 回族
    "06": "龙 吴 石 麻 廖 杨 潘 熊 李 王",  # 苗族
    "08": "韦 覃 黄 农 蒙 陆 梁 莫 李",  # 壮族
    "09": "王 韦 罗 杨 陈 岑 卢 班",  # 布依族
    "11": "关 佟 那 赫 富 赵 金 白 王 李",  # 满族
    "12": "杨 吴 石 陆 龙 姚 粟",  # 侗族
    "14": "杨 李 张 赵 段 董 尹",  # 白族
    "15": "田 向 覃 彭 冉 谭 谢 黄 张 李 王",  # 土家族
    "22": "雷 蓝 钟",  # 畲族
}

# Pairs that would read as the name of a well-known person; the drawing goes on until it misses them.
_NOT = {
    "王": "勇 刚 霞 一博 俊凯 海涛 志刚 建军", "李": "强 鹏 杰 静 丹 亮 勇 玲 建国 嘉欣 嘉诚 文文 建华 志刚",
    "张": "杰 军 涛 静 凯 建国 志军 子怡", "刘": "涛 伟 鹏 芳 建军 诗雯 建国 志军 昊然",
    "陈": "刚 龙 红 静 敏 建国 诗欣 思诚 雨菲 若琳", "杨": "丽萍 颖 浩 倩", "赵": "勇", "周": "杰 涛 强 宇 雨彤 建国",
    "吴": "磊 敏 昊 宇 建国", "孙": "颖 伟 春兰 一宁 悦", "马": "龙 丽 凯", "朱": "军 婷 丹 建国", "胡": "军 兵 春华 静",
    "郭": "涛 刚 俊", "何": "洁 超 立峰", "林": "丹 丽 俊杰", "高": "峰 亮 强 明", "黄": "晓明 轩 磊 强 雅琼 海波",
    "徐": "静 涛 伟 勇 海东", "邓": "超 颖 涛", "韩": "红 雪 磊 晓鹏", "丁": "磊 俊", "雷": "军", "姚": "明", "宋": "丹丹 平 涛",
    "蔡": "明 英 文静", "郑": "凯 洁", "任": "伟 静 敏", "罗": "志祥", "唐": "国强 静 伟", "许": "凯", "彭": "勇 博 磊 帅",
    "沈": "丹 梦瑶", "谢": "文骏", "曾": "志伟", "肖": "华 鹏", "董": "洁 军 明珠 建华", "范": "伟", "汪": "峰 涵",
    "贾": "玲 静雯", "金": "鑫 龙", "夏": "宇", "白": "宇 雪", "龙": "丹", "余": "华", "潘": "伟", "樊": "振东", "田": "亮",
    "冯": "刚 小刚", "曹": "颖 建明", "梁": "洁 伟", "程": "龙", "杜": "海涛", "石": "磊", "秦": "昊 刚 雯", "邹": "凯", "诸葛": "亮",
}  # fmt: skip


def _bag(text):
    """A word followed by digits stands that many times: one index then draws by frequency."""
    bag = []
    for word in text.split():
        plain = word.rstrip("0123456789")
        bag += [plain] * int(word[len(plain) :] or 1)
    return tuple(bag)


_SURNAME_BAG = _bag(_SURNAMES)
_COMPOUND = frozenset(word for word in _SURNAME_BAG if len(word) == 2)
_BAG_OF = {code: tuple(text.split()) for code, text in _SURNAMES_OF.items()}
_AVOIDED = {surname: frozenset(text.split()) for surname, text in _NOT.items()}

# What each decade liked: whole names with their weight, then first and second characters that are put together, then single ones.
# Decades run to the year given; the first that is not before the birth year is taken.
_GIVEN = {
    "1": (
        (1969,
         "建国6 建军6 国华5 志强4 文华4 德明3 国强3 德才2 明贵2 永福2 正华2 德贵2 光明2 家富2 长林1 开贵1",
         "国 德 光 正 永 明 家 长 大 世 志 文 建 天 开 兴 绍 昌 传 先",
         "华 明 贵 富 才 福 林 平 义 忠 银 发 友 祥 成 安 海 山 云 清",
         "平3 华3 明3 军2 林2 忠2 义1 安1"),
        (1984,
         "志刚6 建华5 志强5 建平4 海涛3 志勇4 国强4 晓东4 爱军3 红军2 卫东3 建波2 永红1 小兵2 立新2",
         "志 建 国 海 永 晓 文 光 小 立 红 卫 新 春 明 红 世 家 先 长",
         "刚 强 华 勇 军 涛 波 斌 林 东 辉 明 兵 伟 峰 生 清 民 国",
         "伟5 勇5 军5 涛4 斌4 波3 辉3 刚3 峰3 兵2 平3 林2 华2 强3 俊1"),
        (1999,
         "志伟3 俊杰4 海波3 小龙3 文杰3 晓峰3 建波2 文涛2 志鹏2 世杰2 冬冬1 家豪1 天成1",
         "志 俊 文 晓 海 小 家 明 世 嘉 天 宏 永 金 旭 振 云 国 成",
         "杰 鹏 伟 波 龙 涛 辉 超 峰 林 东 飞 斌 亮 宇 阳 凯 祥 文 强",
         "磊5 超5 杰4 鹏4 伟4 浩3 涛3 俊3 凯3 飞3 亮2 鑫3 斌3 帅2 龙2 旭2 阳2"),
        (2099,
         "浩宇9 子轩8 宇轩8 浩然7 子涵5 博文6 梓豪6 俊熙4 一诺5 宇航6 子墨5 奕辰7 沐宸6 宇泽5 浩轩5 俊豪5 梓睿5 子睿5 皓轩5 天佑4 "
         "梓轩5 亦辰3 思远4 明轩4 嘉懿3 煜城3 懿轩3 烨伟3 苑博2 伟泽2 熠彤2 鸿煊3 博涛2 文博3 逸晨3 景行2 知远3 书恒2 昕阳2 星宇3 "
         "家乐2 承恩2 沐阳4",
         "子 浩 宇 梓 俊 博 嘉 一 奕 泽 明 文 思 天 皓 睿 铭 承 家 沐 志 景 逸 瑞 昊 煜 晨 锦 书 亦",
         "轩 宇 涵 豪 然 辰 睿 泽 航 熙 杰 阳 博 霖 宸 恒 诚 瑞 远 琪 哲 安 凯 翔 朗 奕 骏 行 川 屹",
         "浩3 睿3 宇3 涵2 轩2 博2 昊3 喆2 煜2 铭2 航2 琛1 晟1 翊1 宸2 骁1"),
    ),
    "2": (
        (1969,
         "秀英9 桂英8 秀兰7 玉兰6 桂兰6 秀珍5 凤英5 玉英4 淑英4 秀华3 玉珍4 翠英2 春香2 桂香2 兰英3 明珍1 先翠1",
         "秀 桂 玉 凤 淑 翠 春 兰 素 月 红 金 明 先 家 大 天 光 传 世",
         "英 兰 珍 芳 华 香 梅 莲 芝 翠 琴 云 霞 清 秀 菊 芬 荣 珠 玉",
         "芳2 英2 兰1 珍1 梅1 霞1"),
        (1984,
         "丽华5 红梅5 小红4 春梅4 艳丽3 玉梅3 海燕5 丽娟5 秀芳3 晓燕4 建英2 雪梅3 小琴2 冬梅4 桂芳3 红霞3 翠萍2",
         "丽 红 小 春 艳 玉 海 晓 秀 雪 冬 桂 爱 建 月 永 明 家 先 金",
         "华 梅 红 燕 芳 娟 萍 琴 霞 英 玲 平 云 丽 琼 敏 珍 芬 艳 菊",
         "芳5 静3 敏3 丽4 艳4 霞4 萍3 玲3 燕4 娟4 红3 梅3 琴3 英2 洁2 琼1"),
        (1999,
         "婷婷5 晓燕3 雪梅3 丽娜3 丹丹4 静静2 晓丽3 玲玲3 倩倩3 文静3 雅琴2 思思2 小芳2 春艳2 佳佳2 梦瑶1",
         "晓 雪 丽 小 春 文 雅 思 梦 佳 婷 艳 玉 海 红 冬 金 明 慧 欣",
         "婷 燕 梅 丽 静 琴 芳 艳 玲 雯 娟 莉 萍 倩 洁 云 霞 琼 敏 雪",
         "婷5 静4 丹4 倩4 艳4 莉3 雪3 敏3 娟3 燕3 洁3 颖2 玲3 慧2 雯2 娇2 琳2"),
        (2099,
         "梓涵8 欣怡8 诗涵8 一诺7 梓萱6 雨桐6 欣妍5 可馨5 语桐5 诗雨3 思涵5 雨涵6 子涵6 佳怡5 梦琪3 雨欣5 欣悦5 若曦4 语嫣4 芷若2 "
         "依诺5 若汐5 艺涵4 梓妍3 苡沫3 雨萱4 可欣4 佳琪4 思彤4 子萱4 诗琪4 紫涵3 馨怡3 思琪4 心怡4 沐晴3 知夏2 清妍2 书瑶2 南乔1 "
         "晚晴1 安琪2 美琪2 静怡3",
         "欣 雨 诗 梓 思 子 佳 语 一 若 可 梦 依 艺 心 馨 紫 雅 静 婉 沐 芷 奕 清 书 安 嘉 晨 妙 玥",
         "涵 怡 萱 桐 妍 彤 琪 欣 悦 诺 曦 瑶 汐 馨 晴 雯 月 宁 熙 然 琳 玥 菲 蕊 溪 颖 洁 橙 暖 希",
         "玥4 瑶3 涵3 彤2 悦3 妍3 萱2 颖2 洁2 琪2 婷2 菡1 甯1 玗1"),
    ),
}  # fmt: skip


def _decade(whole, first, second, single):
    return _bag(whole), tuple(first.split()), tuple(second.split()), _bag(single)


_DECADES = {sex: tuple((until, _decade(*texts)) for until, *texts in decades) for sex, decades in _GIVEN.items()}

# Names that are built in another way. Where `·` stands, the second part is the father's own name.
_WITH_FATHER = {
    "05": (  # 维吾尔族
        "买买提 艾力 吐尔逊 阿卜力孜 努尔买买提 艾尔肯 库尔班 玉素甫 亚森 热合曼 依明 图尔荪 麦麦提图尔荪 阿卜杜热合曼 阿卜杜凯尤木 "
        "努尔艾合买提 伊力亚尔 凯萨尔 穆拉提 吾斯曼",
        "阿依古丽 古丽娜尔 热依罕古丽 帕提古丽 麦尔耶姆 祖丽胡玛尔 阿依努尔 茹仙古丽 米热古丽 苏比努尔 阿丽亚 古丽米热 伊帕尔古丽 "
        "努尔比娅 海丽且姆",
    ),
    "17": (  # 哈萨克族
        "努尔兰 叶尔肯 巴合提 哈那提 阿斯哈尔 叶尔波力 努尔别克 加尔肯 胡安德克 木拉提别克 托合塔尔 达吾列提",
        "阿依波勒 阿依达娜 古丽孜亚 加依娜 巴合提古丽 阿合居里德孜 努尔古丽 叶尔克加玛丽 夏丽帕 沙吾列",
    ),
    "29": (  # 柯尔克孜族
        "买买提别克 托合托逊 居马别克 阿不都加帕尔 吐尔干 艾山别克 玛纳斯别克 夏开克",
        "古丽扎提 阿依努拉 布加玛尔 吐尔地古丽 努尔扎提 古力巴哈尔 阿依加玛丽",
    ),
}
_ONE_WORD = {
    "02": (  # 蒙古族
        "巴特尔 苏日格 额尔敦 朝鲁 那日苏 呼和 乌恩奇 阿古拉 宝音图 布和朝鲁 特木尔 孟和",
        "乌云其其格 萨日娜 娜仁高娃 托娅 其木格 琪琪格 阿茹娜 苏日娜 格日乐 乌日罕 娜日娜",
    ),
    "04": (  # 藏族
        "扎西多吉 次仁顿珠 旦增罗布 格桑平措 洛桑旺堆 多吉次旦 嘎玛扎西 丹增曲扎 强巴次成 达瓦顿珠 索朗平措 普布次仁",
        "次仁央宗 卓玛 格桑曲珍 德吉央金 白玛卓嘎 拉姆 仓决 达娃卓玛 边巴拉姆 索朗德吉 旦增曲珍 尼玛卓嘎",
    ),
}
_WITH_CLAN = {
    "07": (  # 彝族: the clan stands first
        "吉木 阿木 曲木 吉克 沙马 阿苦 马海 勒格",
        "木呷 拉铁 史布 尔古 子聪 伍机 日铁 阿则 日哈 木牛 尔布 拉伍",
        "阿依 阿呷 妞妞 阿支 尔洛 伍果 史扎 衣洛 阿西 乌果 史色 有呷",
    ),
}
_CLANS = {code: tuple(clans.split()) for code, (clans, *_) in _WITH_CLAN.items()}
_OWN_WORDS = {
    code: {"1": tuple(men.split()), "2": tuple(women.split())}
    for table in (_WITH_FATHER, _ONE_WORD, _WITH_CLAN)
    for code, (*_, men, women) in table.items()
}
LONGEST = 25


def _pick(rng, bag):
    return bag[int(rng.random() * len(bag))]


def surname(rng, ethnicity="01"):
    own = _BAG_OF.get(ethnicity)
    return _pick(rng, own if own and rng.random() < 0.8 else _SURNAME_BAG)


def given(rng, sex, birth_year):
    """One or two characters, as parents of that decade chose them."""
    whole, first, second, single = next(names for until, names in _DECADES[sex] if birth_year <= until)
    draw = rng.random()
    if draw < 0.32:
        return _pick(rng, whole)
    if draw < 0.44:
        return _pick(rng, single)
    start, end = _pick(rng, first), _pick(rng, second)
    return start + end if start != end else _pick(rng, whole)


def rare_given(rng):
    """A character that many systems cannot write, alone or beside a common one."""
    rare = _pick(rng, RARE_CHARACTERS)
    draw = rng.random()
    if draw < 0.3:
        return rare
    common = _pick(rng, "安明泽涵文宁然雅清")
    return rare + common if draw < 0.6 else common + rare


def person(rng, sex, birth_year, ethnicity="01", *, family="", rare=False):
    """A whole name. `family` is what is inherited: the surname, the clan, or the father's name."""
    if ethnicity in _OWN_WORDS:
        own = _pick(rng, _OWN_WORDS[ethnicity][sex])
        if ethnicity in _WITH_CLAN:
            return f"{family or _pick(rng, _CLANS[ethnicity])}·{own}"
        return _with_fathers(own, family or _pick(rng, _OWN_WORDS[ethnicity]["1"])) if ethnicity in _WITH_FATHER else own
    family = family or surname(rng, ethnicity)
    avoided = _AVOIDED.get(family, ())
    while True:
        own = rare_given(rng) if rare else given(rng, sex, birth_year)
        if own not in avoided:
            return family + own


def father(rng, birth_year, ethnicity, family=""):
    """The name of a man whose children inherit `family`."""
    if family and ethnicity in _WITH_FATHER:
        return family if "·" in family else _with_fathers(family, _pick(rng, _OWN_WORDS[ethnicity]["1"]))
    return person(rng, "1", birth_year, ethnicity, family=family)


def inherited(name, ethnicity):
    """What the bearer of `name` has from the father."""
    if ethnicity in _WITH_FATHER:
        return name.partition("·")[2]
    if ethnicity in _WITH_CLAN:
        return name.partition("·")[0]
    if ethnicity in _ONE_WORD:
        return ""
    return name[:2] if name[:2] in _COMPOUND and len(name) > 2 else name[:1]


def passed_on(name, ethnicity, *, whole=False):
    """What the children of a man of that name inherit; `whole` keeps their grandfather's name beside his own."""
    if ethnicity in _WITH_FATHER:
        return name if whole else name.partition("·")[0]
    return inherited(name, ethnicity)


def _with_fathers(own, forefathers):
    """What would pass 25 characters is left off; nobody is called after himself."""
    parts = [own]
    for part in forefathers.split("·"):
        if part not in parts and len("·".join([*parts, part])) <= LONGEST:
            parts.append(part)
    return "·".join(parts)
