# What pages say.

## Frame

product = Tenure 在网
product-claim = The whole life of enterprise customers
skip-to-content = Skip to content
nav-label = Main navigation
nav-today = Today
nav-customers = Customers
nav-insight = Insight
nav-segments = Segments
nav-collaborations = Teamwork
nav-access = Access
nav-audit = Audit
nav-data = Data
search-label = Search customers, people, numbers and units
search-placeholder = Name, pinyin, initials, code or credit code
me-role-at-unit = { $role } · { $unit }
sign-out = Sign out
theme-is-system = Theme: as the system; switch to light
theme-is-light = Theme: light; switch to dark
theme-is-dark = Theme: dark; switch to system
path = Where you are
contents = On this page
list-joint = {"; "}
all = All
any = Any
open = Open customer
open-customer = Open customer { $name }
total = Total
share = Share
now = Now
against-last-month = vs last month
against-last-year = vs last year
short-last-month = vs month
short-last-year = vs year
data-through = Data through { $month }
no-cycle-yet = No monthly cycle has run yet
no-cycle-yet-next = Import data and run the cycle once: then every customer's stage and its reasons show here.
none-known = Nothing recorded
chart-table = Show the figures

## Signing in

login-title = Sign in
login-username = User name
login-password = Password
login-submit = Sign in
login-wrong = User name or password is wrong. Please try again.
login-incomplete = Please give user name and password.

## Not there, went wrong

not-found = This page is not there
not-found-why = The address may be wrong, what it showed may be gone, or it lies outside what you may see.
not-found-home = Go to the first page
went-wrong = Something went wrong
try-again = Try again
foreign-form = This was not sent from a page of this system
foreign-form-why = To protect your account nothing was done. Please go back to the system and try again from there.

## Today

today-customers = Customers
today-customers-below = within your scope
today-revenue = Revenue this month
today-declining = Customers in decline
today-changed = Stage changed
today-changed-below = since last month
today-ending = Contracts ending
today-ending-below = follow up before they end
worklist = What to do today
worklist-order = expected loss first; after those, customers whose risk is not known
worklist-narrow = Narrow by occasion
worklist-empty = Nothing to do here
worklist-empty-next = No customer needs following up this month.
worklist-cut = Only the { $count } with the most at stake are listed.
at-stake-lost = revenue, 12 months, now lost
stage-since-month = since { $month }
occasion-decline-began = Decline began
occasion-exited = Exited
occasion-contract-ends = Contract ends
occasion-warned = May leave
occasion-still-declining = Still declining
occasion-improved = Other change
why-moved = Moved from { $from } to { $to } this month
why-contract-ends = Contract { $code } ends on { $date }, { $days ->
    [one] one day left
   *[other] { $days } days left
}
why-warned = May leave within three months
why-still-declining = In decline for { $months ->
    [one] one month
   *[other] { $months } months
} now

## List of customers

customer = Customer
customers = Customers
code = Code
stage = Lifecycle stage
stage-since = Since
stage-why = Why
stage-confidence = Confidence
star = Stars
star-count = { $count ->
    [one] 1 star
   *[other] { $count } stars
}
star-none = No revenue yet, not rated
category = Category
industry = Industry
unit = Unit
manager = Manager
revenue-12m = Revenue, 12 months
profit-12m = Profit, 12 months
revenue-12m-yuan = Revenue, 12 months (yuan)
profit-12m-yuan = Profit, 12 months (yuan)
export = Export
filter-stage = Filter by stage
filter-text = Name or code
filter-apply = Filter
filter-changed = Changed this month
filter-remove = Remove filter: { $name } { $value }
filter-clear = Clear all filters
filters-held = Filters held
add-filter = Add…
customers-none = No customers yet
customers-none-next = There are none within your scope. Customers come with an import and show by unit and manager.
customers-none-match = No customer fits
customers-none-match-next = Try with fewer filters.
paging = Pages
paging-shown = { $shown } on this page, { $total } in all
paging-first = First page
paging-next = Next page

## Customer

stage-since-long = Since { $month }, { $months ->
    [one] one month
   *[other] { $months } months
}
stage-since-at-least = Since { $month }, at least { $months ->
    [one] one month
   *[other] { $months } months
}
stage-sure = { $share } sure
stage-sure-then = { $share } sure at the time
stage-naive = Plain threshold rules would say { $stage }; the model looks at a longer time and at more signs.
five-stage-is = five-stage view: { $stage }
not-assessed = Not assessed yet: no monthly cycle has covered this customer.
value = Value
margin = Margin
share-of-wallet = Share of wallet
rfm = RFM points
rfm-why = Recency · frequency · monetary: quintiles within all customers, 5 is best
owner = Owner
owner-none = No manager named
competitor = Competitor
last-interaction = Last contact
open-tickets = Open tickets
relation-question = Where has this relation got to?
relation-caption = Revenue, cost and profit per month (¥), and usage at list price (¥); lifecycle stages behind
relation-usage-axis = Usage at list price
money-revenue = Revenue
money-cost = Cost
money-profit = Profit
usage = Usage
lines = Lines
month = Month
stage-history = Stage history
until-now = now
months-long = { $months ->
    [one] one month
   *[other] { $months } months
}
services = Services
product-name = Product
quantity = Quantity
price-month = Price per month
started-on = Started
ended-on = Ended
state = State
state-running = Running
state-trial = Trial
state-ended = Ended
state-open = Open
ended-because = Ended: { $reason }
contracts = Contracts
contract = Contract
contract-open-ended = Open-ended
sla = Service level
signed-on = Signed
starts-on = Starts
ends-on = Ends
prepaid = Prepaid
tickets = Tickets
ticket = Ticket
opened-at = Opened
first-responder = First responder
cause = Cause
score = Score
closed-on = Closed { $date }
closed-late-on = Closed { $date } (late)
due-on = due { $date }
members = Members
member = Member
plan = Plan
joined-on = Joined
survey-score = Survey score
members-shown = { $shown } of { $total } members shown.
contacts = Contacts
cute-cover = Buying roles covered
cute-covered = Covered
cute-uncovered = Not covered
cute-uncovered-note = { $count ->
    [one] One buying role has
   *[other] { $count } buying roles have
} no contact yet.
closeness = Closeness
trust = Trust
favour = Favour
customer-tree = Customer tree
tree-outside = outside your scope
tree-outside-why = Belongs to another unit: only name, unit and owner are shown
archive = Profile
credit-code = Unified social credit code
employees = Employees
address = Address
created-on = Known since
wallet = Estimated yearly communications spend
level = Level of the unit

## Insight

insight-customers = Show customers
insight-in-relation = Customers served
insight-declining = Customers in decline
month-revenue = Revenue this month
month-profit = Profit this month
stages-question = Which stage are customers in?
stages-caption = Customers at the end of each month, by lifecycle stage
stages-revenue-question = Which stage does revenue come from?
stages-revenue-caption = Revenue per month (¥), by the stage the customer was in
stages-now = Customers and revenue by stage
flow-question = Where did customers go over the last quarter?
flow-caption = Stage three months ago → stage now: { $moved } customers moved, { $stayed } stayed. Width is customers, colour is the stage now.
flow-new = {" "}{ $new } customers were not known three months ago and are not drawn.
flow-then = Three months ago
flow-now = Now
flow-hover = { $from } → { $to }: { $count ->
    [one] one customer
   *[other] { $count } customers
}
flow-from-to = From ↓ to →
concentration-question = How many customers does revenue rest on?
concentration-caption = { $count } customers with revenue in 12 months, largest first: the top 20% bring { $share } of it; Gini coefficient { $gini }.
concentration-range = {" "}The share lies between { $low } and { $high } (95%).
concentration-here = This unit
concentration-even = All alike
concentration-axis = Share of customers, largest first
concentration-revenue = Share of revenue
concentration-top = Top 20%: { $share }
concentration-hover = The top { $customers } of customers bring { $revenue } of revenue
units-question = How do the units below stand, and how did they change?
units-caption = The row of totals equals the sum of the rows, to the fen. Customers served: development to decline. Hover an amount for the exact figure.
unit-itself = This unit itself
stage-mix = Stages

## Data

imports = Imports
import = Import
imports-none = Nothing has been imported yet
imports-none-next = Hand the folder with the operator's extract to the import:
cycles = Monthly cycles
cycle = Cycle
cycle-months = Months
cycle-months-done = Months done
run-running = Running
run-done = Done
run-refused = Refused
run-failed = Failed
run-started = Started
run-duration = Took
duration-seconds = { $seconds } s
duration-minutes = { $minutes } min { $seconds } s
rows-read = Rows read
rows-added = Added
rows-changed = Changed
rows-bad = Bad
problems-shown = Bad rows ({ $shown } shown of { $total })
file = File
line = Line
column = Column
found = Found
reason = Reason
stale = { $count ->
    [one] One month's data
   *[other] { $count } months' data
} changed after they were computed:
stale-next = Run the cycle again to bring them up to date:
lifetime-value = Lifetime value
lifetime-value-range = Its range
lifetime-value-why = Profit expected over the next 36 months, discounted by 10% a year: from the moves between the six stages and the profit of each; the month in progress is not counted.
exit-risk = Risk to leave
exit-risk-within = within three months
exit-risk-why = What speaks for it
exit-cause = Likely cause
expected-loss = Expected loss
model = Model
at-risk-question = Who may leave, and why?
at-risk-caption = Customers with a probability of at least 5% to leave within three months, by likely cause. A cause is given only where complaints, faults or the customer's own words point to one.
at-risk-customers = Customers by expected loss
exit-cause-unknown = No evidence
models = Models in use
model-risk-what = The probability to leave within three months, learnt from this operator's own past customers; learnt again every three months.
model-version = Version
model-learnt-in = Learnt in
model-rows = Learnt from
model-rows-of = { $rows } customer-months, { $exits } of them before an exit
model-drift = Drift of the scores (PSI)
model-drift-alarm = Drift alarm
model-drift-calm = Stable
model-too-little = Too few exits are known yet: the exit rate of each stage is used.
model-assumes = What it assumes
model-risk-assumes-past = The next three months are like those learnt from; a large change of prices or network makes it wrong.
model-risk-assumes-cause = The cause that leavers name cannot be foretold from figures; one is given only where complaints, faults or the customer's own words point to it.
model-risk-assumes-sample = Learnt from a sample of customers of each month and judged on later months (on other customers while there are too few months) that were left out; once it is taken it learns from those as well.
model-risk-assumes-worse = A new model with a larger log loss there than the one in use, or than the chance by stage before there is one, is not taken.
model-judged = On the latest three months, left out when it was judged
model-judged-others = On a third of the customers, left out when it was judged: there were too few months for later ones
model-by-stage = Chance by stage
model-figure = Figure
model-in-use = In use
model-refused = Tried last, not taken
model-figure-rows = Customer-months
model-figure-exits = Before an exit
model-figure-auc = AUC
model-figure-pr-auc = PR-AUC
model-figure-brier = Brier score
model-figure-calibration = Calibration error
model-figure-lift = Lift of the top 10%
model-figure-log-loss = Log loss
model-value-what = Profit expected over the next { $months } months, discounted by { $discount } a year, the month in progress not counted. In units of the customer's own monthly revenue, learnt from how this operator's customers move between stages.
model-value-moves = Monthly moves between stages, and profit and value of each (in months of the customer's own revenue)
model-value-profit = Profit of a month
model-value-worth = Lifetime value
model-value-assumes-chain = The stage of the next month depends on that of this month alone.
model-value-assumes-level = The range tells how sure the moves and the revenue level are, not how much a single customer may vary.
model-value-assumes-own = A customer's own margin is shrunk towards the mean of its stages by the months known; the form of the model is our own.
segment = Segment

ages-question = What does a relation bring as it grows older?
ages-caption = Each line follows the customers that began in one year: usage, revenue, cost and profit per customer and month over the age of the relation (means of a quarter, served customers only).
ages-turning = Profit is highest at about { $years } years ({ $low } to { $high }).
ages-no-turning = Profit has no clear turning point within the ages seen.
ages-stage-question = What do customers in each stage bring at each age?
ages-stage-caption = The last twelve months by stage and age of the relation, per customer and month.
ages-axis = Age of the relation (years)
ages-line = Year of start or stage
ages-customer-months = Customer-months
ages-hover = { $name }: year { $years }, { $amount } per customer and month
satisfaction = Satisfaction
satisfaction-why-not = That of its members, each by its value; of members it is learnt from those who answered a survey.
satisfaction-question = Who is satisfied, who is not?
satisfaction-caption = Customers served by stars and satisfaction; below, their revenue of twelve months.
satisfaction-unknown = Unknown
satisfaction-untold = Too few members have answered a survey
satisfaction-untold-next = Import the use of members and their survey scores; once there are enough, the next cycle tells of satisfaction.
today-collaborations = Work with other units
today-collaborations-below = to join, or due within seven days
uneasy-members = Members to care for
uneasy-below = Possibly dissatisfied or leaving, by the customer's star and the member's value
uneasy-none = No member is thought to be dissatisfied or about to leave.
uneasy-grid = Where are they, and what to do?
uneasy-grid-caption = Members by the customer's star and the member's value (charges of twelve months), each cell with its service tactic.
uneasy-queue = Whom to see to first?
uneasy-queue-caption = The customer's stars times the member's band of value (high 3, medium 2, low 1), then stars, then charges.
uneasy-cut = Only the first { $count } are shown.
member-tactic = Tactic
member-risk = Leaving risk
member-risk-why = May leave: { $reasons }
member-expected-loss = Expected loss: leaving risk times charges of 12 months
member-value = Charges, 12 months
left-on-day = left { $date }
model-satisfaction-what = How satisfied a member is, told from behaviour, complaints and tickets, learnt from those who answered a survey (scales of 5 and 10 made one); learnt again when the answers have doubled.
model-satisfaction-too-little = Fewer than { $least } answers are known: nothing is said yet.
model-satisfaction-refused = The answers are all alike, or a column gives them away: nothing could be learnt.
model-satisfaction-assumes-answers = Those who did not answer are as satisfied as those who did and behave alike; who answers may not stand for the rest.
model-satisfaction-assumes-labels = Labels are cut so that they are as frequent as among the answers; that of a single member is not sure.
model-satisfaction-assumes-question = Only the question that asks for satisfaction is used, never others of the same survey; a score without a date counts from the month it was handed over in.
model-satisfaction-assumes-rollup = A customer's satisfaction is the mean of its members', weighted by their charges of twelve months.
model-answers = Answers known
model-figure-answers = Answers learnt from
model-figure-dissatisfied = Of them, dissatisfied
model-held-out = By models that never saw the answer (five folds)
model-labels = What was answered
model-member-risk-what = The probability of a member to leave within three months, learnt from members who left; learnt again every six months.
model-member-rows-of = { $rows } member-months, { $exits } of them before an exit
model-member-risk-assumes-plan = Plan and payer are those of the records when the month is computed.
model-member-risk = Risk of members to leave
model-figure-member-rows = Member-months
model-trial = Last trial of a new model, { $month }
model-trial-taken = Taken
model-trial-refused = Not taken
model-trial-note = Both on the latest cases that neither had seen; a new model with a larger log loss is not taken. Before any was learnt, the exit rate of each stage is what it must beat.
model-trial-new = New
model-trial-before = In use until then
model-figure-answers-since = Answers since the one in use was learnt
model-satisfaction-assumes-worse = A new model with a larger log loss on the answers since the one in use was learnt is not taken.
model-member-risk-assumes-worse = A new model with a larger log loss on the latest months is not taken, nor a first one that does worse than the exit rate of each stage.
model-risk-chart-question = Do as many leave as was said?
model-risk-chart-caption = Customer-months in tenths by the probability said, on the months the model was judged on; lines show how sure the share is.
model-risk-said = Said
model-risk-happened = Left
model-source = Standing
model-source-own = Our own form: not an author's formula, and no published number is reproduced
model-risk-assumes-form = The form (a logistic regression of smooth curves, calibrated on rows left out) is a standard method; what it reaches on this operator can only be judged here.
model-satisfaction-assumes-form = One probability for each cut between labels, none above the one before, after Frank and Hall (2001); from memory, compared with no published number.
model-member-risk-chart-caption = Member-months in tenths by the probability said, on the months that were judged on; lines show how sure the share is.
model-satisfaction-chart-question = Are as many dissatisfied as was said?
model-satisfaction-chart-caption = Answers in tenths by the probability of being dissatisfied, each told by a model that never saw it; lines show how sure the share is.
model-satisfaction-happened = Dissatisfied
model-stage-what = The lifecycle stage of each customer, month by month: a hidden Markov model of six stages, filtered, with the moves between stages learnt from this operator's own base.
model-stage-months = Stages of
model-stage-too-early = Fewer than four months are published: what followed is not known yet.
model-stage-chart-question = Does a stage that was said surely stand?
model-stage-chart-caption = Customer-months of a sample in tenths by the confidence said, and the share still given the same stage three months later.
model-stage-said = Confidence
model-stage-stood = Stood for three months
model-stage-fates = What followed within three months
model-stage-earning = With revenue
model-stage-revenue = Revenue against the three months before
model-stage-assumes-rests = Rests on usage against the customer's own running peak, the slope of usage, revenue, lines, products, services and margin; activation, disconnection and no service decide at once.
model-stage-assumes-before = A month is told from what was known at its end and is never told anew by later months.
model-stage-assumes-truth = Nobody tells the true stage. A customer who really moves on also counts as not stood: the share need not reach the confidence, but what was said surely must stand more often.
model-stage-assumes-form = Stages and allowed moves are those of the field; how a month speaks for a stage is our own form.
model-segment-what = Value, key buying factor and need of information technology of every customer served, inferred where nobody stated them.
model-segment-factor = Key buying factor
model-segment-need = Need of information technology
model-segment-sure = How sure
model-segment-sure-note = Customers by the confidence of what was inferred for them.
model-segment-guess = Below 50%
model-segment-likely = 50–80%
model-segment-surely = 80% and more
model-segment-assumes-rests = Value: lifetime value and its range against the thresholds of the rules. Buying factor and need: category, families of products held, and what was complained of, reported, scored and visited lately.
model-segment-assumes-cannot = Cannot know what a customer never said or did: who neither complains nor is visited is placed by category and products alone, and what it buys from others does not show.
model-segment-assumes-confidence = The confidence says how clearly the evidence points one way under our weights; no truth was ever compared with it. Ask the customer before acting on less than 50%.
model-segment-assumes-form = The three dimensions are the field's; the weights of the evidence are set by us, not learnt.
model-over-time = Back-test over time
model-over-time-note = Each row: the model in use, judged on the latest three months whose outcome was known and that it was not learnt from.
calibration-part = A tenth, with its 95% range
calibration-exact = As said
calibration-count = Cases
calibration-range = 95% range
value-test-question = Lifetime value against what came
value-test-group = { $customers } customers, { $came } each came
value-test-candidates = The candidates
value-test-candidates-note = Compared by the squared error, which an expectation keeps small; 100% is the error of a model that says nothing of anyone. The absolute error decides nothing: where most bring nothing, it favours models that say too little.
value-test-better-by = Better than the one in use by
value-test-chart-question = { $model }: does as much come as was foretold?
value-test-chart-caption = Profit per customer in the months held out, in tenths by what was foretold.
value-test-chart-coverage = { " " }For { $share } of customers what came lies within the range of the value; it is the range of the expectation, not of a single customer.
worth-question = What are customers of each stage worth?
worth-caption = Lifetime value of the customers who have one. The ranges take it that all are wrong in the same direction.
worth-tested = Tested against what came
worth-mean = Mean per customer
worth-total = Total
worth-range = 95% range

versions = Two versions
versions-now = As it is now
versions-yours = Yours
versions-keep-yours = Save mine
versions-leave = Keep as it is now

## Service tactics

tactic-5-high = The account manager visits within 24 hours, finds the cause and answers in person; the executive sponsor is told; the network on site is tested first, with a call back within three days.
tactic-5-medium = The account manager calls the same day and has a remedy within two; network and bill are checked item by item, with a call back within a week.
tactic-5-low = The account manager calls within two days and asks the customer's contact for colleagues' views as well; the priority desk sees it through.
tactic-4-high = The account manager visits or meets by video within two days with a remedy; network trouble takes the green channel, with a call back within a week.
tactic-4-medium = The account manager calls within three days, checks plan and bill and offers a plan that fits better; the priority desk follows until the customer confirms.
tactic-4-low = The priority desk calls within three days to learn the cause; what several have in common goes to the account manager for the next visit.
tactic-3-high = The account manager calls within three days and suggests a plan by actual use; network trouble is answered within seven days.
tactic-3-medium = The priority desk calls back within a week and says what was done; signs of leaving go to the account manager.
tactic-3-low = The priority desk calls back within a week; from three dissatisfied members of one customer on, the account manager takes over.
tactic-2-high = The priority desk calls within three days, checks bill and plan and offers what discounts allow.
tactic-2-medium = The priority desk calls back within a week and says what was done.
tactic-2-low = A message of care with a short way to report faults and complain; the hotline follows up on answers.
tactic-1-high = The priority desk calls within a week and checks bill and plan.
tactic-1-medium = The hotline calls back within two weeks.
tactic-1-low = A message of care; the hotline follows up on answers.
tactic-0-high = The hotline calls within a week, learns the cause and checks the plan; who fits more goes to the account manager.
tactic-0-medium = A message of care; the hotline calls a sample back within two weeks.
tactic-0-low = A message of care with a link to self-service.
tactics = Service tactics
tactics-question = What is done in each cell?
tactics-caption = For { $unit } and the units below. What a unit below writes itself comes first; where nothing is written, that of the unit above holds, or the default.
tactics-edit = Edit service tactics
tactic-default = Default
member-band = Member value
tactic-holds = From
tactic-write = Change
tactic-save = Save
tactic-empty-note = Saved empty, the tactic of the unit above or the default holds again.
tactic-changed-by = { $name } changed this cell at { $at }. Yours is not saved yet.
tactic-as-above = As the unit above, or the default
tactic-no-star = No star
act-tactic-change = Changed a service tactic
