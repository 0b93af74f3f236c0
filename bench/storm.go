package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/desk/desktest"
	"hark/tui"
)

// What the console's heavy cases are made of.
const (
	stormRate     = 1000 // events a second
	threadLength  = 5000 // messages
	dragSteps     = 200  // of a window's edge
	commandMayRun = 300 * time.Millisecond
)

// terminalEnv is the terminal that drawing is measured for.
func terminalEnv() []string {
	return []string{"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8"}
}

// storm measures the processor time of a console while a thousand things a
// second happen on its desk: the same storm with the console and with nobody,
// and the difference between the two.
func (p *plan) storm(ctx context.Context) error {
	length := p.length
	if !p.quick {
		length = max(length, 5*time.Second)
	}
	d, session, err := memoryDesk(ctx, 500)
	if err != nil {
		return err
	}
	p.say("tui: %d events a second for %s, without and with a console", stormRate, length)
	alone, err := p.blow(ctx, d, length)
	if err != nil {
		return err
	}
	screen := &counter{}
	leave, err := watch(ctx, session, screen)
	if err != nil {
		return err
	}
	watched, err := p.blow(ctx, d, length)
	if err := errors.Join(err, leave()); err != nil {
		return err
	}
	name := fmt.Sprintf("storm %d events/s", stormRate)
	share := 100 * float64(max(watched-alone, 0)) / float64(length)
	if err := p.print(figure{Bench: "tui", Figure: "cpu", Case: name, Value: share, Unit: "% of a core"}); err != nil {
		return err
	}
	return p.print(figure{Bench: "tui", Figure: "bytes", Case: name, Value: float64(screen.total()) / length.Seconds(), Unit: "bytes/s"})
}

// blow makes things happen at the storm's rate and returns what processor time
// it took the process.
func (p *plan) blow(ctx context.Context, d *desk.Desk, length time.Duration) (time.Duration, error) {
	const every = 10 * time.Millisecond
	before, err := cpuTime(os.Getpid())
	if err != nil {
		return 0, err
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for i, end := 0, time.Now().Add(length); time.Now().Before(end); {
		<-tick.C
		for range int(stormRate * every / time.Second) {
			i++
			token := desk.DeriveID([]byte("bench"), []byte(strconv.Itoa(i%500))).Hex()
			if _, err := d.Say(ctx, desk.Words{Token: token, Client: desk.NewID().String(), Text: words(i)}); err != nil {
				return 0, err
			}
		}
	}
	after, err := cpuTime(os.Getpid())
	return after - before, err
}

// watch runs a console on a terminal that only counts, and returns how to end
// it.
func watch(ctx context.Context, session *desk.Session, screen *counter) (leave func() error, err error) {
	ctx, cancel := context.WithCancel(ctx)
	in, keys := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- tui.Run(ctx, tui.Options{Session: session, In: in, Out: screen, Width: 120, Height: 40, Env: terminalEnv()})
	}()
	for _, key := range []string{"ga", "\r"} { // all of them, the newest open
		time.Sleep(commandMayRun)
		if _, err := io.WriteString(keys, key); err != nil {
			cancel()
			return nil, err
		}
	}
	time.Sleep(commandMayRun)
	return func() error {
		cancel()
		_ = keys.Close()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	}, nil
}

// counter is a terminal that nobody looks at.
type counter struct {
	mu sync.Mutex
	n  int64
}

// Write implements io.Writer.
func (c *counter) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += int64(len(b))
	return len(b), nil
}

func (c *counter) total() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// longThread measures drawing with a very long conversation open: a key press
// that scrolls through it, and a window whose edge is dragged.
func (p *plan) longThread(ctx context.Context) error {
	length := threadLength
	if p.quick {
		length = 50
	}
	d, session, err := memoryDesk(ctx, 1)
	if err != nil {
		return err
	}
	token := desk.DeriveID([]byte("bench"), []byte("0")).Hex()
	for i := range length {
		if _, err := d.Say(ctx, desk.Words{Token: token, Client: "m" + strconv.Itoa(i), Text: words(i)}); err != nil {
			return err
		}
	}
	model, done, err := tui.NewModel(ctx, tui.Options{Session: session, Width: 120, Height: 40, Env: terminalEnv()})
	if err != nil {
		return err
	}
	defer done()
	for _, key := range []tea.KeyPressMsg{{Code: 'g', Text: "g"}, {Code: 'a', Text: "a"}, {Code: tea.KeyEnter}} {
		model = pump(model, key)
	}
	model, err = readAll(model, length)
	if err != nil {
		return err
	}
	scroll := func(i int) tea.Msg {
		if i%200 < 100 {
			return tea.KeyPressMsg{Code: tea.KeyPgDown}
		}
		return tea.KeyPressMsg{Code: tea.KeyPgUp}
	}
	drag := func(i int) tea.Msg {
		width := 70 + i%dragSteps
		if i/dragSteps%2 == 1 {
			width = 70 + dragSteps - i%dragSteps
		}
		return tea.WindowSizeMsg{Width: width, Height: 40}
	}
	if err := p.frames(&model, "view", fmt.Sprintf("thread %d messages", threadLength), scroll); err != nil {
		return err
	}
	return p.frames(&model, "view", "resize drag", drag)
}

// readAll scrolls to the beginning of the open conversation, so that all of it
// is in memory, as for somebody who has read it.
func readAll(model tea.Model, length int) (tea.Model, error) {
	for range length { // a page holds more than one message
		before := model.View().Content
		if model = pump(model, tea.KeyPressMsg{Code: tea.KeyPgUp}); model.View().Content == before {
			if !strings.Contains(before, "chat began") {
				return nil, errors.New("the beginning of the conversation cannot be reached")
			}
			return model, nil
		}
	}
	return nil, errors.New("the conversation has no beginning")
}

// frames measures messages together with the picture that follows.
func (p *plan) frames(model *tea.Model, name, kind string, msg func(int) tea.Msg) error {
	count := 2 * dragSteps
	if p.quick {
		count = 10
	}
	var took samples
	for i := range count {
		start := time.Now()
		*model, _ = (*model).Update(msg(i))
		if (*model).View().Content == "" {
			return errors.New("the console drew nothing")
		}
		took = append(took, time.Since(start))
	}
	err := p.print(figure{Bench: "tui", Figure: name, Case: kind, Value: took.quantile(0.5), Unit: "ms"})
	if err != nil {
		return err
	}
	return p.print(figure{Bench: "tui", Figure: name + "_p99", Case: kind, Value: took.quantile(0.99), Unit: "ms"})
}

// pump gives the model a message and all that follows from it within a moment;
// timers are left behind.
func pump(model tea.Model, msg tea.Msg) tea.Model {
	model, cmd := model.Update(msg)
	for queue := []tea.Cmd{cmd}; len(queue) > 0; {
		next := queue[0]
		queue = queue[1:]
		if next == nil {
			continue
		}
		answer := make(chan tea.Msg, 1)
		go func() { answer <- next() }()
		select {
		case msg = <-answer:
		case <-time.After(commandMayRun):
			continue
		}
		if batch, ok := msg.(tea.BatchMsg); ok {
			queue = append(queue, batch...)
			continue
		}
		if msg != nil {
			model, cmd = model.Update(msg)
			queue = append(queue, cmd)
		}
	}
	return model
}

// memoryDesk is a desk in memory with conversations, and an agent's session.
func memoryDesk(ctx context.Context, count int) (*desk.Desk, *desk.Session, error) {
	j, s := desktest.NewJournal(), desk.NewState()
	if err := j.Follow(ctx, 1, s.Apply); err != nil {
		return nil, nil, err
	}
	d := desk.New(desk.Options{Journal: j, State: s, Drafts: &desktest.Drafts{}})
	owner := desk.AccountCreated{Name: "bench", Display: "Bench", Roles: []desk.Role{desk.RoleAdmin, desk.RoleAgent}}
	if err := d.Create(ctx, "Bench", owner); err != nil {
		return nil, nil, err
	}
	for i := range count {
		token := desk.DeriveID([]byte("bench"), []byte(strconv.Itoa(i))).Hex()
		_, err := d.Say(ctx, desk.Words{Token: token, Client: "c", Text: words(i), Name: "Visitor " + strconv.Itoa(i)})
		if err != nil {
			return nil, nil, err
		}
	}
	session, err := d.SignIn(ctx, desk.SignIn{Account: s.AccountNamed("bench").ID, Via: "bench"})
	return d, session, err
}
