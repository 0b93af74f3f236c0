//go:build race

package mailcrash_test

// usual is how many mails are taken in: the race detector makes each dear.
const usual = 1000
