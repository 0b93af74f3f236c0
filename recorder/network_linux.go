package recorder

import "syscall"

// networks has the network file systems that Linux tells apart, by the magic
// numbers of statfs(2). FUSE is not among them: it may be a local disk.
var networks = map[int64]string{
	0x6969:     "NFS",
	0x517b:     "SMB",
	0xfe534d42: "SMB",
	0xff534d42: "SMB",
	0x00c36400: "Ceph",
	0x5346414f: "AFS",
	0x6b414653: "AFS",
	0x73757245: "Coda",
	0x564c:     "NCP",
	0x01161970: "GFS",
	0x7461636f: "OCFS2",
	0x0bd00bd0: "Lustre",
}

// networkFileSystem names the network file system that a folder is on, "" for
// a disk of this machine or when it cannot be told.
func networkFileSystem(dir string) string {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return ""
	}
	return networks[int64(uint32(st.Type))] //nolint:unconvert // its type differs between processors
}
