package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"hark/tools/browser"
)

// The size of the widget's picture, in CSS pixels.
const (
	pageWidth  = 1120
	pageHeight = 720
)

// widget chats in a real browser and takes a picture of the page.
func (s *studio) widget(ctx context.Context, dir, path string) error {
	b, err := browser.Start(ctx, filepath.Join(dir, "browser"))
	if err != nil {
		return err
	}
	defer b.Close()
	tab, err := b.Open(s.page)
	if err != nil {
		return err
	}
	defer tab.Close()
	if err := s.chat(ctx, tab); err != nil {
		return err
	}
	png, err := tab.Screenshot()
	if err != nil {
		return err
	}
	return write(path, png)
}

func (s *studio) chat(ctx context.Context, tab *browser.Tab) error {
	const question, answer = "Hi! Does the Fjord dim?", "Down to five percent, and without a hum. Any dimmer for LED will do."
	for _, step := range []func() error{
		func() error { return tab.Size(pageWidth, pageHeight) },
		func() error { return tab.Click("button", "Chat with us") },
		func() error { return tab.Click("textbox", "Message") },
		func() error { return tab.Keys(question) },
		func() error { return tab.Click("button", "Send") },
		func() error { return shows(tab, question) },
		func() error { return s.reply(ctx, answer) },
		func() error { return shows(tab, answer) },
		func() error { return tab.Keys("Lovely, then") },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	time.Sleep(time.Second) // what moves comes to rest
	return nil
}

// reply answers the newest conversation.
func (s *studio) reply(ctx context.Context, text string) error {
	id, err := s.newest(ctx)
	if err != nil {
		return err
	}
	_, err = s.hark(ctx, "send", id, text)
	return err
}

// shows waits until the chat shows a text.
func shows(tab *browser.Tab, text string) error {
	var got string
	for deadline := time.Now().Add(sceneWait); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var err error
		got, err = browser.Evaluate[string](tab, `document.querySelector('hark-chat').shadowRoot.querySelector('[role=log]').innerText`)
		if err != nil {
			return err
		}
		if strings.Contains(got, text) {
			return nil
		}
	}
	return fmt.Errorf("the chat does not show %q but %q", text, got)
}
