# 模型所用的表哪里不对。

problem-table-column = 没有名为 { $column } 的列
hint-table-column = 表中的列：{ $columns }
problem-table-numbers = 列 { $column } 不是数字
hint-table-numbers = 该列已知的单元格至少应有四分之三是同一单位的数值，且不是 007 一类的编码；请检查是否混有文字。
problem-table-empty = { $file } 是空的
hint-table-empty = 首行应为列名，以英文逗号分隔。
problem-table-no-rows = { $file } 没有数据行
hint-table-no-rows = 列名之下，每个客户一行。
problem-table-column-twice = { $file } 有两个同名的列：{ $column }
hint-table-column-twice = 请改名或删去其中之一。
problem-table-ragged = { $file } 第 { $line } 行：有 { $found } 个单元格，而列有 { $wanted } 个
hint-table-ragged = 单元格之间以英文逗号分隔；单元格内的逗号要放在引号中。
problem-table-quote = { $file } 第 { $line } 行：引号没有结束
hint-table-quote = 请补上引号；若引号是文字的一部分，请写两个。
problem-table-endless = { $file } 第 { $line } 行：没有换行，不是文本文件
hint-table-endless = 请提供 CSV 或 Parquet 文件；电子表格可另存为 CSV。
problem-table-encoding = { $file } 第 { $line } 行：既不是 UTF-8，也不是 GB18030
hint-table-encoding = 请重新以 UTF-8 保存该文件。
problem-table-parquet = { $file } 不是完整的 Parquet 文件：{ $error }
hint-table-parquet = 请重新导出或重新传输。
problem-table-nested = { $file }：列 { $column } 中是 { $type }，不是单个值
hint-table-nested = 请去掉该列，或拆成几列。

table-note-thousands = 带千位分隔符，按数值读取：{ $columns }
table-note-yuan = 带元或¥的金额，按数值读取：{ $columns }
table-note-percent = 百分数，按份额读取（45% 即 0.45）：{ $columns }
table-note-large-units = 带万或亿，已换算：{ $columns }
table-note-full-width = 全角数字，按数值读取：{ $columns }
table-note-chinese-dates = 形如 2024年3月5日 的日期：{ $columns }
table-note-months = 月份，按当月第一天读取：{ $columns }
table-note-compact-dates = 八位数字，因每格都是日期而按日期读取：{ $columns }。八位编号的列名含“编号”或以 id 结尾时按数值读取。
table-note-dotted-dates = 形如 2024.3.5 的日期：{ $columns }
table-note-day-first = 日期按“日在前”读取，因为列中有大于 12 的日：{ $columns }
table-note-month-first = 日期按“月在前”读取，因为列中有大于 12 的日：{ $columns }
table-note-day-or-month-first = 日与月孰先不明，按文字读取：{ $columns }。请写成 2024-03-05 的形式。
table-note-left-out = { $count } 个单元格不是有限的数值或日期，按未知处理：{ $columns }
