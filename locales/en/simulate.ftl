# simulate

progress-simulate = Making up sample data
problem-simulate-customers = The number of customers must lie between { $least } and { $most }.
problem-simulate-months = The number of months must lie between { $least } and { $most }.
problem-simulate-first = The year of the first month must lie between { $least } and { $most }.
problem-simulate-duplicates = The share of duplicates must lie between 0 and 0.5.
problem-simulate-folder = The folder { $folder } holds something that was not made up here; it was left as it is.
hint-simulate-folder = Choose an empty folder; only sample data made earlier (with its truth.csv) is replaced.
