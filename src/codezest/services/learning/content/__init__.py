"""Courses as code: load a folder, prove it, store it, begin a new one. The format is described in docs/guides/authoring.md."""

from codezest.services.learning.content.check import CheckReport, check
from codezest.services.learning.content.load import load
from codezest.services.learning.content.loaded import LoadedContent
from codezest.services.learning.content.new import ScaffoldError, scaffold
from codezest.services.learning.content.problems import ContentProblems, Problem
from codezest.services.learning.content.report import SyncReport
from codezest.services.learning.content.sync import sync

__all__ = [
    "CheckReport",
    "ContentProblems",
    "LoadedContent",
    "Problem",
    "ScaffoldError",
    "SyncReport",
    "check",
    "load",
    "scaffold",
    "sync",
]
