// Package e2e tries the whole of hark at once: the real program on real files,
// a real browser on the sample shop, an agent at a real terminal, and plugs
// that are pulled. It has tests only.
package e2e
