package main

import (
	"context"

	"hark/recorder"
)

// openRecording opens what the data folder keeps. A folder without a desk gets
// one only when the hub was asked to found it.
func openRecording(ctx context.Context, h *hub) (*recorder.Recorder, error) {
	o := recorder.Options{Dir: h.o.Place.Data, Key: h.o.Key, Progress: h.o.Progress, Lamp: h.lamps.set, Log: h.o.Log}
	if h.o.Create != nil && !recorder.Exists(o.Dir) {
		return recorder.Create(ctx, o)
	}
	return recorder.Open(ctx, o)
}
