// Package htmltext writes the HTML of a mail as plain lines, in one walk over
// its tokens.
//
// There is no tree and no recursion, so the time grows with the length of the
// input and with nothing else, and no nesting is too deep. Nothing is fetched.
// What is kept is what a reader needs: paragraphs, levels of quoting, lists,
// rows of tables, names of pictures, and of links where they really lead.
//
// Whoever sends mail also hides things in it: preheaders that nobody shall see,
// pictures of one pixel that report who reads, links that name a bank and lead
// elsewhere. The first are left out, the others counted and told.
package htmltext
