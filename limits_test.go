package main

import (
	"testing"

	"hark/channels/chat"
	"hark/config"
)

// What is allowed to one visitor must not be taken back by the bounds around it.
func TestTheBoundsGrowWithWhatAVisitorMayWrite(t *testing.T) {
	usual := config.Default().Chat.Limits
	if got, want := chatLimits(usual), chat.DefaultLimits(); got != want {
		t.Errorf("the default configuration gives %+v, want the channel's own %+v", got, want)
	}
	usual.MessagesPerMinute, usual.Burst = 60_000, 5000
	got := chatLimits(usual)
	if got.Messages.PerSecond != 1000 || got.AddressMessages.PerSecond < 1000 || got.Frames.PerSecond < 1000 || got.Bytes.PerSecond < 1000*100 {
		t.Errorf("1000 messages a second cannot come through: %+v", got)
	}
}
