# 成员满意度：评分数据表的问题。

problem-satisfaction-no-score = 列 { $column } 不存在或不是数值。
hint-satisfaction-no-score = 请指定评分列；未被访问的成员留空。
problem-satisfaction-scale = 列 { $column } 不是 5 分制或 10 分制的评分。
hint-satisfaction-scale = 请提供 1 至 5 分或 1 至 10 分的评分，并说明是哪一种。
