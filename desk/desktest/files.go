package desktest

import (
	"bytes"
	"context"
	"io"
	"sync"

	"hark/desk"
)

// Files keeps attachments in memory.
type Files struct {
	mu   sync.Mutex
	all  map[desk.ID][]byte
	kept map[desk.ID]bool
}

var _ desk.Files = (*Files)(nil)

// Create implements desk.Files.
func (f *Files) Create(_ context.Context, id desk.ID, r io.Reader, limit int64) (int64, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return 0, err
	}
	if int64(len(b)) > limit {
		return 0, desk.Errorf(desk.Invalid, "the file is larger than %d bytes", limit)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all == nil {
		f.all, f.kept = map[desk.ID][]byte{}, map[desk.ID]bool{}
	}
	f.all[id] = b
	return int64(len(b)), nil
}

// Keep implements desk.Files.
func (f *Files) Keep(_ context.Context, ids ...desk.ID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range ids {
		if f.all[id] == nil {
			return desk.Errorf(desk.NotFound, "the file is not here; attach it again")
		}
		f.kept[id] = true
	}
	return nil
}

// Kept reports whether a file was kept for good.
func (f *Files) Kept(id desk.ID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.kept[id]
}

// Open implements desk.Files.
func (f *Files) Open(_ context.Context, id desk.ID) (io.ReadCloser, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, ok := f.all[id]
	if !ok {
		return nil, desk.Errorf(desk.NotFound, "the file is gone")
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}
