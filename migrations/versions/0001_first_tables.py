"""first tables"""

import sqlalchemy as sa
from alembic import op

from app.models import guards

revision = '0001'
down_revision = None


def upgrade():
    op.create_table('bodies',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('tier', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('short_name', sa.String(), nullable=False),
    sa.Column('abbreviation', sa.String(), nullable=False),
    sa.Column('division_code', sa.String(), nullable=False),
    sa.Column('here', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('managed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('located_in_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('belongs_to_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('province_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('city_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('township_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('office_hours', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('postcode', sa.String(), nullable=False),
    sa.Column('school_code', sa.String(), nullable=True),
    sa.Column('local_code', sa.String(), nullable=True),
    sa.Column('school_type', sa.String(), nullable=True),
    sa.Column('sponsor', sa.String(), nullable=True),
    sa.Column('running_type', sa.String(), nullable=True),
    sa.Column('urban_rural', sa.String(), nullable=True),
    sa.Column('stages', sa.String(), nullable=False),
    sa.Column('primary_years', sa.Integer(), nullable=False),
    sa.Column('junior_years', sa.Integer(), nullable=False),
    sa.Column('boarding', sa.Boolean(), nullable=False),
    sa.Column('principal', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['belongs_to_id'], ['bodies.id'], name=op.f('fk_bodies_belongs_to_id')),
    sa.ForeignKeyConstraint(['located_in_id'], ['bodies.id'], name=op.f('fk_bodies_located_in_id')),
    sa.ForeignKeyConstraint(['managed_by_id'], ['bodies.id'], name=op.f('fk_bodies_managed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bodies')),
    sa.UniqueConstraint('key', name=op.f('uq_bodies_key')),
    sa.UniqueConstraint('school_code', name=op.f('uq_bodies_school_code'))
    )
    with op.batch_alter_table('bodies', schema=None) as batch_op:
        batch_op.create_index('ix_bodies_city', ['city_id'], unique=False)
        batch_op.create_index('ix_bodies_county', ['county_id', 'tier'], unique=False)
        batch_op.create_index('ix_bodies_managed', ['managed_by_id'], unique=False)
        batch_op.create_index('ix_bodies_province', ['province_id'], unique=False)

    op.create_table('chains',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('length', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('head', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chains'))
    )
    op.create_table('counters',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_counters'))
    )
    op.create_table('events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('chain_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('act_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('actor_name', sa.String(), nullable=False),
    sa.Column('actor_post', sa.String(), nullable=False),
    sa.Column('body_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('facts', sa.String(), nullable=False),
    sa.Column('subjects', sa.String(), nullable=False),
    sa.Column('before', sa.LargeBinary(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events')),
    sa.UniqueConstraint('chain_id', 'seq', name=op.f('uq_events_chain_id_seq'))
    )
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.create_index('ix_events_act', ['act_id'], unique=False)
        batch_op.create_index('ix_events_actor', ['actor_id', 'at'], unique=False)
        batch_op.create_index('ix_events_at', ['at'], unique=False)
        batch_op.create_index('ix_events_body', ['body_id', 'at'], unique=False)
        batch_op.create_index('ix_events_name', ['name', 'at'], unique=False)

    op.create_table('files',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.LargeBinary(), nullable=False),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('added_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_files'))
    )
    op.create_table('house',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('settled_at', sa.DateTime(), nullable=False),
    sa.Column('calendar_version', sa.Integer(), nullable=False),
    sa.Column('certain_until', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_house'))
    )
    op.create_table('terms',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terms')),
    sa.UniqueConstraint('county_id', 'year', 'number', name=op.f('uq_terms_county_id_year_number'))
    )
    op.create_table('throttles',
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(), nullable=False),
    sa.Column('until', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_throttles'))
    )
    op.create_table('accounts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('username', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('must_change', sa.Boolean(), nullable=False),
    sa.Column('password_set_at', sa.DateTime(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('last_sign_in_at', sa.DateTime(), nullable=True),
    sa.Column('body_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_accounts_body_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('username', name=op.f('uq_accounts_username'))
    )
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accounts_body_id'), ['body_id'], unique=False)

    op.create_table('event_subjects',
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_subjects_event_id')),
    sa.PrimaryKeyConstraint('student_id', 'event_id', name=op.f('pk_event_subjects')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('event_subjects', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_subjects_event_id'), ['event_id'], unique=False)

    op.create_table('grades',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('entry_year', sa.Integer(), nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.Column('advanced_to', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_grades_school_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grades')),
    sa.UniqueConstraint('school_id', 'stage', 'entry_year', 'length', name=op.f('uq_grades_school_id_stage_entry_year_length'))
    )
    with op.batch_alter_table('grades', schema=None) as batch_op:
        batch_op.create_index('ix_grades_county', ['county_id'], unique=False)

    op.create_table('quotas',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('planned', sa.Integer(), nullable=False),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_quotas_school_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quotas')),
    sa.UniqueConstraint('school_id', 'stage', 'year', name=op.f('uq_quotas_school_id_stage_year'))
    )
    with op.batch_alter_table('quotas', schema=None) as batch_op:
        batch_op.create_index('ix_quotas_county', ['county_id', 'year'], unique=False)

    op.create_table('sealed_values',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('commitment', sa.LargeBinary(), nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_sealed_values_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sealed_values'))
    )
    with op.batch_alter_table('sealed_values', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sealed_values_event_id'), ['event_id'], unique=False)

    op.create_table('teaching_groups',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_teaching_groups_school_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_teaching_groups'))
    )
    with op.batch_alter_table('teaching_groups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_teaching_groups_school_id'), ['school_id'], unique=False)

    op.create_table('answers',
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('act', sa.String(), nullable=False),
    sa.Column('fields', sa.LargeBinary(), nullable=False),
    sa.Column('location', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_answers_account_id')),
    sa.PrimaryKeyConstraint('account_id', 'key', name=op.f('pk_answers'))
    )
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answers_at'), ['at'], unique=False)

    op.create_table('calendar_days',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('working', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('changed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['changed_by_id'], ['accounts.id'], name=op.f('fk_calendar_days_changed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_days')),
    sa.UniqueConstraint('day', name=op.f('uq_calendar_days_day'))
    )
    op.create_table('classes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('grade_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('size_limit', sa.Integer(), nullable=True),
    sa.Column('headcount', sa.Integer(), nullable=False),
    sa.Column('established_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['grade_id'], ['grades.id'], name=op.f('fk_classes_grade_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_classes_school_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_classes')),
    sa.UniqueConstraint('grade_id', 'number', name=op.f('uq_classes_grade_id_number')),
    sa.UniqueConstraint('school_id', 'code', name=op.f('uq_classes_school_id_code'))
    )
    with op.batch_alter_table('classes', schema=None) as batch_op:
        batch_op.create_index('ix_classes_county', ['county_id'], unique=False)

    op.create_table('imports',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('filename', sa.String(), nullable=False),
    sa.Column('content_hash', sa.LargeBinary(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('good', sa.Integer(), nullable=False),
    sa.Column('warned', sa.Integer(), nullable=False),
    sa.Column('bad', sa.Integer(), nullable=False),
    sa.Column('written', sa.Integer(), nullable=False),
    sa.Column('known', sa.Integer(), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('summary', sa.LargeBinary(), nullable=True),
    sa.Column('errors_file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('job_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('uploaded_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uploaded_by_name', sa.String(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(), nullable=False),
    sa.Column('applied_at', sa.DateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['errors_file_id'], ['files.id'], name=op.f('fk_imports_errors_file_id')),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_imports_file_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_imports_school_id')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['accounts.id'], name=op.f('fk_imports_uploaded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    with op.batch_alter_table('imports', schema=None) as batch_op:
        batch_op.create_index('ix_imports_content', ['school_id', 'content_hash'], unique=False)
        batch_op.create_index('ix_imports_school', ['school_id', 'id'], unique=False)

    op.create_table('jobs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('subject_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('message', sa.String(), nullable=False),
    sa.Column('arguments', sa.String(), nullable=False),
    sa.Column('cancel', sa.Boolean(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=True),
    sa.Column('beat_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['accounts.id'], name=op.f('fk_jobs_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index('ix_jobs_owner', ['owner_id', 'id'], unique=False)
        batch_op.create_index('ix_jobs_state', ['state', 'id'], unique=False)
        batch_op.create_index('ix_jobs_subject', ['subject_id'], unique=False)

    op.create_table('policy_versions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('body_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('profile', sa.String(), nullable=False),
    sa.Column('edits', sa.String(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('changed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_policy_versions_body_id')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['accounts.id'], name=op.f('fk_policy_versions_changed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_versions'))
    )
    with op.batch_alter_table('policy_versions', schema=None) as batch_op:
        batch_op.create_index('ix_policy_versions_body', ['body_id', 'from_on'], unique=False)

    op.create_table('tallies',
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('grade_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('sex', sa.String(), nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['grade_id'], ['grades.id'], name=op.f('fk_tallies_grade_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_tallies_school_id')),
    sa.PrimaryKeyConstraint('school_id', 'grade_id', 'status', 'sex', name=op.f('pk_tallies'))
    )
    with op.batch_alter_table('tallies', schema=None) as batch_op:
        batch_op.create_index('ix_tallies_county', ['county_id'], unique=False)

    op.create_table('import_rows',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('record', sa.LargeBinary(), nullable=True),
    sa.Column('findings', sa.LargeBinary(), nullable=True),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_import_rows_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_rows'))
    )
    with op.batch_alter_table('import_rows', schema=None) as batch_op:
        batch_op.create_index('ix_import_rows_import', ['import_id', 'row'], unique=True)
        batch_op.create_index('ix_import_rows_state', ['import_id', 'state', 'row'], unique=False)

    op.create_table('photo_uploads',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('class_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('filename', sa.String(), nullable=False),
    sa.Column('files', sa.Integer(), nullable=False),
    sa.Column('put', sa.Integer(), nullable=False),
    sa.Column('same', sa.Integer(), nullable=False),
    sa.Column('bad', sa.Integer(), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('job_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('uploaded_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uploaded_by_name', sa.String(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_photo_uploads_class_id')),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_photo_uploads_file_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_photo_uploads_school_id')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['accounts.id'], name=op.f('fk_photo_uploads_uploaded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo_uploads'))
    )
    with op.batch_alter_table('photo_uploads', schema=None) as batch_op:
        batch_op.create_index('ix_photo_uploads_school', ['school_id', 'id'], unique=False)

    op.create_table('posts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('duty', sa.String(), nullable=False),
    sa.Column('body_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('class_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('end_reason', sa.String(), nullable=False),
    sa.Column('proposed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('proposed_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_posts_account_id')),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_posts_body_id')),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_posts_class_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['accounts.id'], name=op.f('fk_posts_decided_by_id')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['accounts.id'], name=op.f('fk_posts_ended_by_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['accounts.id'], name=op.f('fk_posts_proposed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posts'))
    )
    with op.batch_alter_table('posts', schema=None) as batch_op:
        batch_op.create_index('ix_posts_account', ['account_id', 'state'], unique=False)
        batch_op.create_index('ix_posts_body', ['body_id', 'duty', 'state'], unique=False)
        batch_op.create_index('ix_posts_class', ['class_id'], unique=False)

    op.create_table('students',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lifecycle', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('grade_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('class_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('class_no', sa.String(), nullable=False),
    sa.Column('merged_into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('student_code', sa.String(), nullable=False),
    sa.Column('national_no_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('national_no_index', sa.LargeBinary(), nullable=True),
    sa.Column('national_no_local', sa.Boolean(), nullable=False),
    sa.Column('main_number_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('aux_number', sa.String(), nullable=False),
    sa.Column('compulsory_card_no', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_sort', sa.String(), nullable=False),
    sa.Column('sex', sa.String(), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=False),
    sa.Column('birth_place_code', sa.String(), nullable=False),
    sa.Column('native_place', sa.String(), nullable=False),
    sa.Column('ethnicity', sa.String(), nullable=False),
    sa.Column('nationality', sa.String(), nullable=False),
    sa.Column('id_doc_type', sa.String(), nullable=False),
    sa.Column('id_doc_no_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('id_doc_no_index', sa.LargeBinary(), nullable=True),
    sa.Column('overseas_status', sa.String(), nullable=False),
    sa.Column('political_status', sa.String(), nullable=False),
    sa.Column('is_young_pioneer', sa.Boolean(), nullable=False),
    sa.Column('health_status', sa.String(), nullable=False),
    sa.Column('photo_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name_pinyin', sa.String(), nullable=False),
    sa.Column('former_name', sa.String(), nullable=False),
    sa.Column('id_valid_period', sa.String(), nullable=False),
    sa.Column('hukou_place_code', sa.String(), nullable=False),
    sa.Column('hukou_address', sa.String(), nullable=False),
    sa.Column('hukou_nature', sa.String(), nullable=False),
    sa.Column('talent', sa.String(), nullable=False),
    sa.Column('entry_month', sa.String(), nullable=False),
    sa.Column('admission_mode', sa.String(), nullable=False),
    sa.Column('attendance_mode', sa.String(), nullable=False),
    sa.Column('student_source', sa.String(), nullable=False),
    sa.Column('student_category', sa.String(), nullable=False),
    sa.Column('student_kind', sa.String(), nullable=False),
    sa.Column('in_register', sa.Boolean(), nullable=False),
    sa.Column('in_school', sa.Boolean(), nullable=False),
    sa.Column('current_address', sa.String(), nullable=False),
    sa.Column('mail_address', sa.String(), nullable=False),
    sa.Column('home_address', sa.String(), nullable=False),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('phone_index', sa.LargeBinary(), nullable=True),
    sa.Column('postcode', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('homepage', sa.String(), nullable=False),
    sa.Column('is_only_child', sa.Boolean(), nullable=True),
    sa.Column('had_preschool', sa.Boolean(), nullable=True),
    sa.Column('left_behind', sa.String(), nullable=False),
    sa.Column('is_migrant_child', sa.Boolean(), nullable=True),
    sa.Column('is_orphan', sa.Boolean(), nullable=True),
    sa.Column('is_martyr_child', sa.Boolean(), nullable=True),
    sa.Column('inclusive_class', sa.String(), nullable=False),
    sa.Column('disability_type', sa.String(), nullable=False),
    sa.Column('gov_bought_place', sa.Boolean(), nullable=True),
    sa.Column('wants_aid', sa.Boolean(), nullable=True),
    sa.Column('has_boarding_subsidy', sa.Boolean(), nullable=True),
    sa.Column('commute_km', sa.String(), nullable=False),
    sa.Column('commute_mode', sa.String(), nullable=False),
    sa.Column('needs_school_bus', sa.Boolean(), nullable=True),
    sa.Column('poverty_status', sa.String(), nullable=False),
    sa.Column('poverty_basis', sa.String(), nullable=False),
    sa.Column('poverty_from', sa.Date(), nullable=True),
    sa.Column('poverty_until', sa.Date(), nullable=True),
    sa.Column('remark', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('updated_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_students_class_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['accounts.id'], name=op.f('fk_students_created_by_id')),
    sa.ForeignKeyConstraint(['grade_id'], ['grades.id'], name=op.f('fk_students_grade_id')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['students.id'], name=op.f('fk_students_merged_into_id')),
    sa.ForeignKeyConstraint(['photo_id'], ['files.id'], name=op.f('fk_students_photo_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_students_school_id')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['accounts.id'], name=op.f('fk_students_updated_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_students')),
    sa.UniqueConstraint('student_code', name=op.f('uq_students_student_code'))
    )
    with op.batch_alter_table('students', schema=None) as batch_op:
        batch_op.create_index('ix_students_aux', ['aux_number'], unique=False)
        batch_op.create_index('ix_students_class', ['class_id'], unique=False)
        batch_op.create_index('ix_students_grade', ['grade_id'], unique=False)
        batch_op.create_index('ix_students_list', ['school_id', 'name_sort', 'id'], unique=False)
        batch_op.create_index('ix_students_merged', ['merged_into_id'], unique=False, sqlite_where=sa.text('merged_into_id IS NOT NULL'), postgresql_where=sa.text('merged_into_id IS NOT NULL'))
        batch_op.create_index('ix_students_phone', ['phone_index'], unique=False)
        batch_op.create_index('ix_students_place', ['county_id', 'school_id', 'grade_id', 'class_id'], unique=False)
        batch_op.create_index('ix_students_school', ['school_id', 'class_id'], unique=False)
        batch_op.create_index('ix_students_status', ['county_id', 'status', 'name_sort', 'id'], unique=False)
        batch_op.create_index('ix_students_twin', ['birth_date', 'name'], unique=False)

    op.create_table('teaching_group_classes',
    sa.Column('group_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('class_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_teaching_group_classes_class_id')),
    sa.ForeignKeyConstraint(['group_id'], ['teaching_groups.id'], name=op.f('fk_teaching_group_classes_group_id')),
    sa.PrimaryKeyConstraint('group_id', 'class_id', name=op.f('pk_teaching_group_classes'))
    )
    op.create_table('absence_notes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('class_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('noted_at', sa.DateTime(), nullable=False),
    sa.Column('noted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('noted_by', sa.String(), nullable=False),
    sa.Column('reported_at', sa.DateTime(), nullable=True),
    sa.Column('reported_by', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('whereabouts', sa.String(), nullable=False),
    sa.Column('situation', sa.String(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ended_by', sa.String(), nullable=False),
    sa.Column('end_note', sa.String(), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_absence_notes_class_id')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['accounts.id'], name=op.f('fk_absence_notes_ended_by_id')),
    sa.ForeignKeyConstraint(['noted_by_id'], ['accounts.id'], name=op.f('fk_absence_notes_noted_by_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_absence_notes_school_id')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_absence_notes_student_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence_notes'))
    )
    with op.batch_alter_table('absence_notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_notes_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_absence_notes_county', ['county_id', 'state', 'from_on'], unique=False)
        batch_op.create_index('ix_absence_notes_school', ['school_id', 'state', 'from_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_absence_notes_student_id'), ['student_id'], unique=False)
        batch_op.create_index('uq_absence_notes_open', ['student_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('cases',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('into_student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('class_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('grade_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('from_school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('to_school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('route', sa.String(), nullable=False),
    sa.Column('beside', sa.Boolean(), nullable=False),
    sa.Column('undoes_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('seat_body_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('seat_duty', sa.String(), nullable=False),
    sa.Column('arrived_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('calendar_version', sa.Integer(), nullable=False),
    sa.Column('policy_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('to_policy_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('from_policy_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('effective_on', sa.Date(), nullable=True),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('mend', sa.LargeBinary(), nullable=True),
    sa.Column('footprint', sa.LargeBinary(), nullable=True),
    sa.Column('agreed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('starter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('starter_name', sa.String(), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agreed_by_id'], ['accounts.id'], name=op.f('fk_cases_agreed_by_id')),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_cases_class_id')),
    sa.ForeignKeyConstraint(['from_school_id'], ['bodies.id'], name=op.f('fk_cases_from_school_id')),
    sa.ForeignKeyConstraint(['grade_id'], ['grades.id'], name=op.f('fk_cases_grade_id')),
    sa.ForeignKeyConstraint(['into_student_id'], ['students.id'], name=op.f('fk_cases_into_student_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_cases_school_id')),
    sa.ForeignKeyConstraint(['seat_body_id'], ['bodies.id'], name=op.f('fk_cases_seat_body_id')),
    sa.ForeignKeyConstraint(['starter_id'], ['accounts.id'], name=op.f('fk_cases_starter_id')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_cases_student_id')),
    sa.ForeignKeyConstraint(['to_school_id'], ['bodies.id'], name=op.f('fk_cases_to_school_id')),
    sa.ForeignKeyConstraint(['undoes_id'], ['cases.id'], name=op.f('fk_cases_undoes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases'))
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index('ix_cases_county', ['county_id', 'kind', 'state', 'id'], unique=False)
        batch_op.create_index('ix_cases_due', ['state', 'due_on'], unique=False)
        batch_op.create_index('ix_cases_import', ['import_id'], unique=False)
        batch_op.create_index('ix_cases_number', ['number'], unique=True)
        batch_op.create_index('ix_cases_school', ['school_id', 'state', 'id'], unique=False)
        batch_op.create_index('ix_cases_seat', ['seat_body_id', 'seat_duty', 'state', 'due_on', 'id', 'agreed_by_id'], unique=False)
        batch_op.create_index('ix_cases_starter', ['starter_id', 'started_at'], unique=False)
        batch_op.create_index('ix_cases_student', ['student_id'], unique=False)
        batch_op.create_index('ix_cases_undoes', ['undoes_id'], unique=False)
        batch_op.create_index('uq_cases_one_open', ['student_id', 'beside'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('conduct',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('given_by', sa.String(), nullable=False),
    sa.Column('document', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('recorded_by', sa.String(), nullable=False),
    sa.Column('lifted_on', sa.Date(), nullable=True),
    sa.Column('lift_document', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ended_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['ended_by_id'], ['accounts.id'], name=op.f('fk_conduct_ended_by_id')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['accounts.id'], name=op.f('fk_conduct_recorded_by_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_conduct_school_id')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_conduct_student_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conduct'))
    )
    with op.batch_alter_table('conduct', schema=None) as batch_op:
        batch_op.create_index('ix_conduct_county', ['county_id', 'kind', 'state'], unique=False)
        batch_op.create_index('ix_conduct_student', ['student_id', 'given_on'], unique=False)

    op.create_table('drafts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_drafts_account_id')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_drafts_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts'))
    )
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.create_index('ix_drafts_post', ['post_id', 'account_id', 'kind', 'subject'], unique=True)

    op.create_table('enrolments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('grade_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('class_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('class_no', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('entered_at', sa.DateTime(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.Column('came_by', sa.String(), nullable=False),
    sa.Column('left_by', sa.String(), nullable=False),
    sa.Column('came_from_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('went_to_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closing_case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('previous_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('snapshot', sa.LargeBinary(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['came_from_id'], ['bodies.id'], name=op.f('fk_enrolments_came_from_id')),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_enrolments_class_id')),
    sa.ForeignKeyConstraint(['grade_id'], ['grades.id'], name=op.f('fk_enrolments_grade_id')),
    sa.ForeignKeyConstraint(['previous_id'], ['enrolments.id'], name=op.f('fk_enrolments_previous_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_enrolments_school_id')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_enrolments_student_id')),
    sa.ForeignKeyConstraint(['went_to_id'], ['bodies.id'], name=op.f('fk_enrolments_went_to_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolments'))
    )
    with op.batch_alter_table('enrolments', schema=None) as batch_op:
        batch_op.create_index('ix_enrolments_school', ['school_id', 'state'], unique=False)
        batch_op.create_index('ix_enrolments_student', ['student_id', 'from_on'], unique=False)
        batch_op.create_index('uq_enrolments_open', ['student_id'], unique=True, sqlite_where=sa.text("state IN ('open','applied')"), postgresql_where=sa.text("state IN ('open','applied')"))

    op.create_table('guardians',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('relation', sa.String(), nullable=False),
    sa.Column('relation_note', sa.String(), nullable=False),
    sa.Column('ethnicity', sa.String(), nullable=False),
    sa.Column('employer', sa.String(), nullable=False),
    sa.Column('current_address', sa.String(), nullable=False),
    sa.Column('hukou_place_code', sa.String(), nullable=False),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('phone_index', sa.LargeBinary(), nullable=True),
    sa.Column('is_guardian', sa.Boolean(), nullable=False),
    sa.Column('id_doc_type', sa.String(), nullable=False),
    sa.Column('id_doc_no_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('id_doc_no_index', sa.LargeBinary(), nullable=True),
    sa.Column('job_title', sa.String(), nullable=False),
    sa.Column('education_level', sa.String(), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_guardians_student_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardians'))
    )
    with op.batch_alter_table('guardians', schema=None) as batch_op:
        batch_op.create_index('ix_guardians_phone', ['phone_index'], unique=False)
        batch_op.create_index(batch_op.f('ix_guardians_student_id'), ['student_id'], unique=False)

    op.create_table('movements',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('grade_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('class_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('sex', sa.String(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('entered_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_movements_class_id')),
    sa.ForeignKeyConstraint(['grade_id'], ['grades.id'], name=op.f('fk_movements_grade_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_movements_school_id')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_movements_student_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_movements'))
    )
    with op.batch_alter_table('movements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_movements_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_movements_county', ['county_id', 'day', 'school_id'], unique=False)
        batch_op.create_index('ix_movements_school', ['school_id', 'day'], unique=False)
        batch_op.create_index(batch_op.f('ix_movements_student_id'), ['student_id'], unique=False)

    op.create_table('near_numbers',
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_near_numbers_student_id')),
    sa.PrimaryKeyConstraint('key', 'student_id', name=op.f('pk_near_numbers'))
    )
    with op.batch_alter_table('near_numbers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_near_numbers_student_id'), ['student_id'], unique=False)

    op.create_table('person_numbers',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('index', sa.LargeBinary(), nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_person_numbers_student_id')),
    sa.PrimaryKeyConstraint('kind', 'index', name=op.f('pk_person_numbers'))
    )
    with op.batch_alter_table('person_numbers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_numbers_student_id'), ['student_id'], unique=False)

    op.create_table('photo_files',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('upload_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sentence', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['upload_id'], ['photo_uploads.id'], name=op.f('fk_photo_files_upload_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo_files'))
    )
    with op.batch_alter_table('photo_files', schema=None) as batch_op:
        batch_op.create_index('ix_photo_files_upload', ['upload_id', 'place'], unique=True)

    op.create_table('printings',
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_printings_student_id')),
    sa.PrimaryKeyConstraint('student_id', 'kind', name=op.f('pk_printings'))
    )
    with op.batch_alter_table('printings', schema=None) as batch_op:
        batch_op.create_index('ix_printings_kind', ['kind'], unique=False)

    op.create_table('search_keys',
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('present', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_search_keys_student_id')),
    sa.PrimaryKeyConstraint('county_id', 'key', 'student_id', name=op.f('pk_search_keys')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('search_keys', schema=None) as batch_op:
        batch_op.create_index('ix_search_keys_school', ['school_id', 'key', 'student_id'], unique=False)
        batch_op.create_index('ix_search_keys_student', ['student_id'], unique=False)

    op.create_table('sign_ins',
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('seen_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_why', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('agent', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_sign_ins_account_id')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_sign_ins_post_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_sign_ins'))
    )
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_ins_account_id'), ['account_id'], unique=False)

    op.create_table('suggestions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('class_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ended_by', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['accounts.id'], name=op.f('fk_suggestions_by_id')),
    sa.ForeignKeyConstraint(['class_id'], ['classes.id'], name=op.f('fk_suggestions_class_id')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['accounts.id'], name=op.f('fk_suggestions_ended_by_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_suggestions_school_id')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_suggestions_student_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestions'))
    )
    with op.batch_alter_table('suggestions', schema=None) as batch_op:
        batch_op.create_index('ix_suggestions_by', ['by_id', 'id'], unique=False)
        batch_op.create_index('ix_suggestions_school', ['school_id', 'state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_suggestions_student_id'), ['student_id'], unique=False)
        batch_op.create_index('uq_suggestions_open', ['school_id', 'student_id', 'item'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('absences',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('renewals', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ended_case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_absences_case_id')),
    sa.ForeignKeyConstraint(['ended_case_id'], ['cases.id'], name=op.f('fk_absences_ended_case_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_absences_school_id')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_absences_student_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absences'))
    )
    with op.batch_alter_table('absences', schema=None) as batch_op:
        batch_op.create_index('ix_absences_county', ['county_id', 'kind', 'state', 'until_on'], unique=False)
        batch_op.create_index('ix_absences_due', ['school_id', 'state', 'until_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_absences_student_id'), ['student_id'], unique=False)
        batch_op.create_index('uq_absences_open', ['student_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('case_attachments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('draft_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_by_name', sa.String(), nullable=False),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.Column('removed_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['accounts.id'], name=op.f('fk_case_attachments_added_by_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_attachments_case_id')),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_case_attachments_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_attachments'))
    )
    with op.batch_alter_table('case_attachments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_attachments_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_attachments_draft_id'), ['draft_id'], unique=False)

    op.create_table('case_findings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('check', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('sentence', sa.String(), nullable=False),
    sa.Column('article', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_findings_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_findings'))
    )
    with op.batch_alter_table('case_findings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_findings_case_id'), ['case_id'], unique=False)

    op.create_table('case_parties',
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('body_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_case_parties_body_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_parties_case_id')),
    sa.PrimaryKeyConstraint('case_id', 'body_id', name=op.f('pk_case_parties'))
    )
    with op.batch_alter_table('case_parties', schema=None) as batch_op:
        batch_op.create_index('ix_case_parties_body', ['body_id', 'case_id'], unique=False)

    op.create_table('case_steps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('seat_body_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('seat_duty', sa.String(), nullable=False),
    sa.Column('arrived_at', sa.DateTime(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('actor_name', sa.String(), nullable=False),
    sa.Column('actor_body', sa.String(), nullable=False),
    sa.Column('in_place_of', sa.Boolean(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('paper', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['accounts.id'], name=op.f('fk_case_steps_actor_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_steps_case_id')),
    sa.ForeignKeyConstraint(['seat_body_id'], ['bodies.id'], name=op.f('fk_case_steps_seat_body_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_steps'))
    )
    with op.batch_alter_table('case_steps', schema=None) as batch_op:
        batch_op.create_index('ix_case_steps_actor', ['actor_id', 'ended_at', 'action'], unique=False)
        batch_op.create_index('ix_case_steps_case', ['case_id', 'seq'], unique=True)

    op.create_table('former_names',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_former_names_case_id')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_former_names_student_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_former_names'))
    )
    with op.batch_alter_table('former_names', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_former_names_student_id'), ['student_id'], unique=False)

    op.create_table('papers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('body_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('issue', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('facts', sa.LargeBinary(), nullable=False),
    sa.Column('code_index', sa.LargeBinary(), nullable=False),
    sa.Column('short_index', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('issued_at', sa.DateTime(), nullable=False),
    sa.Column('issued_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('issued_by', sa.String(), nullable=False),
    sa.Column('printed_times', sa.Integer(), nullable=False),
    sa.Column('printed_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ended_by', sa.String(), nullable=False),
    sa.Column('end_reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_papers_body_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_papers_case_id')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['accounts.id'], name=op.f('fk_papers_ended_by_id')),
    sa.ForeignKeyConstraint(['issued_by_id'], ['accounts.id'], name=op.f('fk_papers_issued_by_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_papers_school_id')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_papers_student_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_papers')),
    sa.UniqueConstraint('body_id', 'kind', 'year', 'serial', 'issue', name=op.f('uq_papers_body_id_kind_year_serial_issue')),
    sa.UniqueConstraint('code_index', name=op.f('uq_papers_code_index')),
    sa.UniqueConstraint('short_index', name=op.f('uq_papers_short_index'))
    )
    with op.batch_alter_table('papers', schema=None) as batch_op:
        batch_op.create_index('ix_papers_batch', ['batch_id'], unique=False)
        batch_op.create_index('ix_papers_case', ['case_id'], unique=False)
        batch_op.create_index('ix_papers_county', ['county_id', 'id'], unique=False)
        batch_op.create_index('ix_papers_school', ['school_id', 'id'], unique=False)
        batch_op.create_index('ix_papers_student', ['student_id', 'id'], unique=False)

    op.create_table('problem_records',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('pair_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('other_side', sa.String(), nullable=False),
    sa.Column('explanation', sa.String(), nullable=False),
    sa.Column('found_by', sa.String(), nullable=False),
    sa.Column('found_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('marked_at', sa.DateTime(), nullable=False),
    sa.Column('marked_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('marked_by', sa.String(), nullable=False),
    sa.Column('marked_body', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('resolution', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.Column('closed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_by', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_problem_records_case_id')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['accounts.id'], name=op.f('fk_problem_records_closed_by_id')),
    sa.ForeignKeyConstraint(['marked_by_id'], ['accounts.id'], name=op.f('fk_problem_records_marked_by_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_problem_records_school_id')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_problem_records_student_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_problem_records'))
    )
    with op.batch_alter_table('problem_records', schema=None) as batch_op:
        batch_op.create_index('ix_problem_records_county', ['county_id', 'state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_problem_records_pair_id'), ['pair_id'], unique=False)
        batch_op.create_index('ix_problem_records_school', ['school_id', 'state', 'id'], unique=False)
        batch_op.create_index('ix_problem_records_student', ['student_id', 'state'], unique=False)
        batch_op.create_index('uq_problem_records_open', ['student_id', 'kind'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('recruit_instructions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('school_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('given_at', sa.DateTime(), nullable=False),
    sa.Column('given_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('given_by', sa.String(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_recruit_instructions_case_id')),
    sa.ForeignKeyConstraint(['given_by_id'], ['accounts.id'], name=op.f('fk_recruit_instructions_given_by_id')),
    sa.ForeignKeyConstraint(['school_id'], ['bodies.id'], name=op.f('fk_recruit_instructions_school_id')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_recruit_instructions_student_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recruit_instructions'))
    )
    with op.batch_alter_table('recruit_instructions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recruit_instructions_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_recruit_instructions_school', ['school_id', 'year', 'state'], unique=False)
        batch_op.create_index('uq_recruit_instructions_given', ['student_id'], unique=True, sqlite_where=sa.text("state = 'given'"), postgresql_where=sa.text("state = 'given'"))

    op.create_table('tasks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('body_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('duty', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('student_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ended_by', sa.String(), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_tasks_body_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_tasks_case_id')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['accounts.id'], name=op.f('fk_tasks_ended_by_id')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_tasks_student_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tasks'))
    )
    with op.batch_alter_table('tasks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tasks_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_tasks_desk', ['body_id', 'duty', 'state', 'due_on'], unique=False)

    op.create_table('visits',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('note_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('visitors', sa.String(), nullable=False),
    sa.Column('manner', sa.String(), nullable=False),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('noted_at', sa.DateTime(), nullable=False),
    sa.Column('noted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('noted_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['note_id'], ['absence_notes.id'], name=op.f('fk_visits_note_id')),
    sa.ForeignKeyConstraint(['noted_by_id'], ['accounts.id'], name=op.f('fk_visits_noted_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visits'))
    )
    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visits_note_id'), ['note_id'], unique=False)
    guards.install(op.get_bind())  # batch mode drops SQLite triggers silently


def downgrade():
    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visits_note_id'))

    op.drop_table('visits')
    with op.batch_alter_table('tasks', schema=None) as batch_op:
        batch_op.drop_index('ix_tasks_desk')
        batch_op.drop_index(batch_op.f('ix_tasks_case_id'))

    op.drop_table('tasks')
    with op.batch_alter_table('recruit_instructions', schema=None) as batch_op:
        batch_op.drop_index('uq_recruit_instructions_given', sqlite_where=sa.text("state = 'given'"), postgresql_where=sa.text("state = 'given'"))
        batch_op.drop_index('ix_recruit_instructions_school')
        batch_op.drop_index(batch_op.f('ix_recruit_instructions_case_id'))

    op.drop_table('recruit_instructions')
    with op.batch_alter_table('problem_records', schema=None) as batch_op:
        batch_op.drop_index('uq_problem_records_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index('ix_problem_records_student')
        batch_op.drop_index('ix_problem_records_school')
        batch_op.drop_index(batch_op.f('ix_problem_records_pair_id'))
        batch_op.drop_index('ix_problem_records_county')

    op.drop_table('problem_records')
    with op.batch_alter_table('papers', schema=None) as batch_op:
        batch_op.drop_index('ix_papers_student')
        batch_op.drop_index('ix_papers_school')
        batch_op.drop_index('ix_papers_county')
        batch_op.drop_index('ix_papers_case')
        batch_op.drop_index('ix_papers_batch')

    op.drop_table('papers')
    with op.batch_alter_table('former_names', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_former_names_student_id'))

    op.drop_table('former_names')
    with op.batch_alter_table('case_steps', schema=None) as batch_op:
        batch_op.drop_index('ix_case_steps_case')
        batch_op.drop_index('ix_case_steps_actor')

    op.drop_table('case_steps')
    with op.batch_alter_table('case_parties', schema=None) as batch_op:
        batch_op.drop_index('ix_case_parties_body')

    op.drop_table('case_parties')
    with op.batch_alter_table('case_findings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_findings_case_id'))

    op.drop_table('case_findings')
    with op.batch_alter_table('case_attachments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_attachments_draft_id'))
        batch_op.drop_index(batch_op.f('ix_case_attachments_case_id'))

    op.drop_table('case_attachments')
    with op.batch_alter_table('absences', schema=None) as batch_op:
        batch_op.drop_index('uq_absences_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_absences_student_id'))
        batch_op.drop_index('ix_absences_due')
        batch_op.drop_index('ix_absences_county')

    op.drop_table('absences')
    with op.batch_alter_table('suggestions', schema=None) as batch_op:
        batch_op.drop_index('uq_suggestions_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_suggestions_student_id'))
        batch_op.drop_index('ix_suggestions_school')
        batch_op.drop_index('ix_suggestions_by')

    op.drop_table('suggestions')
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_ins_account_id'))

    op.drop_table('sign_ins')
    with op.batch_alter_table('search_keys', schema=None) as batch_op:
        batch_op.drop_index('ix_search_keys_student')
        batch_op.drop_index('ix_search_keys_school')

    op.drop_table('search_keys')
    with op.batch_alter_table('printings', schema=None) as batch_op:
        batch_op.drop_index('ix_printings_kind')

    op.drop_table('printings')
    with op.batch_alter_table('photo_files', schema=None) as batch_op:
        batch_op.drop_index('ix_photo_files_upload')

    op.drop_table('photo_files')
    with op.batch_alter_table('person_numbers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_numbers_student_id'))

    op.drop_table('person_numbers')
    with op.batch_alter_table('near_numbers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_near_numbers_student_id'))

    op.drop_table('near_numbers')
    with op.batch_alter_table('movements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_movements_student_id'))
        batch_op.drop_index('ix_movements_school')
        batch_op.drop_index('ix_movements_county')
        batch_op.drop_index(batch_op.f('ix_movements_case_id'))

    op.drop_table('movements')
    with op.batch_alter_table('guardians', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guardians_student_id'))
        batch_op.drop_index('ix_guardians_phone')

    op.drop_table('guardians')
    with op.batch_alter_table('enrolments', schema=None) as batch_op:
        batch_op.drop_index('uq_enrolments_open', sqlite_where=sa.text("state IN ('open','applied')"), postgresql_where=sa.text("state IN ('open','applied')"))
        batch_op.drop_index('ix_enrolments_student')
        batch_op.drop_index('ix_enrolments_school')

    op.drop_table('enrolments')
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.drop_index('ix_drafts_post')

    op.drop_table('drafts')
    with op.batch_alter_table('conduct', schema=None) as batch_op:
        batch_op.drop_index('ix_conduct_student')
        batch_op.drop_index('ix_conduct_county')

    op.drop_table('conduct')
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('uq_cases_one_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index('ix_cases_undoes')
        batch_op.drop_index('ix_cases_student')
        batch_op.drop_index('ix_cases_starter')
        batch_op.drop_index('ix_cases_seat')
        batch_op.drop_index('ix_cases_school')
        batch_op.drop_index('ix_cases_number')
        batch_op.drop_index('ix_cases_import')
        batch_op.drop_index('ix_cases_due')
        batch_op.drop_index('ix_cases_county')

    op.drop_table('cases')
    with op.batch_alter_table('absence_notes', schema=None) as batch_op:
        batch_op.drop_index('uq_absence_notes_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_absence_notes_student_id'))
        batch_op.drop_index('ix_absence_notes_school')
        batch_op.drop_index('ix_absence_notes_county')
        batch_op.drop_index(batch_op.f('ix_absence_notes_case_id'))

    op.drop_table('absence_notes')
    op.drop_table('teaching_group_classes')
    with op.batch_alter_table('students', schema=None) as batch_op:
        batch_op.drop_index('ix_students_twin')
        batch_op.drop_index('ix_students_status')
        batch_op.drop_index('ix_students_school')
        batch_op.drop_index('ix_students_place')
        batch_op.drop_index('ix_students_phone')
        batch_op.drop_index('ix_students_merged', sqlite_where=sa.text('merged_into_id IS NOT NULL'), postgresql_where=sa.text('merged_into_id IS NOT NULL'))
        batch_op.drop_index('ix_students_list')
        batch_op.drop_index('ix_students_grade')
        batch_op.drop_index('ix_students_class')
        batch_op.drop_index('ix_students_aux')

    op.drop_table('students')
    with op.batch_alter_table('posts', schema=None) as batch_op:
        batch_op.drop_index('ix_posts_class')
        batch_op.drop_index('ix_posts_body')
        batch_op.drop_index('ix_posts_account')

    op.drop_table('posts')
    with op.batch_alter_table('photo_uploads', schema=None) as batch_op:
        batch_op.drop_index('ix_photo_uploads_school')

    op.drop_table('photo_uploads')
    with op.batch_alter_table('import_rows', schema=None) as batch_op:
        batch_op.drop_index('ix_import_rows_state')
        batch_op.drop_index('ix_import_rows_import')

    op.drop_table('import_rows')
    with op.batch_alter_table('tallies', schema=None) as batch_op:
        batch_op.drop_index('ix_tallies_county')

    op.drop_table('tallies')
    with op.batch_alter_table('policy_versions', schema=None) as batch_op:
        batch_op.drop_index('ix_policy_versions_body')

    op.drop_table('policy_versions')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index('ix_jobs_subject')
        batch_op.drop_index('ix_jobs_state')
        batch_op.drop_index('ix_jobs_owner')

    op.drop_table('jobs')
    with op.batch_alter_table('imports', schema=None) as batch_op:
        batch_op.drop_index('ix_imports_school')
        batch_op.drop_index('ix_imports_content')

    op.drop_table('imports')
    with op.batch_alter_table('classes', schema=None) as batch_op:
        batch_op.drop_index('ix_classes_county')

    op.drop_table('classes')
    op.drop_table('calendar_days')
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answers_at'))

    op.drop_table('answers')
    with op.batch_alter_table('teaching_groups', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_teaching_groups_school_id'))

    op.drop_table('teaching_groups')
    with op.batch_alter_table('sealed_values', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sealed_values_event_id'))

    op.drop_table('sealed_values')
    with op.batch_alter_table('quotas', schema=None) as batch_op:
        batch_op.drop_index('ix_quotas_county')

    op.drop_table('quotas')
    with op.batch_alter_table('grades', schema=None) as batch_op:
        batch_op.drop_index('ix_grades_county')

    op.drop_table('grades')
    with op.batch_alter_table('event_subjects', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_subjects_event_id'))

    op.drop_table('event_subjects')
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_accounts_body_id'))

    op.drop_table('accounts')
    op.drop_table('throttles')
    op.drop_table('terms')
    op.drop_table('house')
    op.drop_table('files')
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_index('ix_events_name')
        batch_op.drop_index('ix_events_body')
        batch_op.drop_index('ix_events_at')
        batch_op.drop_index('ix_events_actor')
        batch_op.drop_index('ix_events_act')

    op.drop_table('events')
    op.drop_table('counters')
    op.drop_table('chains')
    with op.batch_alter_table('bodies', schema=None) as batch_op:
        batch_op.drop_index('ix_bodies_province')
        batch_op.drop_index('ix_bodies_managed')
        batch_op.drop_index('ix_bodies_county')
        batch_op.drop_index('ix_bodies_city')

    op.drop_table('bodies')
