# 细分合格证、细分构建器，以及三个维度的依据。

segments-certified = 合格：{ $segments } 个细分站得住
segments-refused = 不合格：{ $segments } 个细分有四类毛病中的 { $faults } 类
segments-fault-too_coarse = 细分不细
segments-fault-mixed = 细分混淆
segments-fault-too_many = 过度细分
segments-fault-arbitrary = 随意细分

segments-too_coarse = 细分内部的结果差异并不比外部小：对未见过的客户只解释了 { $share } 的差异
segments-not-too_coarse = 对未见过的客户，这些细分解释了 { $share } 的差异
segments-mixed = 较小的细分中有 { $overlap } 同时属于另一个在用的细分，上限为 { $most }
segments-not-mixed = 与其他在用细分的重叠为 { $overlap }，上限为 { $most }
segments-too_many-small = 有 { $count } 个细分的客户数少于 { $smallest }
segments-too_many-most = 细分有 { $count } 个，超过 { $most } 个
segments-too_many-unsupported = { $count } 个细分中数据只支持 { $supported } 个：再细分下去，对未见过的客户误差反而增大 { $lost }
segments-not-too_many = 数据支持全部 { $count } 个细分
segments-arbitrary-no-goal = 没有目标
segments-arbitrary-no-play = 没有专属的打法或服务
segments-arbitrary-no-effect = { $column } 对结果没有既显著又够大的影响：{ $measure } { $effect }，p = { $p }
segments-not-arbitrary = { $column } 对结果有影响：{ $measure } { $effect }，p = { $p }
segments-eta_squared = η²
segments-epsilon_squared = ε²
segments-cramers_v = 克莱姆 V

problem-segments-no-columns = 没有指明用来划分客户的列
problem-segments-circular = { $column } 既用来划分客户，又是结果
problem-segments-outcome-unknown = 没有任何客户的结果列 { $column } 是已知的
problem-segments-outcome-constant = 结果列 { $column } 对所有客户都相同
problem-segments-outcome-words = 结果列 { $column } 的取值种类太多
hint-segments-outcome-words = 请选用数字列，或取值不超过 { $most } 种的列。
problem-segments-few = 结果与划分列都已知的客户只有 { $count } 个，至少需要 { $least } 个

segment-sure = 把握 { $share }
segment-reason-nothing = 尚无依据
segment-reason-stated = 客户或客户经理说明过
segment-reason-named = 相关投诉与沟通
segment-reason-decided = 因此赢得或丢失的商机
segment-reason-discount = 享有的折扣
segment-reason-faults = 故障与对网络的投诉
segment-reason-sla = 约定了较高的服务等级
segment-reason-late = 超时与对等待的投诉
segment-reason-low_scores = 处理评分低与对服务的投诉
segment-reason-solutions = 在用或洽谈中的解决方案
segment-reason-visits = 拜访与沟通频繁
segment-reason-loyal_years = 多年只用我方业务
segment-reason-category = 该类客户的特点
segment-reason-industry = 所属行业的特点
segment-reason-held = 在用业务
segment-reason-wanted = 洽谈中的业务
segment-reason-requests = 提出更多需求
segment-reason-employees = 员工人数
segment-reason-value_clear = 生命周期价值明确落在该档
segment-reason-value_near = 生命周期价值接近档位边界

segment-kept-certified = 已通过
segment-kept-refused = 未通过
segment-kept-untried = 尚未检验:客户或月份不足
