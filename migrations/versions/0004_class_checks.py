"""class checks: each term a class is counted in its room and against the register (学籍核查)"""

import sqlalchemy as sa
from alembic import op

from app.models import guards

revision = '0004'
down_revision = '0003'
BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade():
    op.create_table('class_checks',
    sa.Column('id', BIG, autoincrement=False, nullable=False),
    sa.Column('county_id', BIG, nullable=False),
    sa.Column('school_id', BIG, nullable=False),
    sa.Column('class_id', BIG, nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('registered', sa.Integer(), nullable=False),
    sa.Column('present', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('checked_by_id', BIG, nullable=True),
    sa.Column('checked_by', sa.String(), nullable=False),
    sa.Column('checked_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_class_checks_school_id')),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_class_checks_class_id')),
    sa.ForeignKeyConstraint(['checked_by_id'], ['accounts.id'], name=op.f('fk_class_checks_checked_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_checks'))
    )
    with op.batch_alter_table('class_checks', schema=None) as batch_op:
        batch_op.create_index('ix_class_checks_class', ['class_id', 'year', 'number'], unique=False)
        batch_op.create_index('ix_class_checks_county', ['county_id', 'year', 'number'], unique=False)
    guards.install(op.get_bind())


def downgrade():
    op.drop_table('class_checks')
    guards.install(op.get_bind())
