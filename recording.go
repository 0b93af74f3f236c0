package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"

	"hark/desk"
	"hark/desk/desktest"
	"hark/recorder/keys"
)

// recording is what the hub needs of the recorder.
type recording interface {
	Journal() desk.Journal
	State() *desk.State
	Drafts() desk.Drafts
	HostKey(ctx context.Context) (ed25519.PrivateKey, error)
	Close() error
}

// memory is a recording that keeps nothing.
type memory struct {
	j *desktest.Journal
	s *desk.State
	d *desktest.Drafts
}

func openRecording(ctx context.Context, dir string, key keys.Source, lamp func(desk.Lamp)) (recording, error) {
	m := memory{desktest.NewJournal(), desk.NewState(), &desktest.Drafts{}}
	lamp(desk.Lamp{Part: "journal", Words: "nothing is kept: this desk is in memory"})
	return m, m.j.Follow(ctx, 1, m.s.Apply)
}

func (m memory) Journal() desk.Journal { return m.j }
func (m memory) State() *desk.State    { return m.s }
func (m memory) Drafts() desk.Drafts   { return m.d }
func (m memory) Close() error          { return nil }
func (m memory) HostKey(context.Context) (ed25519.PrivateKey, error) {
	_, k, err := ed25519.GenerateKey(rand.Reader)
	return k, err
}
