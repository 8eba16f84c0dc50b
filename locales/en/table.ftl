# What is wrong with a table that a model is called on.

problem-table-column = There is no column { $column }
hint-table-column = The table has: { $columns }
problem-table-numbers = The column { $column } does not hold numbers
hint-table-numbers = At least four of five of its known cells must be numbers, in one unit and without codes such as 007; check for words.
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

table-note-thousands = Separators of thousands, read as numbers: { $columns }
table-note-yuan = Amounts in yuan, read as numbers: { $columns }
table-note-percent = Per cent, read as shares (45% is 0.45): { $columns }
table-note-large-units = 万 and 亿, read as ten thousand and a hundred million: { $columns }
table-note-full-width = Full-width digits, read as digits: { $columns }
table-note-chinese-dates = Dates such as 2024年3月5日: { $columns }
table-note-months = Months, read as their first day: { $columns }
table-note-compact-dates = Eight digits, read as dates since every cell is one: { $columns }. An identifier of eight digits is read as a number if its column is named so, such as order_id.
table-note-dotted-dates = Dates such as 2024.3.5: { $columns }
table-note-day-first = Dates read day first, as the column has days above 12: { $columns }
table-note-month-first = Dates read month first, as the column has days above 12: { $columns }
table-note-day-or-month-first = Either day or month may come first, so read as words: { $columns }. Write dates such as 2024-03-05.
table-note-left-out = { $count ->
    [one] { $count } cell is
   *[other] { $count } cells are
} no finite number or date and count as unknown: { $columns }
problem-concentration-nothing = Nobody brings anything, so there is nothing to share
