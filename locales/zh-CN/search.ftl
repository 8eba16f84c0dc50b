# 搜索与命令面板。

search = 搜索
search-found = 搜索结果
found-contacts = 客户联系人
found-contracts = 合同
found-services = 业务
found-tickets = 工单
found-members = 成员
found-managers = 客户的负责人
found-units = 单位
found-actions = 可以做的事
found-count = 共 { $count } 个
found-all-customers = 查看全部 { $count } 个符合的客户
found-more = 还有更多，请再输入几个字
found-nothing = 没有找到
found-nothing-next = 可以输入客户名称的任意部分、拼音或首字母；联系人和编号从开头输入；电话号码需要输入完整。
palette-placeholder = 查找，或者输入要做的事
palette-keys = ↑ ↓ 选择，Enter 打开，Esc 关闭
deed-go = 前往{ $room }
deed-teamwork = 发起协同
deed-export = 导出当前列表
deed-language = 切换语言：{ $language }
deed-theme-system = 切换外观：跟随系统
deed-theme-light = 切换外观：浅色
deed-theme-dark = 切换外观：深色
