"""What a browser may load for a page: the policy that goes with every answer, and how one page may ask for more."""

from collections.abc import Sequence


def content_security_policy(*, store: str | None = None, frames: bool = False) -> str:
    """The value of the header.

    Args:
        store: the origin from which stored files come, where they do not come from this very site.
        frames: whether the page shows a stored file in a frame.
    """
    files = _sources("'self'", store)
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {files} data:",
            "font-src 'self'",
            f"media-src {files}",
            *([f"frame-src {files}"] if frames else []),
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "manifest-src 'self'",
            "worker-src 'self'",
        ]
    )


def _sources(*found: str | None) -> str:
    named: Sequence[str] = [source for source in found if source]
    return " ".join(named)
