# 打法带来的增量：学习方法、结论、提醒、问题。

uplift-learner-s_learner = 单模型法
uplift-learner-t_learner = 双模型法
uplift-learner-class_transformation = 类别转换法
uplift-learner-response = 按响应排序

uplift-verdict-works = 有效：按增量选客户（{ $learner }，Qini { $qini }）好于随机，也好于按响应排序（Qini { $response }）；平均效果 { $effect }，区间 { $low } 至 { $high }
uplift-verdict-inconclusive = 尚无定论：按增量选客户看似有收益（{ $learner }，Qini { $qini }；按响应排序 { $response }），但可能出于偶然，或响应数太少；平均效果 { $effect }，区间 { $low } 至 { $high }；本次试验可以看出的最小平均效果为 { $detectable }
uplift-verdict-not_better_than_response = 不优于按响应排序：按增量选客户（{ $learner }）的 Qini 为 { $qini }，按响应排序为 { $response }；平均效果 { $effect }，区间 { $low } 至 { $high }；本次试验可以看出的最小平均效果为 { $detectable }
uplift-verdict-harmful = 有害：该打法平均而言减少响应，效果 { $effect }，区间 { $low } 至 { $high }；最好的排序为{ $learner }，Qini { $qini }（按响应排序 { $response }）

uplift-left-out-differs_by_arm = 列 { $column } 在随机分出的两组之间有差别：它产生于打法之后，未使用
uplift-left-out-decides_outcome = 列 { $column } 与结果毫无例外地一致：它产生于打法之后，未使用
uplift-left-out-constant = 列 { $column } 处处相同，未使用
uplift-left-out-identifier = 列 { $column } 像是编号，未使用
uplift-unknown-outcome = { $count } 个客户结果未知，未计入

problem-uplift-value = 列 { $column } 中没有取值为 { $value } 的行
hint-uplift-value = 该列的取值有：{ $values }
problem-uplift-arms-overlap = 有 { $count } 行既属于实施组又属于对照组
problem-uplift-arm-small = { $column } = { $value } 这一组结果已知的客户有 { $count } 个，至少需要 { $least } 个
hint-uplift-arm-small = 请等待更多客户，或把几次同类打法合并评估。
problem-uplift-one-class = 结果列 { $column } 对所有人都相同
hint-uplift-one-class = 请选用能区分有响应与无响应客户的列。
problem-uplift-rare = { $column } = { $value } 这一组中较少的一类结果只有 { $count } 个，至少需要 { $least } 个
problem-uplift-outcome = 结果列 { $column } 不是“是或否”
hint-uplift-outcome = 请选用只有两种取值的列，或指明哪个取值算作响应。
problem-uplift-no-columns = 没有可用来选客户的列
hint-uplift-no-columns = 打法之后产生的列、处处相同的列与编号都不使用；请提供打法之前已知的特征。
