"""The tree of what is taught: language, course (a language's path is one), module, material."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, Integer, Numeric, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from codezest_db.base import EMPTY_OBJECT, EMPTY_TEXTS, LIVE, Base, Identified, JsonObject, SoftDeleted, Timestamped
from codezest_db.enums import AnalysisPolicy, CourseKind, Difficulty, EnrollmentPolicy, MaterialType, PublicationStatus
from codezest_db.models.learning.columns import (
    SCHEMA,
    USER_ID,
    InModule,
    Revisioned,
    in_module_constraints,
    position_check,
    slug_check,
    title_check,
)

NO_RATINGS = text("'{0,0,0,0,0}'::integer[]")


class ProgrammingLanguage(Identified, Revisioned, Timestamped, SoftDeleted, Base):
    __tablename__ = "programming_languages"

    name: Mapped[str]
    slug: Mapped[str]
    description: Mapped[str | None]
    icon: Mapped[str | None] = mapped_column(comment="Name of an icon, an emoji or a URL.")
    difficulty: Mapped[Difficulty] = mapped_column(server_default=Difficulty.BEGINNER)
    is_active: Mapped[bool] = mapped_column(server_default="true", comment="Whether learners see it.")
    runtime: Mapped[str | None] = mapped_column(comment="Key of the grader's language, such as python.")
    position: Mapped[int] = mapped_column(server_default="0")

    courses: Mapped[list["Course"]] = relationship(back_populates="language", lazy="raise", passive_deletes=True)

    __table_args__ = (
        Index("uq_programming_languages_name", "name", unique=True, postgresql_where=LIVE),
        Index("uq_programming_languages_slug", "slug", unique=True, postgresql_where=LIVE),
        CheckConstraint("name <> ''", name="name_given"),
        slug_check(),
        position_check(),
        {"schema": SCHEMA, "comment": "Programming languages that can be learned."},
    )


class Course(Identified, Revisioned, Timestamped, SoftDeleted, Base):
    __tablename__ = "courses"

    kind: Mapped[CourseKind] = mapped_column(server_default=CourseKind.COURSE)
    language_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("learning.programming_languages.id", ondelete="RESTRICT"), index=True
    )
    instructor_user_id: Mapped[UUID | None] = mapped_column(ForeignKey(USER_ID, ondelete="SET NULL"), index=True)
    title: Mapped[str]
    slug: Mapped[str]
    subtitle: Mapped[str | None]
    description: Mapped[str | None]
    image_url: Mapped[str | None]
    image_key: Mapped[str | None] = mapped_column(comment="Storage key of an uploaded picture.")
    price_minor: Mapped[int] = mapped_column(server_default="0", comment="In minor units of the currency.")
    currency: Mapped[str] = mapped_column(CHAR(3), server_default="USD", comment="ISO 4217.")
    duration_minutes: Mapped[int | None]
    level: Mapped[Difficulty] = mapped_column(server_default=Difficulty.BEGINNER)
    category: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    spoken_language: Mapped[str] = mapped_column(
        server_default="en", comment="BCP 47 tag of the language it is taught in."
    )
    status: Mapped[PublicationStatus] = mapped_column(server_default=PublicationStatus.DRAFT)
    published_at: Mapped[datetime | None]
    enrollment_count: Mapped[int] = mapped_column(server_default="0")
    rating_average: Mapped[float | None] = mapped_column(Numeric(3, 2, asdecimal=False), comment="Null while unrated.")
    rating_count: Mapped[int] = mapped_column(server_default="0")
    rating_counts: Mapped[list[int]] = mapped_column(
        ARRAY(Integer()), server_default=NO_RATINGS, comment="How many gave one star, two, up to five."
    )
    enrollment_policy: Mapped[EnrollmentPolicy] = mapped_column(server_default=EnrollmentPolicy.OPEN)
    analysis_policy: Mapped[AnalysisPolicy] = mapped_column(server_default=AnalysisPolicy.AUTOMATIC)
    grade_scale: Mapped[JsonObject] = mapped_column(
        server_default=EMPTY_OBJECT,
        comment="What grades given by hand are called: kind POINTS, PASS_FAIL or LETTERS; grades (name, from_percent).",
    )
    regrade_days: Mapped[int] = mapped_column(
        server_default="14", comment="How long a grade given by hand may be asked about; 0: not at all."
    )

    language: Mapped[ProgrammingLanguage | None] = relationship(back_populates="courses", lazy="raise")
    modules: Mapped[list["Module"]] = relationship(
        back_populates="course", lazy="raise", order_by="Module.position", passive_deletes=True
    )

    __table_args__ = (
        Index("uq_courses_slug", "slug", unique=True, postgresql_where=LIVE),
        # One path per language, while any number of other courses may name it.
        Index(
            "uq_courses_language_id",
            "language_id",
            unique=True,
            postgresql_where=text("kind = 'PATH' AND deleted_at IS NULL"),
        ),
        Index(None, "status", "published_at"),
        slug_check(),
        title_check(),
        CheckConstraint("kind <> 'PATH' OR (language_id IS NOT NULL AND price_minor = 0)", name="path_is_free"),
        CheckConstraint("price_minor >= 0", name="price_minor_range"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_shape"),
        CheckConstraint("duration_minutes > 0", name="duration_minutes_range"),
        CheckConstraint("status <> 'PUBLISHED' OR published_at IS NOT NULL", name="published_has_time"),
        CheckConstraint("enrollment_count >= 0", name="enrollment_count_range"),
        CheckConstraint("rating_average BETWEEN 1 AND 5", name="rating_average_range"),
        CheckConstraint("rating_count >= 0", name="rating_count_range"),
        CheckConstraint("jsonb_typeof(grade_scale) = 'object'", name="grade_scale_is_object"),
        CheckConstraint("regrade_days BETWEEN 0 AND 365", name="regrade_days_range"),
        CheckConstraint("(rating_count = 0) = (rating_average IS NULL)", name="rating_has_count"),
        CheckConstraint("cardinality(rating_counts) = 5 AND 0 <= ALL (rating_counts)", name="rating_counts_range"),
        CheckConstraint("kind <> 'PATH' OR enrollment_policy = 'OPEN'", name="path_is_open"),
        {"schema": SCHEMA, "comment": "Courses; each programming language's path is one of kind PATH."},
    )


class Module(Identified, Revisioned, Timestamped, SoftDeleted, Base):
    __tablename__ = "modules"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("learning.courses.id", ondelete="CASCADE"))
    title: Mapped[str]
    slug: Mapped[str]
    description: Mapped[str | None]
    syllabus: Mapped[list[str]] = mapped_column(
        server_default=EMPTY_TEXTS, comment="What a learner will be able to do."
    )
    position: Mapped[int] = mapped_column(server_default="0")
    estimated_minutes: Mapped[int | None]
    status: Mapped[PublicationStatus] = mapped_column(server_default=PublicationStatus.DRAFT)
    opens_at: Mapped[datetime | None] = mapped_column(comment="Closed to learners before.")
    opens_after_days: Mapped[int | None] = mapped_column(
        comment="How many times 24 hours after a learner's beginning it opens."
    )

    course: Mapped[Course] = relationship(back_populates="modules", lazy="raise")
    materials: Mapped[list["Material"]] = relationship(
        back_populates="module", lazy="raise", order_by="Material.position", passive_deletes=True
    )
    prerequisites: Mapped[list["ModulePrerequisite"]] = relationship(
        foreign_keys="ModulePrerequisite.module_id", lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (
        Index("uq_modules_course_id_slug", "course_id", "slug", unique=True, postgresql_where=LIVE),
        Index(None, "course_id", "position"),
        slug_check(),
        title_check(),
        position_check(),
        CheckConstraint("estimated_minutes > 0", name="estimated_minutes_range"),
        CheckConstraint("opens_after_days BETWEEN 0 AND 3650", name="opens_after_days_range"),
        CheckConstraint("status <> 'ARCHIVED'", name="status_not_archived"),
        {"schema": SCHEMA, "comment": "Chapters of a course."},
    )


class ModulePrerequisite(Base):
    __tablename__ = "module_prerequisites"

    module_id: Mapped[UUID] = mapped_column(ForeignKey("learning.modules.id", ondelete="CASCADE"), primary_key=True)
    prerequisite_id: Mapped[UUID] = mapped_column(
        ForeignKey("learning.modules.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    __table_args__ = (
        CheckConstraint("module_id <> prerequisite_id", name="not_itself"),
        {"schema": SCHEMA, "comment": "Modules to finish before another opens."},
    )


class Material(Identified, InModule, Base):
    __tablename__ = "materials"

    type: Mapped[MaterialType]
    content: Mapped[str | None] = mapped_column(comment="Markdown.")
    code: Mapped[str | None] = mapped_column(comment="The program of a CODE_EXAMPLE or INTERACTIVE.")
    sample_input: Mapped[str | None] = mapped_column(comment="What the program's input box holds at first.")
    sample_output: Mapped[str | None] = mapped_column(comment="What the program must print; content checks compare.")
    video_url: Mapped[str | None]
    video_key: Mapped[str | None]
    image_url: Mapped[str | None]
    image_key: Mapped[str | None]
    file_url: Mapped[str | None]
    file_key: Mapped[str | None]
    captions_url: Mapped[str | None] = mapped_column(comment="WebVTT.")
    transcript: Mapped[str | None]
    duration_minutes: Mapped[int | None]
    quiz_id: Mapped[UUID | None] = mapped_column(ForeignKey("learning.quizzes.id", ondelete="RESTRICT"), index=True)

    module: Mapped[Module] = relationship(back_populates="materials", lazy="raise")

    __table_args__ = (
        *in_module_constraints("materials"),
        CheckConstraint("duration_minutes > 0", name="duration_minutes_range"),
        CheckConstraint("type = 'QUIZ' OR quiz_id IS NULL", name="quiz_only_for_quiz"),
        CheckConstraint("type <> 'QUIZ' OR status = 'DRAFT' OR quiz_id IS NOT NULL", name="published_quiz_is_named"),
        {"schema": SCHEMA, "comment": "Lessons of a module: to read, watch, try or download."},
    )
