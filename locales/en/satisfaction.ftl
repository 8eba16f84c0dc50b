# How satisfied members are: what is wrong with a table of answers.

problem-satisfaction-no-score = Column { $column } is not there or holds no numbers.
hint-satisfaction-no-score = Name the column of scores; leave it empty for members who were not asked.
problem-satisfaction-scale = Column { $column } is not a scale up to 5 or up to 10.
hint-satisfaction-scale = Give scores from 1 to 5 or from 1 to 10, and say which of the two it is.
