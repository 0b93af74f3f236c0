package tui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestMotionIsInOnePlace finds what appears or changes by itself outside of
// motion.go, where reduced motion is obeyed.
func TestMotionIsInOnePlace(t *testing.T) {
	moving := []string{"tea.Tick", "tea.Every", "time.Tick", "time.NewTicker", "time.AfterFunc"}
	found := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && path == "plain" {
			return fs.SkipDir // the line-oriented console draws nothing that could move
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && slices.Contains(moving, pkg.Name+"."+sel.Sel.Name) {
				found++
				if path != "motion.go" {
					t.Errorf("%s moves something by %s.%s; that belongs into motion.go", path, pkg.Name, sel.Sel.Name)
				}
			}
			return true
		})
		for _, r := range string(src) {
			if r >= 0x2800 && r <= 0x28FF {
				t.Errorf("%s draws with braille, which screen readers spell out", path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 4 {
		t.Errorf("only %d timers were found: this test looks for the wrong thing", found)
	}
}
