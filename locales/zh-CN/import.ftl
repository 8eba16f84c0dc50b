# 导入：步骤、坏行的原因与办法、提示，以及映射文件的问题。

import-step-read = 读取并检查
import-step-write = 按月写入

# 为什么这一格不能用，以及怎么办
import-cell-required = 必填项为空，请补上
import-cell-encoding = 不是有效的 UTF-8 文字，请用 UTF-8 或 GB18030 重新导出
import-cell-code-long = 编码超过 { $limit } 个字符，请缩短
import-cell-code-control = 编码中有控制字符(制表、换行等),请去掉
import-cell-text-long = 文字超过 { $limit } 个字符，请缩短
import-cell-text-control = 文字中有控制字符，请去掉
import-cell-month = 月份应写作 YYYY-MM,如 2026-01
import-cell-date = 日期应写作 YYYY-MM-DD,如 2026-01-31
import-cell-date-missing = 日历上没有这一天，请改正日期
import-cell-instant = 时间应写作带时区的 RFC 3339,如 2026-01-31T09:30:00+08:00
import-cell-money = 金额应为以元为单位的数字，如 1234.50,不带千分位
import-cell-money-precise = 金额最多两位小数，请四舍五入到分
import-cell-money-large = 金额过大，请检查单位是否为元
import-cell-money-negative = 此处金额不能为负，请改正或留空
import-cell-number = 应为数字，不带千分位和单位
import-cell-quantity-negative = 数量不能为负，请改正或留空
import-cell-whole = 应为 { $low } 到 { $high } 之间的整数
import-cell-choice = 只能是以下之一：{ $choices }
import-cell-flag = 只能写 yes 或留空

# 行与行之间
import-row-width = 表头有 { $expected } 列，这一行有 { $found } 列；含逗号的文字请加双引号
import-quote-open = 双引号没有配对，请补上另一半，或把文字中的双引号写成两个
import-reference-unknown = { $table }中没有这个编码，请补上那一行或改正编码
import-reference-excluded = { $table }中这个编码所在的行有错误而未采用，请先改正那一行
import-reference-unread = { $table }的文件未能读取，无法核对这个编码；请先改正那个文件
import-duplicate = 与 { $file } 第 { $line } 行的键重复，请只保留一行
import-ends-before-starts = 早于 { $start_column } 的 { $start }，请改正其中之一
import-parent-required = 除总部外，每个单位都要有上级，请填写 parent_code
import-parent-level = { $level }的上级不能是{ $parent_level }，请改正级别或上级
import-parent-circle = 上下级关系成环，请改正其中一行的 parent_code
import-headquarters-second = 总部只能有一个，已有 { $code }；请改正级别并填写 parent_code，或沿用原来的编码

# 整个文件
import-table-missing = 第一次导入必须有{ $table }：请交付 { $name }.csv、{ $name }.parquet 或文件夹 { $name }/
import-table-doubled = 同一张表有多份来源，请只保留一份 { $name }
import-file-empty = 文件是空的，至少要有表头；若确实没有数据，请删除该文件
import-file-endless = 没有换行，不是文本文件，请重新导出为 CSV
import-parquet = Parquet 文件不完整或已损坏({ $error }),请重新导出或重新传输
import-column-missing = 缺少必需的列；表头为：{ $columns }。请补上该列，列名之间用英文逗号分隔
import-column-twice = 表头中有两个同名的列，请只保留一个

# 不是错误，但应知道
import-note-columns = { $file }：忽略了不认识的列 { $columns }
import-note-gb18030 = { $file }：按 GB18030 编码读取
import-note-file = { $file }：不属于任何一张表，已忽略

problem-import-folder-empty = { $folder } 中没有任何一张表
hint-import-folder-empty = 请检查路径；文件应命名为 org_units.csv、customers.csv、usage.csv 等。其他格式请用 --mapping 指定映射文件。
problem-import-memory = { $file } 太大：一次导入必须留在内存中的数据超过了 { $limit } MB
hint-import-memory = 上限为可用内存的一半。请把交付的文件分成几批，每批各用一个文件夹依次导入，或换用内存更大的机器；按月的表(usage、member_usage 等)用提取格式交付时不占用这部分内存，请避免使用映射文件。

# 映射文件
problem-mapping-syntax = { $file } 第 { $line } 行不是有效的 TOML:{ $error }
problem-mapping-table = { $file } 中的 { $entry } 不是提取格式的表；可用的有：{ $known }
problem-mapping-column = { $file } 中的 { $entry } 不是这张表的列；可用的有：{ $known }
problem-mapping-no-source = { $file } 中的 { $entry } 没有 source,也没有 rows
problem-mapping-form = { $file } 中 { $entry } 的写法不对
problem-mapping-source = { $file } 中 { $entry } 所指的文件不存在：{ $source }
problem-mapping-source-column = { $file } 中 { $entry } 所指的列 { $column } 在 { $source } 中不存在；那里有：{ $known }
problem-mapping-sql = { $file } 中 { $entry } 的表达式 { $sql } 无法计算：{ $error }
hint-mapping = 请改正映射文件后重试；写法见 mappings/README.md。
