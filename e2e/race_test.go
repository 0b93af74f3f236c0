//go:build race

package e2e_test

// raced says that this test looks for races, so the program does too.
const raced = true
