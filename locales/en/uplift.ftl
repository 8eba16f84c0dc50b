# What a play adds: learners, verdicts, warnings, problems.

uplift-learner-s_learner = one model with the play in it
uplift-learner-t_learner = one model per arm
uplift-learner-class_transformation = class transformation
uplift-learner-response = ranking by response

uplift-verdict-works = Works: choosing customers by uplift ({ $learner }, Qini { $qini }) beats chance and a ranking by response (Qini { $response }); average effect { $effect }, between { $low } and { $high }
uplift-verdict-inconclusive = Inconclusive: what choosing by uplift seems to gain ({ $learner }, Qini { $qini }; ranking by response { $response }) may be chance or rests on too few responses; average effect { $effect }, between { $low } and { $high }; this experiment could have seen an average effect of { $detectable }
uplift-verdict-not_better_than_response = Not better than a ranking by response: choosing by uplift ({ $learner }) has a Qini of { $qini }, the ranking by response { $response }; average effect { $effect }, between { $low } and { $high }; this experiment could have seen an average effect of { $detectable }
uplift-verdict-harmful = Harmful: on average the play costs responses, effect { $effect }, between { $low } and { $high }; best ranking { $learner } with a Qini of { $qini } (by response { $response })

uplift-left-out-differs_by_arm = Column { $column } differs between the arms though chance drew them: it came after the play and was left out
uplift-left-out-decides_outcome = Column { $column } goes with the outcome without exception: it came after the play and was left out
uplift-left-out-constant = Column { $column } is the same everywhere and was left out
uplift-left-out-identifier = Column { $column } looks like an identifier and was left out
uplift-unknown-outcome = { $count ->
    [one] One customer has
   *[other] { $count } customers have
} no known outcome and { $count ->
    [one] was
   *[other] were
} left out

problem-uplift-value = No row has { $value } in the column { $column }
hint-uplift-value = It holds, among others: { $values }
problem-uplift-arms-overlap = { $count ->
    [one] One row is
   *[other] { $count } rows are
} both treated and left alone
problem-uplift-arm-small = The arm { $column } = { $value } has { $count } customers with a known outcome; { $least } are the least
hint-uplift-arm-small = Wait for more customers, or take several plays of the same kind together.
problem-uplift-one-class = The outcome { $column } is the same for everyone
hint-uplift-one-class = Choose a column that tells those who responded from those who did not.
problem-uplift-rare = In the arm { $column } = { $value } there are { $count } of the rarer outcome; { $least } are the least
problem-uplift-outcome = The outcome { $column } is not a matter of yes or no
hint-uplift-outcome = Choose a column of two values, or name the one that counts as a response.
problem-uplift-no-columns = No column is left to choose customers by
hint-uplift-no-columns = Columns that came after the play, constant ones and identifiers are not used; bring traits known before it.
