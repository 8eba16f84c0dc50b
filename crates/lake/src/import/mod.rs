//! Reads an operator's extract: checks every row, keeps record rows in memory, writes facts by month.
