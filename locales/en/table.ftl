# What is wrong with a table that a model is called on.

problem-table-column = There is no column { $column }
hint-table-column = The table has: { $columns }
problem-table-numbers = The column { $column } does not hold numbers
hint-table-numbers = Nearly all of its known cells must be numbers; check for words, units and separators of thousands.
problem-table-empty = { $file } is empty
hint-table-empty = The first line must name the columns, separated by commas.
problem-table-no-rows = { $file } has no rows
hint-table-no-rows = Below the line with the names, one row per customer is needed.
problem-table-column-twice = { $file } has two columns named { $column }
hint-table-column-twice = Rename or remove one of them.
problem-table-ragged = { $file }, line { $line }: { $found } cells, but there are { $wanted } columns
hint-table-ragged = A comma within a cell must stand in quotes; the cells are separated by commas.
problem-table-quote = { $file }, line { $line }: a quote opens and never closes
hint-table-quote = Close the quote, or double it if it is part of the text.
problem-table-endless = { $file }, line { $line }: no line ends, not a text file
hint-table-endless = Give a CSV or Parquet file; spreadsheets can be saved as CSV.
problem-table-encoding = { $file }, line { $line }: neither UTF-8 nor GB18030
hint-table-encoding = Save the file as UTF-8 again.
problem-table-parquet = { $file } is no whole Parquet file: { $error }
hint-table-parquet = Export or transfer it again.
problem-table-nested = { $file }: the column { $column } holds { $type }, not single values
hint-table-nested = Remove the column, or spread it over several.
