# simulate

progress-simulate = 生成示例数据
problem-simulate-customers = 客户数必须在 { $least } 到 { $most } 之间。
problem-simulate-months = 月数必须在 { $least } 到 { $most } 之间。
problem-simulate-first = 首月的年份必须在 { $least } 到 { $most } 之间。
problem-simulate-duplicates = 重复客户的比例必须在 0 到 0.5 之间。
problem-simulate-folder = 文件夹 { $folder } 中有不是由示例生成器写出的内容，没有改动它。
hint-simulate-folder = 请换一个空文件夹；只有以前生成的示例数据(含 truth.csv)会被替换。
