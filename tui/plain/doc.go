// Package plain is the console for people who hear it: a line-based program on
// the same desk as the screens, made for screen readers and refreshable
// Braille, and good for a script at the other end of a pipe.
//
// The rules it keeps:
//
//   - A fact is one line and is written once, in the order in which it matters
//     to the ear: who, what, and the time last ("Ana: it is broken, 09:42").
//     Nothing is drawn, moved, repainted, coloured or animated, and the
//     terminal is left as it is: no raw mode, no alternate screen.
//   - Choices are numbered, and every act is confirmed in one sentence.
//   - A line that is being typed is never broken. The terminal edits and echoes
//     it, which is what a screen reader follows best; so the program does not
//     know whether a line is begun, and what happens meanwhile waits until
//     enter. It is told then, before the answer to what was typed, as it
//     happened before it; enter alone asks for it, a bell says that there is
//     something, and "listen" tells everything at once until the next enter.
//     To take the terminal's keys away and print above the line was the other
//     way: it needs a repaint of the line at every fact, which is read aloud
//     again each time.
//   - On a pipe nobody types, so facts are told when they happen, there is no
//     prompt, and the first command that fails ends the program with its exit
//     status: the next line of a script was written for the case that it did
//     not fail.
//   - What is typed in a reply of several lines is the draft of the desk, kept
//     line by line. The text of a refused or interrupted reply is never lost.
//   - Words of strangers pass tui/safe, all of them, at the one place where a
//     line is written.
package plain
