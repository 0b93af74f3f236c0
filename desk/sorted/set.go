// Package sorted keeps items in order and knows their positions.
package sorted

import (
	"iter"
	"sort"
)

// blockSize keeps a block small enough to shift cheaply and large enough that
// a hundred thousand items make only a few hundred blocks.
const blockSize = 512

// Set is a sorted set in blocks: insert, remove, rank and access by position
// cost the length of one block and the number of blocks. It is not safe for
// concurrent use.
type Set[T any] struct {
	less   func(a, b T) bool
	blocks [][]T
	size   int
}

// New returns an empty set in the order of less; items of which neither is
// less are the same item.
func New[T any](less func(a, b T) bool) *Set[T] {
	return &Set[T]{less: less}
}

// Len returns how many items there are.
func (s *Set[T]) Len() int { return s.size }

// find returns the block and the place in it of the first item that is not
// less than v.
func (s *Set[T]) find(v T) (block, place int) {
	block = sort.Search(len(s.blocks), func(i int) bool {
		b := s.blocks[i]
		return !s.less(b[len(b)-1], v)
	})
	if block == len(s.blocks) {
		return block, 0
	}
	b := s.blocks[block]
	return block, sort.Search(len(b), func(i int) bool { return !s.less(b[i], v) })
}

// holds reports whether the item at block and place equals v.
func (s *Set[T]) holds(block, place int, v T) bool {
	return block < len(s.blocks) && place < len(s.blocks[block]) && !s.less(v, s.blocks[block][place])
}

// Has reports whether v is in the set.
func (s *Set[T]) Has(v T) bool {
	block, place := s.find(v)
	return s.holds(block, place, v)
}

// Insert adds v unless it is there already.
func (s *Set[T]) Insert(v T) {
	block, place := s.find(v)
	if s.holds(block, place, v) {
		return
	}
	s.size++
	if block == len(s.blocks) {
		if block == 0 {
			s.blocks = append(s.blocks, append(make([]T, 0, blockSize), v))
			return
		}
		block--
		place = len(s.blocks[block])
	}
	b := append(s.blocks[block], v)
	copy(b[place+1:], b[place:])
	b[place] = v
	s.blocks[block] = b
	if len(b) >= blockSize {
		s.split(block)
	}
}

func (s *Set[T]) split(block int) {
	b := s.blocks[block]
	half := len(b) / 2
	right := append(make([]T, 0, blockSize), b[half:]...)
	clear(b[half:])
	s.blocks[block] = b[:half]
	s.blocks = append(s.blocks, nil)
	copy(s.blocks[block+2:], s.blocks[block+1:])
	s.blocks[block+1] = right
}

// Remove takes v out and reports whether it was there.
func (s *Set[T]) Remove(v T) bool {
	block, place := s.find(v)
	if !s.holds(block, place, v) {
		return false
	}
	s.size--
	b := s.blocks[block]
	copy(b[place:], b[place+1:])
	clear(b[len(b)-1:])
	s.blocks[block] = b[:len(b)-1]
	if len(b) == 1 {
		s.blocks = append(s.blocks[:block], s.blocks[block+1:]...)
	}
	return true
}

// Rank returns how many items are less than v.
func (s *Set[T]) Rank(v T) int {
	block, place := s.find(v)
	n := place
	for _, b := range s.blocks[:block] {
		n += len(b)
	}
	return n
}

// First returns the least item; ok is false when there is none.
func (s *Set[T]) First() (v T, ok bool) {
	if s.size == 0 {
		return v, false
	}
	return s.blocks[0][0], true
}

// At yields the items from a position on. The set must not change meanwhile.
func (s *Set[T]) At(position int) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, b := range s.blocks {
			if position >= len(b) {
				position -= len(b)
				continue
			}
			for _, v := range b[position:] {
				if !yield(v) {
					return
				}
			}
			position = 0
		}
	}
}

// From yields the items that are not less than v. The set must not change
// meanwhile.
func (s *Set[T]) From(v T) iter.Seq[T] {
	return func(yield func(T) bool) {
		block, place := s.find(v)
		for ; block < len(s.blocks); block++ {
			for _, it := range s.blocks[block][place:] {
				if !yield(it) {
					return
				}
			}
			place = 0
		}
	}
}
