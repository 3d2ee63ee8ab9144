"""How the characters of a name are read: surnames by our own table, the rest by the Unihan readings that pypinyin carries.

The packages read 单 as dan, 仇 as chou, 曾 as ceng. Syllables are plain a-z; ü is v here, as on the keyboard.
"""

import os
import unicodedata
from functools import lru_cache

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # its phrases cost 44 MB a process and read no surname rightly
from pypinyin.pinyin_dict import pinyin_dict


def listed(text):
    return {word: tuple(readings) for word, *readings in (entry.split() for entry in text.split(","))}


# The first reading is the name's; the others are what people type who do not know, or families who read it otherwise.
SURNAMES = listed("""
    单 shan dan chan, 仇 qiu chou, 曾 zeng ceng, 解 xie jie, 查 zha cha, 区 ou qu, 朴 piao pu, 盖 ge gai, 任 ren, 华 hua, 燕 yan,
    翟 zhai di, 乐 yue le, 尉 wei yu, 宁 ning, 甯 ning, 缪 miao miu mou, 秘 bi mi, 冼 xian, 洗 xian xi, 覃 qin tan, 黑 he hei,
    盛 sheng, 员 yun yuan, 贠 yun, 召 shao zhao, 繁 po fan, 种 chong zhong, 重 chong zhong, 折 she zhe, 佘 she, 佴 nai er,
    适 kuo shi, 逄 pang, 逯 lu, 那 na, 纪 ji, 葛 ge, 哈 ha, 车 che ju, 晟 cheng sheng, 瞿 qu, 句 gou ju, 阚 kan, 薄 bo bao,
    柏 bai bo, 卜 bu, 谌 chen shen, 褚 chu zhe, 都 du dou, 隗 wei kui, 郇 xun huan, 牟 mou mu, 宓 mi fu, 莘 shen xin, 相 xiang,
    么 yao me, 幺 yao, 要 yao, 应 ying, 恽 yun, 占 zhan, 祭 zhai ji, 隽 juan jun, 行 xing hang, 降 jiang xiang, 和 he, 呙 guo,
    贾 jia gu, 阙 que, 能 nai neng, 强 qiang jiang, 郄 qie xi, 郤 xi, 提 ti di, 拓 tuo ta, 宿 su xiu, 粘 nian zhan,
    长 zhang chang, 訾 zi, 石 shi, 藏 zang cang, 臧 zang, 费 fei bi, 郗 xi chi, 乜 nie mie, 撒 sa, 揭 jie, 厍 she, 眭 sui,
    殷 yin, 兴 xing, 过 guo, 干 gan, 曲 qu, 沈 shen, 俞 yu, 舍 she, 少 shao, 朝 chao, 邸 di, 遆 ti, 蕃 fan, 还 huan hai,
    会 kuai hui, 脱 tuo, 麻 ma, 洒 sa, 参 shen can, 大 da, 夏 xia, 南 nan, 万 wan, 尹 yin, 余 yu, 於 yu, 合 he, 叶 ye,
    裴 pei, 阮 ruan, 童 tong, 焦 jiao, 柴 chai, 路 lu, 屈 qu, 齐 qi
""")

# Syllables of one reading are joined by _.
COMPOUND_SURNAMES = listed("""
    尉迟 yu_chi wei_chi, 万俟 mo_qi wan_si, 长孙 zhang_sun chang_sun, 澹台 tan_tai, 单于 chan_yu shan_yu, 令狐 ling_hu,
    鲜于 xian_yu, 呼延 hu_yan, 宇文 yu_wen, 夏侯 xia_hou, 欧阳 ou_yang, 上官 shang_guan, 司马 si_ma, 诸葛 zhu_ge, 东方 dong_fang,
    皇甫 huang_fu, 公孙 gong_sun, 慕容 mu_rong, 司徒 si_tu, 司空 si_kong, 独孤 du_gu, 南宫 nan_gong, 端木 duan_mu, 闻人 wen_ren,
    轩辕 xuan_yuan, 百里 bai_li, 东郭 dong_guo, 西门 xi_men, 公冶 gong_ye, 濮阳 pu_yang, 太史 tai_shi, 申屠 shen_tu,
    钟离 zhong_li, 淳于 chun_yu, 赫连 he_lian, 拓跋 tuo_ba, 宗政 zong_zheng, 第五 di_wu, 哥舒 ge_shu, 纳兰 na_lan
""")

# Frequent surnames that the dictionary gives further readings which no family uses.
ONE_READING = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅彭吕苏卢蒋蔡丁魏薛阎潘杜戴钟汪田姜范方姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵"
    "孟龙段雷钱汤黎易常武乔贺赖龚文樊兰施陶洪季莫颜倪严牛温芦章鲁伦向涂柯左简谷邢骆祝庞欧甘古喻关聂管"
)

# Characters that given names read in more than one way, or otherwise than the dictionary's first reading.
GIVEN = listed("""
    乐 le yue, 行 xing hang, 重 zhong chong, 长 chang zhang, 朝 chao zhao, 茜 qian xi, 晟 sheng cheng, 娜 na, 莎 sha, 蔚 wei yu,
    柏 bai bo, 泊 bo po, 冠 guan, 传 chuan, 藏 cang zang, 参 can shen, 都 du, 露 lu, 绿 lv, 勒 le, 琢 zhuo, 塔 ta, 调 tiao,
    为 wei, 奇 qi, 员 yuan, 筠 yun jun, 莞 wan guan, 炅 jiong gui, 靓 jing liang, 浚 jun xun, 隽 jun juan, 盛 sheng,
    曾 zeng ceng, 单 dan shan, 查 cha zha, 盖 gai, 仇 qiu chou, 区 qu, 薄 bo, 卜 bu, 还 huan hai, 没 mo mei, 什 shi, 么 me,
    地 di, 的 di, 了 liao, 着 zhuo, 得 de, 佛 fo, 伽 jia, 尉 wei, 翟 zhai di, 覃 tan qin, 石 shi, 句 ju, 劲 jin jing, 仔 zi zai,
    阿 a, 烜 xuan, 贾 jia, 吐 tu, 拓 tuo, 宿 su, 阚 kan, 校 xiao, 率 shuai, 谌 chen, 会 hui, 朴 pu, 折 zhe, 似 si, 种 zhong,
    缪 miao mou, 系 xi, 宓 mi, 繁 fan, 解 jie
""")

UNLISTED = {"𠮷": "ji"}  # in names, and without a reading in the tables
AT_MOST = 8  # readings of a name that the search knows


@lru_cache(maxsize=20_000)
def of(char):
    """All readings of one character, plain; empty when nobody has written one down."""
    if char in UNLISTED:
        return (UNLISTED[char],)
    return tuple(dict.fromkeys(plain(reading) for reading in pinyin_dict.get(ord(char), "").split(",") if reading))


def plain(reading):
    spelled = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(char for char in spelled if "a" <= char <= "z")


def surname_readings(name):
    """Pairs (characters of the surname, its syllables), likeliest first; a compound surname may also be a single one."""
    if not name:
        return []
    found = []
    if len(name) >= 3:
        found += [(2, tuple(reading.split("_"))) for reading in COMPOUND_SURNAMES.get(name[:2], ())]
    first = name[:1]
    found += [(1, (reading,)) for reading in SURNAMES.get(first) or of(first)[: 1 if first in ONE_READING else 3]]
    return found[:4]


def given_readings(char):
    return GIVEN.get(char) or of(char)[:1]
