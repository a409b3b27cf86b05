"""Which languages can be graded on this machine."""

from collections.abc import Iterable, Mapping

from codezest.grading.languages.language import Language, Missing, Toolchain


def available_languages(candidates: Iterable[Language]) -> Mapping[str, Toolchain | Missing]:
    """By key: the toolchain that was found, or why there is none and how to get it.

    One that cannot be looked for does not keep others from being found.
    """
    found: dict[str, Toolchain | Missing] = {}
    for language in candidates:
        try:
            found[language.key] = language.find()
        except Exception as error:  # noqa: BLE001  # a broken installation may fail in any way
            found[language.key] = Missing(why=f"looking for it failed: {error!r}", install="codezest doctor")
    return found
