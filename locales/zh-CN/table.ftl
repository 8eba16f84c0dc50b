# 模型所用的表哪里不对。

problem-table-column = 没有名为 { $column } 的列
hint-table-column = 表中的列：{ $columns }
problem-table-numbers = 列 { $column } 不是数字
hint-table-numbers = 该列已知的单元格应几乎全是数字；请检查是否混有文字、单位或千位分隔符。
