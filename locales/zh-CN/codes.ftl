# 领域代码的名称。

stage-potential = 潜在期
stage-development = 开发期
stage-growth = 成长期
stage-maturity = 成熟期
stage-decline = 衰退期
stage-termination = 终止期

five-stage-acquisition = 获取
five-stage-enhancement = 提升
five-stage-mature = 成熟
five-stage-declining = 衰退
five-stage-exited = 离网

category-key_account = 大客户
category-private_network = 专网客户
category-industry = 行业客户
category-sme = 中小商业客户
category-public = 公众客户

cute-coach = 教练
cute-user = 使用者
cute-technical = 技术把关者
cute-economic = 经济决策者

sla-gold = 金牌
sla-silver = 银牌
sla-bronze = 铜牌
sla-none = 无

family-mobile = 移动
family-fixed = 固话
family-broadband = 宽带
family-leased_line = 专线
family-sms = 短信
family-switchboard = 商务总机
family-mailbox = 企业邮箱
family-idc = IDC
family-iot = 物联网
family-ict = ICT
family-vas = 增值业务

end-reason-price = 价格
end-reason-quality = 质量
end-reason-service = 服务
end-reason-competitor = 竞争
end-reason-closed = 关停
end-reason-moved = 搬迁
end-reason-merged = 合并
end-reason-other = 其他

payer-company = 统付
payer-person = 个付

ticket-kind-complaint = 投诉
ticket-kind-fault = 故障
ticket-kind-consultation = 咨询
ticket-kind-request = 申请
ticket-kind-suggestion = 建议

channel-phone = 电话
channel-web = 网站
channel-email = 邮件
channel-fax = 传真
channel-sms = 短信
channel-hall = 营业厅
channel-app = APP
channel-visit = 拜访

direction-in = 客户发起
direction-out = 我方发起

funnel-attention = 关注
funnel-understanding = 理解
funnel-exploration = 探究
funnel-development = 开发
funnel-presentation = 呈现
funnel-implementation = 实施
funnel-confirmation = 确认

opportunity-outcome-won = 赢单
opportunity-outcome-lost = 输单

level-hq = 总部
level-province = 省份
level-city = 地市
level-county = 区县
level-grid = 网格

role-account_manager = 客户经理
role-community_manager = 社区经理
role-unit_head = 单位负责人
role-analyst = 营销分析员
role-pricing = 定价员
role-service_agent = 服务座席
role-engineer = 工程师
role-hall_clerk = 营业员
role-channel_agent = 代理商
role-admin = 管理员

action-view_today = 查看工作台
action-view_customers = 查看客户
action-edit_customers = 编辑和新增客户
action-assign_customers = 指定客户归属
action-export_customers = 导出客户
action-view_insight = 查看洞察
action-build_segments = 建立细分
action-edit_tactics = 编辑服务策略
action-view_data = 查看数据
action-reveal_contact = 查看完整联系方式
action-grant_sight = 授权查看
action-collaborate = 跨单位协同
action-merge_customers = 合并与拆分客户
action-view_audit = 查看和导出审计
action-administer = 管理用户与登录

table-org_units = 组织机构
table-staff = 员工
table-customers = 客户
table-contacts = 联系人
table-products = 产品
table-contracts = 合同
table-services = 业务
table-members = 集团成员
table-usage = 业务量
table-costs = 成本
table-member_usage = 成员业务量
table-tickets = 工单
table-interactions = 接触记录
table-opportunities = 商机
table-market = 市场
table-bills = 账单
table-surveys = 调查
table-readings = 网络指标
risk-band-high = 高风险
risk-band-medium = 中风险
risk-band-low = 低风险
exit-cause-service = 服务
exit-cause-competition = 竞争
exit-cause-price = 价格
exit-cause-special = 特殊原因
value-model-stage_chain = 阶段链
value-model-last_year = 去年延续
risk-model-stage_chain = 按阶段的离网率
risk-model-learnt = 离网预测模型
event-complaint = 投诉
event-fault = 故障
event-late = 工单超时
event-low_score = 工单低分
event-contact = 接触
event-service_named = 提到服务或质量
event-competition_named = 提到友商
event-price_named = 提到资费
event-special_named = 提到搬迁、关停或合并
event-opportunity = 商机
event-request = 申请
event-line_lost = 线路转往友商

segment-value-high = 高价值
segment-value-medium = 中价值
segment-value-low = 低价值

buying-factor-price = 价格
buying-factor-network_quality = 网络质量
buying-factor-service = 服务
buying-factor-brand = 品牌
buying-factor-delivery_speed = 交付速度
buying-factor-industry_solution = 行业方案
buying-factor-relationship = 客情关系

ict-need-basic_voice = 基础语音
ict-need-connectivity = 网络连接
ict-need-office = 办公应用
ict-need-industry_application = 行业应用
ict-need-integrated_ict = 综合信息化

satisfaction-dissatisfied = 不满意
satisfaction-neutral = 一般
satisfaction-satisfied = 满意
satisfaction-very_satisfied = 非常满意

indicator-availability = 可用率
indicator-latency = 时延
indicator-loss = 丢包率
indicator-signal = 信号强度
indicator-repair_hours = 修复时长
indicator-access_days = 接入建设天数
managed-someone = 有客户经理
managed-nobody = 公海（无客户经理）
visited-once = 拜访过
visited-never = 从未拜访
member-concern-dissatisfied = 可能不满
member-concern-leaving = 可能离网
member-concern-both = 不满且可能离网
