# What is wrong with a table that a model is called on.

problem-table-column = There is no column { $column }
hint-table-column = The table has: { $columns }
problem-table-numbers = The column { $column } does not hold numbers
hint-table-numbers = Nearly all of its known cells must be numbers; check for words, units and separators of thousands.
