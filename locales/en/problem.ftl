# What is said when something fails: cause and what to do.

problem-file-missing = { $file } is not there
hint-file-missing = Check the path and whether the file was delivered.
problem-disk-full = The disk is full while writing { $file }
hint-disk-full = Free some space or choose another place with --data, then run again; what was stored is unchanged.
problem-file-denied = No permission for { $file }
hint-file-denied = Check who owns the file and who may read it.
problem-file = Cannot read or write { $file }: { $error }
hint-file = Check the file and the disk, then run again.
problem-internal = Internal error: { $error }
hint-internal = This is a mistake of the program; please pass this message to support. What was stored is unchanged.
