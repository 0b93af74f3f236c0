package chat

import "testing"

func TestLeanScript(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"comments and space", "// words\nf( a , b ); /* more */ g ( );", "f(a,b);g();"},
		{"words stay apart", "return typeof f;\nif (f) delete f.x; else throw f;", "return typeof f;if(f)delete f.x;else throw f;"},
		{"signs stay apart", "f(1 + +g, 2 - -g, g ++ + 1);", "f(1+ +g,2- -g,g++ +1);"},
		{"texts are as they were", `f("a  // b", ' /* c */ ');`, `f("a  // b",' /* c */ ');`},
		{"quotes within texts", `f("\"  x", "\\", "//");`, `f("\"  x","\\","//");`},
		{"regular expressions", `f(/[/"]  \/ x/g, 1 / 2, (g) / 2);`, `f(/[/"]  \/ x/g,1/2,(g)/2);`},
	} {
		if got := leanScript(c.source); got != c.want {
			t.Errorf("%s:\n\tgot  %s\n\twant %s", c.name, got, c.want)
		}
	}
}

func TestNamesGetShort(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"variables", "const first = 1; let second = first;", "const a=1;let b=a;"},
		{"functions and parameters", "function sum(left, right) { return left + right; } sum(1, 2);", "function c(a,b){return a+b;}c(1,2);"},
		{"arrows", "const twice = (one) => one + one; const self = one => one;", "const c=(a)=>a+a;const b=a=>a;"},
		{"a rest", "const list = (...all) => all; list(list);", "const a=(...b)=>b;a(a);"},
		{"classes", "class Link { open() { return new Link(); } }", "class a{open(){return new a();}}"},
		{"lists taken apart", "const [first, second] = list; first(second);", "const[a,b]=list;a(b);"},
		{"what belongs to others", "document.open(window.name);", "document.open(window.name);"},
		{"a property of the same name", "const size = 1; f(other.size, size);", "const size=1;f(other.size,size);"},
		{"a key of the same name", "const size = 1; f({ size: 2 });", "const size=1;f({size:2});"},
		{"a key and value in one", "const size = 1; f({ size });", "const size=1;f({size});"},
		{"objects taken apart", "const { size, name } = f; g(size, name);", "const{size,name}=f;g(size,name);"},
		{"methods", "const open = 1; class Link { open() { return open; } async close() {} } const close = 2;", "const open=1;class a{open(){return open;}async close(){}}const close=2;"},
		{"private members", "class A { #open() { this.#open(); } async #shut() { this.open.#shut(); } }", "class a{#a(){this.#a();}async#b(){this.open.#b();}}"},
		{"names that are free", "const first = a; first(b);", "const c=a;c(b);"},
		{"texts", `const first = "first"; f(first);`, `const a="first";f(a);`},
	} {
		if got := leanScript(c.source); got != c.want {
			t.Errorf("%s:\n\tgot  %s\n\twant %s", c.name, got, c.want)
		}
	}
}

func TestShortNamesAreNoWordsOfTheLanguage(t *testing.T) {
	uses := map[string]int{}
	for i := range 700 {
		uses["variable"+nthName(i)] = 1
	}
	seen := map[string]bool{}
	for _, short := range shortNames(uses, map[string]bool{"a": true}) {
		if short == "a" || reserved(short) || seen[short] {
			t.Errorf("%q is taken", short)
		}
		seen[short] = true
	}
}

func TestLeanStyle(t *testing.T) {
	got := leanStyle("/* words */\n.a > b, c {\n  color: red;\n  margin: calc(1px + 2px) 0;\n}\n@media print { .a { color: var(--x, blue); } }\n")
	if want := ".a>b,c{color:red;margin:calc(1px + 2px) 0}@media print{.a{color:var(--x,blue)}}"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
