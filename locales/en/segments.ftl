# Certificates of segments, the builder, and what the three dimensions rest on.

segments-certified = Certified: { $segments } segments that hold
segments-refused = Refused: { $segments } segments with { $faults ->
    [one] one of the four faults
   *[other] { $faults } of the four faults
}
segments-fault-too_coarse = too coarse
segments-fault-mixed = mixed
segments-fault-too_many = too many
segments-fault-arbitrary = arbitrary

segments-too_coarse = Within the segments the outcome varies as much as outside: on customers not seen they explain { $share } of the variance
segments-not-too_coarse = On customers not seen the segments explain { $share } of the variance
segments-mixed = { $overlap } of the smaller segment also belongs to another live one; { $most } is the most
segments-not-mixed = Overlap with other live segments { $overlap }, at most { $most } is allowed
segments-too_many-small = { $count ->
    [one] One segment has
   *[other] { $count } segments have
} fewer than { $smallest } customers
segments-too_many-most = { $count } segments are more than { $most }
segments-too_many-unsupported = The data support { $supported } of { $count } segments: dividing further makes the error on customers not seen larger by { $lost }
segments-not-too_many = The data support all { $count } segments
segments-arbitrary-no-goal = There is no goal
segments-arbitrary-no-play = There is no play or service of its own
segments-arbitrary-no-effect = { $column } has no effect on the outcome that is both significant and material: { $measure } { $effect }, p = { $p }
segments-not-arbitrary = { $column } has an effect on the outcome: { $measure } { $effect }, p = { $p }
segments-eta_squared = η²
segments-epsilon_squared = ε²
segments-cramers_v = Cramér's V

problem-segments-no-columns = No column is named that divides the customers
problem-segments-circular = { $column } both divides the customers and is the outcome
problem-segments-outcome-unknown = The outcome { $column } is known for nobody
problem-segments-outcome-constant = The outcome { $column } is the same for everyone
problem-segments-outcome-words = The outcome { $column } has too many different words
hint-segments-outcome-words = Choose a number, or a column of at most { $most } words.
problem-segments-few = { $count } customers have outcome and dividing columns; { $least } are the least

segment-sure = { $share } sure
segment-reason-nothing = nothing is known
segment-reason-stated = stated by the customer or its manager
segment-reason-named = complaints and talks about it
segment-reason-decided = opportunities won or lost for it
segment-reason-discount = discounts on the list price
segment-reason-faults = faults and complaints about the network
segment-reason-sla = a high service level agreed
segment-reason-late = waiting, and complaints about it
segment-reason-low_scores = poorly rated handling, and complaints about it
segment-reason-solutions = solutions held or under negotiation
segment-reason-visits = many visits and talks
segment-reason-loyal_years = years with us alone
segment-reason-category = traits of its category
segment-reason-industry = traits of its industry
segment-reason-held = services held
segment-reason-wanted = services under negotiation
segment-reason-requests = requests for more
segment-reason-employees = number of employees
segment-reason-value_clear = lifetime value lies clearly within the band
segment-reason-value_near = lifetime value lies near the edge of the band

segment-kept-certified = Certified
segment-kept-refused = Refused
segment-kept-untried = Not tried yet: too few customers or months
