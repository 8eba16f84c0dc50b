# 客户流失：数据表的问题与提示。

problem-churn-empty = 数据表没有任何行。
hint-churn-empty = 请提供带表头、每位客户至少一行的文件。
problem-churn-no-target = 没有名为 { $target } 的列。现有的列：{ $columns }
hint-churn-no-target = 请用 --target 指定表示客户是否流失的列，名称须与文件首行一致。
problem-churn-no-positive = 列 { $target } 中没有值 { $value }。现有的值：{ $values }
hint-churn-no-positive = 请用 --positive 指定该列中表示已流失的值。
problem-churn-one-class = 列 { $target } 每行都是 { $value }，没有留存客户可供对比。
hint-churn-one-class = 请加入留存的客户，或换用其他列。
problem-churn-no-features = 没有可供学习的列。
hint-churn-no-features = 请少排除一些列，或补充能区分客户的列。
problem-churn-leak = 以下列单独就泄露了答案：{ $columns }
hint-churn-leak = 这些列很可能是客户流失之后才填写的。请用 --drop 排除；若确实事先可知，可用 --allow-leaks 允许使用。
problem-churn-folds = { $rows } 行数据（其中流失 { $positives } 行）无法分成 { $folds } 折。
hint-churn-folds = 流失与留存的行数都不得少于折数，折数至少为 2。请减少折数或增加数据。
problem-churn-no-dates = 列 { $column } 不存在，或并非每行都是日期。
hint-churn-no-dates = 请指定日期列，格式如 2026-01-31。
problem-churn-nothing-judged = 数据表中没有任何一部分同时包含流失与留存的客户，无法学习和检验。
hint-churn-nothing-judged = 请提供更多月份或更多行。
problem-churn-model = 这不是流失模型：{ $error }
hint-churn-model = 请用当前版本的程序重新训练。
problem-churn-model-version = 模型的格式版本为 { $found }，本程序读取的版本为 { $wanted }。

churn-warning-constant = { $count } 列每行取值相同，未使用：{ $columns }
churn-warning-all-missing = { $count } 列全部为空，未使用：{ $columns }
churn-warning-identifier = { $count } 列是标识而非特征，未使用（可用 --keep 保留）：{ $columns }
churn-warning-leak = { $count } 列单独就泄露了答案，仅因已允许而使用：{ $columns }
churn-warning-misfits = { $count } 个单元格不是有限的数值或日期，按未知处理：{ $columns }
churn-warning-mixed = { $count } 列混有数值和文字，按文字读取：{ $columns }
churn-warning-dates = { $count } 列为日期，按天数读取；据此训练的模型会随时间失效：{ $columns }
churn-warning-many-categories = { $count } 列的不同取值超过一千种，按各取值的流失频率读取：{ $columns }
churn-warning-nothing-to-drop = { $count } 列要求排除，但表中没有：{ $columns }
churn-warning-duplicates = { $count } 行在所用的列上与其他行重复；相同的行放在同一折中。{ $columns }
churn-warning-unknown-target = { $count } 行未说明客户是否流失（{ $columns }），未使用。
churn-warning-few-positives = 流失仅 { $count } 行，结果较为粗略。{ $columns }
churn-warning-lacking-columns = 模型学习过的 { $count } 列在此表中缺失，按未知处理：{ $columns }
churn-warning-unseen-categories = { $count } 个单元格的取值是模型从未见过的，按“其他”处理：{ $columns }
