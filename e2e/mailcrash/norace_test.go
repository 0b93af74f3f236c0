//go:build !race

package mailcrash_test

// usual is how many mails are taken in.
const usual = 5000
