"""Receipts: what proves to a learner that a program was handed in, as it was, when it was."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from codezest_db.base import BIGINT, Base, Created, Identified
from codezest_db.models.learning.columns import SCHEMA, USER_ID


class ReceiptKey(Created, Base):
    __tablename__ = "receipt_keys"

    id: Mapped[str] = mapped_column(primary_key=True, comment="The first 16 hexadecimal digits of the key's SHA-256.")
    public_key: Mapped[bytes] = mapped_column(comment="Ed25519, as it is.")

    __table_args__ = (
        CheckConstraint("id ~ '^[0-9a-f]{16}$'", name="id_shape"),
        CheckConstraint("octet_length(public_key) = 32", name="public_key_is_ed25519"),
        {
            "schema": SCHEMA,
            "comment": "Every key that ever signed receipts, so that old ones can be verified; rows stay.",
        },
    )


class Receipt(Identified, Created, Base):
    __tablename__ = "submission_receipts"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER_ID, ondelete="CASCADE"))
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("learning.submissions.id", ondelete="CASCADE"))
    sequence: Mapped[int] = mapped_column(BIGINT, comment="From 1, without a gap: the learner's receipts are a chain.")
    document: Mapped[str] = mapped_column(comment="The signed text: canonical JSON, naming the receipt before it.")
    sha256: Mapped[str] = mapped_column(comment="Of the document, which the next receipt names; 64 hexadecimal digits.")
    key_id: Mapped[str] = mapped_column(ForeignKey("learning.receipt_keys.id", ondelete="RESTRICT"), index=True)
    signature: Mapped[bytes] = mapped_column(comment="Ed25519, of the document.")

    __table_args__ = (
        UniqueConstraint("user_id", "sequence"),
        UniqueConstraint("submission_id"),
        CheckConstraint("sequence > 0", name="sequence_range"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_shape"),
        CheckConstraint("octet_length(signature) = 64", name="signature_is_ed25519"),
        {
            "schema": SCHEMA,
            "comment": "What each learner was answered on handing something in; rows are never changed.",
        },
    )
