"""Schema `learning`, what is taught: languages, courses, modules, materials, assignments and quizzes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UUIDV7 = sa.text("uuidv7()")
NOW = sa.text("now()")
TIMESTAMP = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "programming_languages",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("icon", sa.Text(), comment="Name of an icon, an emoji or a URL."),
        sa.Column("difficulty", sa.String(32), server_default="BEGINNER", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False, comment="Whether learners see it."),
        sa.Column("runtime", sa.Text(), comment="Key of the grader's language, such as python."),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "content_revision",
            sa.Text(),
            comment="Revision of the content files this row was last synchronised from; null when authored here.",
        ),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("deleted_at", TIMESTAMP, comment="Set instead of deleting the row; readers skip such rows."),
        sa.CheckConstraint("name <> ''", name="ck_programming_languages_name_given"),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="ck_programming_languages_slug_shape"),
        sa.CheckConstraint("position >= 0", name="ck_programming_languages_position_range"),
        sa.CheckConstraint(
            "difficulty IN ('BEGINNER', 'INTERMEDIATE', 'ADVANCED')", name="ck_programming_languages_difficulty"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_programming_languages"),
        schema="learning",
        comment="Programming languages that can be learned.",
    )
    op.create_index(
        "uq_programming_languages_name",
        "programming_languages",
        ["name"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "uq_programming_languages_slug",
        "programming_languages",
        ["slug"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "courses",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("kind", sa.String(32), server_default="COURSE", nullable=False),
        sa.Column("language_id", sa.Uuid()),
        sa.Column("instructor_user_id", sa.Uuid()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("subtitle", sa.Text()),
        sa.Column("description", sa.Text()),
        sa.Column("image_url", sa.Text()),
        sa.Column("image_key", sa.Text(), comment="Storage key of an uploaded picture."),
        sa.Column(
            "price_minor", sa.Integer(), server_default="0", nullable=False, comment="In minor units of the currency."
        ),
        sa.Column("currency", sa.CHAR(length=3), server_default="USD", nullable=False, comment="ISO 4217."),
        sa.Column("duration_minutes", sa.Integer()),
        sa.Column("level", sa.String(32), server_default="BEGINNER", nullable=False),
        sa.Column("category", sa.Text()),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column(
            "spoken_language",
            sa.Text(),
            server_default="en",
            nullable=False,
            comment="BCP 47 tag of the language it is taught in.",
        ),
        sa.Column("status", sa.String(32), server_default="DRAFT", nullable=False),
        sa.Column("published_at", TIMESTAMP),
        sa.Column("enrollment_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rating_average", sa.Numeric(precision=3, scale=2, asdecimal=False), comment="Null while unrated."),
        sa.Column("rating_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "content_revision",
            sa.Text(),
            comment="Revision of the content files this row was last synchronised from; null when authored here.",
        ),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("deleted_at", TIMESTAMP, comment="Set instead of deleting the row; readers skip such rows."),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ck_courses_currency_shape"),
        sa.CheckConstraint(
            "kind <> 'PATH' OR (language_id IS NOT NULL AND price_minor = 0)", name="ck_courses_path_is_free"
        ),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="ck_courses_slug_shape"),
        sa.CheckConstraint("status <> 'PUBLISHED' OR published_at IS NOT NULL", name="ck_courses_published_has_time"),
        sa.CheckConstraint("title <> ''", name="ck_courses_title_given"),
        sa.CheckConstraint("(rating_count = 0) = (rating_average IS NULL)", name="ck_courses_rating_has_count"),
        sa.CheckConstraint("duration_minutes > 0", name="ck_courses_duration_minutes_range"),
        sa.CheckConstraint("enrollment_count >= 0", name="ck_courses_enrollment_count_range"),
        sa.CheckConstraint("price_minor >= 0", name="ck_courses_price_minor_range"),
        sa.CheckConstraint("rating_average BETWEEN 1 AND 5", name="ck_courses_rating_average_range"),
        sa.CheckConstraint("rating_count >= 0", name="ck_courses_rating_count_range"),
        sa.ForeignKeyConstraint(
            ["instructor_user_id"], ["auth.users.id"], name="fk_courses_instructor_user_id_users", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["language_id"],
            ["learning.programming_languages.id"],
            name="fk_courses_language_id_programming_languages",
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint("kind IN ('PATH', 'COURSE')", name="ck_courses_course_kind"),
        sa.CheckConstraint("level IN ('BEGINNER', 'INTERMEDIATE', 'ADVANCED')", name="ck_courses_difficulty"),
        sa.CheckConstraint("status IN ('DRAFT', 'PUBLISHED', 'ARCHIVED')", name="ck_courses_publication_status"),
        sa.PrimaryKeyConstraint("id", name="pk_courses"),
        schema="learning",
        comment="Courses; each programming language's path is one of kind PATH.",
    )
    op.create_index("ix_courses_instructor_user_id", "courses", ["instructor_user_id"], schema="learning")
    op.create_index("ix_courses_language_id", "courses", ["language_id"], schema="learning")
    op.create_index("ix_courses_status_published_at", "courses", ["status", "published_at"], schema="learning")
    op.create_index(
        "uq_courses_language_id",
        "courses",
        ["language_id"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("kind = 'PATH' AND deleted_at IS NULL"),
    )
    op.create_index(
        "uq_courses_slug",
        "courses",
        ["slug"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "modules",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column(
            "syllabus",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
            comment="What a learner will be able to do.",
        ),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("estimated_minutes", sa.Integer()),
        sa.Column("status", sa.String(32), server_default="DRAFT", nullable=False),
        sa.Column(
            "content_revision",
            sa.Text(),
            comment="Revision of the content files this row was last synchronised from; null when authored here.",
        ),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("deleted_at", TIMESTAMP, comment="Set instead of deleting the row; readers skip such rows."),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="ck_modules_slug_shape"),
        sa.CheckConstraint("status <> 'ARCHIVED'", name="ck_modules_status_not_archived"),
        sa.CheckConstraint("title <> ''", name="ck_modules_title_given"),
        sa.CheckConstraint("estimated_minutes > 0", name="ck_modules_estimated_minutes_range"),
        sa.CheckConstraint("position >= 0", name="ck_modules_position_range"),
        sa.ForeignKeyConstraint(
            ["course_id"], ["learning.courses.id"], name="fk_modules_course_id_courses", ondelete="CASCADE"
        ),
        sa.CheckConstraint("status IN ('DRAFT', 'PUBLISHED', 'ARCHIVED')", name="ck_modules_publication_status"),
        sa.PrimaryKeyConstraint("id", name="pk_modules"),
        schema="learning",
        comment="Chapters of a course.",
    )
    op.create_index("ix_modules_course_id_position", "modules", ["course_id", "position"], schema="learning")
    op.create_index(
        "uq_modules_course_id_slug",
        "modules",
        ["course_id", "slug"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("instructions", sa.Text(), comment="Markdown."),
        sa.Column("kind", sa.String(32), server_default="CODE", nullable=False),
        sa.Column("language", sa.Text(), comment="Key of the grader's language, such as python."),
        sa.Column("difficulty", sa.String(32), server_default="BEGINNER", nullable=False),
        sa.Column("starter_code", sa.Text()),
        sa.Column("solution_code", sa.Text(), comment="Never shown to learners."),
        sa.Column("hints", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("max_score", sa.Integer(), server_default="100", nullable=False),
        sa.Column("time_limit_minutes", sa.Integer()),
        sa.Column("due_at", TIMESTAMP),
        sa.Column("allow_late", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "cpu_seconds",
            sa.Numeric(precision=7, scale=3, asdecimal=False),
            server_default="2",
            nullable=False,
            comment="Per test.",
        ),
        sa.Column(
            "wall_seconds",
            sa.Numeric(precision=7, scale=3, asdecimal=False),
            server_default="6",
            nullable=False,
            comment="Per test.",
        ),
        sa.Column("memory_bytes", sa.BigInteger(), server_default="134217728", nullable=False, comment="Per test."),
        sa.Column("output_bytes", sa.BigInteger(), server_default="1048576", nullable=False, comment="Per test."),
        sa.Column("checker", sa.String(32), server_default="EXACT", nullable=False),
        sa.Column("checker_options", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("tests_revision", sa.Text(), comment="Hash of the tests; a verdict names the one it used."),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.String(32), server_default="DRAFT", nullable=False),
        sa.Column(
            "content_revision",
            sa.Text(),
            comment="Revision of the content files this row was last synchronised from; null when authored here.",
        ),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("deleted_at", TIMESTAMP, comment="Set instead of deleting the row; readers skip such rows."),
        sa.CheckConstraint("jsonb_typeof(checker_options) = 'object'", name="ck_assignments_checker_options_is_object"),
        sa.CheckConstraint("kind <> 'CODE' OR language IS NOT NULL", name="ck_assignments_code_names_language"),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="ck_assignments_slug_shape"),
        sa.CheckConstraint("status <> 'ARCHIVED'", name="ck_assignments_status_not_archived"),
        sa.CheckConstraint("title <> ''", name="ck_assignments_title_given"),
        sa.CheckConstraint("cpu_seconds > 0", name="ck_assignments_cpu_seconds_range"),
        sa.CheckConstraint("max_score > 0", name="ck_assignments_max_score_range"),
        sa.CheckConstraint("memory_bytes > 0", name="ck_assignments_memory_bytes_range"),
        sa.CheckConstraint("output_bytes > 0", name="ck_assignments_output_bytes_range"),
        sa.CheckConstraint("position >= 0", name="ck_assignments_position_range"),
        sa.CheckConstraint("time_limit_minutes > 0", name="ck_assignments_time_limit_minutes_range"),
        sa.CheckConstraint("wall_seconds > 0", name="ck_assignments_wall_seconds_range"),
        sa.ForeignKeyConstraint(
            ["module_id"], ["learning.modules.id"], name="fk_assignments_module_id_modules", ondelete="CASCADE"
        ),
        sa.CheckConstraint("kind IN ('CODE', 'TEXT', 'FILE')", name="ck_assignments_assignment_kind"),
        sa.CheckConstraint("difficulty IN ('BEGINNER', 'INTERMEDIATE', 'ADVANCED')", name="ck_assignments_difficulty"),
        sa.CheckConstraint(
            "checker IN ('EXACT', 'TOKENS', 'FLOAT', 'UNORDERED_LINES')", name="ck_assignments_checker_kind"
        ),
        sa.CheckConstraint("status IN ('DRAFT', 'PUBLISHED', 'ARCHIVED')", name="ck_assignments_publication_status"),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
        schema="learning",
        comment="Exercises, graded by tests or by hand.",
    )
    op.create_index("ix_assignments_module_id_position", "assignments", ["module_id", "position"], schema="learning")
    op.create_index(
        "uq_assignments_module_id_slug",
        "assignments",
        ["module_id", "slug"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "module_prerequisites",
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("prerequisite_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("module_id <> prerequisite_id", name="ck_module_prerequisites_not_itself"),
        sa.ForeignKeyConstraint(
            ["module_id"], ["learning.modules.id"], name="fk_module_prerequisites_module_id_modules", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["prerequisite_id"],
            ["learning.modules.id"],
            name="fk_module_prerequisites_prerequisite_id_modules",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("module_id", "prerequisite_id", name="pk_module_prerequisites"),
        schema="learning",
        comment="Modules to finish before another opens.",
    )
    op.create_index(
        "ix_module_prerequisites_prerequisite_id", "module_prerequisites", ["prerequisite_id"], schema="learning"
    )
    op.create_table(
        "quizzes",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("passing_score", sa.Integer(), server_default="70", nullable=False, comment="Percent."),
        sa.Column("time_limit_minutes", sa.Integer()),
        sa.Column("attempt_limit", sa.Integer(), comment="Null: as often as one likes."),
        sa.Column("shuffle", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("draw_count", sa.Integer(), comment="Questions drawn for an attempt; null: all."),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.String(32), server_default="DRAFT", nullable=False),
        sa.Column(
            "content_revision",
            sa.Text(),
            comment="Revision of the content files this row was last synchronised from; null when authored here.",
        ),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("deleted_at", TIMESTAMP, comment="Set instead of deleting the row; readers skip such rows."),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="ck_quizzes_slug_shape"),
        sa.CheckConstraint("status <> 'ARCHIVED'", name="ck_quizzes_status_not_archived"),
        sa.CheckConstraint("title <> ''", name="ck_quizzes_title_given"),
        sa.CheckConstraint("attempt_limit > 0", name="ck_quizzes_attempt_limit_range"),
        sa.CheckConstraint("draw_count > 0", name="ck_quizzes_draw_count_range"),
        sa.CheckConstraint("passing_score BETWEEN 0 AND 100", name="ck_quizzes_passing_score_range"),
        sa.CheckConstraint("position >= 0", name="ck_quizzes_position_range"),
        sa.CheckConstraint("time_limit_minutes > 0", name="ck_quizzes_time_limit_minutes_range"),
        sa.ForeignKeyConstraint(
            ["module_id"], ["learning.modules.id"], name="fk_quizzes_module_id_modules", ondelete="CASCADE"
        ),
        sa.CheckConstraint("status IN ('DRAFT', 'PUBLISHED', 'ARCHIVED')", name="ck_quizzes_publication_status"),
        sa.PrimaryKeyConstraint("id", name="pk_quizzes"),
        schema="learning",
        comment="Quizzes; how many questions one has is counted, not stored.",
    )
    op.create_index("ix_quizzes_module_id_position", "quizzes", ["module_id", "position"], schema="learning")
    op.create_index(
        "uq_quizzes_module_id_slug",
        "quizzes",
        ["module_id", "slug"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "assignment_tests",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stdin", sa.Text(), server_default="", nullable=False),
        sa.Column("args", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column(
            "files",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Text by file name.",
        ),
        sa.Column("expected", sa.Text(), comment="Null: the program only has to end normally."),
        sa.Column("checker", sa.String(32), comment="Null: as the assignment says."),
        sa.Column("checker_options", postgresql.JSONB(), comment="Null: as the assignment says."),
        sa.Column("points", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "visible",
            sa.Boolean(),
            server_default="true",
            nullable=False,
            comment="Hidden tests are named to learners, never shown.",
        ),
        sa.Column("kind_of_case", sa.Text(), comment="What a hidden test tries, in words for learners."),
        sa.Column(
            "cpu_seconds", sa.Numeric(precision=7, scale=3, asdecimal=False), comment="Null: as the assignment says."
        ),
        sa.Column(
            "wall_seconds", sa.Numeric(precision=7, scale=3, asdecimal=False), comment="Null: as the assignment says."
        ),
        sa.Column("memory_bytes", sa.BigInteger(), comment="Null: as the assignment says."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(checker_options) = 'object'", name="ck_assignment_tests_checker_options_is_object"
        ),
        sa.CheckConstraint("jsonb_typeof(files) = 'object'", name="ck_assignment_tests_files_is_object"),
        sa.CheckConstraint("name <> ''", name="ck_assignment_tests_name_given"),
        sa.CheckConstraint("cpu_seconds > 0", name="ck_assignment_tests_cpu_seconds_range"),
        sa.CheckConstraint("memory_bytes > 0", name="ck_assignment_tests_memory_bytes_range"),
        sa.CheckConstraint("points >= 0", name="ck_assignment_tests_points_range"),
        sa.CheckConstraint("position >= 0", name="ck_assignment_tests_position_range"),
        sa.CheckConstraint("wall_seconds > 0", name="ck_assignment_tests_wall_seconds_range"),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["learning.assignments.id"],
            name="fk_assignment_tests_assignment_id_assignments",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "checker IN ('EXACT', 'TOKENS', 'FLOAT', 'UNORDERED_LINES')", name="ck_assignment_tests_checker_kind"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assignment_tests"),
        sa.UniqueConstraint("assignment_id", "position", name="uq_assignment_tests_assignment_id_position"),
        schema="learning",
        comment="What a program is run on, and what it must print.",
    )
    op.create_table(
        "materials",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("content", sa.Text(), comment="Markdown."),
        sa.Column("code", sa.Text(), comment="The program of a CODE_EXAMPLE or INTERACTIVE."),
        sa.Column("sample_input", sa.Text(), comment="What the program's input box holds at first."),
        sa.Column("video_url", sa.Text()),
        sa.Column("video_key", sa.Text()),
        sa.Column("image_url", sa.Text()),
        sa.Column("image_key", sa.Text()),
        sa.Column("file_url", sa.Text()),
        sa.Column("file_key", sa.Text()),
        sa.Column("captions_url", sa.Text(), comment="WebVTT."),
        sa.Column("transcript", sa.Text()),
        sa.Column("duration_minutes", sa.Integer()),
        sa.Column("quiz_id", sa.Uuid()),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.String(32), server_default="DRAFT", nullable=False),
        sa.Column(
            "content_revision",
            sa.Text(),
            comment="Revision of the content files this row was last synchronised from; null when authored here.",
        ),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("deleted_at", TIMESTAMP, comment="Set instead of deleting the row; readers skip such rows."),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="ck_materials_slug_shape"),
        sa.CheckConstraint("status <> 'ARCHIVED'", name="ck_materials_status_not_archived"),
        sa.CheckConstraint("title <> ''", name="ck_materials_title_given"),
        sa.CheckConstraint(
            "type <> 'QUIZ' OR status = 'DRAFT' OR quiz_id IS NOT NULL", name="ck_materials_published_quiz_is_named"
        ),
        sa.CheckConstraint("type = 'QUIZ' OR quiz_id IS NULL", name="ck_materials_quiz_only_for_quiz"),
        sa.CheckConstraint("duration_minutes > 0", name="ck_materials_duration_minutes_range"),
        sa.CheckConstraint("position >= 0", name="ck_materials_position_range"),
        sa.ForeignKeyConstraint(
            ["module_id"], ["learning.modules.id"], name="fk_materials_module_id_modules", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["learning.quizzes.id"], name="fk_materials_quiz_id_quizzes", ondelete="RESTRICT"
        ),
        sa.CheckConstraint(
            "type IN ('VIDEO', 'ARTICLE', 'CODE_EXAMPLE', 'INTERACTIVE', 'PDF', 'DOCX', 'QUIZ')",
            name="ck_materials_material_type",
        ),
        sa.CheckConstraint("status IN ('DRAFT', 'PUBLISHED', 'ARCHIVED')", name="ck_materials_publication_status"),
        sa.PrimaryKeyConstraint("id", name="pk_materials"),
        schema="learning",
        comment="Lessons of a module: to read, watch, try or download.",
    )
    op.create_index("ix_materials_module_id_position", "materials", ["module_id", "position"], schema="learning")
    op.create_index("ix_materials_quiz_id", "materials", ["quiz_id"], schema="learning")
    op.create_index(
        "uq_materials_module_id_slug",
        "materials",
        ["module_id", "slug"],
        unique=True,
        schema="learning",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("quiz_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(32), server_default="SINGLE_CHOICE", nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="Markdown."),
        sa.Column("explanation", sa.Text(), comment="Shown after answering."),
        sa.Column("points", sa.Integer(), server_default="1", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("difficulty", sa.String(32), server_default="BEGINNER", nullable=False),
        sa.Column("topic", sa.Text()),
        sa.Column("media", postgresql.JSONB(), comment="Optional image_url and video_url."),
        sa.Column("answer_key", postgresql.JSONB(), comment="For types whose answer is not a choice of options."),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("deleted_at", TIMESTAMP, comment="Set instead of deleting the row; readers skip such rows."),
        sa.CheckConstraint("jsonb_typeof(answer_key) = 'object'", name="ck_questions_answer_key_is_object"),
        sa.CheckConstraint("jsonb_typeof(media) = 'object'", name="ck_questions_media_is_object"),
        sa.CheckConstraint("text <> ''", name="ck_questions_text_given"),
        sa.CheckConstraint("points > 0", name="ck_questions_points_range"),
        sa.CheckConstraint("position >= 0", name="ck_questions_position_range"),
        sa.ForeignKeyConstraint(
            ["quiz_id"], ["learning.quizzes.id"], name="fk_questions_quiz_id_quizzes", ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "type IN ('SINGLE_CHOICE', 'MULTIPLE_CHOICE', 'TRUE_FALSE', 'FILL_BLANK', 'MATCHING', 'ORDERING', 'NUMERIC', 'SHORT_ANSWER')",
            name="ck_questions_question_type",
        ),
        sa.CheckConstraint("difficulty IN ('BEGINNER', 'INTERMEDIATE', 'ADVANCED')", name="ck_questions_difficulty"),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        schema="learning",
        comment="Questions; one that was answered cannot be deleted, only marked so.",
    )
    op.create_index("ix_questions_quiz_id_position", "questions", ["quiz_id", "position"], schema="learning")
    op.create_table(
        "options",
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_correct", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMP, server_default=NOW, nullable=False),
        sa.Column("deleted_at", TIMESTAMP, comment="Set instead of deleting the row; readers skip such rows."),
        sa.CheckConstraint("text <> ''", name="ck_options_text_given"),
        sa.CheckConstraint("position >= 0", name="ck_options_position_range"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["learning.questions.id"], name="fk_options_question_id_questions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_options"),
        schema="learning",
        comment="What a question offers to choose from.",
    )
    op.create_index("ix_options_question_id_position", "options", ["question_id", "position"], schema="learning")


def downgrade() -> None:
    op.drop_table("options", schema="learning")
    op.drop_table("questions", schema="learning")
    op.drop_table("materials", schema="learning")
    op.drop_table("assignment_tests", schema="learning")
    op.drop_table("quizzes", schema="learning")
    op.drop_table("module_prerequisites", schema="learning")
    op.drop_table("assignments", schema="learning")
    op.drop_table("modules", schema="learning")
    op.drop_table("courses", schema="learning")
    op.drop_table("programming_languages", schema="learning")
