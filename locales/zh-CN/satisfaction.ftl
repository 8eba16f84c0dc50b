# 成员满意度：评分数据表的问题。

problem-satisfaction-no-score = 列 { $column } 不存在或不是数值。
hint-satisfaction-no-score = 请指定评分列；未被访问的成员留空。
problem-satisfaction-scale = 列 { $column } 不是 5 分制或 10 分制的评分。
hint-satisfaction-scale = 请提供 1 至 5 分或 1 至 10 分的评分，并说明是哪一种。
problem-satisfaction-nobody = 无人作答：列 { $column } 每行都为空。
problem-satisfaction-none = 作答的 { $count } 人中没有不满意的（列 { $column }），无从区分。
problem-satisfaction-all = 作答的 { $count } 人全部不满意（列 { $column }），无从区分。
hint-satisfaction-one-side = 请提供 10 分制 6 分（5 分制 3 分）上下都有的评分，并检查最高分（--scale）是否正确。
hint-satisfaction-leak = 这些列很可能是同一份问卷的其他题目。请用 --drop 排除；若未被访问的成员也有，可用 --allow-leaks 允许使用。
problem-satisfaction-folds = { $rows } 份评分（其中不满意 { $positives } 份）无法分成 { $folds } 折。
hint-satisfaction-folds = 不满意与其余的人数都不得少于折数，折数至少为 2。请减少折数或增加评分。
