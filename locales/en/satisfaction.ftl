# How satisfied members are: what is wrong with a table of answers.

problem-satisfaction-no-score = Column { $column } is not there or holds no numbers.
hint-satisfaction-no-score = Name the column of scores; leave it empty for members who were not asked.
problem-satisfaction-scale = Column { $column } is not a scale up to 5 or up to 10.
hint-satisfaction-scale = Give scores from 1 to 5 or from 1 to 10, and say which of the two it is.
problem-satisfaction-nobody = Nobody answered: column { $column } is empty in every row.
problem-satisfaction-none = Nobody of the { $count } who answered is dissatisfied (column { $column }): there is nothing to tell apart.
problem-satisfaction-all = All { $count } who answered are dissatisfied (column { $column }): there is nothing to tell apart.
hint-satisfaction-one-side = Bring answers on both sides of 6 of 10 (3 of 5), and check that the highest score is right (--scale).
hint-satisfaction-leak = They are probably questions of the same survey. Leave them out with --drop, or allow them with --allow-leaks if they are known of those who were not asked.
problem-satisfaction-folds = { $folds } folds cannot be made of { $rows } answers of which { $positives } are dissatisfied.
hint-satisfaction-folds = Both the dissatisfied and the others must be at least as many as the folds, and the folds at least two. Choose fewer folds or bring more answers.
