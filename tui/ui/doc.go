// Package ui holds what the screens of the console are made of: a look (theme,
// glyphs, the measure of text), frames, the layout, the table of actions, and
// the overlays that stand above a screen.
//
// Nothing here knows what a conversation is, and nothing is shared between two
// sessions: a Look is made for one terminal and replaced, never changed.
package ui
