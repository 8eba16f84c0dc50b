# The archive: what people fill in of customers, contacts, relationship, competition and reciprocity

sheet-customers = customer
sheet-contacts = contact
sheet-competitor_presences = Competitors there
sheet-purchases = What we buy from them
sheet-relationship_moves = Relationship moves
sheet-relationship_reviews = Relationship reviews

step-build = Build
step-do = Do
step-draw_closer = Draw closer
step-use = Use

field-code = Customer code
field-name = Name
field-parent_code = Customer above (code)
field-org_code = Unit
field-manager_code = Account manager
field-category = Category
field-industry = Industry
field-employees = Employees
field-credit_code = Unified social credit code
field-address = Address
field-created_on = Known since
field-competitor = Main competitor
field-wallet_yuan = Estimated yearly spend (yuan)
field-title = Title
field-phone = Phone
field-email = E-mail
field-cute_role = Role in buying
field-style = Behavioural style
field-closeness = Closeness (0–100)
field-trust = Trust (0–100)
field-favour = Favour (0–100)
field-prefers = Preferences and best times
field-left_on = Left on
field-operator = Operator or vendor
field-family = Product
field-share = Share at this customer (%)
field-monthly_yuan = Estimated monthly fee (yuan)
field-since_on = Since
field-contract_ends_on = Contract ends
field-note = Note
field-item = What is bought
field-yearly_yuan = Per year (yuan)
field-until_on = Until
field-done_on = Day
field-step = Step
field-contact_code = With whom
field-what = What was done
field-outcome = Outcome
field-next_on = Next time
field-reviewed_on = Reviewed on
field-strengths = What it rests on
field-risks = Risks
field-next_step = Next step

field-must = Required
field-email-wrong = Not an e-mail address; it should look like name@example.com
field-phone-wrong = Not a phone number: 5 to 20 digits with spaces, +, - and brackets only
field-scripts-mixed = One word mixes letters of scripts that look alike (such as Greek or Cyrillic); please type it again
field-not-found = There is no “{ $text }”, or it is outside your scope
field-in-future = The day must not lie after today
field-before-begin = This must not lie before the beginning
field-parent-circle = A customer cannot lie below itself or below one of those below it

customer-add = Add a customer
archive-add = Add: { $sheet }
archive-edit = Edit: { $sheet }
archive-change = Edit
archive-keep = Save
archive-cancel = Cancel
archive-unset = Not set
archive-nothing = empty
archive-remove = Remove
archive-remove-note = This can be undone; the history stays in the audit.
archive-removed = One row was removed ({ $sheet }).
archive-restore = Undo
archive-wrong = { $count ->
    [one] One field needs a correction
   *[other] { $count } fields need a correction
 }; what you typed is still there.
archive-changed-by = { $name } changed this record at { $at }. What you typed is not saved yet: compare it with the present values below the fields and save again.
archive-changed-by-import = An import changed this record at { $at }. What you typed is not saved yet: compare it with the present values below the fields and save again.
archive-other = Present value: { $text }
archive-extract = From the systems: { $text }
archive-take = Take this value
archive-likes = { $count ->
    [one] A customer is
   *[other] { $count } customers are
 } probably the same company: check before it is entered twice
archive-another = Checked: this is another company, add it
contact-left = left on { $day }

problem-import-at-work = Data are being imported; customers and contacts cannot be added right now
hint-import-at-work = Save again once the import is done (see “Data” for its progress).
problem-customer-code-taken = The customer code “{ $code }” is taken
hint-customer-code-taken = Choose another, or leave it empty for a number of our own.

sheet-engagement_programmes = Executive programmes
sheet-programme_members = Programme members
sheet-programme_activities = Programme activities
programme-planned = Planned
programme-running = Under way
programme-agreed = Agreement signed
programme-closed = Closed
activity-talk = Executive talk
activity-gathering = Gathering
activity-match = Match
activity-training = Training or lecture
activity-trial = Site survey or trial
activity-negotiation = Negotiation
activity-signing = Signing
activity-other = Other
field-programme = Programme
field-programme_state = State
field-sponsor = Leading executive
field-begins_on = Begins on
field-ends_on = To end on
field-agreement = What the framework agreement says
field-signed_on = Signed on
field-result = Result
field-person = Name
field-department = Department
field-duty = Duty
field-activity = Kind of activity

nav-programmes = Programmes
programmes-question = Which customers have an executive programme, and how far has it come?
programmes-caption = Programmes led by an executive for a customer by name: goal, members, joint activities, framework agreement and result. Those that are not over come first, what is due soonest at the head.
programmes-none = No programme among your customers yet.
programmes-none-next = Add one on a customer’s page, under “Executive programmes”.
programme-name = Programme
programme-sponsor = Leading executive
programme-state = State
programme-term = From – to
programme-members = Members
programme-done = Done so far
programme-next = Next step or result
programme-signed = Signed { $day }
programme-more = and { $count } more
programme-activities = { $count ->
    [one] One activity
   *[other] { $count } activities
}
programme-late = Late

review-late = Review due
review-due = The relation was last reviewed more than a quarter ago; the next review was due on { $day }.
review-never = Not reviewed
review-never-note = The relation with this customer was never reviewed.
contacts-single = One person only
contacts-single-note = The tie hangs on a single contact and goes with them: build a second one.
