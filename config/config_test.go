package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hark/config"
)

func TestEveryMistakeIsNamed(t *testing.T) {
	cases := []struct {
		name, file, want string
	}{
		{"unknown key", "[chat]\nlistne = \"127.0.0.1:1\"", `hark.toml:2: chat.listne: there is no such setting; did you mean chat.listen?`},
		{"unknown section", "\n[chta]\nlisten = \"x\"", `hark.toml:2: chta: there is no such section; did you mean [chat]?`},
		{"right key in the wrong place", "origins = []", `hark.toml:1: origins: there is no such setting; did you mean chat.origins?`},
		{"far from everything", "[chat]\nfrobnicate = 1", `hark config show lists`},
		{"wrong type", "[chat]\nlisten = 80", `hark.toml:2: chat.listen: is a whole number, not a text; it must be HOST:PORT`},
		{"text for a list", "[chat]\norigins = \"https://a.example\"", `hark.toml:2: chat.origins: is a text, not a list; it must be a list of sites`},
		{"number in a list", "[chat]\norigins = [1]", `holds a whole number where a text is needed`},
		{"text for a flag", "[console]\nreduced_motion = \"yes\"", `is a text, not true or false`},
		{"date", "[desk]\nname = 2026-11-22", `is a date or time, not a text`},
		{"table for a value", "[desk.name]\nx = 1", `hark.toml:1: desk.name: is a table, not a text`},
		{"value for a section", "chat = 3", `hark.toml:1: chat: is a whole number where a section is needed; it is written [chat]`},
		{"array of sections", "[[chat]]\nlisten = \"127.0.0.1:1\"", `hark.toml:1: chat: is a list where a section is needed`},
		{"inline table", "chat = {\n listen = 3 }", `hark.toml:`},
		{"no port", "[chat]\nlisten = \"127.0.0.1\"", `is "127.0.0.1"; it must be HOST:PORT`},
		{"impossible port", "[chat]\nlisten = \"127.0.0.1:70000\"", `is "127.0.0.1:70000"`},
		{"host by name", "[chat]\nlisten = \"shop.example:80\"", `names the host "shop.example", which is not an IP address`},
		{"open to all without TLS", "[chat]\nlisten = \"0.0.0.0:80\"", `hark.toml:2: chat.listen: 0.0.0.0:80 can be reached from other machines, and there is no TLS; set chat.tls.cert`},
		{"open to all by an empty host", "[chat]\nlisten = \":80\"", `can be reached from other machines`},
		{"half of TLS", "[chat.tls]\ncert = \"/c.pem\"", `hark.toml:2: chat.tls.cert: stands without chat.tls.key; set both, or neither`},
		{"relative file", "[chat.tls]\ncert = \"c.pem\"\nkey = \"/k\"", `does not begin with /`},
		{"origin with a path", "[chat]\norigins = [\"https://a.example/\"]", `a site ends behind its host, as in "https://a.example"`},
		{"origin without a scheme", "[chat]\norigins = [\"a.example\"]", `which is not a site`},
		{"origin of everybody", "[chat]\norigins = [\"https://*.example\"]", `without *`},
		{"proxy by name", "[chat]\ntrusted_proxies = [\"proxy\"]", `neither an address nor a range`},
		{"limit of nothing", "[chat.limits]\nburst = 0", `is 0; it must be a whole number from 1 to 10000`},
		{"fraction", "[chat.limits]\nburst = 1.5", `is a number with a fraction, not a whole number`},
		{"memory", "[keys]\nbackend = \"memory\"", `which only hark demo may use; it must be "keyring", "passphrase"`},
		{"unknown backend", "[keys]\nbackend = \"file\"", `is "file"`},
		{"command without one", "[keys]\nbackend = \"command\"", `hark.toml:2: keys.backend: is "command", and keys.command does not say which`},
		{"group without a socket", "[staff]\ngroup = \"support\"", `set staff.socket to a path that the group can reach`},
		{"bad duration", "[staff]\nidle = \"soon\"", `is "soon"; it must be a time such as "30m"`},
		{"unknown theme", "[console]\ntheme = \"neon\"", `is "neon"; it must be "auto", "light", "dark", "contrast", "16" or "none"`},
		{"not TOML", "[chat]\nlisten = 127.0.0.1:80", `hark.toml:2: this is not TOML`},
		{"key twice", "[desk]\nname = \"a\"\nname = \"b\"", `hark.toml:3: this is not TOML`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := config.Parse("hark.toml", []byte(c.file))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestAllMistakesAtOnceInOrder(t *testing.T) {
	_, err := config.Parse("f", []byte("[console]\ntheme = 1\n[chat]\nlisten = 2\n[desk]\nnmae = \"x\"\n"))
	var p config.Problems
	if !errors.As(err, &p) || len(p) != 3 || p[0].Line != 2 || p[1].Line != 4 || p[2].Line != 6 {
		t.Errorf("%v", err)
	}
}

func TestEmptyFileIsTheDefault(t *testing.T) {
	f, err := config.Parse("f", nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := config.Parse("f", []byte(f.Show()))
	if err != nil {
		t.Fatalf("what show writes is refused: %v\n%s", err, f.Show())
	}
	if again.Show() == f.Show() {
		t.Error("show does not tell the file's values from the defaults")
	}
	for i, v := range f.Values() {
		if a := again.Values()[i]; a.TOML != v.TOML || v.Line != 0 {
			t.Errorf("%s: %s became %s (line %d)", v.Key, v.TOML, a.TOML, v.Line)
		}
	}
}

func TestValuesArrive(t *testing.T) {
	f, err := config.Parse("f", []byte(`
[desk]
name = "Läden & Söhne"
[chat]
listen = "[::1]:8080"
origins = ["https://shop.example", "http://127.0.0.1:9000"]
trusted_proxies = ["10.1.2.3", "192.168.7.9/16"]
limits.burst = 7
[keys]
backend = "command"
command = ["pass", "show", "hark"]
[staff]
idle = "30m"
socket = "/run/hark/desk.sock"
group = "support"
[console]
reduced_motion = true
`))
	if err != nil {
		t.Fatal(err)
	}
	if f.Desk.Name != "Läden & Söhne" || len(f.Chat.Origins) != 2 || f.Chat.Limits.Burst != 7 || f.Staff.Idle != 30*time.Minute || !f.Console.ReducedMotion {
		t.Errorf("%+v", f.Config)
	}
	if p := f.Chat.TrustedProxies; len(p) != 2 || p[0].String() != "10.1.2.3/32" || p[1].String() != "192.168.0.0/16" {
		t.Errorf("proxies: %v", p)
	}
	if f.Line("chat.listen") != 5 || f.Line("chat.limits.burst") != 8 || f.Line("chat.tls.key") != 0 {
		t.Errorf("lines: %d %d %d", f.Line("chat.listen"), f.Line("chat.limits.burst"), f.Line("chat.tls.key"))
	}
}

func TestFirstFileReadsBack(t *testing.T) {
	c := config.Default()
	c.Desk.Name = "A \"quoted\"\tname"
	c.Chat.Origins = []string{"https://shop.example"}
	c.Keys.Backend = "passphrase"
	path := filepath.Join(t.TempDir(), "hark.toml")
	if err := os.WriteFile(path, []byte(config.First(c)), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := config.Load(path)
	if err != nil {
		t.Fatalf("%v\n%s", err, config.First(c))
	}
	if f.Desk != c.Desk || f.Keys.Backend != "passphrase" || f.Chat.Origins[0] != "https://shop.example" {
		t.Errorf("%+v", f.Config)
	}
}

func TestMissingFile(t *testing.T) {
	if _, err := config.Load(filepath.Join(t.TempDir(), "hark.toml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestLocate(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", "/c")
	t.Setenv("XDG_DATA_HOME", "relative/is/ignored")
	t.Setenv("HOME", "/h")
	p, err := config.Locate("")
	if err != nil || p.File != "/c/hark/hark.toml" || p.Data != "/h/.local/share/hark" {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := config.Locate("/d"); err != nil || p.File != "/d/hark.toml" || p.Data != "/d" {
		t.Errorf("%+v, %v", p, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "[chat]\nlisten = \"127.0.0.1:80\"", "chat = { tls = { cert = 1 } }", "a.\"b.c\".d = [[1]]",
		"[[x]]\n[[x]]", "\xff = 1", "x = \"\\u0007\"", "[desk]\nname = '''\n\x1b[2J'''", "x = 1\r\ny",
		mailed, working, "[queues]\n[queues.a]\nhours = {}\n[queues.\"\"]", "queues = { b = {}, a = { pages = [\"/\"] } }",
		"[console.keys]\n\"a.b\" = \"\"\n\"\" = \"x\"", "[chat.notice]\ntext = { en = 1 }",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := config.Parse("f", raw)
		if err == nil {
			if _, err := config.Parse("f", []byte(file.Show())); err != nil {
				t.Errorf("what show writes of %q is refused: %v", raw, err)
			}
			return
		}
		var p config.Problems
		if !errors.As(err, &p) || len(p) == 0 {
			t.Fatalf("%T %v", err, err)
		}
		for _, one := range p {
			if one.Line < 0 || one.Line > strings.Count(string(raw), "\n")+1 || one.Key != "" && one.Line == 0 {
				t.Errorf("line %d of %q: %v", one.Line, raw, one)
			}
			if strings.ContainsAny(one.Error(), "\x1b\r\n\x07") {
				t.Errorf("control characters in %q", one.Error())
			}
		}
	})
}
