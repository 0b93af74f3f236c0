// Package config reads the one file that a desk is configured by: hark.toml.
//
// A Config is plain data; every part of hark receives its own section as a
// value. The file is read strictly: a key that does not exist, a value of the
// wrong type and a value that is impossible are each refused with the file, the
// line, the key and what would be right, because a setting that is silently
// ignored is found out on the worst day.
package config
