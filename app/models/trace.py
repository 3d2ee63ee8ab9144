"""The trace (留痕): one hash chain per county and one of the house. Rows are only ever added; database triggers refuse anything else."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import BIG, Big, Id, to


class Chain(Base):
    """The head of a chain. `id` is the county's, or 0 for the house: locked last, in this order (DECIDED 10)."""

    __tablename__ = "chains"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    length: Mapped[int] = mapped_column(BIG, default=0)
    head: Mapped[bytes]


class Event(Base):
    """One event per act and chain. `facts` is canonical JSON; of a sealed value it holds mask and keyed commitment."""

    __tablename__ = "events"
    id: Mapped[Id]
    chain_id: Mapped[Big]
    seq: Mapped[Big]
    act_id: Mapped[Big]
    at: Mapped[datetime]
    name: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(BIG)
    actor_name: Mapped[str]
    actor_post: Mapped[str]
    body_id: Mapped[int | None] = mapped_column(BIG)
    facts: Mapped[str]
    subjects: Mapped[str]  # canonical JSON list of pupils, inside the hash
    before: Mapped[bytes]
    hash: Mapped[bytes]
    __table_args__ = (
        UniqueConstraint("chain_id", "seq"), Index("ix_events_at", "at"), Index("ix_events_actor", "actor_id", "at"), Index("ix_events_name", "name", "at"),
        Index("ix_events_body", "body_id", "at"), Index("ix_events_act", "act_id"),
    )


class EventSubject(Base):
    """Which pupils an event is about: their timelines."""

    __tablename__ = "event_subjects"
    student_id: Mapped[int] = mapped_column(BIG, primary_key=True)
    event_id: Mapped[int] = to("events", primary_key=True, index=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class SealedValue(Base):
    """The whole of a value that an event shows masked. The chain hashes only `commitment`, so this can be re-encrypted."""

    __tablename__ = "sealed_values"
    id: Mapped[Id]
    event_id: Mapped[int] = to("events", index=True)
    label: Mapped[str]
    commitment: Mapped[bytes]
    value: Mapped[bytes]
