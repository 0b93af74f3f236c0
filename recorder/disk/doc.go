// Package disk puts the recorder's files onto the disk in one way: whole, in
// order, and readable by their owner only.
//
// Small files are replaced by a rename that is made durable before anyone
// relies on it. SQLite files are opened in write-ahead mode with one exclusive
// connection: hark alone writes them, its lock file has said so before, and
// without shared memory there is one file less to lose.
package disk
