// Package form makes the pages by which people write to the desk and read the
// answers without JavaScript: what they look like, in which language, and what
// comes back from their fields.
//
// A page has no script and loads nothing. Its texts are in XX.json beside the
// code, one file a language; adding a file adds the language.
package form
