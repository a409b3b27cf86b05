const orders = [
    { customer: "Ada", cents: 1250, paid: true },
    { customer: "Grace", cents: 480, paid: false },
    { customer: "Ada", cents: 300, paid: true },
];

const paidTotal = orders
    .filter((order) => order.paid)
    .map((order) => order.cents)
    .reduce((total, cents) => total + cents, 0);
console.log(`Paid: ${paidTotal} cents`);

const byCustomer = orders.reduce((totals, { customer, cents }) => {
    return { ...totals, [customer]: (totals[customer] ?? 0) + cents };
}, {});
console.log(byCustomer);

console.log(orders.every((order) => order.paid), orders.find((order) => !order.paid).customer);
