package journal

import (
	"encoding/binary"

	"hark/desk"
)

// filter answers "is this identifier in the run?" with no, or with perhaps: a
// blocked Bloom filter, an array of 64-byte blocks. Nearly every identifier
// that comes in is new, and a no saves looking it up.
type filter []byte

// filterBlock is the size of a block in bytes: a line of the processor's cache.
const filterBlock = 64

// filterProbes is how many bits of its block each identifier sets.
const filterProbes = 7

// Large runs are few and weigh on memory; small ones are many, and their
// mistakes add up.
const (
	filterBitsSmall = 16 // an identifier, which is wrong once in a thousand
	filterBitsLarge = 12 // wrong five times in a thousand
	filterLarge     = 1 << 17
)

// newFilter returns a filter for so many identifiers.
func newFilter(count int) filter { return make(filter, filterSize(count)) }

// filterSize is the size in bytes of a filter for so many identifiers.
func filterSize(count int) int {
	bits := filterBitsSmall
	if count >= filterLarge {
		bits = filterBitsLarge
	}
	return (count*bits/8/filterBlock + 1) * filterBlock
}

// place takes an identifier apart: it is random, so its bits are hashes.
func (f filter) place(id desk.ID) (block []byte, bits uint64) {
	n := binary.LittleEndian.Uint64(id[:8]) % uint64(len(f)/filterBlock) * filterBlock
	return f[n : n+filterBlock], binary.LittleEndian.Uint64(id[8:])
}

// has reports whether id was perhaps added.
func (f filter) has(id desk.ID) bool {
	block, bits := f.place(id)
	for range filterProbes {
		if block[bits>>3&63]&(1<<(bits&7)) == 0 {
			return false
		}
		bits >>= 9
	}
	return true
}

// add adds id.
func (f filter) add(id desk.ID) {
	block, bits := f.place(id)
	for range filterProbes {
		block[bits>>3&63] |= 1 << (bits & 7)
		bits >>= 9
	}
}
