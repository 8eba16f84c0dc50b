# Who leaves: what is wrong with a table, and what is worth knowing about it.

problem-churn-empty = The table has no rows.
hint-churn-empty = Give a file with a header line and at least one row for each customer.
problem-churn-no-target = There is no column { $target }. There are: { $columns }
hint-churn-no-target = Name the column that says who left with --target, spelt as in the file's first line.
problem-churn-no-positive = Column { $target } never holds { $value }. It holds: { $values }
hint-churn-no-positive = Say with --positive what stands in that column for those who left.
problem-churn-one-class = Column { $target } holds { $value } in every row: there is nobody who stayed to compare with.
hint-churn-one-class = Add the customers who stayed, or choose another column.
problem-churn-no-features = No column is left to learn from.
hint-churn-no-features = Drop fewer columns, or add some that differ between customers.
problem-churn-leak = These columns alone give the answer away: { $columns }
hint-churn-leak = They are probably written after the customer left. Leave them out with --drop, or allow them with --allow-leaks if they are known in time.
problem-churn-folds = { $folds } folds cannot be made of { $rows } rows of which { $positives } left.
hint-churn-folds = Both those who left and those who stayed must be at least as many as the folds, and the folds at least two. Choose fewer folds or bring more rows.
problem-churn-no-dates = Column { $column } is not there or does not hold a date in every row.
hint-churn-no-dates = Name a column of dates such as 2026-01-31.
problem-churn-nothing-judged = No part of the table has both customers who left and customers who stayed to learn from and to judge by.
hint-churn-nothing-judged = Bring more months or more rows.
problem-churn-model = This is not a churn model: { $error }
hint-churn-model = Train it again with this version of the program.
problem-churn-model-version = The model is written in form { $found }, this program reads form { $wanted }.

churn-warning-constant = The same in every row and therefore not used: { $columns }{ $count ->
    [one] {""}
   *[other] {" "}({ $count } columns)
}
churn-warning-all-missing = Empty in every row and therefore not used: { $columns }{ $count ->
    [one] {""}
   *[other] {" "}({ $count } columns)
}
churn-warning-identifier = Names rows or customers rather than describing them and is therefore not used (--keep uses it): { $columns }{ $count ->
    [one] {""}
   *[other] {" "}({ $count } columns)
}
churn-warning-leak = Gives the answer away by itself and is used only because that was allowed: { $columns }{ $count ->
    [one] {""}
   *[other] {" "}({ $count } columns)
}
churn-warning-misfits = { $count ->
    [one] { $count } cell is
   *[other] { $count } cells are
} no finite number or date and count as unknown: { $columns }
churn-warning-mixed = Numbers and words mixed, read as words: { $columns }{ $count ->
    [one] {""}
   *[other] {" "}({ $count } columns)
}
churn-warning-dates = Dates, read as days; a model learnt on them grows old: { $columns }{ $count ->
    [one] {""}
   *[other] {" "}({ $count } columns)
}
churn-warning-many-categories = More than a thousand different words, read by how often each left: { $columns }{ $count ->
    [one] {""}
   *[other] {" "}({ $count } columns)
}
churn-warning-nothing-to-drop = To be dropped, but not in the table: { $columns }{ $count ->
    [one] {""}
   *[other] {" "}({ $count } columns)
}
churn-warning-duplicates = { $count ->
    [one] { $count } row repeats another
   *[other] { $count } rows repeat others
} in all columns used; equal rows stay in one fold.{ $columns }
churn-warning-unknown-target = { $count ->
    [one] { $count } row does
   *[other] { $count } rows do
} not say whether the customer left ({ $columns }) and are not used.
churn-warning-few-positives = Only { $count } left: the figures are rough.{ $columns }
churn-warning-lacking-columns = The model learnt from columns that this table lacks; they count as unknown: { $columns }{ $count ->
    [one] {""}
   *[other] {" "}({ $count } columns)
}
churn-warning-unseen-categories = { $count ->
    [one] { $count } cell holds a word
   *[other] { $count } cells hold words
} that the model never saw, read as "another": { $columns }
