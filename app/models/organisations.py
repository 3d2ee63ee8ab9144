"""Bodies (机构): province, city, county, township centre, school. And the house itself."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import BIG, Id, to

TIERS = {"province": "省", "city": "市", "county": "县", "township": "乡镇", "school": "学校"}


class House(Base):
    """One row: what this installation is."""

    __tablename__ = "house"
    id: Mapped[Id]
    kind: Mapped[str]  # demo | production
    title: Mapped[str]
    settled_at: Mapped[datetime]
    calendar_version: Mapped[int] = mapped_column(default=1)
    certain_until: Mapped[date | None]  # the last day whose holidays are published; later ones are provisional


class Body(Base):
    """`managed_by` decides its cases, `located_in` gives its county, `belongs_to` is a teaching point's school (DECIDED 4).

    province_id, city_id, county_id, township_id are the ancestors by place, itself included; a province's pupils are found by them.
    """

    __tablename__ = "bodies"
    id: Mapped[Id]
    tier: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)  # a1, county.420323: how commands and files name it
    name: Mapped[str]
    short_name: Mapped[str]
    abbreviation: Mapped[str] = mapped_column(default="")  # 竹, in the numbers of papers
    division_code: Mapped[str]
    here: Mapped[bool] = mapped_column(default=True)  # in this installation; a seat elsewhere is an outside seat (DECIDED 1)
    state: Mapped[str] = mapped_column(default="open")  # open | closed | merged
    managed_by_id: Mapped[int | None] = to("bodies")
    located_in_id: Mapped[int | None] = to("bodies")
    belongs_to_id: Mapped[int | None] = to("bodies")
    province_id: Mapped[int | None] = mapped_column(BIG)
    city_id: Mapped[int | None] = mapped_column(BIG)
    county_id: Mapped[int | None] = mapped_column(BIG)
    township_id: Mapped[int | None] = mapped_column(BIG)
    phone: Mapped[str] = mapped_column(default="")
    office_hours: Mapped[str] = mapped_column(default="")  # 办公时间, for the foot of every page
    address: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    # of schools
    school_code: Mapped[str | None] = mapped_column(unique=True)  # 学校标识码
    local_code: Mapped[str | None]  # six digits, in class codes
    school_type: Mapped[str | None]
    sponsor: Mapped[str | None]
    running_type: Mapped[str | None]
    urban_rural: Mapped[str | None]
    stages: Mapped[str] = mapped_column(default="")  # "1", "2", "12", "3": 小学 初中 高中
    primary_years: Mapped[int] = mapped_column(default=6)  # 六三 or 五四
    junior_years: Mapped[int] = mapped_column(default=3)
    boarding: Mapped[bool] = mapped_column(default=False)
    principal: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        Index("ix_bodies_county", "county_id", "tier"), Index("ix_bodies_managed", "managed_by_id"), Index("ix_bodies_city", "city_id"),
        Index("ix_bodies_province", "province_id"),
    )
