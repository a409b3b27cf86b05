def totals(sales):
    """The sum of the amounts of each product."""


def ranking(sales):
    """Pairs of product and total, the largest total first, equal ones by name."""


def share(sales, product):
    """Which part of all the money was for this product, from 0 to 1."""
