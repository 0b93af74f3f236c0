package desk

import (
	"sync"
	"time"
)

// TypingFor is how long "is typing" holds without a new word of it.
const TypingFor = 6 * time.Second

type typingWho struct{ conversation, who ID }

// typing remembers who writes, so that the word goes out when it changes and
// ends by itself when the writer falls silent.
type typing struct {
	mu     sync.Mutex
	timers map[typingWho]*time.Timer
}

func (t *typing) set(k typingWho, active bool, tell func(bool)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	timer := t.timers[k]
	switch {
	case active && timer != nil:
		timer.Reset(TypingFor)
		return
	case active:
		if t.timers == nil {
			t.timers = map[typingWho]*time.Timer{}
		}
		t.timers[k] = time.AfterFunc(TypingFor, func() { t.set(k, false, tell) })
	case timer == nil:
		return
	default:
		timer.Stop()
		delete(t.timers, k)
	}
	tell(active)
}

// who returns who writes in a conversation right now.
func (t *typing) who(conversation ID) []ID {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []ID
	for k := range t.timers {
		if k.conversation == conversation {
			all = append(all, k.who)
		}
	}
	return all
}
