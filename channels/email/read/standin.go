package read

// Address is a mailbox with the name it was written with.
type Address struct{ Name, Mail string } // Mail is lower-cased

// FoldKind says what a fold hides.
type FoldKind string

// The kinds of folds.
const (
	FoldQuote     FoldKind = "quote"
	FoldSignature FoldKind = "signature"
	FoldForward   FoldKind = "forward"
)

// Fold is a byte range of a text that is shown folded.
type Fold struct {
	From, To int
	Kind     FoldKind
}

// PartKind says what a part of a mail is.
type PartKind string

// The kinds of parts.
const (
	PartFile      PartKind = "file"
	PartInline    PartKind = "inline"
	PartInvite    PartKind = "invite"
	PartReport    PartKind = "report"
	PartMessage   PartKind = "message"
	PartSignature PartKind = "signature"
	PartSealed    PartKind = "sealed"
)

// Part is something that hangs on a mail.
type Part struct {
	N    int
	Name string
	Type string
	Size int64
	Kind PartKind
}
