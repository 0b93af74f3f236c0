package canned

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"
)

// FilesLimit is how many replies a folder may hold.
const FilesLimit = 1000

// ending is that of a reply's file. Other files in the folder are left alone.
const ending = ".txt"

// Load reads every reply of a folder. What cannot be read is a problem; a
// folder that does not exist has no replies and none.
func Load(folder fs.FS) (Replies, []Problem) {
	files, problems := list(folder)
	var replies Replies
	for _, f := range files {
		raw, err := read(folder, f.name)
		if err != nil {
			problems = append(problems, Problem{f.name, 0, "the file cannot be read: " + reason(err)})
			continue
		}
		r, p := Parse(f.name, raw)
		if p == nil {
			p = replies.taken(r, f.name, raw)
		}
		if p != nil {
			problems = append(problems, *p)
			continue
		}
		replies = append(replies, r)
	}
	slices.SortStableFunc(replies, func(a, b Reply) int { return cmp.Compare(a.Title, b.Title) })
	return replies, problems
}

// taken says that a key is another reply's already.
func (rs Replies) taken(r Reply, file string, raw []byte) *Problem {
	for _, o := range rs {
		if r.Key != "" && o.Key == r.Key && o.Lang == r.Lang && o.Queue == r.Queue {
			front, _, _, _ := cut(file, raw) // it is right, or r would not be there
			return &Problem{file, front.of("key"), fmt.Sprintf("the key %q is that of %s already; choose another, or say another language or queue", r.Key, o.Name+ending)}
		}
	}
	return nil
}

// mark tells whether a file has changed.
type mark struct {
	name string
	size int64
	at   int64 // nanoseconds
}

// list returns the files of replies, sorted by name.
func list(folder fs.FS) ([]mark, []Problem) {
	entries, err := fs.ReadDir(folder, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, []Problem{{".", 0, "the folder of canned replies cannot be read: " + reason(err)}}
	}
	var marks []mark
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ending) || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if len(marks) == FilesLimit {
			return marks, []Problem{{e.Name(), 0, fmt.Sprintf("there are more than %d replies; this one and those after it are left out", FilesLimit)}}
		}
		m := mark{name: e.Name()}
		if info, err := fs.Stat(folder, e.Name()); err == nil {
			if !info.Mode().IsRegular() { // a pipe would be waited for
				continue
			}
			m.size, m.at = info.Size(), info.ModTime().UnixNano()
		}
		marks = append(marks, m)
	}
	return marks, nil
}

// read reads a file, a byte more than it may have at most.
func read(folder fs.FS, name string) ([]byte, error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(f, FileLimit+1))
}

// reason returns an error without the path, which the problem names already.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// lookEvery is how often a folder is looked at for changes at most.
const lookEvery = time.Second

// Folder is a folder of replies that people edit while the desk is open. It
// may be used by many at once.
type Folder struct {
	files fs.FS

	mu       sync.Mutex
	looked   time.Time
	marks    []mark
	replies  Replies
	problems []Problem
}

// NewFolder returns the replies of a folder; nothing is read yet. A nil folder
// has none.
func NewFolder(files fs.FS) *Folder { return &Folder{files: files} }

// Replies returns what the folder holds now. It looks for changes once a
// second at most and reads the files again when there are some. A nil Folder
// is empty. The slices belong to everybody: they are not to be changed.
func (f *Folder) Replies() (Replies, []Problem) {
	if f == nil || f.files == nil {
		return nil, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.looked.IsZero() && time.Since(f.looked) < lookEvery {
		return f.replies, f.problems
	}
	marks, _ := list(f.files)
	if f.looked.IsZero() || !slices.Equal(marks, f.marks) {
		f.replies, f.problems = Load(f.files)
		f.marks = marks
	}
	f.looked = time.Now()
	return f.replies, f.problems
}
