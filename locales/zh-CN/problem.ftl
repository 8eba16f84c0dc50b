# 出错时说的话：原因与办法。

problem-file-missing = 找不到 { $file }
hint-file-missing = 请检查路径是否正确、文件是否已交付。
problem-disk-full = 写入 { $file } 时磁盘已满
hint-disk-full = 请清理磁盘或用 --data 换一个位置，然后重新运行；已有数据没有改动。
problem-file-denied = 没有权限访问 { $file }
hint-file-denied = 请检查文件的权限与所有者。
problem-file = 无法读写 { $file }：{ $error }
hint-file = 请检查文件与磁盘后重新运行。
problem-internal = 内部错误：{ $error }
hint-internal = 这是程序的问题，请把这条信息交给支持人员；已有数据没有改动。
