// Package thread decides to which conversation a mail belongs, from evidence
// and not from guesses.
//
// What points to a conversation, the strongest first: our own signed
// Message-ID that comes back, our signed plus address, a Message-ID that is
// known here (or that a known mail refers to), and our token in the subject.
// The first of them that is found decides, and three rules may still say no:
//
//   - S, sender: who takes no part in a conversation never joins it by himself;
//   - N, topic: an answer under another subject that quotes nothing of ours,
//     and a mail handed on, begin a new conversation that is linked;
//   - M, age: what was over long ago is not taken up again.
//
// Exchange's Thread-Index and a subject that both bear only suggest.
//
// Mail arrives newest first at the first sync, and in any order later. A mail
// whose answers are here already is found by them: an answer belongs to the
// mail that it answers whichever of them came first, by the same rules.
//
// Everything here is a pure function of the mail and of an Index; each
// decision says in words what it rests on.
package thread
