package chat_test

import (
	"testing"

	"hark/desk"
)

// only returns the only conversation there is.
func (h *hub) only(s *desk.Session) *desk.Conversation {
	h.t.Helper()
	var row *desk.Conversation
	eventually(h.t, "a conversation", func() bool {
		w, err := s.Window(desk.All, 0, 10)
		if err != nil {
			h.t.Fatal(err)
		}
		if len(w.Rows) == 1 {
			row = w.Rows[0]
		}
		return row != nil
	})
	return row
}

func (h *hub) reply(s *desk.Session, text string) {
	h.t.Helper()
	if err := s.Reply(h.t.Context(), h.only(s).ID, text); err != nil {
		h.t.Fatal(err)
	}
}

func TestInBrowser(t *testing.T) {
	b := startBrowser(t)
	t.Run("a visitor is answered", func(t *testing.T) {
		h, shop, _ := startSite(t, "")
		page := b.open(t, shop)
		page.write("do you have green tea?")
		page.shows("do you have green tea?")
		page.marked("do you have green tea?", "Delivered")
		bo := h.env.As("bo")
		bo.Typing(h.only(bo).ID, true)
		eventually(t, "Bo is seen typing", func() bool {
			return js[string](page, shadow+".querySelector('.typist').textContent") == "Bo is typing"
		})
		h.reply(bo, "We do: https://shop.test/green. Have a look.")
		page.shows("do you have green tea?", "We do: https://shop.test/green. Have a look.")
		if got := js[string](page, shadow+".querySelector('.message a').href"); got != "https://shop.test/green" {
			t.Errorf("the link goes to %q", got)
		}
		page.reload()
		page.openChat()
		page.shows("do you have green tea?", "We do: https://shop.test/green. Have a look.")
	})
}
