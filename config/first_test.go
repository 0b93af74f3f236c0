package config

import (
	"reflect"
	"testing"
	"time"
)

func TestAFirstFileWithQueuesAndANoticeReadsBack(t *testing.T) {
	want := Default()
	want.Queues = []Queue{
		{Name: "shop", Title: "Shop", FirstReply: 2 * time.Minute, NextReply: 15 * time.Minute, Warn: 75},
		{Name: "workshop", Pages: []string{"/fjord"}, FirstReply: 5 * time.Minute, NextReply: time.Hour, Warn: 50},
	}
	want.Chat.Notice = Notice{Version: "1", Text: map[string]string{"en": "Kept.", "de": "Bleibt."}}
	f, err := Parse("hark.toml", []byte(First(want)))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(f.Queues, want.Queues) || !reflect.DeepEqual(f.Chat.Notice, want.Chat.Notice) {
		t.Errorf("read back: %+v, %+v\n%s", f.Queues, f.Chat.Notice, First(want))
	}
}
