# Which customers to use which play on.

allocation-exact = { $count ->
    [one] One customer
   *[other] { $count } customers
} chosen for { $cost } yuan, expected value { $value } yuan: the best choice there is (bound { $bound }). One more yuan of budget would bring { $price } yuan.
allocation-within = { $count ->
    [one] One customer
   *[other] { $count } customers
} chosen for { $cost } yuan, expected value { $value } yuan; no choice can bring more than { $bound } yuan. One more yuan of budget would bring { $price } yuan.
problem-allocation-two-owners = The customer { $customer } has rows with different owners
problem-allocation-negative-cost = Row { $row }: the cost is below nothing
