# 对哪些客户用哪种打法。

allocation-exact = 选出 { $count } 个客户，费用 { $cost } 元，期望价值 { $value } 元：这是最优选择（上界 { $bound }）。预算每增加 1 元可多得 { $price } 元。
allocation-within = 选出 { $count } 个客户，费用 { $cost } 元，期望价值 { $value } 元；任何选择都不会超过 { $bound } 元。预算每增加 1 元可多得 { $price } 元。
problem-allocation-two-owners = 客户 { $customer } 的各行所属人员不一致
problem-allocation-negative-cost = 第 { $row } 行：费用小于零
