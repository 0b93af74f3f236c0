package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui/inbox"
)

// hostile is what strangers put into every field they can fill.
func hostile() map[string]string {
	return map[string]string{
		"c1 as utf-8":        "a\u009b2J\u009d52;c;aGFyaw==\u009cb\u0085c\u0090q",
		"osc 52":             "a\x1b]52;c;aGFyaw==\x07b",
		"title":              "a\x1b]0;owned\x07b\x1b]2;owned\x1b\\c",
		"unterminated osc":   "a\x1b]0;and the rest of the screen",
		"unterminated dcs":   "a\x1bPq#0;2;0;0;0",
		"csi":                "a\x1b[2J\x1b[1;1Hb\x1b[?1049lc\x1b[8md",
		"raw c1":             "a\x9b2J\x9d0;owned\x9cb",
		"carriage return":    "I owe you 999\rI owe you 1",
		"controls":           "a\x00\x05\x07\b\b\b\v\fb\x7f",
		"bidi":               "invoice\u202Egnp.exe \u2066x\u2069 \u200F\u200E",
		"forty marks":        "e" + strings.Repeat("\u0301", 40) + "x",
		"marks first":        "\u0301\u0302\u0303 first",
		"tags":               "hi\U000E0041\U000E0042\U000E0043 there",
		"zero width":         "pay\u200Bpal\u200C\u2060\uFEFF\u00AD",
		"right to left":      "שלום עולם مرحبا بالعالم",
		"emoji zwj":          "👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈 ❤️ ☎︎ 1️⃣",
		"flags":              "🇸🇪🇫🇮🇸",
		"wide":               strings.Repeat("漢字", 30),
		"wide at the border": "x" + strings.Repeat("漢", 59),
		"prepended":          "\u0600 ൎ \U000111C2 ൎ",
		"indic":              "क्षि স্ত্রী தமிழ் ನ್ನಿ",
		"thai":               "ก็็็็็็็็ ทำ น้ำ",
		"hangul":             "\u1112\u1161\u11ab\u1100",
		"broken utf-8":       "a\xff\xfe\xc3(b\xe2\x82",
		"link":               "\x1b]8;;https://evil.example\x1b\\bank.example\x1b]8;;\x1b\\",
		"markup":             "[YELLOW]<b>x</b>&amp;%s%d",
		"long":               strings.Repeat("w", 5000),
		"lines":              strings.Repeat("\n", 300) + "end",
		"ideographic space":  "a\u3000b\u2028c\u2029d\u00a0e\u2800f",
	}
}

// TestHostileText puts hostile text into every field and judges the screen of
// the emulator: frames in their place, the cursor where it belongs, the title
// and the clipboard untouched.
func TestHostileText(t *testing.T) {
	for name, text := range hostile() {
		for _, size := range []Size{{W: 120, H: 40}, {W: 80, H: 24}} {
			t.Run(fmt.Sprintf("%s-%d", name, size.W), func(t *testing.T) {
				at(t, setup{desk: evil(text), size: size, notices: []string{text}}, func(c *console) {
					c.Press("first")
					judge(c)
					c.Press(inbox.ActOpen)
					judge(c)
					c.Press("customer")
					judge(c)
					c.Press("back.customer").Press("half.up").Press("half.up")
					judge(c)
					c.Press("help")
					c.Key("esc").Press(inbox.ActReply).Paste(text)
					c.Wait(time.Second)
					judge(c)
					c.env.Journal.Fail(&desk.Error{Code: desk.Unavailable, Msg: text, Err: errors.New(text)})
					c.Key("ctrl+s")
					judge(c)
					c.env.Journal.Fail(nil)
					c.env.SetLamp(desk.Lamp{Part: "x" + text, Words: text})
					c.env.CustomerTyping(c.env.Visitor(desktest.Token("evil")).Conversation, true)
					c.settle()
					judge(c)
				})
			})
		}
	}
}

// evil is a desk where everything that a stranger or a colleague can write is
// hostile, beside things that are not.
func evil(text string) func(*desktest.Env) {
	return func(e *desktest.Env) {
		ctx := context.Background()
		words := desk.Words{Token: desktest.Token("evil"), Client: "1", Text: text + "\n" + text, Name: trimmed(text), Page: "https://shop.example/" + text}
		id, err := e.Say(ctx, words)
		if err != nil {
			panic(err)
		}
		ana := e.As("ana")
		bo, err := ana.AddAccount(ctx, desk.AccountCreated{Name: "bo", Display: valid(trimmed("Bo " + text)), Roles: []desk.Role{desk.RoleAgent}})
		if err != nil {
			panic(err)
		}
		session, err := e.SignIn(ctx, desk.SignIn{Account: bo.ID, Via: "test"})
		for _, do := range []func() error{
			func() error { return err },
			func() error { return ana.Claim(ctx, id) },
			func() error { return session.Note(ctx, id, "n "+text) },
			func() error { return session.Reply(ctx, id, "r "+text) },
		} {
			if err := do(); err != nil {
				panic(err)
			}
		}
		for i := range 30 {
			e.Says("Honest", fmt.Sprintf("line %d", i))
		}
		if err := ana.Claim(ctx, e.Visitor(desktest.Token("Honest")).Conversation); err != nil {
			panic(err)
		}
		time.Sleep(time.Minute)
		words.Client = "2"
		if _, err := e.Say(ctx, words); err != nil {
			panic(err)
		}
	}
}

func trimmed(s string) string {
	if len(s) > 100 {
		s = s[:100]
	}
	return s
}

func valid(s string) string { return strings.ToValidUTF8(s, "?") }

// judge holds the screen to its frames.
func judge(c *console) {
	c.t.Helper()
	c.settle()
	lines := strings.Split(c.term.text(), "\n")
	for _, title := range c.term.titles {
		if title != "hark: Test desk" && title != "" {
			c.t.Errorf("the title became %q", title)
		}
	}
	raw := c.term.raw.String()
	for _, bad := range []string{"\x1b]52", "\u009b", "\u009d", "\u0090", "\u202e", "\U000E0041", "\x1b]8;"} {
		if strings.Contains(raw, bad) {
			c.t.Errorf("%q was sent to the terminal", bad)
		}
	}
	top := 1
	if strings.HasPrefix(lines[1], "┏━ not done ━") {
		for top = 2; !strings.HasPrefix(lines[top-1], "┗━"); top++ {
			if cell := c.term.emu.CellAt(c.term.emu.Width()-1, top); cell == nil || !strings.Contains("┃┛", cell.Content) {
				c.t.Fatalf("no frame at the end of line %d:\n%s", top, strings.Join(lines, "\n"))
			}
		}
	}
	for _, x := range borders(c) {
		for y := top; y <= bottom(c, top); y++ {
			if cell := c.term.emu.CellAt(x, y); cell == nil || !strings.Contains("│┃┌┐└┘┏┓┗┛", cell.Content) || cell.Content == "" {
				c.t.Fatalf("no frame at column %d of line %d: %q\n%s", x, y, cell.Content, strings.Join(lines, "\n"))
			}
		}
	}
	last := lines[len(lines)-1]
	if !strings.HasPrefix(last, " NAV ") && !strings.HasPrefix(last, " WRITE ") {
		c.t.Fatalf("the status line is %q\n%s", last, strings.Join(lines, "\n"))
	}
	if x, y := c.term.cursor(); strings.HasPrefix(last, " WRITE ") && y < c.term.emu.Height()-14 {
		c.t.Errorf("the cursor is at %d, %d while writing", x, y)
	}
}

// bottom returns the line of the list's lower edge.
func bottom(c *console, top int) int {
	for y := top; y < c.term.emu.Height(); y++ {
		if cell := c.term.emu.CellAt(0, y); cell != nil && (cell.Content == "└" || cell.Content == "┗") {
			return y
		}
	}
	c.t.Fatalf("the list has no lower edge:\n%s", c.term.text())
	return 0
}

// borders returns the columns in which frames stand.
func borders(c *console) []int {
	if c.term.emu.Width() >= 120 {
		return []int{0, 37, 38, 89, 90, 119}
	}
	return []int{0, 27, 28, 79}
}
