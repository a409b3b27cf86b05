def totals(sales):
    found = {}
    for sale in sales:
        found[sale["product"]] = found.get(sale["product"], 0) + sale["amount"]
    return found


def ranking(sales):
    return sorted(totals(sales).items(), key=lambda item: (item[1], item[0]), reverse=True)


def share(sales, product):
    found = totals(sales)
    money = sum(found.values())
    return found.get(product, 0) / money if money else 0
