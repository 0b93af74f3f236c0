package ui

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// named are the keys that have a name, as a terminal's messages call them.
func named() []string {
	return []string{
		"enter", "tab", "esc", "space", "backspace", "delete", "insert", "home", "end", "pgup", "pgdown",
		"up", "down", "left", "right",
	}
}

// modifiers come before a key in this order.
func modifiers() []string { return []string{"ctrl", "alt", "shift", "meta", "hyper", "super"} }

// CheckKey returns why a text is not the name of one key as terminals send it,
// or nothing.
func CheckKey(name string) string {
	mods, key := split(name)
	order := modifiers()
	last := -1
	for _, m := range mods {
		at := slices.Index(order, m)
		if at < 0 {
			return quote(m) + " is no modifier; they are ctrl, alt and shift"
		}
		if at <= last {
			return "modifiers come once each, in the order ctrl, alt, shift"
		}
		last = at
	}
	if twin := alike(name); twin != "" {
		return "terminals cannot tell it from " + twin
	}
	return checkBase(mods, key)
}

func checkBase(mods []string, key string) string {
	switch r, size := utf8.DecodeRuneInString(key); {
	case key == "":
		return "a key is missing"
	case slices.Contains(named(), key) || function(key):
		return ""
	case size != len(key):
		return quote(key) + " is no key; keys are letters, signs and names such as enter, f5 or pgup"
	case !unicode.IsPrint(r) || r == ' ':
		return "the key's name is not printable; write space for the space bar"
	case len(mods) > 0 && unicode.IsUpper(r):
		return "write the letter small behind a modifier"
	case len(mods) == 1 && mods[0] == "shift":
		return "write the sign itself, " + quote(strings.ToUpper(key)) + ", for shift and a letter"
	}
	return ""
}

// split takes a name apart: "ctrl+shift+up", also "ctrl++".
func split(name string) (mods []string, key string) {
	for {
		m, rest, ok := strings.Cut(name, "+")
		if !ok || m == "" || rest == "" {
			return mods, name
		}
		mods, name = append(mods, m), rest
	}
}

// function reports whether a key is one of f1 to f20.
func function(key string) bool {
	n, err := strconv.Atoi(strings.TrimPrefix(key, "f"))
	return err == nil && len(key) > 1 && key[0] == 'f' && n >= 1 && n <= 20 && key == "f"+strconv.Itoa(n)
}

// Types reports whether a key writes a letter where letters type.
func Types(name string) bool { return utf8.RuneCountInString(name) == 1 || name == "space" }

func quote(s string) string { return `"` + s + `"` }
