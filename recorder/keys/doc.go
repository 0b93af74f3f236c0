// Package keys keeps the keys that everything recorded is sealed under.
//
// One key, the desk's own (256 random bits), is kept outside the data folder
// or sealed inside it, by a backend that a person chose: the OS keyring, a
// passphrase, a systemd credential, a command. Which one is remembered in
// backend.json beside the key's fingerprint; another is never tried instead,
// because a silent change of place locks people out or leaves a key lying
// about. There is no backend that keeps the key in a plain file.
//
// The desk's key wraps one random key for each stream and retention class in
// keys.db. Destroying that row makes what was sealed under it unreadable,
// wherever copies are. Every row is AES-256-GCM with stream, class and epoch as
// associated data, so it can be neither read, nor changed, nor put in another's
// place; what is left in the clear are random identifiers. Encrypting the file
// as a whole would hide only how many there are and would not authenticate
// them, so keys.db is plain SQLite.
//
// A key row is durable before Ensure returns, and so before the first event
// that is sealed under it. A key without events is harmless.
package keys
