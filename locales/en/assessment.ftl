# Reasons for a stage.

reason-never_served = no service yet
reason-first_service = first service { $months ->
    [0] this month
    [one] one month ago
   *[other] { $months } months ago
}
reason-trial_only = on trial { $months ->
    [0] since this month
    [one] for one month
   *[other] for { $months } months
}, not yet converted
reason-all_ended = all services ended { $months ->
    [0] this month
    [one] one month ago
   *[other] { $months } months ago
}
reason-returned = came back { $months ->
    [0] this month
    [one] one month ago
   *[other] { $months } months ago
}
reason-silent = no usage for { $months ->
    [one] one month
   *[other] { $months } months
}
reason-usage_below_peak = usage below its own peak for { $months ->
    [one] one month
   *[other] { $months } months
}, now at { $value } of it
reason-usage_near_peak = usage near its own peak for { $months ->
    [one] one month
   *[other] { $months } months
}, now at { $value } of it
reason-usage_falling = usage down { $value } in { $months ->
    [one] one month
   *[other] { $months } months
}
reason-usage_rising = usage up { $value } in { $months ->
    [one] one month
   *[other] { $months } months
}
reason-usage_steady = usage steady within { $value } over { $months ->
    [one] one month
   *[other] { $months } months
}
reason-revenue_falling = revenue down { $value } in { $months ->
    [one] one month
   *[other] { $months } months
}
reason-revenue_rising = revenue up { $value } in { $months ->
    [one] one month
   *[other] { $months } months
}
reason-revenue_steady = revenue steady within { $value } over { $months ->
    [one] one month
   *[other] { $months } months
}
reason-lines_falling = lines down { $value } in { $months ->
    [one] one month
   *[other] { $months } months
}
reason-lines_rising = lines up { $value } in { $months ->
    [one] one month
   *[other] { $months } months
}
reason-products_added = { $count ->
    [one] one product more
   *[other] { $count } products more
} in { $months ->
    [one] one month
   *[other] { $months } months
}
reason-products_dropped = { $count ->
    [one] one product fewer
   *[other] { $count } products fewer
} in { $months ->
    [one] one month
   *[other] { $months } months
}
reason-services_added = { $count ->
    [one] one service more
   *[other] { $count } services more
} in { $months ->
    [one] one month
   *[other] { $months } months
}
reason-services_dropped = { $count ->
    [one] one service fewer
   *[other] { $count } services fewer
} in { $months ->
    [one] one month
   *[other] { $months } months
}
reason-margin = margin { $value }
reason-against_last_year = usage { $value } against last year

# What the model looks at.

feature-services = services gained or lost
feature-lines = lines gained or lost
feature-products = products gained or lost
feature-margin = margin
feature-trials = trials
feature-peak = usage against own peak
feature-revenue = revenue, three months against three
feature-slope_2 = usage, two months against two
feature-slope_3 = usage, three months against three
feature-slope_6 = usage, six months against six
feature-silence = months without usage
feature-usage = usage against what was expected
reason-complaints = complaints in { $months } months: { $count }
reason-faults = faults in { $months } months: { $count }
reason-late_tickets = tickets closed late in { $months } months: { $count }
reason-low_scores = tickets scored 2 or less in { $months } months: { $count }
reason-service_named = spoke of service or quality within { $months } months, times: { $count }
reason-competition_named = spoke of a competitor within { $months } months, times: { $count }
reason-price_named = spoke of the price within { $months } months, times: { $count }
reason-special_named = spoke of moving, closing or merging within { $months } months, times: { $count }
reason-no_contact = no contact for { $months } months
reason-contract_ends = { $months ->
    [one] contract ends within a month
   *[other] contract ends within { $months } months
}
reason-no_contract = served without a contract
reason-in_decline = { $months ->
    [one] in decline for a month
   *[other] in decline for { $months } months
}
reason-young_relation = { $months ->
    [one] a customer for only a month
   *[other] a customer for only { $months } months
}
reason-few_products = { $count ->
    [one] uses a single product
   *[other] uses only { $count } products
}
reason-member_complaints = members' complaints within { $months } months: { $count }
reason-hotline_calls = members' calls to the hotline within { $months } months: { $count }
reason-member_usage_falling = members use { $value } less than in the months before
reason-charge_rising = members are charged { $value } more than in the months before
reason-member_silent = members without any use for { $months } months
reason-lines_lost = lines that went to a competitor within { $months } months: { $count }
reason-usage_broke = usage fell by { $value } at once, { $months } months ago
reason-readings_missed = network readings short of what was agreed in { $months } months: { $count }
reason-member_usage_rising = members use { $value } more than in the months before
reason-member_data = members use { $count } MB a month
reason-member_voice = members call for { $count } minutes a month
reason-charge_falling = members are charged { $value } less than in the months before
reason-no_complaints = the pleased members had no complaint and gave no low score within { $months } months
reason-no_faults = the pleased members had no fault and no late ticket within { $months } months
reason-readings_kept = all network readings within { $months } months kept what was agreed
reason-long_relation = with the operator for { $count } months
