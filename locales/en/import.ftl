# Import: steps, why rows are bad and what to do, notes, and what is wrong with a mapping.

import-step-read = Reading and checking
import-step-write = Writing months

# Why a cell cannot be taken, and what to do
import-cell-required = must be filled; add the value
import-cell-encoding = not valid UTF-8; export the file again as UTF-8 or GB18030
import-cell-code-long = a code has at most { $limit } characters; shorten it
import-cell-code-control = the code has control characters (tab, line end …); remove them
import-cell-text-long = the text has at most { $limit } characters; shorten it
import-cell-text-control = the text has control characters; remove them
import-cell-month = a month is written YYYY-MM, e.g. 2026-01
import-cell-date = a date is written YYYY-MM-DD, e.g. 2026-01-31
import-cell-date-missing = there is no such day in the calendar; correct the date
import-cell-instant = a time is written as RFC 3339 with offset, e.g. 2026-01-31T09:30:00+08:00
import-cell-money = an amount is a number in yuan, e.g. 1234.50, without thousands separators
import-cell-money-precise = an amount has at most two decimals; round it to the fen
import-cell-money-large = the amount is too large; check that it is in yuan
import-cell-money-negative = this amount cannot be negative; correct it or leave it empty
import-cell-number = must be a number, without thousands separators and units
import-cell-quantity-negative = a quantity cannot be negative; correct it or leave it empty
import-cell-whole = must be a whole number from { $low } to { $high }
import-cell-choice = must be one of: { $choices }
import-cell-flag = must be yes or empty

# Between rows
import-row-width = the header has { $expected } columns, this row has { $found }; put text with commas in double quotes
import-quote-open = a double quote is never closed; close it, or write a quote inside text twice
import-reference-unknown = no such code in { $table }; add that row or correct the code
import-reference-excluded = the row of this code in { $table } has an error and was left out; correct that row first
import-reference-unread = the file of { $table } could not be read, so this code cannot be checked; correct that file first
import-duplicate = same key as { $file } line { $line }; keep only one of the rows
import-ends-before-starts = earlier than { $start_column } { $start }; correct one of the two
import-parent-required = every unit but headquarters needs a unit above it; fill parent_code
import-parent-level = { $level } cannot lie below { $parent_level }; correct the level or the parent
import-parent-circle = the parents form a circle; correct parent_code in one of the rows
import-headquarters-second = there is one headquarters only, and it is { $code } already; correct the level and fill parent_code, or keep the code it had

# Whole files
import-table-missing = a first import needs { $table }: deliver { $name }.csv, { $name }.parquet or a folder { $name }/
import-table-doubled = the table comes from several places; keep only one { $name }
import-file-empty = the file is empty, it needs a header at least; if there is no data, remove the file
import-file-endless = no line ends, not a text file; export it again as CSV
import-parquet = the Parquet file is cut off or damaged ({ $error }); export or transfer it again
import-column-missing = a required column is missing; the header is: { $columns }. Add the column; names are separated by commas
import-column-twice = two columns have the same name; keep only one

# No mistakes, but worth knowing
import-note-columns = { $file }: ignored unknown columns { $columns }
import-note-gb18030 = { $file }: read as GB18030
import-note-file = { $file }: belongs to no table, ignored

problem-import-folder-empty = There is no table in { $folder }
hint-import-folder-empty = Check the path; files are named org_units.csv, customers.csv, usage.csv and so on. For another layout give a mapping file with --mapping.
problem-import-memory = { $file } is too large: what one import has to keep in memory exceeds { $limit } MB
hint-import-memory = At most half of the free memory is taken. Split what is handed over into several folders and import one after the other, or use a machine with more memory; monthly tables (usage, member_usage …) in the extract format itself, without a mapping, need no such memory.

# Mapping files
problem-mapping-syntax = { $file } line { $line } is not valid TOML: { $error }
problem-mapping-table = { $entry } in { $file } is no table of the extract; there are: { $known }
problem-mapping-column = { $entry } in { $file } is no column of the table; there are: { $known }
problem-mapping-no-source = { $entry } in { $file } has neither source nor rows
problem-mapping-form = { $entry } in { $file } is not written as it should be
problem-mapping-source = { $entry } in { $file } names a file that is not there: { $source }
problem-mapping-source-column = { $entry } in { $file } names column { $column }, which { $source } has not; it has: { $known }
problem-mapping-sql = { $entry } in { $file }: the expression { $sql } cannot be computed: { $error }
hint-mapping = Correct the mapping and run again; mappings/README.md shows how to write one.
