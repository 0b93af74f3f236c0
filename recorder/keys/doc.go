// Package keys keeps the keys that everything recorded is sealed under.
package keys
