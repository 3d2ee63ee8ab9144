"""lists on record: a paper that stands for many pupils (整班转学名册) names none of them in its row"""

import sqlalchemy as sa
from alembic import op

from app.models import guards

revision = '0002'
down_revision = '0001'
BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade():
    with op.batch_alter_table('papers', schema=None) as batch_op:
        batch_op.alter_column('student_id', existing_type=BIG, nullable=True)
    guards.install(op.get_bind())


def downgrade():
    with op.batch_alter_table('papers', schema=None) as batch_op:
        batch_op.alter_column('student_id', existing_type=BIG, nullable=False)
    guards.install(op.get_bind())
