// Package settings is what each person can choose about their own console, and
// the screen where it is chosen.
//
// A value comes from the terminal where that leaves no choice (NO_COLOR), else
// from the person's own preference, else from the desk's file, else it is the
// default. The screen shows which, changes the preference in place and can take
// it away again. The desk's own settings are shown beside them, with the file
// and the key to change: they are for everybody and are not changed from here.
package settings
