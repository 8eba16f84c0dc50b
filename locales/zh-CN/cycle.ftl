# 月度计算、文件与导出。

problem-lake-damaged = 无法使用文件 { $file }：{ $error }
hint-lake-damaged = 文件已损坏。请重新导入该月数据后运行 tenure cycle --all，或恢复数据目录的备份。
problem-lake-version = { $file } 是另一个版本的 Tenure 算出的
hint-lake-version = 请对该数据目录执行 tenure cycle：它会自行找出其他版本算出的月份并重新计算。
problem-cycle-memory = 月度计算所需内存超出限额：{ $error }
hint-cycle-memory = 请增加内存或关闭其他程序；已发布的月份不受影响。

progress-cycle = 逐月计算
progress-cycle-carry = 重新读取未保留的结转状态
