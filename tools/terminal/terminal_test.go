package terminal_test

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"hark/tools/terminal"
)

func start(t *testing.T, script string) (*terminal.Terminal, context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	tt, err := terminal.Start(exec.CommandContext(ctx, "sh", "-c", script), terminal.Options{Width: 40, Height: 6})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tt.Close(); err != nil {
			t.Error(err)
		}
	})
	return tt, ctx
}

func TestScreenShowsWhatTheProgramDraws(t *testing.T) {
	tt, ctx := start(t, `printf '\033[2;3Hone \033[31;1mtwo\033[0m 田'; read line; printf '\r\nread %s' "$line"; read end`)
	if err := tt.WaitFor(ctx, "  one two 田"); err != nil {
		t.Fatal(err)
	}
	cells := tt.Cells()
	if c := cells[1][6]; c.Content != "t" || !c.Bold || c.Fg.R < c.Fg.B {
		t.Errorf("the cell of a bold red t is %+v", c)
	}
	if c := cells[1][10]; c.Content != "田" || c.Width != 2 {
		t.Errorf("the cell of a wide character is %+v", c)
	}
	if err := tt.Type("hello\r"); err != nil {
		t.Fatal(err)
	}
	if err := tt.WaitFor(ctx, "read hello"); err != nil {
		t.Fatal(err)
	}
}

func TestProgramIsAnsweredAndLearnsItsSize(t *testing.T) {
	tt, ctx := start(t, `trap 'stty size' WINCH; stty raw -echo; printf '\033[6n'; dd bs=1 count=6 2>/dev/null | tr '\033' '^'; while :; do sleep 0.05; done`)
	if err := tt.WaitFor(ctx, "^[1;1R"); err != nil {
		t.Fatal(err)
	}
	if err := tt.Resize(50, 10); err != nil {
		t.Fatal(err)
	}
	if err := tt.WaitFor(ctx, "10 50"); err != nil {
		t.Fatal(err)
	}
}

func TestWaitEndsWithTheProgram(t *testing.T) {
	tt, ctx := start(t, `printf last words; exit 3`)
	err := tt.WaitFor(ctx, "what never comes")
	if !errors.Is(err, terminal.ErrEnded) || !strings.Contains(err.Error(), "last") {
		t.Errorf("got %v", err)
	}
	if tt.Ended(ctx) == nil {
		t.Error("the exit status is lost")
	}
}
