# Lists: hand-over, reassignment, pool

assignment-hand_over = Hand-over
assignment-reassign = Reassignment
assignment-claim = Claim from the pool
action-claim_customers = Claim customers from the pool
act-assignment-do = Assign customers
act-assignment-undo = Undo an assignment
audit-noun-assignments = assignment

nav-assignments = Lists
nav-pool = Pool
assignments-question = Whose customers go to whom
assignments-caption = A hand-over takes open opportunities and tickets along; a reassignment starts from a filtered customer list. It is previewed, done in one step, and can be undone.
assignment-from = From (manager's code or sign-in name)
assignment-to = To (code or sign-in name; empty for the pool)
assignment-reason = Reason
assignment-preview = Preview
assignment-do = Confirm
assignment-pool = the pool
assignment-chosen = Customers chosen in the list
assignment-plan = Customers that would move
assignment-plan-caption = Nothing changes before you confirm.
assignment-plan-changed = Something changed since the preview; check the new result and confirm again.
assignment-count = Customers
assignment-revenue = Revenue of 12 months
assignment-work = Comes along
assignment-work-is = { $opportunities } opportunities, { $tickets } tickets, { $tasks } tasks, { $visits } planned visits
assignment-receiver = Receiver (customers today)
assignment-from-lists = From the lists of
assignment-stages = Stages
assignments-done = Latest assignments
assignments-none = Nothing was assigned yet
assignments-none-next = Name a manager above, or filter the customer list and choose “Reassign”.
assignment-when = When
assignment-kind = Which way
assignment-moved = From and to
assignment-by = By
assignment-undo = Undo
assignment-undone = undone at { $at }
assignment-undo-note = { $back } rows were put back.
assignment-undo-left = { $back } rows were put back; { $left } had changed since and stay as they are.
assignment-several = several
customers-reassign = Reassign
today-handed = { $count ->
    [one] One customer of { $from } was
   *[other] { $count } customers of { $from } were
 } given to you ({ $day }, { $by }): { $reason }
today-handed-several = { $count ->
    [one] One customer was
   *[other] { $count } customers were
 } given to you ({ $day }, { $by }): { $reason }

pool-question = Which customers are in the pool
pool-caption = Nobody answers for these customers. Claimed, they come to your list, where all of them is seen.
pool-left = { $count } more may be claimed this month
pool-claim = Claim
pool-none = The pool is empty
pool-none-next = Customers without a manager show here.
pool-shown = The { $count } with most revenue are shown.

problem-assign-same = The receiver is the manager they lie with
hint-assign-same = Name someone else, or nobody for the pool.
problem-assign-nothing = No customer would move
hint-assign-nothing = Check the filters or the manager; they may be with the receiver already.
problem-assign-too-many = { $count } customers are chosen; one step moves at most { $most }
hint-assign-too-many = Narrow the filters and do it in several steps.
problem-pool-gone = This customer is no longer in the pool
hint-pool-gone = A colleague may just have claimed it; reload the pool and choose again.
problem-pool-enough = { $most } customers were claimed this month, which is as many as may be
hint-pool-enough = Claim again next month, or ask the head of your unit to assign it.
