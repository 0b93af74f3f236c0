package desk

import "sort"

// blockSize keeps a block small enough to shift cheaply and large enough that
// a hundred thousand items make only a few hundred blocks.
const blockSize = 512

// ordered is a sorted set in blocks: insert, remove, rank and access by
// position cost the length of one block and the number of blocks.
type ordered[T any] struct {
	less   func(a, b T) bool
	blocks [][]T
	size   int
}

func newOrdered[T any](less func(a, b T) bool) *ordered[T] {
	return &ordered[T]{less: less}
}

// find returns the block and the place in it of the first item that is not
// less than v.
func (o *ordered[T]) find(v T) (block, place int) {
	block = sort.Search(len(o.blocks), func(i int) bool {
		b := o.blocks[i]
		return !o.less(b[len(b)-1], v)
	})
	if block == len(o.blocks) {
		return block, 0
	}
	b := o.blocks[block]
	return block, sort.Search(len(b), func(i int) bool { return !o.less(b[i], v) })
}

// holds reports whether the item at block and place equals v.
func (o *ordered[T]) holds(block, place int, v T) bool {
	return block < len(o.blocks) && place < len(o.blocks[block]) && !o.less(v, o.blocks[block][place])
}

func (o *ordered[T]) insert(v T) {
	block, place := o.find(v)
	if o.holds(block, place, v) {
		return
	}
	o.size++
	if block == len(o.blocks) {
		if block == 0 {
			o.blocks = append(o.blocks, make([]T, 0, blockSize))
			o.blocks[0] = append(o.blocks[0], v)
			return
		}
		block--
		place = len(o.blocks[block])
	}
	b := append(o.blocks[block], v)
	copy(b[place+1:], b[place:])
	b[place] = v
	o.blocks[block] = b
	if len(b) >= blockSize {
		o.split(block)
	}
}

func (o *ordered[T]) split(block int) {
	b := o.blocks[block]
	half := len(b) / 2
	right := append(make([]T, 0, blockSize), b[half:]...)
	clear(b[half:])
	o.blocks[block] = b[:half]
	o.blocks = append(o.blocks, nil)
	copy(o.blocks[block+2:], o.blocks[block+1:])
	o.blocks[block+1] = right
}

func (o *ordered[T]) remove(v T) {
	block, place := o.find(v)
	if !o.holds(block, place, v) {
		return
	}
	o.size--
	b := o.blocks[block]
	copy(b[place:], b[place+1:])
	clear(b[len(b)-1:])
	o.blocks[block] = b[:len(b)-1]
	if len(b) == 1 {
		o.blocks = append(o.blocks[:block], o.blocks[block+1:]...)
	}
}

// rank returns how many items are less than v.
func (o *ordered[T]) rank(v T) int {
	block, place := o.find(v)
	n := place
	for _, b := range o.blocks[:block] {
		n += len(b)
	}
	return n
}

// slice calls yield for up to limit items from position from on.
func (o *ordered[T]) slice(from, limit int, yield func(T)) {
	for _, b := range o.blocks {
		if from >= len(b) {
			from -= len(b)
			continue
		}
		for _, v := range b[from:] {
			if limit <= 0 {
				return
			}
			limit--
			yield(v)
		}
		from = 0
	}
}

// from calls yield for the items not less than v until it returns false.
func (o *ordered[T]) from(v T, yield func(T) bool) {
	block, place := o.find(v)
	for ; block < len(o.blocks); block++ {
		for _, it := range o.blocks[block][place:] {
			if !yield(it) {
				return
			}
		}
		place = 0
	}
}
