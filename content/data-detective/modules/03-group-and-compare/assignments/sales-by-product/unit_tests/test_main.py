from main import ranking, share, totals

SALES = [
    {"product": "roll", "amount": 1.5},
    {"product": "cake", "amount": 6.0},
    {"product": "roll", "amount": 2.5},
]


def test_totals_add_up():
    assert totals(SALES) == {"roll": 4.0, "cake": 6.0}


def test_totals_of_nothing():
    assert totals([]) == {}


def test_ranking():
    assert ranking([*SALES, {"product": "bun", "amount": 0.5}]) == [("cake", 6.0), ("roll", 4.0), ("bun", 0.5)]


def test_ties():
    sales = [*SALES, {"product": "tart", "amount": 4.0}, {"product": "bread", "amount": 4.0}]
    assert ranking(sales) == [("cake", 6.0), ("bread", 4.0), ("roll", 4.0), ("tart", 4.0)]


def test_share():
    assert abs(share(SALES, "cake") - 0.6) < 1e-9


def test_share_of_unknown():
    assert share(SALES, "soup") == 0


def test_share_of_nothing():
    assert share([], "cake") == 0


def test_leaves_the_sales():
    sales = [dict(sale) for sale in SALES]
    totals(sales)
    ranking(sales)
    share(sales, "cake")
    assert sales == SALES
