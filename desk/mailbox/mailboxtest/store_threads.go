package mailboxtest

import (
	"hark/desk"
	"hark/desk/mailbox"
)

func (b *bench) find(messageIDs ...string) []mailbox.Reference {
	b.Helper()
	refs, err := b.Find(b.Context(), messageIDs...)
	b.must(err)
	return refs
}

func testThread(b *bench) {
	ids, conversation := b.put(2), desk.NewID()
	t := mailbox.Threading{ID: ids[0], Conversation: conversation, Identity: identity(1), MessageID: "One@example.com"}
	b.must(b.Thread(b.Context(), t))
	b.must(b.Thread(b.Context(), t))
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: ids[1], Conversation: conversation}))
	b.must(b.Thread(b.Context()))
	b.again(func() {
		r := b.row(ids[0])
		b.same("stage", r.Stage, mailbox.Threaded)
		b.same("conversation", r.Conversation, conversation)
		b.same("references", b.find("One@example.com"), []mailbox.Reference{{MessageID: "One@example.com", Conversation: conversation, Mail: ids[0]}})
		b.same("another case", len(b.find("one@example.com")), 0)
		b.same("no identifier", len(b.find("")), 0)
		got, ok, err := b.Same(b.Context(), identity(1))
		b.must(err)
		b.same("same", got, r)
		b.same("found", ok, true)
		_, ok, err = b.Same(b.Context(), [32]byte{})
		b.must(err)
		b.same("the same as nothing", ok, false)
	})
}

func testThreadAtomic(b *bench) {
	ids := b.put(1)
	err := b.Thread(b.Context(),
		mailbox.Threading{ID: ids[0], Conversation: desk.NewID(), MessageID: "one@example.com"},
		mailbox.Threading{ID: desk.NewID(), Conversation: desk.NewID()})
	b.refused("a mail without a row", err, desk.NotFound)
	b.again(func() {
		b.same("row", b.row(ids[0]), rowOf(mail(inbox(1), "mail")))
		b.same("references", len(b.find("one@example.com")), 0)
	})
}

func testGhosts(b *bench) {
	ids, one, two := b.put(4), desk.NewID(), desk.NewID()
	refs := []string{"root@example.com", "parent@example.com", "", "root@example.com"}
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: ids[0], Conversation: one, MessageID: "child@example.com", Refs: refs}))
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: ids[1], Conversation: one, MessageID: "other@example.com", Refs: refs}))
	root := mailbox.Reference{MessageID: "root@example.com", Conversation: one, Ghost: true}
	parent := mailbox.Reference{MessageID: "parent@example.com", Conversation: one, Ghost: true}
	b.again(func() {
		b.same("ghosts", b.find("parent@example.com", "unknown", "root@example.com"), []mailbox.Reference{parent, root})
	})

	b.must(b.Thread(b.Context(), mailbox.Threading{ID: ids[2], Conversation: one, MessageID: "root@example.com"}))
	real := mailbox.Reference{MessageID: "root@example.com", Conversation: one, Mail: ids[2]}
	b.again(func() { b.same("a ghost that came", b.find("root@example.com"), []mailbox.Reference{real}) })

	b.must(b.Thread(b.Context(), mailbox.Threading{ID: ids[3], Conversation: two, MessageID: "parent@example.com", Refs: []string{"root@example.com"}}))
	b.again(func() {
		b.same("an impostor", b.find("parent@example.com"),
			[]mailbox.Reference{{MessageID: "parent@example.com", Conversation: two, Mail: ids[3]}, parent})
		b.same("a ghost of another conversation", b.find("root@example.com"),
			[]mailbox.Reference{real, {MessageID: "root@example.com", Conversation: two, Ghost: true}})
	})
}

func testReused(b *bench) {
	ids, one, two := b.put(2), desk.NewID(), desk.NewID()
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: ids[1], Conversation: one, MessageID: "same@example.com", Identity: identity(1)}))
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: ids[0], Conversation: two, MessageID: "same@example.com", Identity: identity(2)}))
	b.again(func() {
		b.same("references", b.find("same@example.com"), []mailbox.Reference{
			{MessageID: "same@example.com", Conversation: one, Mail: ids[1]},
			{MessageID: "same@example.com", Conversation: two, Mail: ids[0]},
		})
	})
	b.must(b.Thread(b.Context(), mailbox.Threading{ID: ids[1], Conversation: two, MessageID: "same@example.com"}))
	for range mailbox.FindMost {
		b.must(b.Alias(b.Context(), "same@example.com", one, desk.NewID()))
	}
	b.again(func() {
		refs := b.find("same@example.com")
		b.same("references", len(refs), mailbox.FindMost)
		b.same("the first, threaded again", refs[0], mailbox.Reference{MessageID: "same@example.com", Conversation: two, Mail: ids[1]})
	})
}

func testAlias(b *bench) {
	conversation, item := desk.NewID(), desk.NewID()
	b.must(b.Alias(b.Context(), "ours@example.com", conversation, item))
	b.must(b.Alias(b.Context(), "ours@example.com", conversation, item))
	b.must(b.Alias(b.Context(), "theirs@example.com", conversation, item))
	b.again(func() {
		b.same("references", b.find("theirs@example.com", "ours@example.com"), []mailbox.Reference{
			{MessageID: "theirs@example.com", Conversation: conversation, Mail: item},
			{MessageID: "ours@example.com", Conversation: conversation, Mail: item},
		})
	})
}

func testCopies(b *bench) {
	ids, conversation := b.put(3), desk.NewID()
	first := mailbox.Threading{ID: ids[2], Conversation: conversation, Identity: identity(1), MessageID: "one@example.com"}
	again := first
	again.ID, again.CopyOf, again.Refs = ids[0], ids[2], []string{"root@example.com"}
	b.must(b.Thread(b.Context(), first, again))
	b.again(func() {
		b.same("stage", b.row(ids[0]).Stage, mailbox.Copy)
		b.same("conversation", b.row(ids[0]).Conversation, conversation)
		r, ok, err := b.Same(b.Context(), identity(1))
		b.must(err)
		if !ok || r.ID != ids[2] {
			b.Errorf("the same is %+v", r)
		}
		b.same("references", len(b.find("one@example.com", "root@example.com")), 1)
		heads, err := b.Heads(b.Context(), "support", "INBOX")
		b.must(err)
		b.same("identity of a copy", heads[0].Identity, identity(1))
	})
}

func testBury(b *bench) {
	b.must(b.Bury(b.Context(), identity(1)))
	b.must(b.Bury(b.Context(), identity(1)))
	b.again(func() {
		for n, want := range map[byte]bool{1: true, 2: false} {
			ok, err := b.Buried(b.Context(), identity(n))
			b.must(err)
			b.same("buried", ok, want)
		}
	})
}
