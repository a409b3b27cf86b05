"""How large files may be that people send in."""

from pydantic import Field

from codezest.kit.analysis_settings import AnalysisSettings


class UploadSettings(AnalysisSettings):
    """The part of the settings that bounds them."""

    upload_picture_mb: int = Field(default=10, ge=1, le=50, description="The largest picture of a course, in MB.")
    upload_video_mb: int = Field(default=500, ge=1, le=10_000, description="The largest film of a course, in MB.")
    upload_document_mb: int = Field(
        default=50, ge=1, le=500, description="The largest PDF, DOCX or attachment of a course, in MB."
    )
    upload_hand_in_mb: int = Field(
        default=20, ge=1, le=500, description="The largest file that a learner hands in, in MB."
    )
    upload_import_mb: int = Field(
        default=500, ge=1, le=10_000, description="The largest ZIP in which a course comes in as files, in MB."
    )
    course_storage_mb: int = Field(
        default=5_000, ge=1, description="What the files of one course may take together, in MB, hand-ins not counted."
    )
    hand_in_storage_mb: int = Field(
        default=200, ge=1, description="What one learner's hand-ins in one course may take together, in MB."
    )
