// Package fold finds what a mail repeats: quotes of earlier mails and
// signatures.
//
// What is found is shown folded and never cut. Folding new words is the worse
// mistake, so where it is not clear the lines stay open: answers between quoted
// lines, quotes that are short and answered below, blocks of fields in a mail
// that answers nothing. A mail that hands on another folds nothing, and neither
// does one in which nothing would be left.
package fold
