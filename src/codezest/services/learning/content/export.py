"""Writes a course as it stands in the database as the files of a content folder.

The files say in the format's own words what these can say. What they would make is then compared with the rows, and
whatever differs is added as ``stored``, so that loading and storing them gives the same rows: also what authors may
do in the browser and not in files.
"""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from codezest.services.learning.content.assignments import main_of
from codezest.services.learning.content.columns import (
    assignment_columns,
    course_columns,
    language_columns,
    material_columns,
    module_columns,
    option_columns,
    path_columns,
    question_columns,
    quiz_columns,
    test_columns,
)
from codezest.services.learning.content.export_assignments import assignment_table, programs, tests_table
from codezest.services.learning.content.export_items import (
    heading,
    material_files,
    material_table,
    module_table,
    question_table,
    quiz_table,
    relative_links,
    stored_of,
    timing,
)
from codezest.services.learning.content.export_rows import CourseRows
from codezest.services.learning.content.export_text import Table, given, markdown, toml
from codezest.services.learning.content.export_tops import course_table, language_table, rubric_table, upload_table
from codezest.services.learning.content.load import load, read
from codezest.services.learning.content.loaded import LoadedContent
from codezest.services.learning.content.model import (
    AssignmentContent,
    LanguageContent,
    MaterialContent,
    QuestionContent,
)
from codezest.services.learning.content.stored import STORED, encoded, storable
from codezest.services.learning.content.wrong_programs import wrong_tables
from codezest_db.enums import CourseKind
from codezest_db.models.learning import Assignment, AssignmentTest, Material, Quiz, Upload

MEDIA_NAMED = re.compile(r"(?:/media/)?([a-zA-Z0-9][A-Za-z0-9._-]*)/([A-Za-z0-9][A-Za-z0-9._-]*\.[a-z0-9]+)")


@dataclass(slots=True)
class ExportedTree:
    """A content folder that is still to be written, by paths below it."""

    name: str
    """What its folder is called: addresses of its media begin with it."""
    files: dict[str, str] = field(default_factory=dict[str, str])
    media: dict[str, Path] = field(default_factory=dict[str, Path])
    uploads: dict[str, str] = field(default_factory=dict[str, str])
    """Storage keys."""


@dataclass(slots=True)
class _Sheet:
    """A file of tables, until it is written."""

    table: Table
    body: str | None = None


class _Export:
    def __init__(self, rows: CourseRows, content: Path | None) -> None:
        self._rows = rows
        self._runtime = (rows.language.runtime if rows.language else None) or ""
        self.tree = ExportedTree(name=rows.course.slug)
        self._sheets: dict[str, _Sheet] = {}
        self._tables: dict[Any, tuple[Table, Any]] = {}
        """Table and row by id; those of tests by assignment and index."""
        self._content = content
        self._add_all()

    def _add_all(self) -> None:
        rows = self._rows
        names: list[str] = []
        earlier: dict[UUID, str] = {}
        self._add_media()
        for number, module in enumerate(rows.modules, start=1):
            name = f"{number:02d}-{module.slug}"
            names.append(name)
            items = [
                self._add_item(item, f"modules/{name}/", place)
                for place, item in enumerate(rows.items.get(module.id, ()), start=1)
            ]
            table = module_table(module, rows.prerequisites.get(module.id, ()), earlier, items)
            self._add(f"modules/{name}/module.toml", table, module)
            earlier[module.id] = module.slug
        bank = rows.questions.get(rows.course.id, ())
        if bank:
            table = {"question": [self._question(row, number) for number, row in enumerate(bank, start=1)]}
            self._sheets["bank/questions.toml"] = _Sheet(table)
        if rows.course.kind is CourseKind.PATH and rows.language is not None:
            inner: Table = {}
            table = language_table(rows, names, inner)
            self._tables[rows.course.id] = (inner, rows.course)
            self._add("language.toml", table, rows.language)
        else:
            self._add("course.toml", course_table(rows, names), rows.course)
        if rows.rubrics:
            self._sheets["rubrics.toml"] = _Sheet({"rubric": [rubric_table(row) for row in rows.rubrics]})
        sent_in = uploads_of(rows)
        if sent_in:
            self._sheets["uploads.toml"] = _Sheet({"upload": [upload_table(row) for row in sent_in]})

    def _add(self, path: str, table: Table, row: Any, body: str | None = None) -> None:
        self._sheets[path] = _Sheet(table, body)
        self._tables[row.id] = (table, row)

    def _add_item(self, row: Any, folder: str, number: int) -> str:
        """Returns how the module lists it."""
        if isinstance(row, Material):
            name = f"materials/{number:02d}-{row.slug}"
            body = relative_links(row.content or "", self.tree.name)
            self._add(f"{folder}{name}.md", material_table(row, self.tree.name), row, body)
            for suffix, text in material_files(row, self._runtime).items():
                self.tree.files[f"{folder}{name}{suffix}"] = text
        elif isinstance(row, Quiz):
            name = f"quizzes/{row.slug}"
            questions = self._rows.questions.get(row.id, ())
            tables = [self._question(question, place) for place, question in enumerate(questions, start=1)]
            self._add(f"{folder}{name}.toml", quiz_table(row) | given(question=tables or None), row)
        else:
            name = f"assignments/{row.slug}"
            self._add_assignment(row, f"{folder}{name}/")
        return name

    def _add_assignment(self, row: Assignment, folder: str) -> None:
        tests = self._rows.tests.get(row.id, ())
        wrong, files = wrong_tables(row.wrong_programs, tests, main_of(row.language or ""))
        table = heading(row) | timing(row) | assignment_table(row) | given(wrong=wrong or None)
        self._add(f"{folder}assignment.toml", table, row)
        self.tree.files[f"{folder}instructions.md"] = relative_links(row.instructions or "", self.tree.name)
        self.tree.files |= {folder + path: text for path, text in (programs(row) | files).items()}
        if tests or row.test_groups:
            tables = tests_table(row, tests)
            self._sheets[f"{folder}tests/tests.toml"] = _Sheet(tables)
            for index, test in enumerate(tests):
                self._tables[row.id, index] = (tables["test"][index], test)

    def _question(self, row: Any, number: int) -> Table:
        options = self._rows.options.get(row.id, ())
        table = question_table(row, options, number)
        self._tables[row.id] = (table, row)
        for option, inner in zip(options, table.get("options", ()), strict=True):
            self._tables[option.id] = (inner, option)
        return table

    def _add_media(self) -> None:
        """The files of the content folder that the course's rows name under its own name."""
        rows = self._rows
        for row in rows.uploads:
            folder, _, name = (row.content_key or "").partition("/")
            if name and folder == self.tree.name:
                self.tree.uploads[f"media/{name}"] = f"uploads/{row.id}"
        if self._content is None:
            return
        listed = [rows.course, *(item for items in rows.items.values() for item in items)]
        listed += [row for rows_ in (*rows.questions.values(), *rows.options.values()) for row in rows_]
        for row in listed:
            for column in row.__table__.columns:
                value = getattr(row, column.key)
                for found in MEDIA_NAMED.finditer(value if isinstance(value, str) else encoded(value)):
                    path = self._content / found[1] / "media" / found[2]
                    name = f"media/{found[2]}"
                    if found[1] == self.tree.name and path.is_file() and name not in self.tree.uploads:
                        self.tree.media[f"media/{found[2]}"] = path

    def write(self) -> dict[str, str]:
        """The text of every file."""
        written = {
            path: toml(sheet.table) if sheet.body is None else markdown(sheet.table, sheet.body)
            for path, sheet in self._sheets.items()
        }
        return {**self.tree.files, **written}

    def complete(self, loaded: LoadedContent) -> None:
        """Add to each table what the files do not make of themselves."""
        tree = loaded.trees[0]
        if isinstance(tree, LanguageContent):
            self._compare(tree.id, language_columns(tree))
            self._compare(tree.path.id, path_columns(tree))
        else:
            self._compare(tree.id, course_columns(tree, self._rows.course.language_id))
        for module in tree.modules:
            self._compare(module.id, module_columns(module, tree.id))
            for item in module.items:
                if isinstance(item, MaterialContent):
                    self._compare(item.id, material_columns(item, module.id))
                elif isinstance(item, AssignmentContent):
                    self._compare_assignment(item, module.id)
                else:
                    self._compare(item.id, quiz_columns(item, module.id))
                    for question in item.questions:
                        self._compare_question(question, item.id)
        for question in tree.bank:
            self._compare_question(question, None)

    def _compare_assignment(self, item: AssignmentContent, module: UUID) -> None:
        self._compare(item.id, assignment_columns(item, module))
        for index, test in enumerate(item.tests):
            self._compare((item.id, index), test_columns(test, index))

    def _compare_question(self, question: QuestionContent, quiz: UUID | None) -> None:
        self._compare(question.id, question_columns(question, quiz, 0))
        for option in question.options:
            self._compare(option.id, option_columns(option, question.id, 0))

    def _compare(self, identity: Any, wanted: Mapping[str, Any]) -> None:
        table, row = self._tables[identity]
        found = stored_of(row, wanted, storable(type(row)), encoded)
        if isinstance(row, AssignmentTest | Assignment):
            found.pop("tests_revision", None)
        if found:
            table[STORED] = found


def export(rows: CourseRows, content: Path | None) -> ExportedTree:
    """The folder of a course or a language. Pure but for reading ``content``, where its media may lie; takes its time.

    Raises:
        ContentProblems: what is stored contradicts itself, so that no files can say it.
    """
    writing = _Export(rows, content)
    with tempfile.TemporaryDirectory(prefix="codezest-export-") as scratch:
        folder = Path(scratch) / writing.tree.name
        _write(writing.write(), folder)
        for path, source in writing.tree.media.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).symlink_to(source.absolute())
        for key in (*upload_keys(rows), *writing.tree.uploads):
            _blank(folder / key)
        content_read, problems = read(folder)
        writing.complete(content_read)
        if problems.found:
            _write(writing.write(), folder)
            load(folder)
    writing.tree.files = writing.write()
    writing.tree.uploads |= {f"uploads/{key.partition('/')[2]}": key for key in upload_keys(rows)}
    return writing.tree


def _write(files: Mapping[str, str], folder: Path) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")


def _blank(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def uploads_of(rows: CourseRows) -> list[Upload]:
    """The files that were sent in: what came from a content folder goes back to where it lay there."""
    own = {row.id for row in rows.uploads if row.content_key is not None}
    return [row for row in rows.uploads if row.id not in own and row.parent_id not in own]


def upload_keys(rows: CourseRows) -> list[str]:
    """Where the content of the files that were sent in lies in the store."""
    keys = [f"uploads/{row.id}" for row in uploads_of(rows)]
    keys += [f"uploads/{row.id}-small" for row in uploads_of(rows) if row.kind == "PICTURE" and row.parent_id is None]
    return sorted(keys)
