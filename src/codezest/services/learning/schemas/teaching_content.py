"""Modules and materials as the studio's forms show them."""

from uuid import UUID

from codezest.kit.schemas import ApiResponse
from codezest.services.learning.schemas.authored import AuthoredMaterial, ModuleAlone


class Titled(ApiResponse):
    id: UUID
    title: str


class StudioModule(ModuleAlone):
    others: list[Titled]


class StudioMaterial(AuthoredMaterial):
    module_title: str
    runtime: str | None
    quizzes: list[Titled]
