package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"hark/desk"
	"hark/tui/notify"
	"hark/tui/safe"
	"hark/tui/settings"
)

// preferLimit is how long keeping a choice may take.
const preferLimit = 5 * time.Second

// chosenMsg says that a choice was kept, or was not.
type chosenMsg struct {
	name, value string
	err         error
}

// toldMsg says how something went that has no other answer.
type toldMsg struct {
	what string
	err  error
}

// book returns the settings as they are for this person at this terminal.
func (r *root) book() settings.Book {
	c := r.opts.Console
	b := settings.Book{Forced: forced(r.opts.Env), Own: r.preference, File: map[string]string{
		settings.Theme: c.Theme, settings.Glyphs: c.Glyphs, settings.Motion: c.Motion,
		settings.Mouse: c.Mouse, settings.Notify: c.Notify, settings.EnterSends: c.EnterSends,
	}}
	if r.opts.ASCII && c.Glyphs == "" {
		b.File[settings.Glyphs] = "ascii"
	}
	return b
}

// forced returns what a terminal leaves no choice about.
func forced(env []string) map[string]string {
	f := map[string]string{}
	if lookup(env, "NO_COLOR") != "" {
		f[settings.Theme] = "none"
	}
	if lookup(env, "TERM") == "dumb" {
		f[settings.Theme], f[settings.Glyphs], f[settings.Mouse] = "none", "ascii", settings.Off
	}
	if still(env) {
		f[settings.Motion] = settings.Reduced
	}
	return f
}

// preference returns the person's choice, empty for none.
func (r *root) preference(name string) string {
	if value, ok := r.own[name]; ok {
		return value
	}
	return r.session.Preference(name)
}

// prefer takes a choice into use at once and has the desk keep it.
func (r *root) prefer(name, value string) tea.Cmd {
	r.own[name] = value
	r.apply(name)
	ctx, session := r.ctx, r.session
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, preferLimit)
		defer cancel()
		return chosenMsg{name, value, session.Prefer(ctx, name, value)}
	}
}

// apply draws and listens as the settings say now.
func (r *root) apply(name string) {
	if name == settings.EnterSends {
		r.rekey()
		return
	}
	r.relook()
}

// chosen takes how keeping a choice went. A choice that could not be kept
// holds until the console closes.
func (r *root) chosen(m chosenMsg) {
	switch {
	case m.err != nil:
		r.toasts.Fail("the choice holds in this console only, it could not be kept: " + safe.Line(desk.Sentence(m.err)).String())
	case r.own[m.name] == m.value && r.session.Preference(m.name) == m.value:
		delete(r.own, m.name)
	}
}

func (r *root) told(m toldMsg) {
	if m.err != nil {
		r.toasts.Fail(m.what + ": " + safe.Line(desk.Sentence(m.err)).String())
	}
}

// openSettings opens the settings at one of them.
func (r *root) openSettings(at string) tea.Cmd {
	facts := make([]settings.Fact, 0, len(r.opts.DeskSettings))
	for _, s := range r.opts.DeskSettings {
		facts = append(facts, settings.Fact{
			Key: safe.Line(s.Key).String(), Value: safe.Line(s.Value).String(), Where: safe.Line(s.Where).String(),
		})
	}
	r.open(settings.New(settings.Deps{
		Book: r.book(), Change: r.prefer, Desk: facts, File: safe.Line(r.opts.File).String(),
	}, at))
	return nil
}

// way returns how this terminal is told of something, as the person chose.
func (r *root) way() string {
	way := r.book().Value(settings.Notify)
	if way == notify.Auto {
		return notify.Detect(func(name string) string { return lookup(r.opts.Env, name) })
	}
	return way
}
