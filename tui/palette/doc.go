// Package palette is the list of everything that can be done or gone to, found
// by typing some letters of its name.
//
// It knows what an item is called, which key it has, and why it cannot be used
// now; what an item does is the business of whoever offered it. Sources offer
// items once when the palette opens; finders look for more, such as
// conversations, while letters are typed.
package palette
