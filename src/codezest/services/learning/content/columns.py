"""What each piece of content is in the database: the columns it fills, and the revision that follows from them."""

import hashlib
import json
from typing import Any
from uuid import UUID

from codezest.services.learning.content.model import (
    AssignmentContent,
    CourseContent,
    LanguageContent,
    MaterialContent,
    ModuleContent,
    OptionContent,
    QuestionContent,
    QuizContent,
    TestContent,
)
from codezest.services.learning.content.wrong_programs import wrong_rows
from codezest_db.enums import CourseKind, LatePolicy, PublicationStatus

Columns = dict[str, Any]
REVISION_DIGITS = 20
MEDIA_URL = "/media/"


def _named(columns: Columns, unnamed: frozenset[str]) -> Columns:
    return {name: value for name, value in columns.items() if name not in unnamed}


def revision(*parts: object) -> str:
    """The same for the same values, whatever the order of their keys; another for any other."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:REVISION_DIGITS]


def language_columns(language: LanguageContent) -> Columns:
    return {
        "name": language.name,
        "slug": language.slug,
        "description": language.description,
        "icon": language.icon,
        "difficulty": language.difficulty,
        "is_active": language.is_active,
        "runtime": language.runtime,
        "position": language.position,
        **language.stored,
    }


def course_columns(course: CourseContent, language: UUID | None) -> Columns:
    """A course of its own; its length is the sum of its modules'."""
    columns = {
        "kind": CourseKind.COURSE,
        "language_id": language,
        "title": course.title,
        "slug": course.slug,
        "subtitle": course.subtitle,
        "description": course.description,
        "price_minor": course.price_minor,
        "currency": course.currency,
        "duration_minutes": _minutes(course.modules),
        "level": course.level,
        "category": course.category,
        "tags": list(course.tags),
        "spoken_language": course.spoken_language,
        "status": course.status,
        **course.stored,
    }
    return _named(columns, course.unnamed)


def _minutes(modules: tuple[ModuleContent, ...]) -> int | None:
    return sum(module.estimated_minutes or 0 for module in modules) or None


def path_columns(language: LanguageContent) -> Columns:
    """The course of kind PATH; its slug is the language's, its length the sum of its modules'."""
    path = language.path
    return {
        "kind": CourseKind.PATH,
        "language_id": language.id,
        "title": path.title,
        "slug": language.slug,
        "subtitle": path.subtitle,
        "description": path.description,
        "price_minor": 0,
        "duration_minutes": _minutes(language.modules),
        "level": language.difficulty,
        "category": path.category,
        "tags": list(path.tags),
        "spoken_language": path.spoken_language,
        "status": PublicationStatus.PUBLISHED,
        **path.stored,
    }


def module_columns(module: ModuleContent, course: UUID) -> Columns:
    columns = {
        "course_id": course,
        "title": module.title,
        "slug": module.slug,
        "description": module.description,
        "syllabus": list(module.syllabus),
        "position": module.position,
        "estimated_minutes": module.estimated_minutes,
        "opens_at": module.opens_at,
        "opens_after_days": module.opens_after_days,
        "status": module.status,
        **module.stored,
    }
    return _named(columns, module.unnamed)


def _item_columns(item: MaterialContent | AssignmentContent | QuizContent, module: UUID) -> Columns:
    return {
        "module_id": module,
        "slug": item.slug,
        "title": item.title,
        "description": item.description,
        "position": item.position,
        "status": item.status,
    }


def material_columns(material: MaterialContent, module: UUID) -> Columns:
    return _item_columns(material, module) | {
        "type": material.type,
        "content": material.content,
        "code": material.code,
        "sample_input": material.sample_input,
        "sample_output": material.sample_output,
        "video_key": material.video_key,
        "image_key": material.image_key,
        "file_key": material.file_key,
        "captions_url": MEDIA_URL + material.captions_key if material.captions_key else None,
        "transcript": material.transcript,
        "duration_minutes": material.duration_minutes,
        **material.stored,
    }


def assignment_columns(assignment: AssignmentContent, module: UUID) -> Columns:
    columns = _item_columns(assignment, module) | {
        "instructions": assignment.instructions,
        "kind": assignment.kind,
        "language": assignment.language or None,
        "difficulty": assignment.difficulty,
        "grading_mode": assignment.grading_mode,
        "function_name": assignment.function_name,
        "starter_code": assignment.starter_code,
        "starter_files": assignment.starter_files,
        "solution_code": assignment.solution_code,
        "solution_files": assignment.solution_files,
        "harness": assignment.harness,
        "rules": list(assignment.rules),
        "test_groups": list(assignment.test_groups),
        "seed": assignment.seed,
        "separate_processes": assignment.separate_processes,
        "hints": list(assignment.hints),
        "max_score": assignment.max_score,
        "time_limit_minutes": assignment.time_limit_minutes,
        "wrong_programs": wrong_rows(assignment),
        "allow_late": assignment.timing["late_policy"] is not LatePolicy.CUT_OFF,
        **assignment.timing,
        "cpu_seconds": assignment.cpu_seconds,
        "wall_seconds": assignment.wall_seconds,
        "memory_bytes": assignment.memory_bytes,
        "output_bytes": assignment.output_bytes,
        "checker": assignment.checker,
        "checker_options": assignment.checker_options,
        "tests_revision": tests_revision(assignment),
        **assignment.stored,
    }
    late = frozenset({"allow_late"}) if "late_policy" in assignment.unnamed else frozenset[str]()
    return _named(columns, assignment.unnamed | late)


def test_columns(test: TestContent, position: int) -> Columns:
    return {
        "name": test.name,
        "position": position,
        "stdin": test.stdin,
        "args": list(test.args),
        "files": test.files,
        "expected": test.expected,
        "checker": test.checker,
        "checker_options": test.checker_options,
        "points": test.points,
        "visible": test.visible,
        "kind_of_case": test.kind_of_case,
        "cpu_seconds": test.cpu_seconds,
        "wall_seconds": test.wall_seconds,
        "memory_bytes": test.memory_bytes,
        "output_bytes": test.output_bytes,
        "group_name": test.group_name,
        "bonus": test.bonus,
        "sample": test.sample,
        "arguments": test.arguments,
        "generator": test.generator,
        **test.stored,
    }


def tests_revision(assignment: AssignmentContent) -> str:
    """Covers all that a verdict depends on: the tests in their order, how they are run and counted, the limits."""
    return revision(
        [test_columns(test, position) for position, test in enumerate(assignment.tests, start=1)],
        [assignment.checker, assignment.checker_options, assignment.max_score],
        [assignment.cpu_seconds, assignment.wall_seconds, assignment.memory_bytes, assignment.output_bytes],
        [assignment.grading_mode, assignment.function_name, assignment.harness, assignment.seed],
        [assignment.rules, assignment.test_groups],
        # Only where it is asked for, so that no revision from before there was such a choice changes by it.
        *(["separate processes"] if assignment.separate_processes else []),
        *([dict(assignment.stored)] if assignment.stored else []),
    )


def quiz_columns(quiz: QuizContent, module: UUID) -> Columns:
    columns = _item_columns(quiz, module) | {
        "passing_score": quiz.passing_score,
        "time_limit_minutes": quiz.time_limit_minutes,
        "attempt_limit": quiz.attempt_limit,
        "shuffle": quiz.shuffle,
        "shuffle_options": quiz.shuffle_options,
        "draw_count": quiz.draw_count,
        "draws": list(quiz.draws),
        "scoring": quiz.scoring,
        "wrong_penalty_percent": quiz.wrong_penalty_percent,
        **quiz.timing,
        **quiz.stored,
    }
    return _named(columns, quiz.unnamed)


def question_columns(question: QuestionContent, quiz: UUID | None, position: int) -> Columns:
    return {
        "quiz_id": quiz,
        "type": question.type,
        "text": question.text,
        "explanation": question.explanation,
        "points": question.points,
        "position": position,
        "difficulty": question.difficulty,
        "topic": question.topic,
        "media": question.media,
        "answer_key": question.answer_key,
        **question.stored,
    }


def bank_columns(question: QuestionContent, course: UUID) -> Columns:
    return question_columns(question, None, 0) | {"course_id": course}


def option_columns(option: OptionContent, question: UUID, position: int) -> Columns:
    return {
        "question_id": question,
        "text": option.text,
        "is_correct": option.is_correct,
        "position": position,
        **option.stored,
    }


def bank_revision(question: QuestionContent, course: UUID) -> str:
    return revision(
        bank_columns(question, course),
        [[str(option.id), option.text, option.is_correct] for option in question.options],
    )


def quiz_revision(quiz: QuizContent, module: UUID) -> str:
    """Covers the questions and options as well, which carry no revision of their own."""
    return revision(
        quiz_columns(quiz, module),
        [
            [
                str(question.id),
                question_columns(question, quiz.id, number),
                [[str(option.id), option.text, option.is_correct] for option in question.options],
            ]
            for number, question in enumerate(quiz.questions, start=1)
        ],
    )
