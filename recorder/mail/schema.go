package mail

// File is the name of the file in the data folder.
const File = "mail.db"

// format is the version of the tables.
const format = 1

// pageSize is that of the file, in bytes. A mailbox is written a third faster
// than with SQLite's 4096, and single rows not noticeably slower.
const pageSize = 16 << 10

// schema is described in docs/mail-format.md. The numbers of mails and letters
// grow as they arrive, so that a batch of them lies on neighbouring pages.
// Counting is left to triggers: whatever changes a stage, the tally follows in
// the same commit.
const schema = `
	CREATE TABLE box (
		n INTEGER PRIMARY KEY,
		hash BLOB NOT NULL UNIQUE,
		account BLOB NOT NULL,
		name BLOB NOT NULL,
		cursor BLOB
	) STRICT;
	CREATE TABLE mail (
		n INTEGER PRIMARY KEY,
		id BLOB NOT NULL UNIQUE,
		box INTEGER NOT NULL,
		validity INTEGER NOT NULL,
		uid INTEGER NOT NULL,
		stage INTEGER NOT NULL,
		gone INTEGER NOT NULL,
		part INTEGER NOT NULL,
		received INTEGER NOT NULL,
		head BLOB NOT NULL,
		note BLOB,
		same BLOB,
		turn INTEGER
	) STRICT;
	CREATE UNIQUE INDEX mail_place ON mail (box, validity, uid);
	CREATE INDEX mail_waiting ON mail (received, n) WHERE stage = 1;
	CREATE INDEX mail_part ON mail (box, validity, uid) WHERE part = 1;
	CREATE INDEX mail_ward ON mail (n) WHERE stage = 4;
	CREATE INDEX mail_same ON mail (same, turn) WHERE same IS NOT NULL;
	CREATE TABLE mail_chunk (n INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT;
	CREATE TABLE tally (
		box INTEGER NOT NULL,
		stage INTEGER NOT NULL,
		count INTEGER NOT NULL,
		PRIMARY KEY (box, stage)
	) STRICT, WITHOUT ROWID;
	CREATE TRIGGER mail_added AFTER INSERT ON mail BEGIN
		INSERT INTO tally VALUES (new.box, new.stage, 1) ON CONFLICT DO UPDATE SET count = count + 1;
	END;
	CREATE TRIGGER mail_moved AFTER UPDATE OF box, stage ON mail WHEN old.stage <> new.stage OR old.box <> new.box BEGIN
		UPDATE tally SET count = count - 1 WHERE box = old.box AND stage = old.stage;
		INSERT INTO tally VALUES (new.box, new.stage, 1) ON CONFLICT DO UPDATE SET count = count + 1;
	END;
	CREATE TRIGGER mail_removed AFTER DELETE ON mail BEGIN
		UPDATE tally SET count = count - 1 WHERE box = old.box AND stage = old.stage;
	END;
	CREATE TABLE attempt (
		place BLOB NOT NULL,
		step BLOB NOT NULL,
		count INTEGER NOT NULL,
		PRIMARY KEY (place, step)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE ref (
		hash BLOB NOT NULL,
		ghost INTEGER NOT NULL,
		item BLOB NOT NULL,
		turn INTEGER NOT NULL,
		value BLOB NOT NULL,
		PRIMARY KEY (hash, ghost, item)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE buried (hash BLOB NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
	CREATE TABLE letter (
		n INTEGER PRIMARY KEY,
		item BLOB NOT NULL UNIQUE,
		at INTEGER NOT NULL,
		state INTEGER NOT NULL,
		value BLOB NOT NULL,
		outcome BLOB NOT NULL
	) STRICT;
	CREATE INDEX letter_open ON letter (at, n) WHERE state < 8;
	CREATE TABLE letter_chunk (n INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT;
	CREATE TABLE tick (
		hash BLOB NOT NULL,
		at INTEGER NOT NULL,
		ends INTEGER NOT NULL
	) STRICT;
	CREATE INDEX tick_hash ON tick (hash, at);
	CREATE INDEX tick_ends ON tick (ends);`
