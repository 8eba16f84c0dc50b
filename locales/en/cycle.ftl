# The monthly cycle, its files and its exports.

problem-lake-damaged = { $file } cannot be used: { $error }
hint-lake-damaged = The file is damaged. Import the extracts of that month again and run tenure cycle --all, or bring back a backup of the data folder.
problem-lake-version = { $file } was computed by another version of Tenure
hint-lake-version = Run tenure cycle on this data folder: it finds the months of other versions by itself and computes them again.
problem-cycle-memory = The cycle needs more memory than it may take: { $error }
hint-cycle-memory = Give it more memory or close other programs; months that are published stay as they are.

progress-cycle = Working out the months
progress-cycle-carry = Reading months again whose carried state was not kept
