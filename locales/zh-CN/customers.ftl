# 客户列表：筛选、排序与导出文件。

lifetime-value-yuan = 生命周期价值（元）
expected-loss-yuan = 预期损失（元）
segment-value = 价值档
buying-factor = 关键购买因素
ict-need = 信息化需求
