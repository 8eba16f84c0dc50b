# tenure lab: the models on a table of one's own.

cli-command-lab = Call the models on a table of your own (CSV or Parquet); needs no data folder
cli-command-lab-clv = Lifetime value
cli-command-lab-clv-fit = Fit a model; parameters and assumptions. A formula takes a column per symbol; the chain of stages takes customer-months id, month, stage, revenue and perhaps cost (or profit)
cli-command-lab-clv-score = Fit a model and value each row. A formula gives an interval if a column observed says on how many customer-periods its rates rest
cli-command-lab-clv-recommend = Recommend a model by a back-test on the last third of the time
cli-command-lab-churn = Churn: any table that says who left
cli-command-lab-churn-evaluate = How well leaving can be told in advance: every row judged by a model that never saw it
cli-command-lab-churn-train = Train a model on all rows; -o keeps it in a file, --folds judges it as well
cli-command-lab-churn-score = Score the rows of another table with a trained model
cli-command-lab-satisfaction = Satisfaction of members, learnt from those who answered
cli-command-lab-satisfaction-evaluate = How well the dissatisfied can be told who were not asked
cli-command-lab-segments = Segments
cli-command-lab-segments-choose = How many segments customers fall into who are alike: silhouette, gap, stability
cli-command-lab-segments-certify = Whether a division is too coarse, mixed, too many or arbitrary
cli-command-lab-uplift = What a play adds
cli-command-lab-uplift-evaluate = Evaluate an experiment with a control group: effect, whether choosing customers pays, verdict
cli-command-lab-uplift-hold-out = Before launch: whom a play is to leave alone, and the smallest effect it could show (columns id, perhaps tree and star)
cli-command-lab-uplift-offer = What an offer to keep each customer is worth (columns uplift, lifetime_value, expected_incentive, contact)
cli-command-lab-uplift-win-back = What an attempt to win each customer back is worth (columns with_offer, by_itself, second_lifetime_value, offer, contact)
cli-command-lab-rfm = Recency, frequency, monetary: points of a log of purchases (id, date, amount), or of customers (recency, frequency, monetary)
cli-command-lab-concentration = How far value rests on few customers: share of the top fifth and Gini, with intervals
cli-command-lab-allocate = Choose which play to use on which customer within budget and capacity (columns customer, play, value, cost, perhaps owner)
cli-argument-input = The table: CSV (UTF-8 or GB18030) or Parquet
cli-argument-model = Model
cli-argument-transactions = The table is a log of purchases (id, date, amount); each customer's counts and times are worked out from it
cli-argument-unit = Unit of recency and T, and of times worked out from a log
cli-argument-booking = When payments are booked, for models that take it; first-excluded if not said
cli-argument-discount = Discount per year (per period for sBG and BdW)
cli-argument-horizon = Years looked ahead; inf for ever
cli-argument-margin = Share of an amount that is margin
cli-argument-as_of = Day as of which a log is read; its last day by default
cli-argument-ahead = Units of time for which purchases are foretold
cli-argument-target = Column that says who left
cli-argument-positive = Value in that column that stands for yes
cli-argument-drop = Columns not to use, separated by commas
cli-argument-keep = Columns to use though they look like identifiers or (uplift) like consequences of the play, separated by commas
cli-argument-folds = Parts that take turns at being judged
cli-argument-learner = How to learn: curves and trees mixed, curves alone, trees alone
cli-argument-allow_leaks = Use columns that give the answer away
cli-argument-time = Column of dates: learn from earlier months and judge later ones, instead of parts drawn by lot
cli-argument-months_ahead = Months after which it is seen who left
cli-argument-model_file = File with a trained model
cli-argument-score = Column of scores, 1 to 5 or 1 to 10; empty for those not asked
cli-argument-scale = Highest score
cli-argument-treatment = Customers the play was used on: column and value, such as segment=Email
cli-argument-control = Customers left alone: column and value
cli-argument-outcome = Column with the outcome
cli-argument-by = Columns that divide the customers, separated by commas; numbers are divided in fifths
cli-argument-smallest = Customers that a segment must have at least
cli-argument-budget = Budget (yuan)
cli-argument-play = The play; its name decides who is left alone
cli-argument-held_out = Share of customers left alone, of each star alike
cli-argument-base_rate = Share that responds without the play
cli-argument-past = Column with a past outcome, 0 and 1 or an amount, instead of the share
cli-argument-points = Most points; 5 for quintiles
cli-argument-value = Column with each customer's value (yuan); without it the table is a log of purchases (id, date, amount)
cli-argument-drawings = Drawings with replacement for the intervals
cli-argument-alike = Columns of numbers in which customers are to be alike, separated by commas
cli-argument-most = Most segments tried

lab-warning = Note: { $text }
lab-written = Written: { $file }
lab-more = { $count } more rows; -o or --json gives all of them.
lab-parameter = Parameter
lab-value = Estimate
lab-interval = 95% interval
lab-row = Row
lab-rows = Rows
lab-probability = Probability
lab-reasons = Main reasons (log-odds)
lab-auc = AUC (mean over folds ± standard deviation)
lab-pr-auc = PR-AUC
lab-brier = Brier score
lab-log-loss = Log loss
lab-calibration-error = Calibration error
lab-top-decile-lift = Lift of the highest tenth
lab-precision = Share of the { $count } likeliest that did happen
lab-calibration = Calibration: probability said and share that happened
lab-calibration-said = Said
lab-calibration-happened = Happened

lab-clv-fitted = { $model }: { $count } customers or rows
lab-clv-log-error = Standard error of its logarithm
lab-clv-log-likelihood = Log-likelihood
lab-clv-figure-mean_value = Mean value
lab-clv-figure-discounted_purchases_of_new = Purchases of a new customer to come (discounted)
lab-clv-figure-turning_point = Turning point
lab-clv-figure-market = Market
lab-clv-figure-low = Interval from
lab-clv-figure-high = Interval to
lab-clv-figure-r_squared = R²
lab-clv-mark-published = Standing: reproduces published numbers.
lab-clv-mark-remembered = Standing: reproduces remembered numbers exactly.
lab-clv-mark-memory = Standing: written from memory, consistent with itself, not compared with the source.
lab-clv-mark-own = Standing: our own form in the spirit of the author, not the author's formula.
lab-clv-booking = Booking: { $booking }
lab-clv-assumptions = It assumes:
lab-clv-scored = { $model }: { $count } rows, value { $sum } in all, { $mean } each
lab-clv-recommended = Recommended: { $model }
lab-clv-holdout-error = Error on the time held out
lab-clv-value-purchases = The table has no amounts, so value is discounted purchases, not money.

lab-churn-evaluated = { $count } rows, { $positives } of them left ({ $share }); { $columns } columns used, { $folds } parts took turns: every row was judged by a model that never saw it
lab-churn-trained = Trained on { $count } rows, { $positives } of which left
lab-churn-member-logistic = curves
lab-churn-member-boosting = trees
lab-churn-trees = { $count } trees
lab-churn-scored = { $count } rows, { $mean } likely to leave on average; the likeliest:

lab-churn-not-kept = The model is not kept; -o FILE keeps it.

lab-clv-stage = Stage
lab-clv-stage-months = Customer-months
lab-clv-stage-profit = Profit per month
lab-clv-stage-moves = Chance to be in a stage a month later

lab-rfm-scored = { $count } customers, points 1 to { $points }, the most being best; equal values by first order
lab-rfm-left-out = { $count ->
    [one] One row
   *[other] { $count } rows
} left out: recency, frequency or monetary not known
lab-rfm-response = Share that bought after that day, by points
lab-rfm-points = Points
lab-rfm-recency = Recency
lab-rfm-frequency = Frequency
lab-rfm-monetary = Monetary
lab-rfm-base = Of all
lab-rfm-best = Of the best in all three
lab-rfm-worst = Of the lowest in all three
lab-rfm-auc = AUC of the sum of points

lab-concentration-measured = Value of { $count } customers
lab-concentration-left-out = { $count ->
    [one] One row
   *[other] { $count } rows
} left out: value not known
lab-concentration-below-zero = { $count ->
    [one] One customer costs
   *[other] { $count } customers cost
} more than they bring and count as bringing nothing
lab-concentration-top-fifth = Share of the top fifth
lab-concentration-gini = Gini coefficient
lab-concentration-80 = Share of customers that brings 80%
lab-concentration-curve = Share of customers, largest first, and of value

lab-hold-out-planned = { $play }: { $alone } of { $count } customers are left alone ({ $trees } trees, each whole)
lab-hold-out-star = Star
lab-hold-out-alone = Left alone
lab-hold-out-empty-arm = One arm is empty: no effect could be shown. Choose another share or bring more customers.
lab-hold-out-detectable = Smallest difference in the share that responds that is seen four times in five: { $effect }
lab-hold-out-detectable-amount = Smallest difference in the mean that is seen four times in five: { $effect }

lab-offers-worth = { $count } offers, { $worth } worth while, together { $value } yuan; the best:
lab-offers-left-out = { $count ->
    [one] One row
   *[other] { $count } rows
} left out: something is not known
lab-offers-value = Expected value (yuan)

lab-satisfaction-evaluated = { $count } members answered, { $dissatisfied } of them dissatisfied ({ $share }), highest score { $scale }
lab-satisfaction-without-missing = AUC where missing values tell nothing
lab-satisfaction-gaps-tell = That a value is missing tells the answer, perhaps only by how the data were collected: go by the AUC where missing values tell nothing.

lab-uplift-evaluated = { $count } customers: { $treated } treated, { $control } left alone, of whom { $base } responded
lab-uplift-learner = Method
lab-uplift-qini = Qini
lab-uplift-gain = Best method over a ranking by response
lab-uplift-never-contact = Never contact: { $count } customers who respond less because of the play

lab-segments-found = Found: { $fault }. { $reasons }
lab-segments-not-found = Not found: { $fault }. { $reasons }
lab-segments-left-out = { $count ->
    [one] One row
   *[other] { $count } rows
} left out: outcome or dividing columns not known
lab-segments-chosen = { $count } customers fall into { $segments } segments
lab-segments-none-chosen = { $count } customers fall into no segments: no number of them is stable and better than one
lab-segments-not-chosen-from = { $count ->
    [one] One row
   *[other] { $count } rows
} left out: something is not known
lab-segments-many = Segments
lab-segments-silhouette = Silhouette
lab-segments-gap = Gap
lab-segments-stability = Stability (Jaccard)
lab-segments-segment = Segment
lab-segments-size = Customers
lab-segments-mean = Mean of the outcome

lab-allocate-skipped = { $count ->
    [one] One row
   *[other] { $count } rows
} left out: value or cost not known
lab-allocate-capacity = { $count ->
    [one] One person's list is
   *[other] The lists of { $count } people are
} full: one customer more would bring { $price } yuan on average.
