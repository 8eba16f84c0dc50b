# 阶段的理由。

reason-never_served = 尚未开通任何业务
reason-first_service = { $months ->
    [0] 首项业务本月开通
   *[other] 首项业务已开通 { $months } 个月
}
reason-trial_only = { $months ->
    [0] 本月开始试用，尚未转正
   *[other] 试用 { $months } 个月，尚未转正
}
reason-all_ended = { $months ->
    [0] 全部业务本月终止
   *[other] 全部业务已终止 { $months } 个月
}
reason-returned = { $months ->
    [0] 离网后本月重新开通
   *[other] 离网后重新开通 { $months } 个月
}
reason-silent = 连续 { $months } 个月没有业务量
reason-usage_below_peak = 业务量连续 { $months } 个月低于自身峰值，现为峰值的 { $value }
reason-usage_near_peak = 业务量连续 { $months } 个月接近自身峰值，现为峰值的 { $value }
reason-usage_falling = 业务量 { $months } 个月下降 { $value }
reason-usage_rising = 业务量 { $months } 个月上升 { $value }
reason-usage_steady = 业务量 { $months } 个月波动不超过 { $value }
reason-revenue_falling = 收入 { $months } 个月下降 { $value }
reason-revenue_rising = 收入 { $months } 个月上升 { $value }
reason-revenue_steady = 收入 { $months } 个月波动不超过 { $value }
reason-lines_falling = 线路 { $months } 个月减少 { $value }
reason-lines_rising = 线路 { $months } 个月增加 { $value }
reason-products_added = { $months } 个月新增 { $count } 种产品
reason-products_dropped = { $months } 个月减少 { $count } 种产品
reason-services_added = { $months } 个月新增 { $count } 项业务
reason-services_dropped = { $months } 个月减少 { $count } 项业务
reason-margin = 利润率 { $value }
reason-against_last_year = 业务量同比变化 { $value }

# 模型所看的特征。

feature-services = 业务增减
feature-lines = 线路增减
feature-products = 产品增减
feature-margin = 利润率
feature-trials = 试用业务
feature-peak = 业务量占自身峰值
feature-revenue = 收入：近三个月对前三个月
feature-slope_2 = 业务量：近两个月对前两个月
feature-slope_3 = 业务量：近三个月对前三个月
feature-slope_6 = 业务量：近六个月对前六个月
feature-silence = 无业务量月数
feature-usage = 业务量与预期之差
reason-complaints = { $months } 个月内投诉 { $count } 次
reason-faults = { $months } 个月内故障 { $count } 次
reason-late_tickets = { $months } 个月内 { $count } 张工单超时
reason-low_scores = { $months } 个月内 { $count } 张工单评分不高于 2 分
reason-service_named = { $months } 个月内 { $count } 次提到服务或质量
reason-competition_named = { $months } 个月内 { $count } 次提到友商
reason-price_named = { $months } 个月内 { $count } 次提到资费
reason-special_named = { $months } 个月内 { $count } 次提到搬迁、关停或合并
reason-no_contact = 已 { $months } 个月没有接触
reason-contract_ends = 合同 { $months } 个月内到期
reason-no_contract = 没有在用合同
reason-in_decline = 处于衰退期 { $months } 个月
reason-young_relation = 入网仅 { $months } 个月
reason-few_products = 只用 { $count } 种产品
reason-member_complaints = 成员 { $months } 个月内投诉 { $count } 次
reason-hotline_calls = 成员 { $months } 个月内拨打热线 { $count } 次
reason-member_usage_falling = 成员使用量较前几个月下降 { $value }
reason-charge_rising = 成员费用较前几个月上升 { $value }
reason-member_silent = 成员连续 { $months } 个月没有使用
reason-lines_lost = { $months } 个月内 { $count } 条线路转往友商
reason-usage_broke = 业务量 { $months } 个月前突降 { $value }
reason-readings_missed = { $months } 个月内网络指标未达约定 { $count } 次
reason-member_usage_rising = 成员使用量较前几个月上升 { $value }
reason-member_data = 成员每月使用流量 { $count } MB
reason-member_voice = 成员每月通话 { $count } 分钟
reason-charge_falling = 成员费用较前几个月下降 { $value }
reason-no_complaints = 满意的成员 { $months } 个月内没有投诉和差评
reason-no_faults = 满意的成员 { $months } 个月内没有故障和超时工单
reason-readings_kept = { $months } 个月内网络指标全部达到约定
reason-long_relation = 在网已 { $count } 个月
