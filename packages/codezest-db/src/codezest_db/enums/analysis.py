"""Of what is said of learners' work."""

from enum import StrEnum


class AnalysisType(StrEnum):
    """Who analysed a submission or an attempt."""

    AI = "AI"
    MANUAL = "MANUAL"
    HYBRID = "HYBRID"


class AnalysisStatus(StrEnum):
    """How far an analysis is. Only APPROVED was looked at by somebody who teaches."""

    QUEUED = "QUEUED"
    READY = "READY"
    FAILED = "FAILED"
    APPROVED = "APPROVED"


class AnalysisProvider(StrEnum):
    """What analysed: rules on this machine, or a model behind an endpoint."""

    LOCAL = "LOCAL"
    ENDPOINT = "ENDPOINT"


class AnalysisPolicy(StrEnum):
    """When the learners of a course get an analysis of their work."""

    OFF = "OFF"
    """Never, unless somebody who teaches approves one."""
    AUTOMATIC = "AUTOMATIC"
    APPROVAL = "APPROVAL"
    """Once somebody who teaches has approved it."""


class ModelCallStatus(StrEnum):
    """RESERVED from before the call until its answer is in."""

    RESERVED = "RESERVED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
