def totals(sales):
    found = {}
    for sale in sales:
        found[sale["product"]] = sale["amount"]
    return found


def ranking(sales):
    return sorted(totals(sales).items(), key=lambda item: (-item[1], item[0]))


def share(sales, product):
    found = totals(sales)
    money = sum(found.values())
    return found.get(product, 0) / money if money else 0
