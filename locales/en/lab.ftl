# tenure lab: the models on a table of one's own.

cli-command-lab = Call the models on a table of your own (CSV or Parquet); needs no data folder
cli-command-lab-clv = Lifetime value
cli-command-lab-clv-fit = Fit a model; parameters and assumptions
cli-command-lab-clv-score = Fit a model and value each row
cli-command-lab-clv-recommend = Recommend a model by a back-test on the last third of the time
cli-command-lab-churn = Churn: any table that says who left
cli-command-lab-churn-evaluate = How well leaving can be told in advance: every row judged by a model that never saw it
cli-command-lab-churn-train = Train a model on all rows and write it to a file
cli-command-lab-churn-score = Score the rows of another table with a trained model
cli-command-lab-satisfaction = Satisfaction of members, learnt from those who answered
cli-command-lab-satisfaction-evaluate = How well the dissatisfied can be told who were not asked
cli-command-lab-segments = Segments
cli-command-lab-segments-certify = Whether a division is too coarse, mixed, too many or arbitrary
cli-command-lab-uplift = What a play adds
cli-command-lab-uplift-evaluate = Evaluate an experiment with a control group: effect, whether choosing customers pays, verdict
cli-command-lab-allocate = Choose which play to use on which customer within budget and capacity (columns customer, play, value, cost, perhaps owner)
cli-argument-input = The table: CSV (UTF-8 or GB18030) or Parquet
cli-argument-model = Model
cli-argument-transactions = The table is a log of purchases (id, date, amount); each customer's counts and times are worked out from it
cli-argument-unit = Unit of recency and T, and of times worked out from a log
cli-argument-booking = When payments are booked
cli-argument-discount = Discount per year (per period for sBG and BdW)
cli-argument-horizon = Years looked ahead; inf for ever
cli-argument-margin = Share of an amount that is margin
cli-argument-as_of = Day as of which a log is read; its last day by default
cli-argument-ahead = Units of time for which purchases are foretold
cli-argument-target = Column that says who left
cli-argument-positive = Value in that column that stands for yes
cli-argument-drop = Columns not to use, separated by commas
cli-argument-keep = Columns to use though they look like consequences of the play or like identifiers, separated by commas
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
