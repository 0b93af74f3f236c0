package journal

import "github.com/ncruces/go-sqlite3/vfs"

// layerName is the name of the layer over the system's files.
const layerName = "hark-journal"

// layer opens the system's files without mapping them into memory. The pages
// carry check sums, which rules mapping out; SQLite's layer for Go forgets that
// when one connection moves the log that another wrote, and panics.
type layer struct{ vfs.VFSFilename }

// registerLayer makes the layer known under its name. Doing so again changes
// nothing.
func registerLayer() string {
	if under, ok := vfs.Find("").(vfs.VFSFilename); ok {
		vfs.Register(layerName, layer{under})
		return layerName
	}
	return ""
}

func (l layer) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := l.VFSFilename.OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return layerFile{f}, flags, nil
}

// layerFile is a file without a memory map. Of what a file may do beyond
// reading and writing, it shares memory, without which there are no readers
// beside the writer.
type layerFile struct{ vfs.File }

func (f layerFile) SharedMemory() vfs.SharedMemory {
	if s, ok := f.File.(vfs.FileSharedMemory); ok {
		return s.SharedMemory()
	}
	return nil
}
