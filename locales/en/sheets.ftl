# Customers imported from sheets: upload, mapping, trial, import, revert.

action-import_customers = Import customers from sheets
sheet-mode-both = Create those that are new, update those that are there
sheet-mode-create = Create only
sheet-mode-update = Update only
sheet-key-code = Customer code
sheet-key-credit_code = Unified social credit code

# Other words in headers, parted by bars
sheet-words-code = code|id|customer id|customer no|customer number|account number
sheet-words-name = customer name|company|company name|account name|organisation|organization
sheet-words-parent_code = parent|parent code|parent customer|parent account
sheet-words-org_code = unit code|org|org unit|organisation unit
sheet-words-manager_code = manager|manager code|owner|account owner
sheet-words-category = type|customer type|segment
sheet-words-industry = sector|industry name
sheet-words-employees = headcount|staff|number of employees
sheet-words-credit_code = credit code|uscc|tax number
sheet-words-address = street address|office address
sheet-words-created_on = created|created on|customer since
sheet-words-competitor = competitor|current operator
sheet-words-wallet_yuan = yearly spend|annual spend|wallet

sheets-title = Import customers
sheets-question = Bring in the customers of a sheet
sheets-caption = Try it first and see which rows would be created, updated or refused, then do it in one step. It can be reverted afterwards; what was overwritten is put back.
sheet-file = Sheet
sheet-limits = CSV (UTF-8 or GB18030; comma, semicolon or tab) or XLSX, at most { $most } MB and { $rows } rows. The first row is the header. Only you see what you upload; it is deleted after a day.
sheet-upload = Upload
sheets-history = Imports
sheets-none = Nothing imported yet
sheets-none-next = Upload a sheet to begin.
sheet-when = When
sheet-name = File
sheet-by = By
sheet-rows = Rows
sheet-state = State
sheet-created = Created
sheet-changed = Updated
sheet-unchanged = Unchanged
sheet-refused = Refused
sheet-open = Not finished
sheet-tried = Tried, to be confirmed
sheet-done = Imported
sheet-reverted = Reverted
sheet-reverted-by = reverted { $at } by { $by }

sheet-steps = Steps
sheet-step-one = Upload
sheet-step-two = Columns
sheet-step-three = Trial
sheet-step-four = Done

sheet-map = What is each column of the sheet?
sheet-map-caption = Taken from the header and your last choice; please check. Empty cells leave what is there as it is.
sheet-map-column = Column of the sheet
sheet-map-samples = For example
sheet-map-target = Is
sheet-map-leave = Not imported
sheet-map-unnamed = Column { $place }
sheet-mode = What to do
sheet-key = How known customers are recognised
sheet-likes = Create rows that look like known customers too
sheet-likes-note = Unless ticked, rows that probably are a known customer, or an earlier row of the sheet, are refused with the name of which.
sheet-try = Try it
sheet-try-note = A trial changes nothing.

sheet-at = At work
sheet-step-read = Reading and checking each cell
sheet-step-judge = Comparing with known customers
sheet-step-likes = Looking for duplicates
sheet-step-bring = Storing
sheet-at-note = The page refreshes by itself. You can also leave and come back later.
sheet-at-again = Refresh
sheet-failed = Not done, nothing changed: { $why }

sheet-found = What the trial found
sheet-found-caption = Nothing has changed yet.
sheet-found-columns = Fields to be updated
sheet-found-likes = { $count } of them look like known customers
sheet-found-likes-taken = { $count } of them look like known customers and are created as you chose
sheet-changes = What would be updated
sheet-change-line = Row
sheet-change-customer = Customer
sheet-change-column = Field
sheet-change-before = Now
sheet-change-after = Becomes
sheet-empty = (empty)
sheet-new = Customers to be created
sheet-new-code = numbered by us
sheet-first = Only the first { $count } are listed
sheet-refusals = Refused rows
sheet-refusal-why = Why
sheet-refused-file = Download the refused rows
sheet-refused-note = The file has the rows as they were, with the reason in the last column; corrected, it can be uploaded as it is.
sheet-why = Refused because
sheet-why-joint = {": "}
sheet-do = Import
sheet-do-count = { $count ->
    [one] Import one row
   *[other] Import { $count } rows
}
sheet-nothing = No row can be imported. Correct the sheet and upload it again.
sheet-again = Change the columns
sheet-discard = Give this import up
sheet-swept = What was uploaded has been deleted. Please upload it again.

sheet-result = What was imported
sheet-result-caption = Imported by { $by } on { $at }. Each customer has its entry in the audit, and extracts leave these values alone.
sheet-revert = Revert this import
sheet-revert-look = See what reverting would do
sheet-revert-question = What would reverting do?
sheet-revert-caption = Nothing has changed yet. What was changed since, and customers that something hangs on by now, stay.
sheet-revert-removed = Created customers to be taken away
sheet-revert-restored = Customers to get values back
sheet-revert-values = Values to be put back
sheet-revert-left = Created customers that stay
sheet-revert-kept = Values that stay
sheet-revert-do = Revert
sheet-revert-changed = Things changed since the preview. Check what it would do now, then confirm.
sheet-reverted-removed = Created customers taken away
sheet-reverted-values = Values put back
sheet-left-attached = contacts, contracts, visits or the like hang on it
sheet-left-changed = changed since the import
sheet-left-extract = the systems know it by now
sheet-left-foreign = not yours any more
sheet-left-above = a customer that stays lies below it
sheet-left-why = Why it stays
sheet-kept-why = changed since the import
sheet-hidden = A customer outside your scope

# Why a row is refused
sheet-row-twice = The same as row { $line }
sheet-row-there = This customer is there already, and only new ones are created
sheet-key-several = { $count } customers have this code, which one is meant cannot be told
sheet-code-stays = Another customer code than the known one; codes do not change
sheet-parent-stays = The customer above is for the head of the unit to change
sheet-parent-refused = The customer above it is in row { $line }, which is not created
sheet-category-wrong = Not a category; one of: Key account, Private network, Industry customer, Small and medium business, Public
sheet-like-known = Probably the known customer “{ $name }” ({ $code })
sheet-like-foreign = Probably a customer that { $unit } has already; please ask there first
sheet-like-row = Probably the same company as row { $line }

problem-sheet-none = No file was chosen
hint-sheet-none = Choose a CSV or XLSX file, then upload.
problem-sheet-large = The file is larger than { $most } MB
hint-sheet-large = Split the sheet and import the parts one by one.
problem-sheet-empty = The sheet is empty
problem-sheet-no-rows = There is a header and nothing below it
hint-sheet-empty = The first row is the header; from the second on, each row is a customer.
problem-sheet-kind = This is no sheet
problem-sheet-old = A workbook of the old form (.xls) or with a password
problem-sheet-damaged = The workbook is damaged and cannot be read
hint-sheet-kind = Save it as XLSX or CSV and upload that.
problem-sheet-unpacked = The workbook is too large once unpacked
problem-sheet-rows = More than { $most } rows
problem-sheet-columns = More than 100 columns
hint-sheet-columns = Delete columns on the right that are not needed.
problem-sheet-quote = A quotation mark in line { $line } is not closed
hint-sheet-quote = Add the other mark, or save as XLSX and upload that.
problem-sheet-twice = Two columns are “{ $column }”
hint-sheet-twice = Keep one of them and choose “Not imported” for the other.
problem-sheet-missing = No column is “{ $column }”
hint-sheet-missing = Choose which one it is; if the sheet has none, add it or import in another way.
problem-sheet-done = This sheet was imported already
hint-sheet-done = See what came of it among the imports.
problem-sheet-untried = Try it first
hint-sheet-untried = Check the columns, then choose “Try it”.
problem-sheet-changed = Customers changed since the trial; what would be done was worked out again
hint-sheet-changed = Check the new result, then confirm.

audit-noun-sheet_imports = Sheet imports
act-sheet_import-upload = Uploaded a customer sheet
act-sheet_import-discard = Gave a sheet import up
act-sheet_import-do = Sheet import
act-sheet_import-revert = Reverted a sheet import
