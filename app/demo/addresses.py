"""Invented places inside a county: towns, villages, roads and estates (小区), down to the door number."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class County:
    """A county by its code in GB/T 2260. Everything below the county is invented."""

    code: str
    name: str
    city: str
    province: str
    postcode: str
    area_code: str
    minority: str = "03"  # the ethnicity most often met there after the Han
    town: str = ""  # one that stories name, with a village of it
    village: str = ""

    @property
    def full_name(self):
        return self.province + self.city + self.name


_FRONT = "柳 枫 松 石 清 白 双 桐 梓 榆 杉 桃 梅 凤 龙 鹤 鹿 云 银 秋 竹 栗 橡 荷 莲 古 高 长 南 北 乌 青".split()  # noqa: SIM905
_BACK = "坪 垭 河 溪 湾 沟 岭 坝 渡 塘 桥 泉 井 铺 畈 峪 坡 源 峡 滩 岩 洼".split()  # noqa: SIM905
_ROAD_FRONT = "清溪 柳岸 望江 文昌 育才 迎宾 东风 胜利 朝阳 滨河 桃园 长岭 向阳 春晖 和平 青年 临江 云岭 书院 建设 北苑 南苑 凤山 龙泉 石桥 翠屏".split()  # noqa: SIM905
_ESTATE_FRONT = "锦绣 丽景 阳光 翠竹 御景 金桂 紫荆 滨江 龙泉 福临 祥和 水岸 碧水 盛世 书香 星河 桂花 梧桐 安居 泰和".split()  # noqa: SIM905
_ESTATE_BACK = "花园 家园 小区 苑 公寓 华庭 雅居 新城".split()  # noqa: SIM905


class Gazetteer:
    """What a county has: the same seed and county give the same towns, villages, roads and estates."""

    def __init__(self, county, seed):
        rng = Random(f"{seed}/{county.code}")
        roots = [front + back for front in _FRONT for back in _BACK]
        rng.shuffle(roots)
        self.county = county
        self.towns = [roots.pop() + kind for kind in "镇镇镇镇镇乡乡乡乡"]
        self.towns[0] = county.town or self.towns[0]
        self._villages = {town: [roots.pop() + "村" for _ in range(14)] for town in self.towns}
        if county.village:
            self._villages[county.town][0] = county.village
        self.villages = [(town, village) for town, villages in self._villages.items() for village in villages]
        self.roads = [name + rng.choice(("路", "路", "街", "大道", "巷")) for name in rng.sample(_ROAD_FRONT, 20)]
        fronts = rng.sample(_ESTATE_FRONT, 18)
        self.estates = [(rng.choice(self.roads), rng.randrange(1, 260), name + rng.choice(_ESTATE_BACK)) for name in fronts]
        self._seat = county.full_name + "城关镇"
        last = int(county.postcode[-2:])
        self._postcodes = {town: f"{county.postcode[:-2]}{(last + 1 + number) % 100:02}" for number, town in enumerate(self.towns)}

    def in_town(self, rng):
        """(address, postcode) in the county seat."""
        random = rng.random
        draw = random()
        if draw < 0.7:
            road, number, estate = self.estates[int(random() * len(self.estates))]
            floor = 1 + int(random() * 18)
            door = f"{estate}{1 + int(random() * 24)}栋{1 + int(random() * 3)}单元{floor}0{1 + int(random() * 4)}室"
            return f"{self._seat}{road}{number}号{door}", self.county.postcode
        road = self.roads[int(random() * len(self.roads))]
        door = f"{1 + int(random() * 380)}号"
        if draw < 0.85:
            door += f"附{1 + int(random() * 9)}号"
        return self._seat + road + door, self.county.postcode

    def in_village(self, rng, town=""):
        """(address, postcode) in one of the villages, of that town if it is given."""
        random = rng.random
        if town:
            villages = self._villages[town]
            village = villages[int(random() * len(villages))]
        else:
            town, village = self.villages[int(random() * len(self.villages))]
        return f"{self.county.full_name}{town}{village}{1 + int(random() * 9)}组{1 + int(random() * 120)}号", self._postcodes[town]
