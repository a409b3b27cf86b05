"""The columns of a gradebook by the category they count in, and what marks of them are shown as."""

from codezest.kit.i18n import gettext as _
from codezest.services.learning.gradebook.reading import Book
from codezest.services.learning.schemas.gradebook import ColumnOut, Layout


def grouped(layout: Layout) -> list[tuple[str, list[ColumnOut]]]:
    """Name and columns of each group that has any: the categories in order, extra credit, and what counts nowhere."""
    book = Book(layout=layout, scale={}, own_ids={})
    ordinary = [column for column in layout.columns if column.counts and column.extra_percent is None]
    groups: list[tuple[str, list[ColumnOut]]] = []
    if layout.categories:
        known = {category.id for category in layout.categories}
        total = sum(category.weight for category in layout.categories)
        for category in layout.categories:
            name = _("%(name)s (%(weight)s of %(total)s)") % {
                "name": category.name,
                "weight": category.weight,
                "total": total,
            }
            groups.append((name, [one for one in ordinary if book.category_of(one) == category.id]))
        apart = [one for one in ordinary if book.category_of(one) not in known]
    else:
        groups.append((_("Everything counts alike"), ordinary))
        apart = []
    groups.append((_("Extra credit"), [one for one in layout.columns if one.counts and one.extra_percent is not None]))
    apart += [one for one in layout.columns if not one.counts]
    groups.append((_("Does not count"), apart))
    return [(name, columns) for name, columns in groups if columns]
